"""The table of recoveries."""

from django.db import models
from django.db.models import F, Q


class Recovery(models.Model):
    """The work of making one harm right. Open until the customer's word that it is right again.

    It begins with an apology, due by `apology_due_at` from the `owner` (else from the team's lead). The letter that
    goes by itself when a promise breaks is none: `apologised_at` is when a person's reply was accepted. `contacts` and
    `days` are what it had cost the customer when it opened.
    """

    conversation = models.ForeignKey("conversations.Conversation", on_delete=models.CASCADE, related_name="recoveries")
    promise = models.OneToOneField("promises.Promise", on_delete=models.CASCADE, related_name="recovery")
    owner = models.ForeignKey("people.Agent", null=True, on_delete=models.PROTECT, related_name="recoveries")
    opened_at = models.DateTimeField()
    contacts = models.PositiveIntegerField(default=0)
    days = models.PositiveIntegerField(default=0)
    apology_due_at = models.DateTimeField()
    apologised_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="recovery_apology_after_it", condition=Q(apology_due_at__gt=F("opened_at"))),
        ]
        indexes = [models.Index(fields=["settled_at", "opened_at"], name="recovery_open")]
