"""What leaves the house."""

from django.db import models
from django.db.models import Q

from holdord.history.rows import IsOneOf, QuickRows


class OutgoingState(models.TextChoices):
    """Where a message on its way out stands.

    queued: waits for its undo window, its turn or its next attempt. sending: a sender has it; found so after a crash it
    becomes unknown. sent: the mail server accepted it. failed: it will not arrive, people are told. unknown: the
    connection broke where SMTP can't tell whether it was accepted; a person decides. undone: taken back in time.
    """

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    UNDONE = "undone"


class OutgoingQuerySet(QuickRows["Outgoing"]):
    """Named filters."""

    def queued(self) -> "OutgoingQuerySet":
        """Waiting for the undo window, a turn or the next attempt."""
        return self.filter(IsOneOf("state", OutgoingState.QUEUED.value))


class Outgoing(models.Model):
    """One message on its way to one customer. Undo and the sender race by a conditional UPDATE of `state`."""

    message = models.OneToOneField("conversations.Message", on_delete=models.CASCADE, related_name="outgoing")
    to = models.CharField(max_length=320)
    cc = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=OutgoingState, default=OutgoingState.QUEUED)
    not_before = models.DateTimeField()
    next_attempt_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=500, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    bounced_at = models.DateTimeField(null=True, blank=True)
    shown_to_author_at = models.DateTimeField(null=True, blank=True)

    objects = OutgoingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="outgoing_state_known", condition=Q(state__in=OutgoingState.values)),
            models.CheckConstraint(
                name="outgoing_sent_was_accepted", condition=~Q(state="sent") | Q(accepted_at__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["next_attempt_at"], condition=Q(state="queued"), name="outgoing_due"),
            models.Index(fields=["claimed_at"], condition=Q(state="sending"), name="outgoing_claimed"),
        ]
