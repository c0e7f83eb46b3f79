"""The tables of promises. What the database can hold, it holds."""

from holdord.promises.models.moves import Move, RiskWarning, Telling, ToTell
from holdord.promises.models.pools import HandlingTime, Place, Pool, PromisedDay, PromisedWork, Reservation
from holdord.promises.models.promise import Pledge, Promise, PromiseQuerySet

__all__ = [
    "HandlingTime",
    "Move",
    "Place",
    "Pledge",
    "Pool",
    "Promise",
    "PromiseQuerySet",
    "PromisedDay",
    "PromisedWork",
    "Reservation",
    "RiskWarning",
    "Telling",
    "ToTell",
]
