"""A site tells who its visitor is, and signs it: HMAC (RFC 2104) with SHA-256 and a secret of the inbox's.

What it hands over is `payload.signature`: the payload is JSON in base64url (RFC 4648, 5), the signature the HMAC of the
payload as it stands there, in hexadecimal. docs/chat.md says how a site makes it.
"""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F

from holdord.channels.models import ChatSigning
from holdord.people.models import IdentityKind, Inbox
from holdord.people.rules import NotAnAddress, clean_address

GOOD_FOR = timedelta(hours=1)
AHEAD = timedelta(minutes=5)
"""So far the clock of a site may be ahead of ours."""
_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whom a site has signed in; `reference` is its own name for them, perhaps empty."""

    email: str
    name: str = ""
    reference: str = ""


class NotKnown(Exception):
    """What was handed over tells nobody who it is; `why` is one word for the log: unsigned, malformed, forged, old."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@transaction.atomic
def new_secret(inbox: Inbox, *, now: datetime) -> str:
    """A new secret, which nobody can see again; what the one before it signed is worth nothing any more."""
    kept, made = ChatSigning.objects.get_or_create(inbox=inbox, defaults={"made_at": now})
    if not made:
        ChatSigning.objects.filter(pk=kept.pk).update(epoch=F("epoch") + 1, made_at=now)
        kept.refresh_from_db()
    return _secret(inbox, kept.epoch)


def visitor_of(inbox: Inbox, handed: str, *, now: datetime) -> Visitor:
    """Who the site of this inbox says it is. Raises NotKnown."""
    kept = ChatSigning.objects.filter(inbox=inbox).first()
    if kept is None:
        raise NotKnown("unsigned")
    return read_visitor(handed, secret=_secret(inbox, kept.epoch), now=now)


def read_visitor(handed: str, *, secret: str, now: datetime) -> Visitor:
    """The visitor, if this secret signed them within the last hour. Raises NotKnown."""
    payload, _dot, signature = handed[:_LONGEST].partition(".")
    made = hmac.digest(secret.encode(), payload.encode(), sha256).hex()
    if not hmac.compare_digest(made.encode(), signature.lower().encode()):
        raise NotKnown("forged")
    said = _read(payload)
    if not now - GOOD_FOR <= _moment(said.get("at")) <= now + AHEAD:
        raise NotKnown("old")
    try:
        email = clean_address(IdentityKind.EMAIL, _words(said, "email", 320))
    except NotAnAddress:
        raise NotKnown("malformed") from None
    return Visitor(email, _words(said, "name", 200), _words(said, "reference", 120))


def sign(visitor: Visitor, *, secret: str, at: datetime) -> str:
    """As a site does it."""
    said = {"email": visitor.email, "name": visitor.name, "reference": visitor.reference, "at": int(at.timestamp())}
    payload = urlsafe_b64encode(json.dumps(said).encode()).rstrip(b"=")
    return f"{payload.decode()}.{hmac.digest(secret.encode(), payload, sha256).hex()}"


def _read(payload: str) -> dict[str, Any]:
    try:
        said = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (ValueError, RecursionError):
        raise NotKnown("malformed") from None
    if not isinstance(said, dict):
        raise NotKnown("malformed")
    return said


def _moment(at: object) -> datetime:
    if isinstance(at, bool) or not isinstance(at, int | float):
        raise NotKnown("malformed")
    try:
        return datetime.fromtimestamp(at, UTC)
    except (ValueError, OverflowError, OSError):
        raise NotKnown("malformed") from None


def _words(said: dict[str, Any], name: str, most: int) -> str:
    value = said.get(name, "")
    return " ".join(str(value).split())[:most] if isinstance(value, str | int) else ""


def _secret(inbox: Inbox, epoch: int) -> str:
    key = hmac.digest(settings.SECRET_KEY.encode(), b"holdord chat visitors", sha256)
    return hmac.digest(key, f"{inbox.pk} {epoch}".encode(), sha256).hex()
