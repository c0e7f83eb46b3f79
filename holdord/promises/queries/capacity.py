"""The time that can be kept: what is promised, against what people and places can do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Sum

from holdord.history.rows import LookUp
from holdord.kernel.moments import Precision
from holdord.kernel.working_time import Calendar, NeverOpen, Supply, midnight_after, round_up
from holdord.people.models import Inbox
from holdord.people.queries import calendar_of, supply_of_team
from holdord.promises import rules
from holdord.promises.models import Place, Pool, Promise, Reservation
from holdord.promises.queries.loads import Version, load_of_pool, pool_of_team
from holdord.promises.rules import RUNNING, Claim, Load, PoolKind, Slot
from holdord.promises.rules.terms import Terms, Time

_NOTHING = Load()


def load_of_team(team_id: int) -> Load:
    """The minutes a team has promised."""
    seen = pool_of_team(team_id)
    return load_of_pool(seen) if seen else _NOTHING


Leaving = Mapping[int, Sequence[tuple[datetime, int]]]
"""By pool: what stands in its load and is about to leave it, since it no longer fits and gets another time."""

NOBODY_LEAVES: Leaving = MappingProxyType({})


def earliest_keepable(
    team_id: int,
    work: timedelta,
    not_before: datetime,
    *,
    now: datetime,
    leaving: Leaving = NOBODY_LEAVES,
    seen: Version | None = None,
) -> datetime | None:
    """The first time, not before `not_before`, by which this team can promise `work` more; None if never.

    `seen` is its pool if the caller has just looked. See `rules.earliest_keepable` for the rule.
    """
    seen = seen or pool_of_team(team_id)
    return rules.earliest_keepable(
        work.total_seconds() / 60,
        not_before,
        now=now,
        supply=supply_of_team(team_id, now=now),
        load=_without(load_of_pool(seen), leaving.get(seen.pool_id, ())) if seen else _NOTHING,
    )


def _without(load: Load, leaving: Sequence[tuple[datetime, int]]) -> Load:
    for due_at, amount in leaving:
        load = rules.with_work(load, due_at, -amount)
    return load


@dataclass(frozen=True, slots=True)
class Counted:
    """A counted pool as it is now."""

    seen: Version
    kind: PoolKind
    spent: int
    supply_version: int

    @property
    def slots(self) -> tuple[Slot, ...]:
        """Its places, in order of time."""
        return _slots(self.seen.pool_id, self.supply_version)

    @property
    def supply(self) -> Supply:
        """Its places, added up."""
        return _supply(self.seen.pool_id, self.supply_version, self.kind)

    def gone(self, now: datetime) -> float:
        """What of the supply can't be had any more: unused places lapse, pieces in stock only when they are taken."""
        return self.spent if self.kind is PoolKind.STOCK else self.supply.until(now)


def counted(pool_id: int) -> Counted:
    """A counted pool as it is now. Raises LookupError for one that is gone."""
    return counted_of(pool_id, _COUNTED.row(pool_id))


def counted_of(pool_id: int, row: Sequence[Any] | None) -> Counted:
    """The same from its row: key, version, kind, spent, version of its places. Raises LookupError for None."""
    if row is None:
        raise LookupError(pool_id)
    pk, version, kind, spent, supply_version = row
    return Counted(Version(pk, version), PoolKind(kind), spent, supply_version)


_COUNTED = LookUp(
    lambda pool: Pool.objects.filter(pk=pool).values_list("pk", "version", "kind", "spent", "supply_version"), int
)


@dataclass(frozen=True, slots=True)
class Seen:
    """The pools that a caller has looked at in the same transaction, so that nobody looks again. `team` is the one of
    minutes.
    """

    team: Version | None
    counted: Mapping[int, Counted]


@lru_cache(maxsize=256)
def _slots(pool_id: int, supply_version: int) -> tuple[Slot, ...]:
    rows = Place.objects.filter(pool=pool_id).order_by("starts_at")
    return tuple(Slot(*row) for row in rows.values_list("starts_at", "ends_at", "places", "used"))


@lru_cache(maxsize=256)
def _supply(pool_id: int, supply_version: int, kind: PoolKind) -> Supply:
    slots = _slots(pool_id, supply_version)
    return rules.supply_of_deliveries(slots) if kind is PoolKind.STOCK else rules.supply_of_places(slots)


def earliest_in_pool(
    pool: Counted, amount: int, not_before: datetime, *, now: datetime, leaving: Leaving = NOBODY_LEAVES
) -> Time | None:
    """The first time, not before `not_before`, at which a counted pool has `amount` more; None if never.

    For slots it is the first slot that begins then or later.
    """
    load = _without(load_of_pool(pool.seen), leaving.get(pool.seen.pool_id, ()))
    if pool.kind is PoolKind.SLOTS:
        taken = _taken(load, not_before)
        slot = rules.earliest_slot(amount, max(now, not_before), slots=pool.slots, taken=taken)
        return Time(slot.ends_at, slot.starts_at) if slot else None
    due_at = rules.earliest_keepable(amount, not_before, now=now, supply=pool.supply, load=load, spent=pool.gone(now))
    return Time(due_at) if due_at else None


def _taken(load: Load, begin: datetime) -> dict[datetime, float]:
    """By a slot's end what is promised in it, for the slots that end on the day of `begin` or later."""
    first = begin.astimezone(UTC).date()
    return dict(load.entries_of(day for day in load.days if day.on >= first))


def earliest_time(
    terms: Terms,
    not_before: datetime,
    *,
    team_id: int,
    calendar: Calendar,
    now: datetime,
    leaving: Leaving = NOBODY_LEAVES,
    seen: Seen | None = None,
) -> Time | None:
    """The first time, not before `not_before`, at which everything the terms need is there; None if never.

    `not_before` is a due time, for a promise in a slot the beginning of the slot. Each pool only ever puts the time
    later, so that going round ends; in the rare case that slots never meet, it ends with None. `seen` are its pools if
    the caller has just looked.
    """
    pools = [(seen.counted[pool_id] if seen else counted(pool_id), amount) for pool_id, amount in terms.places]
    time = max(not_before, now)
    for _ in range(_ROUNDS):
        found = _after_each(time, terms, pools, team_id=team_id, now=now, leaving=leaving, seen=seen)
        if found is None:
            return None
        if not terms.places and terms.precision != Precision.DAY:
            return found  # by the minutes alone: there is nothing that could put it later
        if terms.precision == Precision.DAY and found.earliest_at is None:
            found = Time(_by_the_day(found.due_at, calendar))
        if found.due_at == time or found.earliest_at is not None:
            return found
        time = found.due_at
    return None


_ROUNDS = 20


def _after_each(
    time: datetime,
    terms: Terms,
    pools: Sequence[tuple[Counted, int]],
    *,
    team_id: int,
    now: datetime,
    leaving: Leaving,
    seen: Seen | None,
) -> Time | None:
    window = None
    for pool, amount in pools:
        found = earliest_in_pool(pool, amount, time, now=now, leaving=leaving)
        if found is None:
            return None
        time, window = found.due_at, found.earliest_at or window
    if terms.work:
        minutes = earliest_keepable(
            team_id, terms.work, time, now=now, leaving=leaving, seen=seen.team if seen else None
        )
        if minutes is None:
            return None
        time = max(time, minutes)
    return Time(time, window)


def _by_the_day(moment: datetime, calendar: Calendar) -> datetime:
    """The end of the day of `moment`; of the next open day if that one is over."""
    day = calendar.local(moment).date()
    if moment <= end_of_day(day, calendar):
        return end_of_day(day, calendar)
    try:
        return end_of_day(calendar.local(calendar.next_open(moment)).date(), calendar)
    except NeverOpen:
        return moment


def end_of_day(day: date, calendar: Calendar) -> datetime:
    """When a promise for the local date `day` is due: at closing time; on a closed day just before midnight, for a
    parcel may come on a day on which nobody answers.
    """
    if calendar.spans_on(day):
        return calendar.closing_time(day)
    return midnight_after(day, calendar.zone) - timedelta(minutes=5)


def slot_of_day(day: date, places: int, calendar: Calendar) -> Slot:
    """The places of a whole local day: from midnight, until what is promised for that day is due."""
    midnight = datetime.combine(day, time(), ZoneInfo(calendar.zone)).astimezone(UTC)
    return Slot(midnight, end_of_day(day, calendar), places)


def calendar_of_pool(pool: Pool) -> Calendar | None:
    """The calendar by which a pool's days are counted: its team's first inbox's, else the first of the desk."""
    inboxes = Inbox.objects.order_by("pk")
    inbox = (inboxes.filter(team=pool.team_id).first() if pool.team_id else None) or inboxes.first()
    return calendar_of(inbox) if inbox else None


def on_the_grid(terms: Terms, due_at: datetime, calendar: Calendar) -> datetime:
    """A due time as it is promised: at the end of its day, or on five minutes. In a slot it is the slot's own."""
    if terms.precision == Precision.DAY:
        return end_of_day(calendar.local(due_at).date(), calendar)
    return due_at if terms.earliest_at else round_up(due_at)


def free_slots(pool_id: int, *, now: datetime, until: datetime, most: int = 60) -> list[Slot]:
    """The slots of a pool that begin from now until `until` and have a place left, in order."""
    pool = counted(pool_id)
    taken = _taken(load_of_pool(pool.seen), now)
    coming = (slot for slot in pool.slots if now <= slot.starts_at < until)
    return [slot for slot in coming if slot.free > taken.get(slot.ends_at, 0)][:most]


def dates_that_hold(
    terms: Terms, not_before: datetime, *, team_id: int, calendar: Calendar, now: datetime, most: int = 5
) -> list[Time]:
    """The first times that hold, each on another day: for a customer to choose from."""
    found: list[Time] = []
    wanted = not_before
    while len(found) < most:
        time = earliest_time(terms, wanted, team_id=team_id, calendar=calendar, now=now)
        if time is None:
            break
        found.append(time)
        wanted = _next_day(time.due_at, calendar)
    return found


def _next_day(moment: datetime, calendar: Calendar) -> datetime:
    try:
        return calendar.next_open(calendar.closing_time(calendar.local(moment).date()))
    except NeverOpen:
        return moment + timedelta(days=1)


def claims_on(pool: Pool, *, now: datetime) -> list[Claim]:
    """What every running promise still to come takes of a pool. O(promises of the pool)."""
    if pool.kind == PoolKind.MINUTES:
        running = Promise.objects.running().filter(team=pool.team_id, work_minutes__gt=0, due_at__gt=now)
        own = running.values_list("pk", "due_at", "work_minutes", "given_at", "is_customers_deadline")
        return [Claim(*row) for row in own.iterator(chunk_size=5000)]
    held = Reservation.objects.filter(pool=pool, promise__state__in=RUNNING, at__gt=now)
    taken = held.values_list("promise", "at", "amount", "promise__given_at", "promise__is_customers_deadline")
    return [Claim(*row) for row in taken.iterator(chunk_size=5000)]


def leaving_with(promise: Promise) -> Leaving:
    """What the others hold that no longer fit into the same pool as this promise: they get other times too."""
    pool = promise.unfit_in
    if pool is None:
        return NOBODY_LEAVES
    others = _OTHERS_MINUTES if pool.kind == PoolKind.MINUTES else _OTHERS_PLACES
    return {pool.pk: [(at, total) for at, total in others.rows(pool.pk, promise.pk)]}


_OTHERS_MINUTES = LookUp(
    lambda pool, promise: (
        Promise.objects.unfit()
        .filter(unfit_in=pool)
        .exclude(pk=promise)
        .values_list("due_at")
        .annotate(total=Sum("work_minutes"))
    ),
    int,
    int,
)
_OTHERS_PLACES = LookUp(
    lambda pool, promise: (
        Reservation.objects.filter(
            pool=pool, promise__in=Promise.objects.unfit().filter(unfit_in=pool).exclude(pk=promise)
        )
        .values_list("at")
        .annotate(total=Sum("amount"))
    ),
    int,
    int,
)


def those_that_give_way(pool: Pool, *, now: datetime) -> list[Claim]:
    """The running promises that a pool has no room for any more, by the rule of `rules.give_way`."""
    if pool.kind == PoolKind.MINUTES:
        assert pool.team_id is not None
        supply = supply_of_team(pool.team_id, now=now)
        load, gone = load_of_team(pool.team_id), supply.until(now)
    else:
        places = counted(pool.pk)
        if places.kind is PoolKind.SLOTS:
            return _give_way_in_slots(places, claims_on(pool, now=now))
        supply, load, gone = places.supply, load_of_pool(places.seen), places.gone(now)
    if rules.fits(now=now, supply=supply, load=load, spent=gone):
        return []
    return rules.give_way(claims_on(pool, now=now), lambda moment: supply.until(moment) - gone)


def _give_way_in_slots(pool: Counted, claims: Sequence[Claim]) -> list[Claim]:
    room = {slot.ends_at: slot.free for slot in pool.slots}
    return [
        claim
        for ends_at, found in sorted(rules.by_due_time(claims).items())
        for claim in rules.give_way(found, lambda _, ends_at=ends_at: room.get(ends_at, 0))  # type: ignore[misc]
    ]
