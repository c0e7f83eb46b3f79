"""A shop: a desk with a pool of parcels a day, boxes in stock, and the words a shop says."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from holdord.kernel import clock as the_clock
from holdord.orders import actions
from holdord.orders.actions import Receipt
from holdord.orders.models import Order
from holdord.orders.rules import CancelledBy, EventKind, Line, Placement, Said
from holdord.promises.actions import add_pool, set_places
from holdord.promises.models import Pool
from holdord.promises.rules import Kind, PoolKind, Slot
from tests.conftest import MovableClock
from tests.factories import SmallDesk, small_desk

COPENHAGEN = ZoneInfo("Europe/Copenhagen")


def moment(day: date, hour: int = 17, minute: int = 0) -> datetime:
    """A time of a day in Copenhagen; without an hour the closing time, at which parcels are due."""
    return datetime.combine(day, time(hour, minute), COPENHAGEN)


@dataclass
class Shop:
    """A desk that hears from a shop. Monday is today."""

    desk: SmallDesk
    monday: date

    def day(self, number: int) -> date:
        """The day so many days after Monday."""
        return self.monday + timedelta(days=number)

    def parcels(self, *a_day: int, key: str = "parcels") -> Pool:
        """So many parcels can leave on Monday, Tuesday, …"""
        return self._pool(PoolKind.FLOW, key, a_day)

    def stock(self, sku: str, *a_day: int) -> Pool:
        """So many pieces arrive on Monday, Tuesday, … at eight."""
        return self._pool(PoolKind.STOCK, sku, a_day)

    def _pool(self, kind: PoolKind, key: str, a_day: tuple[int, ...]) -> Pool:
        pool = add_pool(key=key, name=key.capitalize(), kind=kind, serves=Kind.DELIVERY)
        slots = [Slot(moment(self.day(n), 8), moment(self.day(n), 16), number) for n, number in enumerate(a_day)]
        set_places(pool, slots, now=the_clock.now())
        return pool

    def places(self, number: str = "1042", **more: Any) -> Receipt:
        return actions.place(self.desk.inbox, placement(number, **more), now=the_clock.now())

    def says(self, order: Order, kind: EventKind, event: str = "", **more: Any) -> Receipt:
        fresh = Order.objects.select_related("conversation__inbox", "inbox", "promise", "identity").get(pk=order.pk)
        return actions.happen(fresh, said(kind, event, **more), now=the_clock.now())


def placement(number: str = "1042", **more: Any) -> Placement:
    fields: dict[str, Any] = {
        "number": number,
        "email": "henrik@post.example",
        "name": "Henrik Vestergaard",
        "language": "da",
        "lines": (Line("box", 1, "Boks"),),
    }
    return Placement(**{**fields, **more})


def said(kind: EventKind, event: str = "", **more: Any) -> Said:
    if kind is EventKind.CANCELLED:
        more.setdefault("by", CancelledBy.SHOP)
    return Said(event=event or f"{kind}-1", kind=kind, **more)


@pytest.fixture
def shop(db: None, clock: MovableClock) -> Shop:
    return Shop(small_desk(), clock.now().astimezone(COPENHAGEN).date())
