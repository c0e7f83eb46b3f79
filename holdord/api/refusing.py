"""What the desk refuses, as problems: each with what helps next."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.utils.translation import gettext as _

from holdord.api.problems import Problem, unreadable
from holdord.kernel.working_time import Calendar
from holdord.orders import actions as orders
from holdord.people.models import Inbox
from holdord.people.queries import calendar_of
from holdord.promises import actions as promises
from holdord.promises.rules.terms import Time


@contextmanager
def refused_as_problems(inbox: Inbox, *, date_field: str) -> Iterator[None]:
    """Turn what the desk refuses into problems; `date_field` is the field that asks for a time."""
    try:
        yield
    except promises.NoCapacity as full:
        raise _full(full.earliest, calendar_of(inbox)) from full
    except tuple(_SAID) as refusal:
        raise _SAID[type(refusal)](refusal, date_field) from refusal


def earliest_of(time: Time | None, calendar: Calendar) -> dict[str, Any] | None:
    """The first time that holds, as it is answered."""
    if time is None:
        return None
    return {"due_at": time.due_at.isoformat(), "date": calendar.local(time.due_at).date().isoformat()}


def _full(time: Time | None, calendar: Calendar) -> Problem:
    earliest = earliest_of(time, calendar)
    words = (
        _("There is no room for this then. The first day that holds is %(day)s.") % {"day": earliest["date"]}
        if earliest
        else _("There is no room for this, and no day is known that holds.")
    )
    return Problem(409, "full", words, earliest=earliest)


def _too_little(refusal: orders.SaysTooLittle) -> Problem:
    fields = ", ".join(refusal.fields)
    words = (
        _("Say why (reason): nobody hears of a delay or a cancellation without its reason.")
        if refusal.fields == ["reason"]
        else _("This is missing: %(fields)s.") % {"fields": fields}
    )
    errors = [{"field": field, "why": _("This is missing.")} for field in refusal.fields]
    return Problem(422, "missing", words, missing=refusal.fields, errors=errors)


_SAID: dict[type[Exception], Callable[[Any, str], Problem]] = {
    promises.NoTime: lambda _refusal, field: unreadable(
        field, _("This time is over, is not later than the old one, or none is known to hold.")
    ),
    promises.AlreadySettled: lambda _refusal, _field: Problem(
        409, "not-possible", _("This promise has ended, or changed at this moment.")
    ),
    promises.PoolIsBusy: lambda _refusal, _field: Problem(
        503, "busy", _("Many promise from the same pool at this moment. Ask again."), retry_after=1
    ),
    promises.SlotsOverlap: lambda refusal, _field: unreadable(
        "places", _("Two spans overlap at %(moment)s.") % {"moment": refusal.starts_at.isoformat()}
    ),
    promises.PoolExists: lambda _refusal, _field: Problem(
        409, "told-otherwise", _("There is a pool with this key already.")
    ),
    orders.NoDate: lambda _refusal, field: Problem(
        422,
        "missing",
        _("Say by when (%(field)s): no pool counts what can be delivered.") % {"field": field},
        missing=[field],
        errors=[{"field": field, "why": _("This is missing.")}],
    ),
    orders.NotLater: lambda _refusal, field: unreadable(
        field, _("The new day is not later than the one that was promised.")
    ),
    orders.InTheFuture: lambda _refusal, _field: unreadable("at", _("This can’t have happened yet.")),
    orders.SaidOtherwise: lambda _refusal, _field: Problem(
        409, "told-otherwise", _("We heard this before, with other words. What is told twice must be the same.")
    ),
    orders.NotPossible: lambda refusal, _field: Problem(
        409,
        "not-possible",
        _("That can’t happen to this order: its state is %(state)s.") % {"state": refusal.state},
        state=refusal.state,
    ),
    orders.SaysTooLittle: lambda refusal, _field: _too_little(refusal),
}
