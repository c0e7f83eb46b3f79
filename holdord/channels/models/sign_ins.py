"""Links by which a customer proves an address and sees all their cases."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class SignIn(models.Model):
    """Somebody asked for a link to an address; it is mailed whether we know the address or not, and works once.

    With `joins`, an address that was proven already, it also says that both belong to one person.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    address = models.CharField(max_length=320)
    joins = models.CharField(max_length=320, blank=True)
    inbox = models.ForeignKey("people.Inbox", on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=5, choices=settings.LANGUAGES)
    asked_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="sign_in_of_two_addresses", condition=~Q(address=F("joins"))),
        ]
        indexes = [
            models.Index(fields=["next_attempt_at"], condition=Q(sent_at__isnull=True), name="sign_in_to_send"),
            models.Index(fields=["asked_at"], name="sign_in_by_age"),
        ]
