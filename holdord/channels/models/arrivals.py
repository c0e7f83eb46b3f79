"""What came, as it came."""

from django.db import models
from django.db.models import F, Q

from holdord.history.rows import IsOneOf, QuickRows


class Transport(models.TextChoices):
    """The door a mail came in by."""

    SMTP = "smtp"
    IMAP = "imap"
    SENT = "sent"
    PIPE = "pipe"
    IMPORT = "import"


class ArrivalState(models.TextChoices):
    """waiting: not read yet. read: a message of a conversation. ignored: known already, or nothing for people (our own
    loop). quarantined: can't be read; people see it, it stays until it is tried again.
    """

    WAITING = "waiting"
    READ = "read"
    IGNORED = "ignored"
    QUARANTINED = "quarantined"


class RawMail(models.Model):
    """The bytes of a mail, by their SHA-256, kept until a customer has them erased.

    Small ones are kept in `content`: one commit is one wait for the disk. For larger ones it is null, and the bytes are
    a file of that name below `DATA/raw`. docs/decisions/ says why.
    """

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.PositiveBigIntegerField()
    content = models.BinaryField(null=True)


class ArrivalQuerySet(models.QuerySet["Arrival"]):
    """Named filters."""

    def waiting(self) -> "ArrivalQuerySet":
        """Not read yet."""
        return self.filter(IsOneOf("state", ArrivalState.WAITING.value))

    def quarantined(self) -> "ArrivalQuerySet":
        """Could not be read: people look at it."""
        return self.filter(IsOneOf("state", ArrivalState.QUARANTINED.value))


class Arrival(models.Model):
    """One mail that was handed to us, and what became of it. Written before the sender is told that we have it."""

    raw = models.ForeignKey("channels.RawMail", on_delete=models.PROTECT, related_name="arrivals")
    received_at = models.DateTimeField()
    transport = models.CharField(max_length=10, choices=Transport)
    envelope_from = models.CharField(max_length=998, null=True, blank=True)  # noqa: DJ001 - null: no envelope; empty: <>
    envelope_to = models.JSONField(default=list)
    inbox = models.ForeignKey("people.Inbox", null=True, on_delete=models.PROTECT, related_name="arrivals")
    truncated_from = models.PositiveBigIntegerField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=ArrivalState, default=ArrivalState.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    error = models.CharField(max_length=60, blank=True)
    detail = models.TextField(blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    message = models.ForeignKey("conversations.Message", null=True, on_delete=models.SET_NULL, related_name="arrivals")

    objects = ArrivalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="arrival_state_known", condition=Q(state__in=ArrivalState.values)),
            models.CheckConstraint(
                name="arrival_quarantined_says_why", condition=~Q(state="quarantined") | ~Q(error="")
            ),
        ]
        indexes = [
            models.Index(fields=["next_attempt_at", "id"], condition=Q(state="waiting"), name="arrival_waiting"),
            models.Index(fields=["-id"], condition=Q(state="quarantined"), name="arrival_quarantined"),
        ]


class Delivery(models.Model):
    """A message reached an inbox. The same mail to two inboxes is one message with two of these."""

    message = models.ForeignKey(
        "conversations.Message", on_delete=models.CASCADE, related_name="deliveries", db_index=False
    )
    inbox = models.ForeignKey("people.Inbox", on_delete=models.PROTECT, related_name="deliveries")
    arrival = models.ForeignKey("channels.Arrival", null=True, on_delete=models.SET_NULL, related_name="deliveries")
    at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)

    objects = QuickRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "inbox"], name="delivery_once_per_inbox"),
            models.CheckConstraint(name="delivery_at_least_once", condition=Q(times__gte=1)),
        ]

    def again(self) -> None:
        """The same mail came to the same inbox once more."""
        type(self).objects.filter(pk=self.pk).update(times=F("times") + 1)
