"""Not for us: spam, newsletters, misdirected mail. Reversible, and nobody gets a mail."""

from datetime import datetime

from django.db import transaction

from holdord.conversations.events import ConversationDismissed, DismissalUndone, InquiryReceived
from holdord.conversations.models import (
    Conversation,
    Dismissal,
    DismissalReason,
    Message,
    Outgoing,
    OutgoingState,
    Participant,
    Status,
)
from holdord.history.actions import announce
from holdord.people.models import Agent


@transaction.atomic
def dismiss(conversation: Conversation, *, by: Agent, reason: DismissalReason, now: datetime) -> None:
    """Put a conversation aside as not for us. What the desk wanted to send by itself is held back. Twice is once."""
    dismissed = Conversation.objects.filter(pk=conversation.pk).exclude(status=Status.DISMISSED)
    if not dismissed.update(status=Status.DISMISSED, snoozed_until=None, changed_at=now):
        return
    Dismissal.objects.create(conversation=conversation, by=by, at=now, reason=reason)
    Outgoing.objects.filter(
        message__conversation=conversation, message__is_automatic=True, state=OutgoingState.QUEUED
    ).update(state=OutgoingState.UNDONE)
    announce(ConversationDismissed(at=now, conversation_id=conversation.pk, by_id=by.pk, reason=str(reason)))


@transaction.atomic
def undo_dismissal(conversation: Conversation, *, by: Agent, now: datetime) -> None:
    """It was for us after all: the conversation is open, and its answer is owed again."""
    if not Dismissal.objects.filter(conversation=conversation, ended_at__isnull=True).update(ended_at=now):
        return
    Conversation.objects.filter(pk=conversation.pk).update(status=Status.OPEN, changed_at=now)
    announce(DismissalUndone(at=now, conversation_id=conversation.pk, by_id=by.pk))


@transaction.atomic
def written_by_a_person(message: Message, *, now: datetime) -> None:
    """What looked as if a robot had sent it was sent by a person, who said so: it is an inquiry like any other.

    Twice is once; what an agent dismissed stays dismissed.
    """
    ours = Dismissal.objects.filter(conversation=message.conversation_id, ended_at__isnull=True, by__isnull=True)
    if not ours.update(ended_at=now):
        return
    Conversation.objects.filter(pk=message.conversation_id).update(status=Status.OPEN, changed_at=now)
    message.conversation.refresh_from_db()
    announce(
        InquiryReceived(
            at=now,
            conversation_id=message.conversation_id,
            message_id=message.pk,
            opened=True,
            acknowledge=True,
            asked_at=now,
            message=message,
            participant=Participant.objects.get(conversation=message.conversation_id, identity=message.identity_id),
        )
    )
