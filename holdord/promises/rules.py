"""The functional core of promises: states and moves, the clock's stages, and what holds. Pure functions over values."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import accumulate
from typing import Final

from holdord.kernel.working_time import Calendar, NeverOpen, Supply, midnight_after, round_up


class State(StrEnum):
    """Where a promise stands. "At risk" is not a state: it is how an open promise looks from its warning on."""

    DRAFT = "draft"
    OPEN = "open"
    MOVED = "moved"
    KEPT = "kept"
    BROKEN = "broken"
    RELEASED = "released"
    VOID = "void"


RUNNING: Final = frozenset({State.OPEN, State.MOVED})
"""The states in which the clock runs."""

MOVES: Final[dict[State, frozenset[State]]] = {
    State.DRAFT: frozenset({State.OPEN, State.VOID}),
    State.OPEN: frozenset({State.MOVED, State.KEPT, State.BROKEN, State.RELEASED, State.VOID}),
    State.MOVED: frozenset({State.MOVED, State.KEPT, State.BROKEN, State.RELEASED, State.VOID}),
    State.KEPT: frozenset({State.OPEN, State.MOVED, State.BROKEN}),  # a bounced answer is no answer
    State.BROKEN: frozenset(),
    State.RELEASED: frozenset(),
    State.VOID: frozenset(),
}
"""Which state may follow which. Kept reopens for one cause alone: the answer bounced."""


class Kind(StrEnum):
    """What is promised."""

    ANSWER = "answer"
    CALLBACK = "callback"
    UPDATE = "update"
    DELIVERY = "delivery"
    REFUND = "refund"
    FIX = "fix"
    VISIT = "visit"
    OTHER = "other"


class Stage(StrEnum):
    """What the clock does next for a running promise."""

    WARN_OWNER = "warn_owner"
    WARN_LEAD = "warn_lead"
    TELL_CUSTOMER = "tell_customer"
    BREAK = "break"


@dataclass(frozen=True)
class Stages:
    """The moments at which the clock looks at one promise, in order: owner, lead, customer, due."""

    warn_owner_at: datetime
    warn_lead_at: datetime
    tell_customer_at: datetime
    breaks_at: datetime

    def after(self, done: Stage | None) -> tuple[Stage, datetime]:
        """What comes after `done` (None: nothing yet), and when."""
        order = list(Stage)
        following = order[0] if done is None else order[min(order.index(done) + 1, len(order) - 1)]
        return following, getattr(self, _MOMENT_OF[following])


_MOMENT_OF: Final = {
    Stage.WARN_OWNER: "warn_owner_at",
    Stage.WARN_LEAD: "warn_lead_at",
    Stage.TELL_CUSTOMER: "tell_customer_at",
    Stage.BREAK: "breaks_at",
}

HONEST_BEFORE: Final = timedelta(minutes=30)
"""The customer hears of a delay this long before the due time at the latest."""

WARN_SHARE: Final = 3
"""The owner is warned when a third of the working time given is left, and the work itself besides."""


def stages(
    *, given_at: datetime, due_at: datetime, work: timedelta, calendar: Calendar, by_day: bool = False
) -> Stages:
    """When the clock looks at a promise given at `given_at`, due at `due_at`, that needs `work`.

    The owner is warned while the work and a third of the working time are left, the lead half-way from there to the
    due time. No moment lies before the promise was given, and each no later than the next.
    """
    breaks_at = midnight_after(calendar.local(due_at).date(), calendar.zone) if by_day else due_at
    tell = last_honest_moment(given_at=given_at, due_at=due_at, calendar=calendar)
    open_time = calendar.between(given_at, due_at)
    try:
        owner = calendar.subtract(due_at, min(open_time, open_time / WARN_SHARE + work))
    except NeverOpen:
        owner = due_at - (due_at - given_at) / WARN_SHARE
    owner = max(given_at, min(owner, tell))
    lead = min(owner + (due_at - owner) / 2, tell)
    return Stages(owner, lead, tell, breaks_at)


def last_honest_moment(*, given_at: datetime, due_at: datetime, calendar: Calendar) -> datetime:
    """30 minutes before the due time, or the last working minute before it if that is earlier.

    A promise too short for that is told half-way.
    """
    honest = due_at - HONEST_BEFORE
    if not calendar.is_open(honest):
        with suppress(NeverOpen):
            honest = calendar.last_working_minute(honest)
    return honest if honest > given_at else given_at + (due_at - given_at) / 2


class Standing(StrEnum):
    """How a running promise looks now."""

    SAFE = "safe"
    AT_RISK = "at_risk"
    OVERDUE = "overdue"


def standing(*, warn_at: datetime, due_at: datetime, now: datetime) -> Standing:
    """How a running promise looks at `now`; it never improves while nobody works."""
    if now >= due_at:
        return Standing.OVERDUE
    return Standing.AT_RISK if now >= warn_at else Standing.SAFE


@dataclass(frozen=True)
class Load:
    """Work promised on a pool: due moments in order, and the minutes due at each."""

    due_at: tuple[datetime, ...] = ()
    minutes: tuple[float, ...] = ()


def earliest_keepable(
    work: timedelta, not_before: datetime, *, now: datetime, supply: Supply, load: Load
) -> datetime | None:
    """The first time, on five minutes and not before `not_before`, by which `work` more can be promised.

    The rule: for every time *t*, the work due by *t* is no more than what people can do from `now` until *t*. Exact for
    divisible work that can start now in a pool of its own (decisions.md 9); work already overdue counts as due now.
    None when it never fits within the supply. O(n) in the distinct due times, O(log m) in the supply's corners.

    Why one pass from the end is enough: between due times the room only grows, so it is tightest just at a due
    time. The new work must come after the last due time that has no room for it; from there on the room decides.
    """
    minutes = work.total_seconds() / 60
    origin = supply.until(now)
    owed = list(accumulate(load.minutes))
    last_full = len(owed) - 1
    while last_full >= 0 and _room(supply, origin, load.due_at[last_full], owed[last_full]) >= minutes:
        last_full -= 1
    start = not_before if last_full < 0 else max(not_before, load.due_at[last_full])
    before_start = bisect_right(load.due_at, start) - 1
    owed_then = owed[before_start] if before_start >= 0 else 0.0
    enough = supply.reaches(origin + owed_then + minutes)
    return None if enough is None else round_up(max(start, enough, now))


def _room(supply: Supply, origin: float, at: datetime, owed: float) -> float:
    return supply.until(at) - origin - owed + 1e-6


def fits(*, now: datetime, supply: Supply, load: Load) -> bool:
    """Whether all promised work can be done in time: for every due time, the work due by then has its minutes."""
    origin = supply.until(now)
    return all(
        _room(supply, origin, due_at, owed) >= 0
        for due_at, owed in zip(load.due_at, accumulate(load.minutes), strict=True)
        if due_at > now
    )


def due_by_pledge(*, asked_at: datetime, within: timedelta, calendar: Calendar) -> datetime:
    """When an answer pledged `within` working time is due, for a question asked at `asked_at`; on five minutes.

    Raises NeverOpen.
    """
    return round_up(calendar.add(asked_at, within))


OFFER_HOLDS: Final = timedelta(minutes=10)
"""How long the time shown before sending a form is good for."""


def undo_until(*, now: datetime, window: timedelta, due_at: datetime | None) -> datetime:
    """Until when a reply can be undone: the window, shortened so that it ends well before the due time."""
    if due_at is None or now + window + _TO_SEND <= due_at:
        return now + window
    return max(now, due_at - _TO_SEND)


_TO_SEND: Final = timedelta(seconds=30)
"""What sending needs at the most when all is well."""


def with_work(load: Load, due_at: datetime, minutes: float) -> Load:
    """The load with so many minutes more (less, if negative) due at one time. O(n) in the due times."""
    at = bisect_left(load.due_at, due_at)
    if at < len(load.due_at) and load.due_at[at] == due_at:
        total = load.minutes[at] + minutes
        kept = ((due_at,), (total,)) if total > 0 else ((), ())
        rest = at + 1
    else:
        kept, rest = ((due_at,), (minutes,)), at
    return Load(
        (*load.due_at[:at], *kept[0], *load.due_at[rest:]), (*load.minutes[:at], *kept[1], *load.minutes[rest:])
    )


def sorted_load(rows: Sequence[tuple[datetime, float]]) -> Load:
    """A Load from rows in any order."""
    ordered = sorted(rows)
    return Load(tuple(due for due, _ in ordered), tuple(minutes for _, minutes in ordered))
