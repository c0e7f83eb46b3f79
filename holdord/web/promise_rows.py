"""A promise as pages draw it: one look, one ring, words ready to print.

Both sides show the same promise with the same state; only the warning is ours (`for_customer` hides it).
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext

from holdord.promises.rules import Standing, standing
from holdord.web.times import Times


@dataclass(frozen=True, slots=True)
class Clock:
    """The moments a ring runs between (aware)."""

    given_at: datetime
    due_at: datetime
    warn_at: datetime | None = None


@dataclass(slots=True)
class PromiseRow:
    """One promise, ready for `parts/promise.html`."""

    look: str
    what: str
    lang: str = ""
    left: str = ""
    was: str = ""
    by: str = ""
    state: str = ""
    due_iso: str = ""
    gone: int = 0
    warn: int = 0
    given_s: int = 0
    due_s: int = 0
    warn_s: int = 0
    number: str = ""
    unit: str = ""
    link: str = ""
    link_text: str = ""


def look_of(
    state: str, clock: Clock, *, now: datetime, moved: bool = False, for_customer: bool = False, fits: bool = True
) -> str:
    """How a promise in `state` looks: "at risk" and "moved" are looks of an open one. `fits` is False when a pool has
    no room for it any more.
    """
    if state != "open":
        return {"void": "released"}.get(state, state)
    if not for_customer and clock.warn_at is not None:
        stands = standing(warn_at=clock.warn_at, due_at=clock.due_at, now=now, fits=fits)
        if stands is not Standing.SAFE:
            return "risk"
    return "moved" if moved else "open"


def gone(clock: Clock, *, now: datetime) -> int:
    """How much of the time is gone, 0 to 100."""
    span = (clock.due_at - clock.given_at).total_seconds()
    passed = (now - clock.given_at).total_seconds()
    return 100 if span <= 0 else max(0, min(100, round(100 * passed / span)))


def warn_mark(clock: Clock) -> int:
    """Where the tick of the warning sits, 0 (none) to 100."""
    span = (clock.due_at - clock.given_at).total_seconds()
    if clock.warn_at is None or span <= 0:
        return 0
    return max(1, min(99, round(100 * (clock.warn_at - clock.given_at).total_seconds() / span)))


def promise_row(
    *,
    what: str,
    state: str,
    clock: Clock,
    times: Times,
    lang: str = "",
    by: str = "",
    moved_from: datetime | None = None,
    settled_at: datetime | None = None,
    whole_day: bool = False,
    earliest_at: datetime | None = None,
    for_customer: bool = False,
    fits: bool = True,
) -> PromiseRow:
    """Words and ring of one promise for the reader that `times` speaks to."""
    look = look_of(state, clock, now=times.now, moved=moved_from is not None, for_customer=for_customer, fits=fits)
    number, unit = times.number_and_unit(clock.due_at)
    shown_at = settled_at if state == "kept" and settled_at and for_customer else clock.due_at
    return PromiseRow(
        look=look,
        what=what,
        lang=lang,
        left=times.when(shown_at)
        if for_customer and not whole_day
        else due_in_a_list(shown_at, times, earliest_at=earliest_at, whole_day=whole_day),
        was=due_in_a_list(moved_from, times, whole_day=whole_day) if moved_from and state == "open" else "",
        by=by,
        state=_state_word(look, state, times.left(clock.due_at), for_customer=for_customer),
        due_iso=clock.due_at.isoformat(timespec="minutes"),
        gone=gone(clock, now=times.now),
        warn=0 if for_customer else warn_mark(clock),
        given_s=int(clock.given_at.timestamp()),
        due_s=int(clock.due_at.timestamp()),
        warn_s=0 if for_customer or clock.warn_at is None else int(clock.warn_at.timestamp()),
        number=number,
        unit=unit,
    )


def due_in_a_list(
    due_at: datetime, times: Times, *, earliest_at: datetime | None = None, whole_day: bool = False
) -> str:
    """When a promise is due, as short as a list needs: 14:00, 11–12 of a window, the day of a whole one."""
    if whole_day:
        return times.day(due_at)
    return times.slot(earliest_at, due_at) if earliest_at else times.short(due_at)


def due_in_a_sentence(
    due_at: datetime, times: Times, *, earliest_at: datetime | None = None, whole_day: bool = False
) -> str:
    """The same in a sentence: today 14:00, today 11–12, tomorrow."""
    if whole_day:
        return times.day(due_at)
    return times.slot_when(earliest_at, due_at) if earliest_at else times.when(due_at)


def state_word(look: str) -> str:
    """The word for a look, in the reader's language; never a synonym."""
    return pgettext("promise", "open") if look == "open" else _(_WORDS.get(look, look))


_WORDS = {
    "risk": gettext_noop("at risk"),
    "moved": gettext_noop("moved"),
    "kept": gettext_noop("kept"),
    "broken": gettext_noop("not kept"),
    "released": gettext_noop("released"),
    "draft": gettext_noop("not given yet"),
}


def _state_word(look: str, state: str, left: str, *, for_customer: bool) -> str:
    if state == "void":
        return _("never owed")
    if look == "risk" and left:
        return _("at risk, %(left)s") % {"left": left}
    if look == "open" and left and not for_customer:
        return _("%(left)s left") % {"left": left}
    return state_word(look)
