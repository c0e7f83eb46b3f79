"""Working time: when a desk is open, and arithmetic over the open minutes.

A calendar is a value: a zone, the hours of a week in that zone, and the days that differ. Moments are aware UTC, spans
half-open. Wall-clock hours become UTC spans day by day, so that a night in which the clocks change has the minutes it
really has (PEP 495: a wall time that occurs twice means the first, one that doesn't exist the moment after the gap).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

Hours = tuple[time, time]
"""Opens and closes, wall clock; `closes` is exclusive."""

Span = tuple[datetime, datetime]
"""Starts and ends, aware UTC, half-open."""

HORIZON_IN_DAYS: Final = 400
"""How far ahead open time is sought before a calendar counts as never open."""


class NeverOpen(Exception):
    """The calendar has too little open time within the horizon."""


@dataclass(frozen=True)
class Calendar:
    """When one desk is open.

    `week` has seven entries, Monday first. `closed` says of a local date whether it is a closing day; it must always
    answer the same for the same date.
    """

    zone: str
    week: tuple[tuple[Hours, ...], ...]
    closed: Callable[[date], bool] = field(default=lambda _: False)
    _spans: dict[date, tuple[Span, ...]] = field(default_factory=dict, compare=False, repr=False)

    def local(self, moment: datetime) -> datetime:
        """`moment` on the wall clock of this desk."""
        return moment.astimezone(ZoneInfo(self.zone))

    def spans_on(self, day: date) -> tuple[Span, ...]:
        """The open spans that begin on the local date `day`, in order."""
        found = self._spans.get(day)
        if found is None:
            found = self._spans[day] = () if self.closed(day) else self._open_on(day)
        return found

    def _open_on(self, day: date) -> tuple[Span, ...]:
        zone = ZoneInfo(self.zone)
        spans = (
            (datetime.combine(day, opens, zone).astimezone(UTC), datetime.combine(day, closes, zone).astimezone(UTC))
            for opens, closes in self.week[day.weekday()]
        )
        return tuple((starts, ends) for starts, ends in spans if starts < ends)

    def spans_from(self, moment: datetime) -> Iterator[Span]:
        """The open spans that end after `moment`, the first cut to begin no earlier; at most the horizon ahead."""
        first = self.local(moment).date()
        for offset in range(HORIZON_IN_DAYS):
            for starts, ends in self.spans_on(first + timedelta(days=offset)):
                if ends > moment:
                    yield max(starts, moment), ends

    def spans_before(self, moment: datetime) -> Iterator[Span]:
        """The open spans that begin before `moment`, latest first, the first cut to end no later."""
        last = self.local(moment).date()
        for offset in range(HORIZON_IN_DAYS):
            for starts, ends in reversed(self.spans_on(last - timedelta(days=offset))):
                if starts < moment:
                    yield starts, min(ends, moment)

    def is_open(self, moment: datetime) -> bool:
        """Whether the desk is open at `moment`."""
        return any(starts <= moment < ends for starts, ends in self.spans_on(self.local(moment).date()))

    def next_open(self, moment: datetime) -> datetime:
        """`moment` if the desk is open then, else when it opens next. Raises NeverOpen."""
        for starts, _ in self.spans_from(moment):
            return starts
        raise NeverOpen

    def add(self, moment: datetime, working: timedelta) -> datetime:
        """The moment at which `working` open time has passed since `moment`. Raises NeverOpen.

        With nothing to add it is the next open moment. Linear in the days crossed.
        """
        left = working
        for starts, ends in self.spans_from(moment):
            if left <= ends - starts:
                return starts + left
            left -= ends - starts
        raise NeverOpen

    def subtract(self, moment: datetime, working: timedelta) -> datetime:
        """The latest moment from which `working` open time passes until `moment`. Raises NeverOpen."""
        left = working
        for starts, ends in self.spans_before(moment):
            if left <= ends - starts:
                return ends - left
            left -= ends - starts
        raise NeverOpen

    def between(self, earlier: datetime, later: datetime, *, enough: timedelta = timedelta.max) -> timedelta:
        """How much open time lies from `earlier` until `later`; nothing if they are the wrong way round. The days after
        `enough` was found are not looked at.
        """
        total = timedelta()
        for starts, ends in self.spans_from(earlier):
            if starts >= later or total >= enough:
                break
            total += min(ends, later) - starts
        return total

    def last_working_minute(self, before: datetime) -> datetime:
        """The last moment on a whole minute before `before` at which the desk is open. Raises NeverOpen."""
        for starts, ends in self.spans_before(before):
            return max(starts, ends - timedelta(minutes=1))
        raise NeverOpen

    def closing_time(self, day: date) -> datetime:
        """When the desk closes on the local date `day`; the last moment of the day before midnight if it is closed."""
        spans = self.spans_on(day)
        return spans[-1][1] if spans else midnight_after(day, self.zone)


def midnight_after(day: date, zone: str) -> datetime:
    """The moment at which the local date `day` is over, in UTC. A day promise breaks then."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone)).astimezone(UTC)


def round_up(moment: datetime, minutes: int = 5) -> datetime:
    """`moment`, or the next full step of `minutes` within the hour after it. Due times stand on five minutes."""
    step = timedelta(minutes=minutes)
    past = (moment - moment.replace(minute=0, second=0, microsecond=0)) % step
    return moment if not past else moment + (step - past)


@dataclass(frozen=True)
class Supply:
    """Minutes that people have for work, added up from an origin: piecewise linear, never falling.

    `at` holds the corner moments in order, `minutes` the sum reached at each, both of the same length. Before the first
    corner the sum is that of the first, after the last that of the last. Looking up costs O(log n) in the corners.
    """

    at: tuple[datetime, ...]
    minutes: tuple[float, ...]

    def until(self, moment: datetime) -> float:
        """The minutes from the origin until `moment`."""
        index = bisect_right(self.at, moment)
        if index == 0:
            return self.minutes[0] if self.minutes else 0.0
        if index == len(self.at):
            return self.minutes[-1]
        earlier, later = self.at[index - 1], self.at[index]
        gained = self.minutes[index] - self.minutes[index - 1]
        return self.minutes[index - 1] + gained * ((moment - earlier) / (later - earlier))

    def reaches(self, minutes: float) -> datetime | None:
        """The first moment at which the sum is `minutes`; None if it never is."""
        if not self.at or minutes > self.minutes[-1] + _DUST:
            return None
        low = min(bisect_left(self.minutes, minutes - _DUST), len(self.minutes) - 1)
        if low == 0:
            return self.at[0]
        before, gained = self.minutes[low - 1], self.minutes[low] - self.minutes[low - 1]
        return self.at[low - 1] + (self.at[low] - self.at[low - 1]) * max(0.0, min(1.0, (minutes - before) / gained))


_DUST: Final = 1e-6
"""A minute's fraction below which sums count as equal: they are added in floating point."""


def supply_of(people: Sequence[tuple[Sequence[Span], float]]) -> Supply:
    """What people give together, each with the spans they work and the share of it that counts here.

    O(n log n) in the spans.
    """
    change: dict[datetime, float] = {}
    for spans, share in people:
        for starts, ends in spans:
            change[starts] = change.get(starts, 0.0) + share
            change[ends] = change.get(ends, 0.0) - share
    at, minutes = [], []
    working, total, previous = 0.0, 0.0, None
    for moment in sorted(change):
        if previous is not None:
            total += working * (moment - previous).total_seconds() / 60
        at.append(moment)
        minutes.append(total)
        working += change[moment]
        previous = moment
    return Supply(tuple(at), tuple(minutes))


def without(spans: Sequence[Span], gaps: Sequence[Span]) -> list[Span]:
    """`spans` less the time in `gaps`."""
    left = list(spans)
    for gap_starts, gap_ends in gaps:
        cut: list[Span] = []
        for starts, ends in left:
            if gap_ends <= starts or ends <= gap_starts:
                cut.append((starts, ends))
                continue
            if starts < gap_starts:
                cut.append((starts, gap_starts))
            if gap_ends < ends:
                cut.append((gap_ends, ends))
        left = cut
    return left


def within(spans: Sequence[Span], bounds: Sequence[Span]) -> list[Span]:
    """The parts of `spans` that lie in `bounds`; both in order and without overlap among themselves."""
    both = ((max(a, c), min(b, d)) for a, b in spans for c, d in bounds if a < d and c < b)
    return sorted(both)


def week_of(hours: Mapping[int, Sequence[Hours]]) -> tuple[tuple[Hours, ...], ...]:
    """A week for a Calendar from weekday (Monday is 0) to hours."""
    return tuple(tuple(sorted(hours.get(weekday, ()))) for weekday in range(7))
