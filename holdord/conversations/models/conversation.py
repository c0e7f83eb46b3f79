"""A conversation, who takes part, and what we know from it."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from holdord.history.rows import QuickRows


class Status(models.TextChoices):
    """Where a conversation stands. Dismissed (spam, misdirected mail) is not closed; nobody sees what is erased."""

    OPEN = "open"
    WAITING = "waiting"
    SNOOZED = "snoozed"
    CLOSED = "closed"
    DISMISSED = "dismissed"
    ERASED = "erased"


class ConversationQuerySet(QuickRows["Conversation"]):
    """Named filters."""

    def visible_to(self, agent: Any) -> "ConversationQuerySet":
        """What this agent may see: the conversations of the teams they work in or lead, and their own.

        An administrator sees all, but for what a customer had erased: nobody sees that.
        """
        kept = self.exclude(status=Status.ERASED)
        if agent.is_administrator:
            return kept
        led = Q(team__in=agent.leads_teams.values("pk"))
        return kept.filter(Q(team__in=agent.membership_set.values("team")) | led | Q(owner=agent))


class Conversation(models.Model):
    """One matter with one customer, across channels. Its primary key is the number people say; it is no secret."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    inbox = models.ForeignKey("people.Inbox", on_delete=models.PROTECT, related_name="conversations", db_index=False)
    team = models.ForeignKey("people.Team", on_delete=models.PROTECT, related_name="conversations", db_index=False)
    owner = models.ForeignKey(
        "people.Agent", null=True, blank=True, on_delete=models.PROTECT, related_name="conversations", db_index=False
    )
    owned_since = models.DateTimeField(null=True, blank=True)
    customer = models.ForeignKey(
        "people.Customer", on_delete=models.PROTECT, related_name="conversations", db_index=False
    )
    subject = models.CharField(max_length=998, blank=True)
    language = models.CharField(max_length=5, choices=settings.LANGUAGES)
    channel = models.CharField(max_length=10)
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    snoozed_until = models.DateTimeField(null=True, blank=True)
    closing_proposed_by = models.ForeignKey(
        "conversations.Message", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    may_belong_to = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = ConversationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="conversation_status_known", condition=Q(status__in=Status.values)),
            models.CheckConstraint(
                name="conversation_snoozed_has_an_end",
                condition=Q(status="snoozed", snoozed_until__isnull=False)
                | (~Q(status="snoozed") & Q(snoozed_until__isnull=True)),
            ),
            models.CheckConstraint(
                name="conversation_owner_since",
                condition=Q(owner__isnull=True, owned_since__isnull=True)
                | Q(owner__isnull=False, owned_since__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["team", "status", "-changed_at"], name="conversation_by_team"),
            models.Index(fields=["owner", "status", "-changed_at"], name="conversation_by_owner"),
            models.Index(fields=["inbox", "status", "-changed_at"], name="conversation_by_inbox"),
            models.Index(fields=["customer", "-changed_at"], name="conversation_by_customer"),
            models.Index(
                fields=["snoozed_until"], condition=Q(snoozed_until__isnull=False), name="conversation_to_wake"
            ),
        ]

    def get_absolute_url(self) -> str:
        """Where agents read it."""
        return reverse("desk:conversation", args=[self.pk])

    @property
    def number(self) -> int:
        """The number people say."""
        return self.pk


class Participant(models.Model):
    """An identity that takes part in a conversation. Only the customer's identities may read it on the case page.

    The case link is signed over `public_id` and `epoch`: raising the epoch revokes every link given so far.
    """

    conversation = models.ForeignKey(
        "conversations.Conversation", on_delete=models.CASCADE, related_name="participants", db_index=False
    )
    identity = models.ForeignKey("people.Identity", on_delete=models.PROTECT, related_name="participations")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    epoch = models.PositiveIntegerField(default=0)
    is_customer = models.BooleanField(default=False)
    joined_at = models.DateTimeField()

    objects = QuickRows.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "identity"], name="participant_once")]


class Fact(models.Model):
    """One thing the customer told us or we observed, with where it came from; `corrected_at` when they took it back."""

    conversation = models.ForeignKey("conversations.Conversation", on_delete=models.CASCADE, related_name="facts")
    message = models.ForeignKey("conversations.Message", null=True, on_delete=models.CASCADE, related_name="facts")
    label = models.CharField(max_length=120, blank=True)
    value = models.TextField()
    told = models.BooleanField(default=True)
    at = models.DateTimeField()
    corrected_at = models.DateTimeField(null=True, blank=True)

    objects = QuickRows.as_manager()
