"""What happens in a chat beside its messages: the visitor is there, types, leaves; the conversation goes on by mail."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from holdord.conversations.actions.writing import send_automatically
from holdord.conversations.models import Channel, Conversation, Fact, Message, Presence
from holdord.people.models import Agent, Identity, IdentityKind

HERE: Final = timedelta(seconds=30)
"""A visitor's page says every few seconds that it is open; silent for so long, it is not."""
TYPING: Final = timedelta(seconds=8)
READ_WITHIN: Final = timedelta(minutes=2)
"""What was shown in a chat and was not there to be read by then goes by mail."""


def is_here(conversation: Conversation, *, now: datetime) -> bool:
    """Whether the visitor has the chat open."""
    return Presence.objects.filter(conversation=conversation, seen_at__gt=now - HERE).exists()


def visitor_is_here(conversation: Conversation, *, types: bool, now: datetime) -> Presence:
    """The visitor's page is open: what was shown there is read."""
    seen = {"seen_at": now, "unread": None, "mail_after": None, **({"typed_at": now} if types else {})}
    return Presence.objects.update_or_create(conversation=conversation, defaults=seen)[0]


def agent_types(conversation: Conversation, *, by: Agent, now: datetime) -> None:
    """An agent is writing; the visitor sees it. Nothing in other conversations."""
    if conversation.channel == Channel.CHAT:
        Presence.objects.filter(conversation=conversation).update(agent_typed_at=now, agent=by)


def can_be_shown(message: Message, *, now: datetime) -> bool:
    """Whether a message goes to the chat: a person's to a visitor who is there, all to one without an address."""
    if message.channel != Channel.CHAT:
        return False
    if message.identity is not None and message.identity.kind == IdentityKind.CHAT:
        return True
    return not message.is_automatic and is_here(message.conversation, now=now)


def shown(message: Message, *, now: datetime) -> None:
    """A message stands in the chat. Whoever does not come back to read it gets it by mail, if there is an address."""
    by_mail = message.identity is not None and message.identity.kind == IdentityKind.EMAIL
    Presence.objects.filter(conversation=message.conversation).update(
        unread=message, mail_after=now + READ_WITHIN if by_mail else None, agent_typed_at=None
    )


@transaction.atomic
def signed_in_elsewhere(message: Message, *, reference: str, now: datetime) -> None:
    """The site that shows the chat has signed its visitor in: their address is proven, and the agent sees by what name
    the site knows them. They did not tell it: it is observed.
    """
    if message.identity is not None:
        Identity.objects.filter(pk=message.identity.pk, verified_at__isnull=True).update(verified_at=now)
    Fact.objects.create(
        conversation=message.conversation, message=message, label="signed_in", value=reference, told=False, at=now
    )


@transaction.atomic
def mail_unread(presence: Presence, *, now: datetime) -> bool:
    """Send by mail what a visitor did not come back to read. False when they were there in the meantime."""
    waiting = Presence.objects.filter(pk=presence.pk, mail_after__lte=now, unread=presence.unread_id)
    if presence.unread is None or not waiting.update(mail_after=None, unread=None):
        return False
    conversation, message = presence.conversation, presence.unread
    with override(conversation.language):
        before = _("You left the chat before our answer. Here it is:")
        after = _("Answer this mail, or go on in the chat.")
    text = f"{before}\n\n{message.text}\n\n{after}"
    return send_automatically(conversation, text=text, to=message.identity, now=now) is not None
