"""The answer-by time that a form shows before it is sent: a signed offer, good for ten minutes."""

from datetime import datetime

from django.core import signing

from holdord.people.models import Inbox
from holdord.promises.queries import answer_offer
from holdord.promises.rules import OFFER_HOLDS

_SALT = "holdord.portal.offers"


def offer_for(inbox: Inbox, *, now: datetime) -> tuple[datetime, str]:
    """The time by which a person would answer a message sent now, and the signed words that hold us to it."""
    due_at = answer_offer(inbox, asked_at=now, now=now).due_at
    return due_at, signing.dumps([inbox.pk, due_at.isoformat(), now.isoformat()], salt=_SALT)


def offered(signed: str, inbox: Inbox, *, now: datetime) -> datetime | None:
    """The time that was offered, if it is ours, for this inbox and not older than ten minutes."""
    try:
        inbox_id, due_at, given_at = signing.loads(signed, salt=_SALT)
    except signing.BadSignature:
        return None
    age = now - datetime.fromisoformat(given_at)
    return datetime.fromisoformat(due_at) if inbox_id == inbox.pk and age <= OFFER_HOLDS else None


def was_shown(signed: str) -> datetime | None:
    """The time that the form showed, however long ago; None if nothing of ours stood there."""
    try:
        return datetime.fromisoformat(signing.loads(signed, salt=_SALT)[1])
    except signing.BadSignature:
        return None
