"""What a shop is answered, the same each time it tells the same."""

from collections.abc import Sequence
from dataclasses import dataclass

from holdord.orders.models import Order, OrderEvent


class SaidOtherwise(Exception):
    """This number, or this event id, was told before with other words."""


class SaysTooLittle(Exception):
    """Something that must be said is missing; `fields` are the names."""

    def __init__(self, fields: Sequence[str]) -> None:
        super().__init__(", ".join(fields))
        self.fields = list(fields)


class InTheFuture(Exception):
    """What is told can't have happened yet."""


@dataclass(frozen=True)
class Receipt:
    """The order, the event as it was written down, and whether it was news."""

    order: Order
    event: OrderEvent
    is_new: bool


def known(order: Order, *, key: str, body_hash: str) -> Receipt | None:
    """What was answered to this event before; None if it is news. Raises SaidOtherwise."""
    event = OrderEvent.objects.filter(order=order, key=key).first()
    if event is None:
        return None
    if event.body_hash != body_hash:
        raise SaidOtherwise
    return Receipt(order, event, is_new=False)
