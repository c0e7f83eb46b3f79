"""What can be promised: the work due by any time is no more than what can be done until then.

For every time *t*: the work due by *t* ≤ the capacity until *t*. That is exact for divisible work that can start now,
in a pool whose people (or places) no other pool counts (decisions.md 9: the earliest deadline first is optimal).
Call-backs and visits happen at their time: each slot of theirs has places of its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate

from holdord.kernel.working_time import Supply, round_up
from holdord.promises.rules.load import DUST, Day, Load, day_of, owed_by


def earliest_keepable(
    amount: float, not_before: datetime, *, now: datetime, supply: Supply, load: Load, spent: float | None = None
) -> datetime | None:
    """The first time by which `amount` more can be promised: `not_before` itself, or one after it on five minutes.

    `spent` is what of the supply can't be had any more: what it gave until `now` when unused capacity lapses (None), or
    what was taken when it keeps. What is overdue counts as due now. None when it never fits within the supply.

    Why one pass from the end is enough: between due times the room only grows, so it is tightest just at a due time.
    The new work must come after the last due time that has no room for it; from there on the room decides. O(days of
    the load + due times of the days whose sums leave a doubt), and none is looked into where the sums decide.
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
    doubtful, at_once = _doubtful_days(load, supply, needed, not_before), 2
    while doubtful:
        # The last two decide nearly always. Should they not, each look takes in twice as many days.
        some, doubtful, at_once = doubtful[:at_once], doubtful[at_once:], 2 * at_once
        load.look_into(day for day, _ in some)
        for day, owed_before in some:
            if day.least_room(supply) - owed_before + DUST < needed:
                return _last_full_of(day, owed_before, supply, needed)
    return None


def _doubtful_days(load: Load, supply: Supply, needed: float, not_before: datetime) -> list[tuple[Day, float]]:
    """The days, the last one first, that may have a due time without room, each with what is owed before it; up to the
    first that surely has one.
    """
    owed_before, first, found = load.total, day_of(not_before), []
    for day in reversed(load.days):
        if day.on < first:
            break
        owed_before -= day.total
        if day.least_room(supply) - owed_before + DUST < needed:
            found.append((day, owed_before))
            if day.most_room(supply) - owed_before + DUST < needed:
                break
    return found


def _last_full_of(day: Day, owed_before: float, supply: Supply, needed: float) -> datetime | None:
    due_at, amounts = day.entries or ((), ())
    owed_by_then = owed_before + day.total
    for due, amount in zip(reversed(due_at), reversed(amounts), strict=True):
        if supply.until(due) - owed_by_then + DUST < needed:
            return due
        owed_by_then -= amount
    return None


def fits(*, now: datetime, supply: Supply, load: Load, spent: float | None = None) -> bool:
    """Whether everything promised can be done in time: for every due time to come, what is due by then has its
    capacity. O(days), the due times of today, and those of the days whose sums leave a doubt.
    """
    gone = supply.until(now) if spent is None else spent
    today, owed, doubtful = day_of(now), 0.0, []
    for day in load.days:
        if day.on == today or (day.on > today and day.least_room(supply) - owed + DUST < gone):
            if day.on > today and day.most_room(supply) - owed + DUST < gone:
                return False
            doubtful.append((day, owed))
        owed += day.total
    load.look_into(day for day, _ in doubtful)
    return all(_day_fits(day, before, now, supply, gone) for day, before in doubtful)


def _day_fits(day: Day, owed_before: float, now: datetime, supply: Supply, gone: float) -> bool:
    if day_of(now) < day.on:
        return day.least_room(supply) - owed_before + DUST >= gone
    due_at, amounts = day.entries or ((), ())
    return all(
        due <= now or supply.until(due) - owed_before - owed + DUST >= gone
        for due, owed in zip(due_at, accumulate(amounts), strict=True)
    )


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
