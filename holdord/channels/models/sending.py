"""What we tried to send."""

from django.db import models


class SendingAttempt(models.Model):
    """One attempt to hand a message to our mail server.

    `data_began_at` is committed before the message's last line is sent: found without an outcome after a crash, the
    message may have been accepted or not; without it, it certainly was not.
    """

    outgoing = models.ForeignKey("conversations.Outgoing", on_delete=models.CASCADE, related_name="sending_attempts")
    worker = models.CharField(max_length=64)
    began_at = models.DateTimeField()
    data_began_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(fields=["worker"], condition=models.Q(ended_at__isnull=True), name="attempt_unended")]
