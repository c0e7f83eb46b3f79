"""What runs by the clock."""

from datetime import datetime

from holdord.conversations import actions
from holdord.conversations.models import Conversation
from holdord.kernel import clock


def wake_snoozed(*, now: datetime | None = None, most: int = 200) -> int:
    """Bring back the conversations whose time has come; the cost grows with those that are due."""
    now = now or clock.now()
    due = list(Conversation.objects.filter(snoozed_until__lte=now).order_by("snoozed_until")[:most])
    for conversation in due:
        actions.wake(conversation, by=None, now=now)
    return len(due)
