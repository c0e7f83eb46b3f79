"""A customer corrects what they told us, or takes it back."""

from datetime import datetime

from django.db import transaction

from holdord.conversations.events import FactCorrected
from holdord.conversations.models import Fact
from holdord.history.actions import announce


@transaction.atomic
def correct_fact(fact: Fact, value: str, *, now: datetime) -> Fact | None:
    """Put a new value in its place; without one it is only taken out. Done twice, it happens once.

    What was told stays in the message it was told in.
    """
    if not Fact.objects.filter(pk=fact.pk, corrected_at__isnull=True).update(corrected_at=now):
        return None
    value = " ".join(value.split())
    new = None
    if value:
        new = Fact.objects.create(
            conversation_id=fact.conversation_id, label=fact.label, value=value, told=True, at=now
        )
    announce(
        FactCorrected(at=now, conversation_id=fact.conversation_id, fact_id=fact.pk, by_fact_id=new.pk if new else None)
    )
    return new
