"""What runs by the clock."""

import logging
from datetime import datetime

from holdord.conversations import actions
from holdord.conversations.models import Conversation, Kind, Message
from holdord.kernel import clock

log = logging.getLogger(__name__)


def wake_snoozed(*, now: datetime | None = None, most: int = 200) -> int:
    """Bring back the conversations whose time has come; the cost grows with those that are due."""
    now = now or clock.now()
    due = list(Conversation.objects.filter(snoozed_until__lte=now).order_by("snoozed_until")[:most])
    for conversation in due:
        actions.wake(conversation, by=None, now=now)
    return len(due)


def hear_messages(*, now: datetime | None = None, most: int = 20) -> int:
    """Read messages for what they say, oldest first; how many. Notes and what machines wrote are not read.

    A few at a time: while mail pours in, taking it comes first, and 70,000 an hour are more than any desk gets. A
    message that can't be read is put aside and logged: it must not keep the others waiting.
    """
    now = now or clock.now()
    unheard = list(
        Message.objects.filter(heard_at__isnull=True).select_related("conversation__inbox").order_by("pk")[:most]
    )
    for message in unheard:
        if message.machine or message.is_automatic or message.kind == Kind.NOTE:
            Message.objects.filter(pk=message.pk).update(heard_at=now)
            continue
        try:
            actions.hear(message, now=now)
        except Exception:
            log.exception("Message %s could not be heard", message.pk)
            Message.objects.filter(pk=message.pk).update(heard_at=now)
    return len(unheard)
