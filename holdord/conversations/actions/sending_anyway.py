"""A reply that goes out against the guard, with the reason its author gave."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from holdord.conversations.events import SentAgainstTheGuard
from holdord.conversations.models import Message, SentAnyway
from holdord.history.actions import announce
from holdord.people.models import Agent


@transaction.atomic
def send_anyway(message: Message, *, slips: Sequence[str], reason: str, by: Agent, now: datetime) -> None:
    """Keep that a reply went out against the guard, and why. Raises ValueError without a reason."""
    if not reason.strip():
        raise ValueError(reason)
    SentAnyway.objects.create(message=message, by=by, slips=list(slips), reason=reason.strip()[:300], at=now)
    announce(
        SentAgainstTheGuard(
            at=now,
            conversation_id=message.conversation_id,
            by_id=by.pk,
            message_id=message.pk,
            slips=tuple(slips),
        )
    )
