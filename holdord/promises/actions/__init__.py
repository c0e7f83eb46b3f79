"""What happens to promises. One function is one thing that happens, in one transaction."""

from holdord.promises.actions.giving import OfferNoLongerHolds, acknowledge, give_answer, give_update, owe_unseen
from holdord.promises.actions.moving import hand_to, look, move, told
from holdord.promises.actions.reserving import PoolIsBusy
from holdord.promises.actions.settling import (
    AlreadySettled,
    answer_arrived,
    break_promise,
    keep,
    release,
    take_back_answer,
    void,
)

__all__ = [
    "AlreadySettled",
    "OfferNoLongerHolds",
    "PoolIsBusy",
    "acknowledge",
    "answer_arrived",
    "break_promise",
    "give_answer",
    "give_update",
    "hand_to",
    "keep",
    "look",
    "move",
    "owe_unseen",
    "release",
    "take_back_answer",
    "told",
    "void",
]
