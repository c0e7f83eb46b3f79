"""A state is a row with an author and a time, not a flag."""

from django.db import models
from django.db.models import F, Q


class Closing(models.Model):
    """A conversation was closed, with the reason the customer got. Undone, it is a reopening the customer hears of."""

    conversation = models.ForeignKey("conversations.Conversation", on_delete=models.CASCADE, related_name="closings")
    by = models.ForeignKey("people.Agent", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField()
    told_by = models.ForeignKey("conversations.Message", null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="closing_has_a_reason", condition=~Q(reason="")),
            models.UniqueConstraint(
                fields=["conversation"], condition=Q(ended_at__isnull=True), name="closing_once_at_a_time"
            ),
        ]


class EffortSaid(models.Model):
    """What a customer said of a closed case: how easy it was to get help, 1 (very hard) to 5, and perhaps a word.

    Asked once. Without a score they did not want to say.
    """

    conversation = models.OneToOneField(
        "conversations.Conversation", on_delete=models.CASCADE, related_name="effort_said"
    )
    at = models.DateTimeField()
    score = models.PositiveSmallIntegerField(null=True, blank=True)
    word = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="effort_said_one_to_five", condition=Q(score__isnull=True) | Q(score__gte=1, score__lte=5)
            ),
        ]


class Snooze(models.Model):
    """A conversation is out of sight until a time. No clock stops by it."""

    conversation = models.ForeignKey("conversations.Conversation", on_delete=models.CASCADE, related_name="snoozes")
    by = models.ForeignKey("people.Agent", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="snooze_forward", condition=Q(until__gt=F("at")))]


class DismissalReason(models.TextChoices):
    """Why a mail is not for us."""

    SPAM = "spam"
    NEWSLETTER = "newsletter"
    MISDIRECTED = "misdirected"
    BLOCKED = "blocked"


class Dismissal(models.Model):
    """A conversation is not for us. Reversible, and nobody gets a mail."""

    conversation = models.ForeignKey("conversations.Conversation", on_delete=models.CASCADE, related_name="dismissals")
    by = models.ForeignKey("people.Agent", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=12, choices=DismissalReason)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="dismissal_reason_known", condition=Q(reason__in=DismissalReason.values)),
            models.UniqueConstraint(
                fields=["conversation"], condition=Q(ended_at__isnull=True), name="dismissal_once_at_a_time"
            ),
        ]


class HandOver(models.Model):
    """A conversation went to another person or team, with what they need to know."""

    conversation = models.ForeignKey("conversations.Conversation", on_delete=models.CASCADE, related_name="hand_overs")
    by = models.ForeignKey("people.Agent", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    to_team = models.ForeignKey("people.Team", on_delete=models.PROTECT, related_name="+")
    to_agent = models.ForeignKey("people.Agent", null=True, on_delete=models.PROTECT, related_name="+")
    note = models.ForeignKey("conversations.Message", on_delete=models.PROTECT, related_name="+")
