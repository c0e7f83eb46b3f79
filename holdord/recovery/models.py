"""The table of recoveries."""

from django.db import models


class Recovery(models.Model):
    """The work of making one harm right. Open until the customer's word that it is right again."""

    conversation = models.ForeignKey("conversations.Conversation", on_delete=models.CASCADE, related_name="recoveries")
    promise = models.OneToOneField("promises.Promise", on_delete=models.CASCADE, related_name="recovery")
    owner = models.ForeignKey("people.Agent", null=True, on_delete=models.PROTECT, related_name="recoveries")
    opened_at = models.DateTimeField()
    apologised_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["settled_at", "opened_at"], name="recovery_open")]
