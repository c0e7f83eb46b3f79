"""The table of events."""

from django.db import models

from holdord.history.rows import QuickRows


class Event(models.Model):
    """One line of the history. Never changed, never deleted; `payload` holds ids, enums, numbers and times."""

    kind = models.CharField(max_length=60)
    at = models.DateTimeField()
    conversation_id = models.BigIntegerField(null=True, db_index=True)
    by_id = models.BigIntegerField(null=True)
    seen_by_customer = models.BooleanField(default=False)
    payload = models.JSONField(default=dict)

    objects = QuickRows.as_manager()

    class Meta:
        indexes = [models.Index(fields=["kind", "at"], name="event_by_kind")]
