"""What is promised on a pool, added up by days; a day is looked into only when its sum does not decide."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate, groupby
from operator import attrgetter
from typing import Final

from holdord.kernel.working_time import Supply

DUST: Final = 1e-6
"""Amounts are added in floating point: differences below this count as none."""

Entries = tuple[tuple[datetime, ...], tuple[float, ...]]
"""Due moments in order, and the amount due at each."""


@dataclass(eq=False, slots=True)
class Day:
    """What is promised to be done on one UTC day: the sum, and its due times once somebody looked into it.

    How tight the day is under a supply is computed once and kept, for it is asked with every promise given.
    """

    on: date
    total: float
    entries: Entries | None = None
    _tightest: list[tuple[Supply, float]] = field(default_factory=list, repr=False)

    def least_room(self, supply: Supply) -> float:
        """At least so much is left at any of its due times: the supply until then, less what this day owes by then."""
        if self.entries is not None:
            return self._tightest_of(supply, self.entries)
        return supply.until(_midnight(self.on)) - self.total

    def most_room(self, supply: Supply) -> float:
        """At the tightest of its due times no more than this is left."""
        if self.entries is not None:
            return self._tightest_of(supply, self.entries)
        return supply.until(_midnight(self.on) + timedelta(days=1)) - self.total

    def _tightest_of(self, supply: Supply, entries: Entries) -> float:
        for known, room in self._tightest:
            if known is supply:
                return room
        rooms = (supply.until(due_at) - owed for due_at, owed in zip(entries[0], accumulate(entries[1]), strict=True))
        room = min(rooms, default=float("inf"))
        self._tightest[:] = [(supply, room)]
        return room


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time(), UTC)


Look = Callable[[Sequence[date]], Iterable[tuple[datetime, float]]]
"""Gives the due times and amounts of some days, in any order."""


@dataclass(frozen=True, eq=False, slots=True)
class Load:
    """Everything promised on a pool, by days in order. Days without any are left out. `look` gives the due times of
    days that nobody looked into yet.
    """

    days: tuple[Day, ...] = ()
    total: float = 0.0
    look: Look | None = None

    @property
    def entries(self) -> list[tuple[datetime, float]]:
        """Due moments in order, and the amount due at each."""
        return self.entries_of(self.days)

    def entries_of(self, days: Iterable[Day]) -> list[tuple[datetime, float]]:
        """Due moments of these days in order, and the amount due at each."""
        found = list(days)
        self.look_into(found)
        return [pair for day in found if day.entries for pair in zip(*day.entries, strict=True)]

    def look_into(self, days: Iterable[Day]) -> None:
        """Learn the due times of these days, in one look."""
        unknown = {day.on: day for day in days if day.entries is None}
        if not unknown:
            return
        assert self.look is not None
        found = {day.on: day.entries for day in load_of(self.look(list(unknown))).days}
        for on, day in unknown.items():
            day.entries = found.get(on) or ((), ())


def load_of(rows: Iterable[tuple[datetime, float]]) -> Load:
    """A Load from due times and amounts, in any order; equal times are added up. O(n log n)."""
    days = tuple(_day(on, list(found)) for on, found in groupby(sorted(rows), key=lambda row: day_of(row[0])))
    return Load(days, sum(day.total for day in days))


def load_by_days(days: Iterable[Day], look: Look) -> Load:
    """A Load of which only the days' sums are known, in any order."""
    ordered = tuple(sorted(days, key=lambda day: day.on))
    return Load(ordered, sum(day.total for day in ordered), look)


def _day(on: date, rows: Sequence[tuple[datetime, float]]) -> Day:
    amounts: dict[datetime, float] = {}
    for due_at, amount in rows:
        amounts[due_at] = amounts.get(due_at, 0.0) + amount
    return Day(on, sum(amounts.values()), (tuple(amounts), tuple(amounts.values())))


def day_of(moment: datetime) -> date:
    """The UTC day that a moment belongs to."""
    # What comes from the database is in UTC already, and a load has thousands of times.
    return moment.date() if moment.tzinfo is UTC else moment.astimezone(UTC).date()


def with_work(load: Load, due_at: datetime, amount: float) -> Load:
    """The load with so much more (less, if negative) due at one time. O(days + due times of that day)."""
    load.look_into(_day_at(load, due_at))
    return with_work_written(load, due_at, amount)


def with_work_written(load: Load, due_at: datetime, amount: float) -> Load:
    """The same where the change is written down already: who looks into the day later finds it there."""
    on = day_of(due_at)
    at = bisect_left(load.days, on, key=_ON)
    there = at < len(load.days) and load.days[at].on == on
    before = load.days[at] if there else Day(on, 0.0, ((), ()))
    changed = _changed(before, due_at, amount)
    kept = (changed,) if changed.total > DUST else ()
    days = (*load.days[:at], *kept, *load.days[at + there :])
    return Load(days, load.total - before.total + (changed.total if kept else 0.0), load.look)


_ON = attrgetter("on")


def _changed(day: Day, due_at: datetime, amount: float) -> Day:
    """The day with so much more due at one time. Times at which nothing is left are left out."""
    if day.entries is None:
        return Day(day.on, day.total + amount)
    moments, amounts = day.entries
    at = bisect_left(moments, due_at)
    after = at + 1 if at < len(moments) and moments[at] == due_at else at
    before = amounts[at] if after > at else 0.0
    left = before + amount if before + amount > DUST else 0.0
    moment, owed = ((due_at,), (left,)) if left else ((), ())
    entries = ((*moments[:at], *moment, *moments[after:]), (*amounts[:at], *owed, *amounts[after:]))
    changed = Day(day.on, day.total - before + left, entries)
    if amount > 0 and after == len(moments):  # at its end, as most are: what is left before it stays as it was
        changed._tightest[:] = [
            (supply, min(room, supply.until(due_at) - changed.total)) for supply, room in day._tightest
        ]
    return changed


def _day_at(load: Load, moment: datetime) -> Sequence[Day]:
    """The day of a moment, or nothing if nothing is due on it."""
    on = day_of(moment)
    at = bisect_left(load.days, on, key=_ON)
    return load.days[at : at + 1] if at < len(load.days) and load.days[at].on == on else ()


def owed_by(load: Load, moment: datetime) -> float:
    """What is due by `moment`, this very moment included. O(days + log of the due times of one day)."""
    first = bisect_left(load.days, day_of(moment), key=_ON)
    if first > len(load.days) / 2:  # the fewer days are added up
        owed = load.total - sum(day.total for day in load.days[first:])
    else:
        owed = sum(day.total for day in load.days[:first])
    for day in _day_at(load, moment):
        load.look_into([day])
        due_at, amounts = day.entries or ((), ())
        owed += sum(amounts[: bisect_right(due_at, moment)])
    return owed
