"""The clock of a promise: when it is due, when who is warned, when the customer must have heard."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from holdord.kernel.working_time import Calendar, NeverOpen, Supply, midnight_after, round_up


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

TO_REACT: Final = timedelta(hours=1)
"""The working time that whoever is warned has at least before the work must begin, if the promise leaves so much."""

TO_REACT_BY_DAY: Final = timedelta(hours=8)
"""The same for a promise that is due on a day."""


def stages(
    *,
    given_at: datetime,
    due_at: datetime,
    work: timedelta,
    calendar: Calendar,
    by_day: bool = False,
    supply: Supply | None = None,
    owed: timedelta | None = None,
    unfit_at: datetime | None = None,
) -> Stages:
    """When the clock looks at a promise given at `given_at`, due at `due_at`, that needs `work`.

    The work that people owe by the due time, this promise's included (`owed`), takes what `supply` gives until then:
    counted back from the due time, that is the latest start. The owner is warned before it by the time one needs to
    react (an hour, a working day for a promise by the day, at least as long as the work itself), but not before half
    of the time up to the latest start is over; at once when the promise no longer fits into its pool (`unfit_at`). The
    lead is warned half-way from the owner to the due time. Without a supply the calendar's open time counts for one
    person. No moment lies before the promise was given, and each no later than the next.
    """
    breaks_at = midnight_after(calendar.local(due_at).date(), calendar.zone) if by_day else due_at
    tell = last_honest_moment(given_at=given_at, due_at=due_at, calendar=calendar)
    latest = max(given_at, min(_latest_start(due_at, work, supply, owed, calendar), tell))
    react = max(TO_REACT_BY_DAY if by_day else TO_REACT, work)
    spare = min(react, calendar.between(given_at, latest, enough=2 * react) / 2)
    try:
        owner = calendar.subtract(latest, spare) if spare else latest
    except NeverOpen:
        owner = latest
    if unfit_at is not None:
        owner = min(owner, unfit_at)
    owner = max(given_at, min(owner, tell))
    lead = min(owner + (due_at - owner) / 2, tell)
    return Stages(owner, lead, tell, breaks_at)


def _latest_start(
    due_at: datetime, work: timedelta, supply: Supply | None, owed: timedelta | None, calendar: Calendar
) -> datetime:
    if not work:
        return due_at
    if supply is not None and owed is not None and supply.until(due_at) > 0:
        return supply.reaches(supply.until(due_at) - owed.total_seconds() / 60) or due_at
    try:
        return calendar.subtract(due_at, work)
    except NeverOpen:
        return due_at - work


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


def standing(*, warn_at: datetime, due_at: datetime, now: datetime, fits: bool = True) -> Standing:
    """How a running promise looks at `now`; it never improves while nobody works."""
    if now >= due_at:
        return Standing.OVERDUE
    return Standing.AT_RISK if now >= warn_at or not fits else Standing.SAFE


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
