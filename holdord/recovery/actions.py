"""What happens to recoveries."""

from datetime import datetime, timedelta

from django.db import transaction

from holdord.conversations.models import Message
from holdord.history.actions import announce
from holdord.kernel.working_time import Calendar, NeverOpen
from holdord.recovery.events import Apologised, RecoveryOpened
from holdord.recovery.models import Recovery

APOLOGY_WITHIN = timedelta(hours=8)
"""The working time within which a person apologises for a broken word: a working day."""


@transaction.atomic
def open_recovery(
    *,
    promise_id: int,
    conversation_id: int,
    owner_id: int | None,
    calendar: Calendar,
    now: datetime,
    contacts: int = 0,
    days: int = 0,
) -> Recovery:
    """Begin to make a broken promise right. Done twice, it happens once."""
    recovery, opened = Recovery.objects.get_or_create(
        promise_id=promise_id,
        defaults={
            "conversation_id": conversation_id,
            "owner_id": owner_id,
            "opened_at": now,
            "apology_due_at": _apology_due(calendar, now=now),
            "contacts": contacts,
            "days": days,
        },
    )
    if opened:
        announce(
            RecoveryOpened(
                at=now,
                conversation_id=conversation_id,
                recovery_id=recovery.pk,
                promise_id=promise_id,
                apology_due_at=recovery.apology_due_at,
            )
        )
    return recovery


def _apology_due(calendar: Calendar, *, now: datetime) -> datetime:
    try:
        return calendar.add(now, APOLOGY_WITHIN)
    except NeverOpen:
        return now + timedelta(days=1)


@transaction.atomic
def apologised(reply: Message, *, now: datetime) -> int:
    """A person's reply arrived that was written after a promise had broken; how many recoveries it began with."""
    waiting = Recovery.objects.filter(
        conversation=reply.conversation_id, apologised_at__isnull=True, opened_at__lte=reply.at
    )
    found = list(waiting)
    for recovery in found:
        Recovery.objects.filter(pk=recovery.pk, apologised_at__isnull=True).update(apologised_at=now)
        announce(
            Apologised(at=now, conversation_id=reply.conversation_id, by_id=reply.author_id, recovery_id=recovery.pk)
        )
    return len(found)
