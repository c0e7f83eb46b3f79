"""Who is there in a chat."""

from django.db import models


class Presence(models.Model):
    """When the visitor of a chat was last seen and last typed, and the agent last typed (aware).

    `unread` is our message that was shown in the chat and that the visitor has not been there to read since; at
    `mail_after` it goes to them by mail.
    """

    conversation = models.OneToOneField(
        "conversations.Conversation", primary_key=True, on_delete=models.CASCADE, related_name="presence"
    )
    seen_at = models.DateTimeField()
    typed_at = models.DateTimeField(null=True, blank=True)
    agent_typed_at = models.DateTimeField(null=True, blank=True)
    agent = models.ForeignKey("people.Agent", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    unread = models.ForeignKey(
        "conversations.Message", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    mail_after = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["mail_after"], condition=models.Q(mail_after__isnull=False), name="presence_to_be_mailed"
            )
        ]
