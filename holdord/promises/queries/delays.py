"""The new time of a promise that will be late."""

from datetime import datetime, timedelta

from holdord.kernel.moments import Precision
from holdord.kernel.working_time import NeverOpen, round_up
from holdord.people.queries import calendar_of
from holdord.promises.models import Promise
from holdord.promises.queries.capacity import dates_that_hold, earliest_time, leaving_with
from holdord.promises.queries.terms import terms_of
from holdord.promises.rules.terms import Time

MOVED_BY = timedelta(hours=2)
"""The working time after the old due time from which a new one is sought."""


def sought_from(promise: Promise, *, now: datetime) -> datetime:
    """From when a new time is sought: some working time after the old one, another day for a promise by the day."""
    calendar = calendar_of(promise.conversation.inbox)
    old = max(promise.due_at, now)
    try:
        if promise.precision == Precision.DAY:
            return calendar.closing_time(calendar.local(calendar.next_open(old + timedelta(minutes=1))).date())
        return calendar.add(old, MOVED_BY)
    except NeverOpen:
        return old + timedelta(days=1)


def times_for(promise: Promise, *, now: datetime, most: int = 4) -> list[Time]:
    """The first times at which a late promise can be kept, the earliest first; what it holds now is counted as taken.

    Empty when no time is known to hold.
    """
    terms, calendar, wanted = terms_of(promise), calendar_of(promise.conversation.inbox), sought_from(promise, now=now)
    if not terms.work and not terms.places:
        return [Time(round_up(wanted))]
    leaving = leaving_with(promise)
    first = earliest_time(terms, wanted, team_id=promise.team_id, calendar=calendar, now=now, leaving=leaving)
    if first is None:
        return []
    later = dates_that_hold(terms, first.due_at, team_id=promise.team_id, calendar=calendar, now=now, most=most)
    return [first, *(time for time in later if time.due_at > first.due_at)][:most]
