"""Every sentence a customer gets about an order, in the customer's language. The first line says what happened and
why.
"""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from holdord.kernel.moments import by_when
from holdord.promises.rules.terms import Time
from holdord.promises.wording import in_words


def subject(number: str, *, language: str) -> str:
    """The subject of the conversation of an order."""
    with override(language):
        return _("Your order %(number)s") % {"number": number}


def number_label(*, language: str) -> str:
    """What an order number is called among the facts."""
    with override(language):
        return _("Order number")


def delayed_letter(
    *, number: str, reason: str, time: Time, precision: str, now: datetime, zone: str, language: str, link: str
) -> str:
    """The letter that tells of a delay."""
    new = in_words(time, precision, now=now, zone=zone, language=language)
    with override(language):
        paragraphs = [
            _("Your order %(number)s comes later than we promised: %(reason)s")
            % {"number": number, "reason": _as_sentence(reason)},
            _("We are sorry. The new time is %(new)s. It is held for you.") % {"new": new},
        ]
        if link:
            paragraphs.append(
                _("If that does not suit you, choose something else on your case page: %(link)s") % {"link": link}
            )
        return "\n\n".join(paragraphs)


def cancelled_letter(
    *, number: str, reason: str, answer_at: datetime | None, now: datetime, zone: str, language: str
) -> str:
    """The letter that tells that the shop cancelled an order."""
    with override(language):
        paragraphs = [
            _("Your order %(number)s is cancelled: %(reason)s") % {"number": number, "reason": _as_sentence(reason)},
            _("We had promised that it comes. We break that promise, and we are sorry."),
        ]
        if answer_at is not None:
            when = by_when(answer_at, now=now, zone=zone, language=language)
            paragraphs.append(_("A person writes to you %(by_when)s about what we do instead.") % {"by_when": when})
        return "\n\n".join(paragraphs)


def cancellation_confirmed(*, number: str, language: str) -> str:
    """The letter that confirms that the customer cancelled."""
    with override(language):
        return "\n\n".join(
            [
                _("Your order %(number)s is cancelled, because you asked for it.") % {"number": number},
                _("You do not need to do anything. If that was a mistake, answer this mail."),
            ]
        )


def delivered_late_letter(*, number: str, answer_at: datetime | None, now: datetime, zone: str, language: str) -> str:
    """The letter when it came, but later than promised and without a word before."""
    with override(language):
        paragraphs = [
            _("Your order %(number)s came later than we promised. That is our fault, and we are sorry.")
            % {"number": number}
        ]
        if answer_at is not None:
            when = by_when(answer_at, now=now, zone=zone, language=language)
            paragraphs.append(_("A person writes to you %(by_when)s about it.") % {"by_when": when})
        return "\n\n".join(paragraphs)


def _as_sentence(reason: str) -> str:
    """The shop's own words on one line, closed by a full stop if nothing closes them."""
    words = " ".join(reason.split())
    return words if words[-1:] in ".!?…" else f"{words}."
