"""Every sentence a customer gets about what they asked for, in the customer's language."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from holdord.fulfilment.models import Deed
from holdord.fulfilment.rules import COVER, Direction
from holdord.kernel.moments import by_when, moment_in_full
from holdord.promises.models import Promise


def task(kind: str, direction: str, *, language: str) -> str:
    """What is promised when a person carries it out."""
    with override(language):
        if direction == Direction.UNDO:
            return _("We undo what you asked for before")
        return {
            "cancel": _("Your cancellation is carried out"),
            "block": _("It is blocked for you"),
            "unblock": _("It is opened again for you"),
            "refund": _("Your money is on its way back to you"),
            "replace": _("Another one is on its way to you"),
            "stop_contacting": _("We stop contacting you"),
            "export": _("You get everything we have about you"),
            "erase": _("What we have about you is erased"),
        }.get(kind, _("What you asked for is done"))


def done(kind: str, direction: str) -> str:
    """That it is done, in a sentence, in the active language."""
    if direction == Direction.UNDO:
        return {
            "block": _("It is open again. You can use it right away."),
            "stop_contacting": _("We may contact you again, as you asked."),
        }.get(kind, _("It is undone, as you asked. Everything is as it was before."))
    return {
        "cancel": _("It is cancelled, as you asked."),
        "block": _("It is blocked, as you asked. Nobody can use it now."),
        "unblock": _("It is open again, as you asked."),
        "refund": _("Your money is on its way back to you, as you asked."),
        "replace": _("Another one is on its way to you, as you asked."),
        "stop_contacting": _("We no longer contact you on our own, as you asked. When you write to us, we answer."),
        "export": _("You have got everything we have about you, as you asked."),
        "erase": _("What we have about you is hidden, as you asked, and will be destroyed."),
    }.get(kind, _("It is done, as you asked."))


def takes_effect(kind: str, when: str) -> str:
    """From when it counts, in the active language."""
    if kind == "refund":
        return _("You have it by %(when)s.") % {"when": when}
    if kind == "replace":
        return _("It comes %(when)s.") % {"when": when}
    return _("It takes effect %(when)s.") % {"when": when}


def undo_label(kind: str) -> str:
    """What the button is called that takes it back, in the active language."""
    return {
        "block": _("I have it again: open it"),
        "stop_contacting": _("You may contact me again"),
    }.get(kind, _("Undo"))


def done_letter(deed: Deed, *, now: datetime, zone: str, language: str) -> str:
    """The letter that confirms a deed: what, from when, until when it can be undone and how."""
    kind = deed.request.kind
    with override(language):
        paragraphs = [done(kind, deed.direction)]
        if deed.request.about:
            paragraphs.append(_("It is about: %(about)s") % {"about": deed.request.about})
        if deed.effective_at is not None:
            when = moment_in_full(deed.effective_at, now=now, zone=zone, language=language)
            paragraphs.append(takes_effect(kind, when))
        if deed.undo_until is not None:
            until = moment_in_full(deed.undo_until, now=now, zone=zone, language=language)
            paragraphs.append(
                _("You can undo it until %(until)s, with one press on your case page.") % {"until": until}
            )
        paragraphs.append(_("You need not do anything more."))
        return "\n\n".join(paragraphs)


def refused_letter(deed: Deed, *, language: str) -> str:
    """The letter that says no: first why, then what is possible instead."""
    with override(language):
        if deed.direction == Direction.UNDO:
            first = _("It could not be undone: %(reason)s") % {"reason": deed.reason}
        else:
            first = _("We do not do what you asked for: %(reason)s") % {"reason": deed.reason}
        paragraphs = [first]
        if deed.instead:
            paragraphs.append(_("What is possible instead: %(instead)s") % {"instead": deed.instead})
        paragraphs.append(_("If that is not right, answer this mail. A person reads it."))
        return "\n\n".join(paragraphs)


def by_hand_letter(deed: Deed, promise: Promise, *, now: datetime, zone: str, language: str) -> str:
    """The letter that says that a person carries it out, and by when."""
    when = by_when(promise.due_at, now=now, zone=zone, language=language, precision=promise.precision)
    with override(language):
        return "\n\n".join(
            [
                _("We have what you asked for, and a person carries it out %(when)s.") % {"when": when},
                _("You hear from us when it is done. You need not ask again."),
            ]
        )


def code_letter(kind: str, *, language: str) -> str:
    """The mail with a code. What is kept of it has dots in the code's place."""
    with override(language):
        what = {
            "block": _("Somebody asks us to block something of yours."),
            "unblock": _("Somebody asks us to open again what was blocked for you."),
            "export": _("Somebody asks us for everything we have about you."),
            "erase": _("Somebody asks us to erase everything we have about you."),
        }.get(kind, _("Somebody asks us for something in your name."))
        return "\n\n".join(
            [
                what,
                _("If that is you, this is your code. It holds for 15 minutes: %(code)s") % {"code": COVER},
                _("If it is not you, do nothing: without the code nothing happens."),
            ]
        )
