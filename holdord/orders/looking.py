"""The dry run: what a table would do, line by line, with what the lines before it would have taken. Writes nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from holdord.kernel.working_time import Calendar
from holdord.orders.models import Order, OrderEvent
from holdord.orders.queries import delivery_terms, order_of
from holdord.orders.rules import BECOMES, POSSIBLE, EventKind, OrderState, Placement, Said, fingerprint, in_the_future
from holdord.orders.rules import missing as lacking
from holdord.orders.tables import OrderItem, PlaceItem, Result
from holdord.people.models import Inbox
from holdord.people.queries import calendar_of
from holdord.promises.models import Place, Pool
from holdord.promises.queries import calendar_of_pool, earliest_time, end_of_day, slot_of_day
from holdord.promises.rules import PoolKind, Slot
from holdord.promises.rules.terms import Terms, Time


@dataclass
class _Seen:
    """An order as it would stand after the lines before."""

    state: OrderState
    body_hash: str
    due_at: datetime | None
    events: dict[str, str] = field(default_factory=dict)


@dataclass
class Looking:
    """A dry run of orders. `taken` is what the lines so far would hold of each pool, by due time."""

    inbox: Inbox
    now: datetime
    seen: dict[str, _Seen] = field(default_factory=dict)
    taken: dict[int, dict[datetime, int]] = field(default_factory=dict)

    def results(self, items: Iterable[OrderItem]) -> Iterator[Result]:
        """What each item would do."""
        for item in items:
            yield item.fault or self._result(item)

    def _result(self, item: OrderItem) -> Result:
        if isinstance(item.told, Placement):
            return self._place(item, item.told)
        assert item.told is not None
        return self._happen(item, item.told)

    def _place(self, item: OrderItem, told: Placement) -> Result:
        before = self._known(item.number)
        if before is not None:
            same = before.body_hash == fingerprint(told)
            return Result(item.line, "known") if same else Result(item.line, "otherwise", True)
        if in_the_future(told.placed_at, now=self.now):
            return Result(item.line, "future", True, "at")
        calendar = calendar_of(self.inbox)
        due_at = end_of_day(told.promised_on, calendar) if told.promised_on else None
        terms = delivery_terms(self.inbox.team_id, told.lines, due_at=due_at)
        if due_at is None and not terms.places:
            return Result(item.line, "no_date", True, "promised_on")
        if due_at is not None and due_at <= self.now:
            return Result(item.line, "over", True, "promised_on")
        time = self._earliest(terms)
        if time is None or (due_at is not None and time.due_at > due_at and not told.accept_later):
            return Result(item.line, "full" if time else "never", True, "promised_on", self._day(time))
        self._hold(terms, time)
        self.seen[item.number] = _Seen(OrderState.PLACED, fingerprint(told), time.due_at)
        return Result(item.line, "place", said=self._day(time))

    def _happen(self, item: OrderItem, said: Said) -> Result:
        order = self._known(item.number)
        if order is None:
            return Result(item.line, "no_order", True, "number", item.number)
        absent = lacking(said)
        if absent:
            return Result(item.line, "missing", True, absent[0])
        if in_the_future(said.at, now=self.now):
            return Result(item.line, "future", True, "at")
        if said.event in order.events:
            same = order.events[said.event] == fingerprint(said)
            return Result(item.line, "known") if same else Result(item.line, "otherwise", True)
        if order.state not in POSSIBLE[said.kind]:
            return Result(item.line, "not_possible", True, "kind", order.state.value)
        if said.kind is EventKind.DELAYED and self._is_no_delay(said, order):
            return Result(item.line, "not_later", True, "new_date")
        order.events[said.event] = fingerprint(said)
        if order.state is not OrderState.DELIVERED:
            order.state = BECOMES.get(said.kind, order.state)
        return Result(item.line, said.kind.value)

    def _is_no_delay(self, said: Said, order: _Seen) -> bool:
        if said.new_date is None or order.due_at is None:
            return False
        return end_of_day(said.new_date, calendar_of(self.inbox)) <= max(order.due_at, self.now)

    def _known(self, number: str) -> _Seen | None:
        if number not in self.seen:
            order = order_of(self.inbox, number)
            if order is not None:
                self.seen[number] = _as_seen(order)
        return self.seen.get(number)

    def _earliest(self, terms: Terms) -> Time | None:
        # What leaves a pool is given as an amount; what the lines before would add, as one below zero.
        leaving = {pool: [(at, -amount) for at, amount in held.items()] for pool, held in self.taken.items()}
        if not terms.places:
            return Time(terms.due_at) if terms.due_at else None
        return earliest_time(
            terms,
            terms.due_at or self.now,
            team_id=self.inbox.team_id,
            calendar=calendar_of(self.inbox),
            now=self.now,
            leaving=leaving,
        )

    def _hold(self, terms: Terms, time: Time) -> None:
        for pool, amount in terms.places:
            held = self.taken.setdefault(pool, {})
            held[time.due_at] = held.get(time.due_at, 0) + amount

    def _day(self, time: Time | None) -> str:
        return calendar_of(self.inbox).local(time.due_at).date().isoformat() if time else ""


def _as_seen(order: Order) -> _Seen:
    events = dict(OrderEvent.objects.filter(order=order).values_list("key", "body_hash"))
    placed = OrderEvent.objects.get(order=order, kind=EventKind.PLACED.value)
    return _Seen(OrderState(order.state), placed.body_hash, order.promise.due_at, events)


def look_at_places(items: Iterable[PlaceItem], pools: dict[str, Pool]) -> Iterator[tuple[Result, Slot | None]]:
    """What each line of a table of places would do, and the slot it means. `pools` are those that may be set."""
    by_pool: dict[str, list[tuple[PlaceItem, Slot]]] = {}
    calendars: dict[str, Calendar | None] = {}
    for item in items:
        if item.pool in pools and item.pool not in calendars:
            calendars[item.pool] = calendar_of_pool(pools[item.pool])
        fault, slot = _slot(item, pools.get(item.pool), calendars.get(item.pool))
        if slot is None:
            assert fault is not None
            yield fault, None
        else:
            by_pool.setdefault(item.pool, []).append((item, slot))
    for key, lines in by_pool.items():
        yield from _of_one_pool(pools[key], lines)


def _slot(item: PlaceItem, pool: Pool | None, calendar: Calendar | None) -> tuple[Result | None, Slot | None]:
    if item.fault is not None:
        return item.fault, None
    if pool is None or calendar is None:
        return Result(item.line, "no_pool", True, "pool", item.pool), None
    if item.on is not None:
        if pool.kind == PoolKind.SLOTS:
            return Result(item.line, "needs_times", True, "date"), None
        return None, slot_of_day(item.on, item.places, calendar)
    assert item.starts_at is not None
    assert item.ends_at is not None
    return None, Slot(item.starts_at, item.ends_at, item.places)


def _of_one_pool(pool: Pool, lines: list[tuple[PlaceItem, Slot]]) -> Iterator[tuple[Result, Slot | None]]:
    known = {starts: (ends, places) for starts, ends, places in _places_of(pool)}
    named: dict[datetime, int] = {}
    spans = {starts: ends for starts, (ends, _) in known.items()}
    for _item, slot in lines:
        spans[slot.starts_at] = slot.ends_at
    clash = {later for (_, ends), (later, _) in pairwise(sorted(spans.items())) if later < ends}
    for item, slot in lines:
        if slot.starts_at in named:
            yield Result(item.line, "twice", True, "date" if item.on else "starts_at", str(named[slot.starts_at])), None
        elif slot.starts_at in clash and slot.starts_at not in known:
            yield Result(item.line, "overlap", True, "starts_at"), None
        else:
            named[slot.starts_at] = item.line
            same = known.get(slot.starts_at) == (slot.ends_at, slot.places)
            yield Result(item.line, "known" if same else "set", said=str(slot.places)), slot


def _places_of(pool: Pool) -> list[tuple[datetime, datetime, int]]:
    return list(Place.objects.filter(pool=pool).values_list("starts_at", "ends_at", "places"))
