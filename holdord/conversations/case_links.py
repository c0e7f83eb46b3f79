"""The private link to a case page (decisions.md 15).

The token is the participant's public id and an HMAC over it and the participant's epoch, 128 bits each. Raising the
epoch revokes every link given so far. The token is the authority; nothing in it can be guessed from a number.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from hashlib import sha256
from uuid import UUID

from django.conf import settings
from django.db.models import F

from holdord.conversations.models import Conversation, Participant, Status

_BYTES = 16


def token_for(participant: Participant) -> str:
    """The token of this participant's link, 43 characters that are safe in a URL."""
    return (
        urlsafe_b64encode(participant.public_id.bytes + _signature(participant.public_id, participant.epoch))
        .decode()
        .rstrip("=")
    )


def link_for(participant: Participant) -> str:
    """The whole address of the case page for this participant."""
    return f"{settings.PUBLIC_URL}/case/{token_for(participant)}/"


def customer_in(conversation: Conversation) -> Participant | None:
    """The customer of a conversation as the first participant they were; None if none of its participants is one."""
    return Participant.objects.filter(conversation=conversation, is_customer=True).order_by("pk").first()


def participant_of(token: str) -> Participant | None:
    """Whose link this is; None for one that is guessed, damaged or revoked, whose holder is not the customer, or whose
    case was erased.
    """
    found = holder_of(token)
    return None if found is None or found.conversation.status == Status.ERASED else found


def holder_of(token: str) -> Participant | None:
    """The same, for a case that was erased too: for looking at when it is destroyed, and undoing it."""
    try:
        raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (NotBase64, ValueError):
        return None
    if len(raw) != 2 * _BYTES or urlsafe_b64encode(raw).decode().rstrip("=") != token:
        return None
    participant = (
        Participant.objects.select_related("conversation__inbox", "conversation__customer", "identity__customer")
        .filter(public_id=UUID(bytes=raw[:_BYTES]), is_customer=True, identity__customer=F("conversation__customer"))
        .first()
    )
    if participant is None:
        return None
    expected = _signature(participant.public_id, participant.epoch)
    return participant if hmac.compare_digest(raw[_BYTES:], expected) else None


def _signature(public_id: UUID, epoch: int) -> bytes:
    key = hmac.digest(settings.SECRET_KEY.encode(), b"holdord case link", sha256)
    return hmac.digest(key, public_id.bytes + epoch.to_bytes(8, "big"), sha256)[:_BYTES]
