"""What happened to a promise on its way: new times, warnings, and many customers told at once."""

from django.db import models
from django.db.models import F, Q


class Move(models.Model):
    """A promise was given a new time. Told when its message was accepted by our mail server.

    `reason` is what the customer reads (in their language) unless it is one of our own words for it. `choices` are the
    alternatives the customer may choose among on the case page, `chosen` what they chose. What begins with `old_` is
    what the promise had before, and has again when the move is taken back.
    """

    promise = models.ForeignKey("promises.Promise", on_delete=models.CASCADE, related_name="moves")
    old_due_at = models.DateTimeField()
    old_earliest_at = models.DateTimeField(null=True, blank=True)
    old_override_by = models.ForeignKey(
        "people.Agent", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    old_override_reason = models.CharField(max_length=300, blank=True)
    new_due_at = models.DateTimeField()
    reason = models.CharField(max_length=300)
    automatic = models.BooleanField()
    by = models.ForeignKey("people.Agent", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    told_by = models.ForeignKey(
        "conversations.Message", null=True, on_delete=models.SET_NULL, related_name="moves_told"
    )
    told_at = models.DateTimeField(null=True, blank=True)
    choices = models.JSONField(default=list)
    chosen = models.CharField(max_length=12, blank=True)
    chosen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="move_changes_the_time", condition=~Q(new_due_at=F("old_due_at"))),
            models.CheckConstraint(
                name="move_chosen_has_its_time",
                condition=Q(chosen="", chosen_at__isnull=True) | (~Q(chosen="") & Q(chosen_at__isnull=False)),
            ),
            models.UniqueConstraint(
                fields=["promise"], condition=Q(automatic=True), name="move_one_automatic_per_promise"
            ),
        ]
        indexes = [
            models.Index(fields=["at"], name="move_by_time"),
            models.Index(fields=["old_due_at"], name="move_by_old_time"),
        ]


class RiskWarning(models.Model):
    """Somebody was warned that a promise may break."""

    promise = models.ForeignKey("promises.Promise", on_delete=models.CASCADE, related_name="warnings", db_index=False)
    agent = models.ForeignKey(
        "people.Agent", null=True, on_delete=models.PROTECT, related_name="warnings", db_index=False
    )
    level = models.CharField(max_length=14)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["promise", "level", "at"], name="warning_once")]
        indexes = [models.Index(fields=["agent", "at"], name="warning_by_agent")]


class Telling(models.Model):
    """A lead's word to many customers at once that what they were promised will be late. One letter to each."""

    pool = models.ForeignKey("promises.Pool", on_delete=models.CASCADE, related_name="tellings")
    reason = models.CharField(max_length=300)
    choices = models.JSONField(default=list)
    by = models.ForeignKey("people.Agent", on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)


class ToTell(models.Model):
    """One customer of a telling: waits, or done, with what became of it (told, not_late, no_date, no_address, failed).
    One whom it fails to tell is tried again at `next_try_at`, after the others.
    """

    telling = models.ForeignKey("promises.Telling", on_delete=models.CASCADE, related_name="customers", db_index=False)
    promise = models.ForeignKey("promises.Promise", on_delete=models.CASCADE, related_name="+")
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["telling", "promise"], name="to_tell_once"),
            models.CheckConstraint(
                name="to_tell_done_has_its_outcome",
                condition=Q(done_at__isnull=True, outcome="") | (Q(done_at__isnull=False) & ~Q(outcome="")),
            ),
        ]
        indexes = [models.Index(fields=["telling", "id"], condition=Q(done_at__isnull=True), name="to_tell_waiting")]
