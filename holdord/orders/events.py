"""What others may react to."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from holdord.history.events import Happening


@dataclass(frozen=True, kw_only=True)
class OrderPlaced(Happening):
    """A customer ordered in the shop, and was promised when it arrives."""

    order_id: int
    promise_id: int
    seen_by_customer: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True)
class OrderShipped(Happening):
    """It left the shop."""

    order_id: int
    seen_by_customer: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True)
class OrderDelivered(Happening):
    """The customer has it."""

    order_id: int
    seen_by_customer: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True)
class OrderDelayed(Happening):
    """It comes later than promised."""

    order_id: int
    due_at: datetime
    seen_by_customer: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True)
class OrderCancelled(Happening):
    """It does not come, by the word of the shop or of the customer."""

    order_id: int
    by_customer: bool
    seen_by_customer: ClassVar[bool] = True
