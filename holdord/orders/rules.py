"""What a shop can tell of an order, and what is missing in it. Pure functions over values."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from typing import Final


class OrderState(StrEnum):
    """Where an order stands."""

    PLACED = "placed"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


class EventKind(StrEnum):
    """What a shop tells of an order."""

    PLACED = "placed"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    DELAYED = "delayed"
    CANCELLED = "cancelled"


class CancelledBy(StrEnum):
    """Whose word it was."""

    SHOP = "shop"
    CUSTOMER = "customer"


BECOMES: Final[dict[EventKind, OrderState]] = {
    EventKind.SHIPPED: OrderState.SHIPPED,
    EventKind.DELIVERED: OrderState.DELIVERED,
    EventKind.CANCELLED: OrderState.CANCELLED,
}
"""The state an event leads to; a delay changes none."""

POSSIBLE: Final[dict[EventKind, frozenset[OrderState]]] = {
    EventKind.SHIPPED: frozenset({OrderState.PLACED, OrderState.SHIPPED, OrderState.DELIVERED}),
    EventKind.DELIVERED: frozenset({OrderState.PLACED, OrderState.SHIPPED, OrderState.DELIVERED}),
    EventKind.DELAYED: frozenset({OrderState.PLACED, OrderState.SHIPPED}),
    EventKind.CANCELLED: frozenset({OrderState.PLACED, OrderState.SHIPPED}),
}
"""In which states an event makes sense. Events may come in another order than they happened: what was delivered stays
delivered when we hear only then that it was shipped."""


@dataclass(frozen=True)
class Line:
    """One article of an order; `price` is for one piece, in the shop's currency."""

    sku: str
    quantity: int
    name: str = ""
    price: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Placement:
    """An order as the shop tells it.

    `promised_on` is the local date the shop named; None asks for the first that holds. With `accept_later` a date that
    is full is replaced by the first that holds. Without `placed_at` it was placed when we hear of it.
    """

    number: str
    email: str
    lines: tuple[Line, ...]
    name: str = ""
    language: str = ""
    placed_at: datetime | None = None
    promised_on: date | None = None
    accept_later: bool = False
    event: str = "placed"


@dataclass(frozen=True, kw_only=True)
class Said:
    """One thing that happened to an order, as the shop tells it. `event` is the shop's own id for it. Without `at` it
    happened when we hear of it.
    """

    event: str
    kind: EventKind
    at: datetime | None = None
    reason: str = ""
    by: CancelledBy | None = None
    new_date: date | None = None
    accept_later: bool = False


def fingerprint(said: Placement | Said) -> str:
    """The same for the same words, whatever the order or zone they come in; the event's id is no part of it."""
    fields = {name: _plain(value) for name, value in asdict(said).items() if name != "event"}
    return sha256(json.dumps(fields, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, Decimal):
        return str(value.normalize())
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return value.isoformat() if isinstance(value, date) else value


def missing(said: Said) -> list[str]:
    """The names of what must be said with this event and was not: who hears of a delay or a cancellation hears why."""
    found = []
    if said.kind is EventKind.CANCELLED and said.by is None:
        found.append("by")
    is_ours = said.kind is EventKind.DELAYED or (
        said.kind is EventKind.CANCELLED and said.by is not CancelledBy.CUSTOMER
    )
    if is_ours and not said.reason.strip():
        found.append("reason")
    return found


AHEAD: Final = timedelta(minutes=5)
"""How far a shop's clock may be ahead of ours."""


def in_the_future(at: datetime | None, *, now: datetime) -> bool:
    """Whether something is told that can't have happened yet."""
    return at is not None and at > now + AHEAD


def quantities(lines: Sequence[Line]) -> dict[str, int]:
    """How many of each article, an article that stands twice counted together."""
    found: dict[str, int] = {}
    for line in lines:
        found[line.sku] = found.get(line.sku, 0) + line.quantity
    return found
