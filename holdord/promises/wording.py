"""Every sentence a customer gets about a promise, in the customer's language."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from django.utils.translation import gettext as _
from django.utils.translation import override

from holdord.kernel.moments import by_when, moment_in_full, window_in_words
from holdord.promises.models import Promise
from holdord.promises.rules import Choice, Kind, Time


def acknowledgement(*, due_at: datetime, now: datetime, zone: str, language: str, link: str) -> str:
    """The letter that says we have the message and by when a person answers."""
    with override(language):
        when = by_when(due_at, now=now, zone=zone, language=language)
        paragraphs = [
            _("We have your message. A person answers you %(by_when)s.") % {"by_when": when},
            _("On your case page you see what you asked and what we have promised, and you can write to us: %(link)s")
            % {"link": link},
            _("This confirmation was sent automatically. It is not the answer."),
        ]
        return "\n\n".join(paragraphs)


def late_letter(
    promise: Promise,
    time: Time,
    *,
    reason: str,
    choices: Sequence[Choice],
    now: datetime,
    link: str = "",
) -> str:
    """The letter that tells of a delay before it happens: apology, reason, new time, what one can choose instead."""
    zone, language = promise.conversation.inbox.time_zone, promise.conversation.language
    with override(language):
        old = _by_when(promise.due_at, promise.precision, now=now, zone=zone, language=language)
        new = in_words(time, promise.precision, now=now, zone=zone, language=language)
        if promise.kind == Kind.ANSWER:
            paragraphs = [
                _("We promised you an answer %(old)s. We will not make it, and we are sorry.") % {"old": old},
                _("A person answers you %(new)s. That time is held for you.") % {"new": new},
            ]
        else:
            paragraphs = [
                _("We promised you: “%(what)s”, %(old)s. We will not make it, and we are sorry.")
                % {"what": promise.what, "old": old},
                _("The new time is %(new)s. It is held for you.") % {"new": new},
            ]
        if why := why_late(reason):
            paragraphs.insert(1, why)
        if link and len(choices) > 1:
            paragraphs.append(
                _("If that does not suit you, choose something else on your case page: %(link)s") % {"link": link}
            )
        if reason == NOT_IN_TIME:
            paragraphs.append(_("This message was sent automatically, so that you hear of it before it is late."))
        return "\n\n".join(paragraphs)


NOT_IN_TIME = "not_in_time"
"""The desk's own word for why a promise moves: nobody got to it."""


CUSTOMERS_CHOICE = "customers_choice"
"""Its word for a time that the customer chose."""

OURS = frozenset({"", NOT_IN_TIME, CUSTOMERS_CHOICE})
"""The desk's own words for a reason, and none: what a person wrote is not among them."""


def why_late(reason: str) -> str:
    """The reason of a delay in a sentence, in the language that is set; a person's own words as they are."""
    return {
        NOT_IN_TIME: _("More people need us than we can answer in time."),
        CUSTOMERS_CHOICE: "",
    }.get(reason, reason)


def late_letter_without_a_time(
    promise: Promise, *, answer_at: datetime, now: datetime, zone: str, language: str
) -> str:
    """The same when no new time is known to hold: the truth, and by when a person says more."""
    with override(language):
        old = _by_when(promise.due_at, promise.precision, now=now, zone=zone, language=language)
        paragraphs = [
            _("We promised you: “%(what)s”, %(old)s. We will not make it, and we are sorry.")
            % {"what": promise.what, "old": old},
            _("We do not know yet when it will be done, and will not guess. A person writes to you %(by_when)s.")
            % {"by_when": by_when(answer_at, now=now, zone=zone, language=language)},
            _("This message was sent automatically, so that you hear of it before it is late."),
        ]
        return "\n\n".join(paragraphs)


def broken_letter(
    *,
    kind: str,
    what: str,
    due_at: datetime,
    precision: str,
    new_due_at: datetime,
    now: datetime,
    zone: str,
    language: str,
) -> str:
    """The letter after a broken promise: what we did not do, the apology, the new promise."""
    with override(language):
        new = by_when(new_due_at, now=now, zone=zone, language=language)
        if kind == Kind.ANSWER:
            old = moment_in_full(due_at, now=now, zone=zone, language=language)
            did_not = _(
                "You should have heard from us by %(old)s. You did not. That is our fault, and we are sorry."
            ) % {"old": old}
        else:
            old = _by_when(due_at, precision, now=now, zone=zone, language=language)
            did_not = _(
                "We promised you: “%(what)s”, %(old)s. We did not do it. That is our fault, and we are sorry."
            ) % {"what": what, "old": old}
        return "\n\n".join([did_not, _("A person answers you %(new)s. Your case is now first in line.") % {"new": new}])


def confirmation(promise: Promise, *, now: datetime, zone: str, language: str, link: str) -> str:
    """The letter that puts in writing what was promised on the phone."""
    with override(language):
        paragraphs = [
            _("As we said on the phone:"),
            words_of(promise, now=now, zone=zone, language=language),
            _("On your case page you see what you asked and what we have promised, and you can write to us: %(link)s")
            % {"link": link},
        ]
        return "\n\n".join(paragraphs)


def said_on_the_phone(words: str, *, language: str) -> str:
    """The note that a promise was given on the phone."""
    with override(language):
        return _("Promised on the phone: %(words)s") % {"words": words}


def words_of(promise: Promise, *, now: datetime, zone: str, language: str) -> str:
    """A promise in one line, as it stands in a message: what, and by when."""
    when = in_words(Time(promise.due_at, promise.earliest_at), promise.precision, now=now, zone=zone, language=language)
    with override(language):
        return _("%(what)s: %(when)s.") % {"what": promise.what.rstrip("."), "when": when}


def in_words(time: Time, precision: str, *, now: datetime, zone: str, language: str) -> str:
    """A time as it is promised: by a moment, on a day, or between two times of a day."""
    if time.earliest_at is not None:
        return window_in_words(time.earliest_at, time.due_at, now=now, zone=zone, language=language)
    return _by_when(time.due_at, precision, now=now, zone=zone, language=language)


def _by_when(due_at: datetime, precision: str, *, now: datetime, zone: str, language: str) -> str:
    return by_when(due_at, now=now, zone=zone, language=language, precision=precision)


@lru_cache(maxsize=64)
def what(kind: str, *, language: str) -> str:
    """The words of a promise of this kind when nobody chose others."""
    with override(language):
        return {
            "answer": _("A person answers you"),
            "update": _("You hear from us how it goes"),
            "callback": _("We call you"),
            "delivery": _("Your parcel arrives"),
            "refund": _("You get your money back"),
            "fix": _("It works again"),
            "visit": _("A technician comes to you"),
        }.get(kind, "")


def answer(*, language: str) -> str:
    """The name of an answer that was promised, when its time is over."""
    with override(language):
        return _("Answer from a person")


def call_on(number: str, *, language: str) -> str:
    """What is promised to who wants to be called."""
    with override(language):
        return _("We call you on %(number)s") % {"number": number}


def delivery(number: str, *, language: str) -> str:
    """What is promised with an order."""
    with override(language):
        return _("Your order %(number)s arrives") % {"number": number}


def money_back(for_what: str, *, language: str) -> str:
    """What is promised instead of something that does not come."""
    with override(language):
        return (
            _("You get your money back (%(what)s)") % {"what": for_what}
            if for_what
            else what("refund", language=language)
        )
