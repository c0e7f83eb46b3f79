"""What happens to recoveries."""

from datetime import datetime

from django.db import transaction

from holdord.history.actions import announce
from holdord.recovery.events import RecoveryOpened
from holdord.recovery.models import Recovery


@transaction.atomic
def open_recovery(*, promise_id: int, conversation_id: int, owner_id: int | None, now: datetime) -> Recovery:
    """Begin to make a broken promise right. Done twice, it happens once."""
    recovery, opened = Recovery.objects.get_or_create(
        promise_id=promise_id,
        defaults={"conversation_id": conversation_id, "owner_id": owner_id, "opened_at": now},
    )
    if opened:
        announce(
            RecoveryOpened(at=now, conversation_id=conversation_id, recovery_id=recovery.pk, promise_id=promise_id)
        )
    return recovery
