"""The messages of a case that its customer may see: what they wrote themselves, and what of ours has left."""

from django.db.models import QuerySet

from holdord.conversations.models import Conversation, Kind, Message, OutgoingState


def from_customer(conversation: Conversation) -> QuerySet[Message]:
    """What the customer wrote, without machines and strangers."""
    return Message.objects.filter(
        conversation=conversation, kind=Kind.INBOUND, machine="", identity__customer=conversation.customer_id
    )


def from_us(conversation: Conversation) -> QuerySet[Message]:
    """What we sent, the desk's own letters too; no notes, and nothing that has not left."""
    return Message.objects.filter(conversation=conversation, kind=Kind.OUTBOUND, outgoing__state=OutgoingState.SENT)
