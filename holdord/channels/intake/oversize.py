"""A mail was larger than we keep: its sender is told what to do instead (mail.md In 10)."""

from datetime import datetime

from holdord.channels.wording import too_large_letter
from holdord.conversations import actions
from holdord.conversations.case_links import link_for
from holdord.conversations.models import Message, Participant


def tell_what_to_do(message: Message, *, now: datetime) -> None:
    """Write to the customer with the link to their case page, where files can be put. To nobody else: it reads."""
    participant = (
        Participant.objects.filter(conversation=message.conversation_id, identity=message.identity_id, is_customer=True)
        .select_related("identity")
        .first()
    )
    if participant is None:
        return
    text = too_large_letter(link=link_for(participant), language=message.conversation.language)
    actions.send_automatically(message.conversation, text=text, now=now, to=participant.identity)
