"""An answer that a person gave in another mail client."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from holdord.conversations import search
from holdord.conversations.actions.writing import after_writing
from holdord.conversations.events import ReplyAccepted
from holdord.conversations.models import (
    Channel,
    Conversation,
    Kind,
    Message,
    Outgoing,
    OutgoingState,
    Trust,
)
from holdord.history.actions import announce
from holdord.people.models import Agent, Identity


@transaction.atomic
def record_answer_given_elsewhere(
    conversation: Conversation,
    *,
    by: Agent | None,
    to: str,
    subject: str,
    text: str,
    reply_text: str,
    html: str,
    message_id: str,
    references: Sequence[str],
    body_hash: str,
    answered: str,
    at: datetime,
    now: datetime,
) -> Message | None:
    """Take in what a person of ours sent from another client; it counts as their answer from now, when we know of it.

    `answered` is the Message-ID it replies to: what came after that is not answered by it. None if it is here already.
    """
    if Message.objects.with_id(message_id).filter(body_hash=body_hash).exists():
        return None
    came = Message.objects.filter(conversation=conversation, kind=Kind.INBOUND)
    seen = came.filter(message_id=answered).first() or came.filter(at__lte=at).order_by("-pk").first()
    message = Message.objects.create(
        conversation=conversation,
        kind=Kind.OUTBOUND,
        channel=Channel.EMAIL,
        author=by,
        identity=Identity.objects.filter(kind="email", address=to.lower()).first(),
        subject=subject[:998],
        text=text,
        reply_text=reply_text if reply_text.strip() != text.strip() else "",
        html=html,
        language=conversation.language,
        at=now,
        written_at=at,
        message_id=message_id[:998],
        references=list(references),
        body_hash=body_hash,
        is_answer=True,
        seen=seen,
        trust=Trust.VERIFIED,
    )
    search.index(message)
    Outgoing.objects.create(
        message=message, to=to[:320], state=OutgoingState.SENT, not_before=now, next_attempt_at=now, accepted_at=now
    )
    after_writing(conversation, by=by, is_answer=True, now=now)
    announce(
        ReplyAccepted(
            at=now,
            conversation_id=conversation.pk,
            by_id=by.pk if by else None,
            message_id=message.pk,
            is_answer=True,
            is_automatic=False,
        )
    )
    return message
