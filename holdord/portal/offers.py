"""The answer-by time that a form shows before it is sent: a signed offer, good for ten minutes."""

from datetime import datetime

from django.core import signing

from holdord.people.models import Inbox
from holdord.promises.queries import answer_offer
from holdord.promises.rules import OFFER_HOLDS

_SALT = "holdord.portal.offers"


def offer_for(inbox: Inbox, *, now: datetime, before: str = "") -> tuple[datetime, str]:
    """The time by which a person would answer a message sent now, and the signed words that hold us to it.

    A form that comes back carries on from the offer `before`: its writer has had it since then.
    """
    due_at = answer_offer(inbox, asked_at=now, now=now).due_at
    since = first_shown(before) or now
    return due_at, signing.dumps([inbox.pk, due_at.isoformat(), now.isoformat(), since.isoformat()], salt=_SALT)


def offered(signed: str, inbox: Inbox, *, now: datetime) -> datetime | None:
    """The time that was offered, if it is ours, for this inbox and not older than ten minutes."""
    said = _read(signed)
    if said is None:
        return None
    age = now - datetime.fromisoformat(said[2])
    return datetime.fromisoformat(said[1]) if said[0] == inbox.pk and age <= OFFER_HOLDS else None


def was_shown(signed: str) -> datetime | None:
    """The time that the form showed, however long ago; None if nothing of ours stood there."""
    said = _read(signed)
    return datetime.fromisoformat(said[1]) if said else None


def first_shown(signed: str) -> datetime | None:
    """When its writer first had the form; None if nothing of ours stood there."""
    said = _read(signed)
    return datetime.fromisoformat(said[3]) if said else None


def _read(signed: str) -> tuple[int, str, str, str] | None:
    try:
        inbox_id, due_at, given_at, since = signing.loads(signed, salt=_SALT)
    except (signing.BadSignature, ValueError):  # ValueError: signed by an earlier version
        return None
    return inbox_id, due_at, given_at, since
