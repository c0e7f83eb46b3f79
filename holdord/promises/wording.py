"""Every sentence a customer gets about a promise, in the customer's language."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from holdord.kernel.moments import by_when, moment_in_full


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


def late_letter(*, old_due_at: datetime, due_at: datetime, now: datetime, zone: str, language: str) -> str:
    """The letter that tells of a delay before it happens: apology, new time."""
    with override(language):
        old = by_when(old_due_at, now=now, zone=zone, language=language)
        new = by_when(due_at, now=now, zone=zone, language=language)
        paragraphs = [
            _("We promised you an answer %(old)s. We will not make it, and we are sorry.") % {"old": old},
            _("A person answers you %(new)s. That time is held for you.") % {"new": new},
        ]
        return "\n\n".join(paragraphs)


def broken_letter(*, due_at: datetime, new_due_at: datetime, now: datetime, zone: str, language: str) -> str:
    """The letter after a broken promise: what we did not do, the apology, the new promise."""
    with override(language):
        old = moment_in_full(due_at, now=now, zone=zone, language=language)
        new = by_when(new_due_at, now=now, zone=zone, language=language)
        paragraphs = [
            _("You should have heard from us by %(old)s. You did not. That is our fault, and we are sorry.")
            % {"old": old},
            _("A person answers you %(new)s. Your case is now first in line.") % {"new": new},
        ]
        return "\n\n".join(paragraphs)


def what(kind: str, *, language: str) -> str:
    """The words of a promise that the desk gives by itself."""
    with override(language):
        return {
            "answer": _("A person answers you"),
            "update": _("You hear from us how it goes"),
            "callback": _("We call you"),
        }.get(kind, "")
