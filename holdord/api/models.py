"""What was answered to whom, so that a request told twice happens once."""

from django.db import models

from holdord.history.rows import QuickRows


class GivenOnce(models.Model):
    """A promise that a program gave under an `Idempotency-Key` of its own."""

    token = models.ForeignKey("people.ApiToken", on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    body_hash = models.CharField(max_length=64)
    promise = models.ForeignKey("promises.Promise", null=True, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    objects = QuickRows.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="given_once")]
        indexes = [models.Index(fields=["at"], name="given_once_by_time")]
