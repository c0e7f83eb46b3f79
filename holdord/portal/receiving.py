"""What customers write on a page of ours that their link opened."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from holdord.conversations import actions
from holdord.conversations.models import Channel, Participant, Trust
from holdord.conversations.rules import Incoming, IncomingFile


def receive_from(
    participant: Participant,
    text: str,
    *,
    channel: Channel,
    key: str,
    now: datetime,
    files: Sequence[IncomingFile] = (),
) -> bool:
    """Put it into their conversation. Written once however often it is sent with the same `key`: False then."""
    conversation = participant.conversation
    incoming = Incoming(
        inbox=conversation.inbox,
        channel=channel,
        address_kind=participant.identity.kind,
        address=participant.identity.address,
        at=now,
        text=text,
        reply_text=text,
        known_language=conversation.language,
        trust=Trust.VERIFIED,
        conversation=conversation,
        message_id=f"{channel.value}.{key or uuid4().hex}",
        body_hash=hashlib.sha256(str(conversation.pk).encode()).hexdigest(),
        files=files,
        may_acknowledge=False,
    )
    try:
        actions.receive(incoming, now=now)
    except actions.AlreadyReceived:
        return False
    return True
