"""What happens to orders. One function is one thing that happens, in one transaction; told twice, it happens once."""

from holdord.orders.actions.happening import (
    NotLater,
    NotPossible,
    cancel,
    delay,
    deliver,
    happen,
    ship,
)
from holdord.orders.actions.placing import NoDate, place
from holdord.orders.actions.receipts import InTheFuture, Receipt, SaidOtherwise, SaysTooLittle

__all__ = [
    "InTheFuture",
    "NoDate",
    "NotLater",
    "NotPossible",
    "Receipt",
    "SaidOtherwise",
    "SaysTooLittle",
    "cancel",
    "delay",
    "deliver",
    "happen",
    "place",
    "ship",
]
