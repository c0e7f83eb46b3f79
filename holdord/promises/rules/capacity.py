"""What can be promised: the work due by any time is no more than what can be done until then.

For every time *t*: the work due by *t* ≤ the capacity until *t*. That is exact for divisible work that can start now,
in a pool whose people (or places) no other pool counts (decisions.md 9: the earliest deadline first is optimal).
Call-backs and visits happen at their time: each slot of theirs has places of its own.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import accumulate, groupby
from typing import Final

from holdord.kernel.working_time import Supply, round_up

_DUST: Final = 1e-6
"""Amounts are added in floating point: differences below this count as none."""


@dataclass(frozen=True, eq=False, slots=True)
class Day:
    """What is promised to be done on one UTC day: due moments in order, the amount due at each, and their sum.

    How tight the day is under a supply is computed once and kept, for it is asked with every promise given.
    """

    on: date
    due_at: tuple[datetime, ...]
    amounts: tuple[float, ...]
    total: float
    _tightest: list[tuple[Supply, float]] = field(default_factory=list, repr=False)

    def tightest(self, supply: Supply) -> float:
        """The least, over this day's due times, of the supply until then less what this day owes by then."""
        for known, room in self._tightest:
            if known is supply:
                return room
        room = min(
            supply.until(due_at) - owed for due_at, owed in zip(self.due_at, accumulate(self.amounts), strict=True)
        )
        self._tightest[:] = [(supply, room)]
        return room


@dataclass(frozen=True, eq=False, slots=True)
class Load:
    """Everything promised on a pool, by days in order. Days without any are left out."""

    days: tuple[Day, ...] = ()
    total: float = 0.0

    @property
    def entries(self) -> list[tuple[datetime, float]]:
        """Due moments in order, and the amount due at each."""
        return [pair for day in self.days for pair in zip(day.due_at, day.amounts, strict=True)]


def load_of(rows: Iterable[tuple[datetime, float]]) -> Load:
    """A Load from due times and amounts, in any order; equal times are added up. O(n log n)."""
    days = tuple(_day(on, list(found)) for on, found in groupby(sorted(rows), key=lambda row: _on(row[0])))
    return Load(days, sum(day.total for day in days))


def _day(on: date, rows: Sequence[tuple[datetime, float]]) -> Day:
    amounts: dict[datetime, float] = {}
    for due_at, amount in rows:
        amounts[due_at] = amounts.get(due_at, 0.0) + amount
    return Day(on, tuple(amounts), tuple(amounts.values()), sum(amounts.values()))


def _on(moment: datetime) -> date:
    # What comes from the database is in UTC already, and a load has thousands of times.
    return moment.date() if moment.tzinfo is UTC else moment.astimezone(UTC).date()


def with_work(load: Load, due_at: datetime, amount: float) -> Load:
    """The load with so much more (less, if negative) due at one time. O(days + due times of that day)."""
    on = _on(due_at)
    at = bisect_left(load.days, on, key=lambda day: day.on)
    is_there = at < len(load.days) and load.days[at].on == on
    rows = dict(zip(load.days[at].due_at, load.days[at].amounts, strict=True)) if is_there else {}
    rows[due_at] = rows.get(due_at, 0.0) + amount
    left = sorted((due, owed) for due, owed in rows.items() if owed > _DUST)
    changed = (_day(on, left),) if left else ()
    days = (*load.days[:at], *changed, *load.days[at + is_there :])
    return Load(days, sum(day.total for day in days))


def owed_by(load: Load, moment: datetime) -> float:
    """What is due by `moment`, this very moment included. O(days + log of the due times of one day)."""
    owed, on = 0.0, _on(moment)
    for day in load.days:
        if day.on > on:
            break
        if day.on < on:
            owed += day.total
        else:
            owed += sum(day.amounts[: bisect_right(day.due_at, moment)])
    return owed


def earliest_keepable(
    amount: float, not_before: datetime, *, now: datetime, supply: Supply, load: Load, spent: float | None = None
) -> datetime | None:
    """The first time by which `amount` more can be promised: `not_before` itself, or one after it on five minutes.

    `spent` is what of the supply can't be had any more: what it gave until `now` when unused capacity lapses (None), or
    what was taken when it keeps. What is overdue counts as due now. None when it never fits within the supply.

    Why one pass from the end is enough: between due times the room only grows, so it is tightest just at a due time.
    The new work must come after the last due time that has no room for it; from there on the room decides. O(days of
    the load + due times of one day): a day whose tightest moment has room is passed as a whole.
    """
    gone = supply.until(now) if spent is None else spent
    full = _last_full(load, supply, gone + amount, not_before)
    start = not_before if full is None else max(not_before, full)
    enough = supply.reaches(gone + owed_by(load, start) + amount)
    if enough is None:
        return None
    first = max(start, enough, now)
    return first if first == not_before else round_up(first)


def _last_full(load: Load, supply: Supply, needed: float, not_before: datetime) -> datetime | None:
    """The last due time, from the day of `not_before` on, whose room is less than what is needed."""
    owed_before, first = load.total, _on(not_before)
    for day in reversed(load.days):
        if day.on < first:
            return None
        owed_before -= day.total
        if day.tightest(supply) - owed_before + _DUST < needed:
            break
    else:
        return None
    owed = [owed_before + within for within in accumulate(day.amounts)]
    for due_at, due in zip(reversed(day.due_at), reversed(owed), strict=True):
        if supply.until(due_at) - due + _DUST < needed:
            return due_at
    return None


def fits(*, now: datetime, supply: Supply, load: Load, spent: float | None = None) -> bool:
    """Whether everything promised can be done in time: for every due time to come, what is due by then has its
    capacity. O(days), and the due times of the days that lie before tomorrow.
    """
    gone = supply.until(now) if spent is None else spent
    owed, today = 0.0, _on(now)
    for day in load.days:
        if day.on > today and day.tightest(supply) - owed + _DUST < gone:
            return False
        for due_at, due in zip(day.due_at, accumulate(day.amounts), strict=True) if day.on == today else ():
            if due_at > now and supply.until(due_at) - owed - due + _DUST < gone:
                return False
        owed += day.total
    return True


@dataclass(frozen=True, slots=True)
class Slot:
    """A span (half-open, UTC) with so many places, of which `used` are gone for good."""

    starts_at: datetime
    ends_at: datetime
    places: int
    used: int = 0

    @property
    def free(self) -> int:
        """The places that can still be used."""
        return max(0, self.places - self.used)


def supply_of_places(slots: Sequence[Slot]) -> Supply:
    """What a flow of places gives, added up: the places of a slot count when the slot is over, for what is done during
    it is surely done by its end.
    """
    return _steps((slot.ends_at, slot.free) for slot in slots)


def supply_of_deliveries(slots: Sequence[Slot]) -> Supply:
    """What a stock gives, added up: pieces count from the moment they arrive, the beginning of their slot."""
    return _steps((slot.starts_at, slot.places) for slot in slots)


def _steps(gains: Iterable[tuple[datetime, float]]) -> Supply:
    """A supply that jumps: a step is two corners at one moment, and lookups take the upper one."""
    at: list[datetime] = []
    amounts: list[float] = []
    total = 0.0
    for moment, gain in sorted(gains):
        at += [moment, moment]
        amounts += [total, total + gain]
        total += gain
    return Supply(tuple(at), tuple(amounts))


def earliest_slot(
    amount: int, not_before: datetime, *, slots: Iterable[Slot], taken: Mapping[datetime, float]
) -> Slot | None:
    """The first slot, in order of time, that begins at or after `not_before` and has `amount` places left; None if none
    has. `taken` says by a slot's end what is promised in it. O(slots).
    """
    return next(
        (slot for slot in slots if slot.starts_at >= not_before and slot.free - taken.get(slot.ends_at, 0) >= amount),
        None,
    )
