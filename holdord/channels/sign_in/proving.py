"""Asking for a link, and using it."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from holdord.channels.models import SignIn
from holdord.conversations.models import Participant
from holdord.people.actions import CannotMerge, merge, recognise
from holdord.people.models import Customer, Identity, IdentityKind, Inbox
from holdord.people.rules import clean_address

GOOD_FOR = timedelta(minutes=20)
FORGOTTEN_AFTER = timedelta(days=1)
_BYTES = 16


class NotGood(Exception):
    """The link was used, is too old, or is none of ours."""


def ask(address: str, *, inbox: Inbox | None, language: str, now: datetime, joins: str = "") -> SignIn | None:
    """Queue a link to `address`, known or not. It comes from `inbox`, else from where they wrote last, else from the
    first. None while there is no inbox at all, and for joining an address with itself. Raises NotAnAddress.
    """
    address = clean_address(IdentityKind.EMAIL, address)
    sender = inbox or _wrote_last_to(address) or Inbox.objects.order_by("pk").first()
    if sender is None or address == joins:
        return None
    return SignIn.objects.create(
        address=address, joins=joins, inbox=sender, language=language, asked_at=now, next_attempt_at=now
    )


def token_for(asked: SignIn) -> str:
    """What stands in the link, 43 characters: the public id and an HMAC over it. It is written nowhere else."""
    return urlsafe_b64encode(asked.public_id.bytes + _signature(asked.public_id)).decode().rstrip("=")


def asked_with(token: str, *, now: datetime) -> SignIn:
    """What this link was asked for, if it can still be used. Looking uses nothing up. Raises NotGood."""
    try:
        raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (NotBase64, ValueError):
        raise NotGood from None
    if len(raw) != 2 * _BYTES:
        raise NotGood
    public_id = UUID(bytes=raw[:_BYTES])
    if not hmac.compare_digest(raw[_BYTES:], _signature(public_id)):
        raise NotGood
    asked = SignIn.objects.filter(public_id=public_id, used_at__isnull=True, asked_at__gt=now - GOOD_FOR).first()
    if asked is None:
        raise NotGood
    return asked


@transaction.atomic
def use(asked: SignIn, *, now: datetime) -> None:
    """The address is proven; where another was to be joined, both are one customer's. Raises NotGood if used."""
    if not SignIn.objects.filter(pk=asked.pk, used_at__isnull=True).update(used_at=now):
        raise NotGood
    if asked.joins:
        other = recognise(kind=IdentityKind.EMAIL, address=asked.address, name="", inbox=asked.inbox, now=now)
        _join(asked.joins, other, now=now)
    identities_of(asked.address).filter(verified_at__isnull=True).update(verified_at=now)


def identities_of(address: str) -> QuerySet[Identity]:
    """The identities with this address: one, and one more for each inbox that keeps its customers apart."""
    return Identity.objects.filter(kind=IdentityKind.EMAIL, address=address)


def forget_old(*, now: datetime) -> int:
    """Throw old ones away: they hold addresses and serve no purpose any more."""
    return SignIn.objects.filter(asked_at__lt=now - FORGOTTEN_AFTER).delete()[0]


def _join(address: str, other: Identity, *, now: datetime) -> None:
    mine = identities_of(address).filter(only_in=other.only_in).select_related("customer").first()
    if mine is None or mine.customer_id == other.customer_id:
        return
    try:
        merge(keep=mine.customer, absorb=Customer.objects.get(pk=other.customer_id), by=None, now=now)
    except CannotMerge:
        raise NotGood from None


def _wrote_last_to(address: str) -> Inbox | None:
    latest = (
        Participant.objects.filter(identity__in=identities_of(address))
        .select_related("conversation__inbox")
        .order_by("-conversation__changed_at")
        .first()
    )
    return latest.conversation.inbox if latest else None


def _signature(public_id: UUID) -> bytes:
    key = hmac.digest(settings.SECRET_KEY.encode(), b"holdord sign-in link", sha256)
    return hmac.digest(key, public_id.bytes, sha256)[:_BYTES]
