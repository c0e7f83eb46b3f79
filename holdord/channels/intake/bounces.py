"""Bounces find the message that did not arrive (RFC 3464)."""

from datetime import datetime

from holdord.channels.email import tokens
from holdord.channels.email.reading import Machine, ReadMail
from holdord.conversations import actions
from holdord.conversations.models import Conversation, Outgoing, OutgoingState

_FAILURES = {Machine.BOUNCE_HARD: True, Machine.BOUNCE_SOFT: False, Machine.DELAYED: False}
"""Class to whether it is final. A soft bounce is the last word on this delivery too, but the address may be good."""


def tell_of_bounce(mail: ReadMail, conversation: Conversation | None, *, now: datetime) -> Outgoing | None:
    """Let the message know that it did not arrive; its row of the outbox, or None when this is no bounce of ours."""
    if mail.machine not in _FAILURES:
        return None
    outgoing = _by_id(mail) or _by_recipient(mail, conversation)
    if outgoing is None:
        return None
    actions.bounced(outgoing, error=_words(mail), permanent=mail.machine != Machine.DELAYED, now=now)
    return outgoing


def _by_id(mail: ReadMail) -> Outgoing | None:
    for text in (mail.bounced_message_id, mail.in_reply_to, *mail.references):
        key = tokens.message_of_message_id(text or "")
        if key is not None:
            found = Outgoing.objects.filter(message=key).first()
            if found:
                return found
    return None


def _by_recipient(mail: ReadMail, conversation: Conversation | None) -> Outgoing | None:
    # Without our id: the newest one in this conversation to the address that failed.
    if conversation is None:
        return None
    sent = Outgoing.objects.filter(message__conversation=conversation, state=OutgoingState.SENT)
    if mail.bounced_recipient:
        sent = sent.filter(to__iexact=mail.bounced_recipient)
    return sent.order_by("-pk").first()


def _words(mail: ReadMail) -> str:
    first_lines = " ".join(line for line in mail.text.splitlines() if line.strip())
    return first_lines[:500]
