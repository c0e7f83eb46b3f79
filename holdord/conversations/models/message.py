"""Messages and what hangs on them."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from holdord.history.rows import IsNotEmpty, QuickRows


class Kind(models.TextChoices):
    """Which way a message goes."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"
    NOTE = "note"


class Channel(models.TextChoices):
    """How a message came or goes."""

    EMAIL = "email"
    FORM = "form"
    PAGE = "page"
    CHAT = "chat"
    PHONE = "phone"


class Trust(models.TextChoices):
    """What we know of who really sent it (RFC 8601 results of our own receiver, or the private link they came by)."""

    VERIFIED = "verified"
    UNVERIFIED = "unverified"
    FAILED = "failed"


class MessageQuerySet(QuickRows["Message"]):
    """Named filters."""

    def with_id(self, *message_ids: str) -> "MessageQuerySet":
        """The messages that carry one of these Message-IDs, by the index that is made for it."""
        known = self.filter(IsNotEmpty("message_id"))
        if len(message_ids) == 1:
            return known.filter(message_id=message_ids[0])
        return known.filter(message_id__in=message_ids)


class Message(models.Model):
    """One thing said: by the customer, to the customer, or among us."""

    conversation = models.ForeignKey(
        "conversations.Conversation", on_delete=models.CASCADE, related_name="messages", db_index=False
    )
    kind = models.CharField(max_length=10, choices=Kind)
    channel = models.CharField(max_length=10, choices=Channel)
    author = models.ForeignKey("people.Agent", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    identity = models.ForeignKey("people.Identity", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=998, blank=True)
    text = models.TextField(blank=True)
    # The new words alone, where `text` holds more than them (a quote, a signature): else every text would stand twice.
    reply_text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    language = models.CharField(max_length=5, choices=settings.LANGUAGES, blank=True)
    at = models.DateTimeField()
    written_at = models.DateTimeField(null=True, blank=True)
    message_id = models.CharField(max_length=998, blank=True)
    references = models.JSONField(default=list)
    body_hash = models.CharField(max_length=64, blank=True)
    machine = models.CharField(max_length=24, blank=True)
    is_automatic = models.BooleanField(default=False)
    is_answer = models.BooleanField(default=False)
    seen = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    trust = models.CharField(max_length=10, choices=Trust, default=Trust.UNVERIFIED)
    by_stranger = models.BooleanField(default=False)
    looks_forged = models.BooleanField(default=False)
    subject_changed = models.BooleanField(default=False)
    defects = models.JSONField(default=list)
    heard_at = models.DateTimeField(null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="message_kind_known", condition=Q(kind__in=Kind.values)),
            models.CheckConstraint(
                name="message_has_its_author",
                condition=~Q(kind="note") | Q(author__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["message_id", "body_hash"], condition=~Q(message_id=""), name="message_once"
            ),
        ]
        indexes = [
            models.Index(fields=["conversation", "at"], name="message_by_conversation"),
            models.Index(fields=["id"], condition=Q(heard_at__isnull=True), name="message_unheard"),
        ]


class Picture(models.TextChoices):
    """Where an attachment stands that begins like a picture.

    Until it is ready nobody is shown a byte of it: cameras write into pictures where they were taken. What can't be
    drawn is a download.
    """

    NONE = ""
    WAITING = "waiting"
    READY = "ready"
    DAMAGED = "damaged"
    TOO_LARGE = "too_large"


class Attachment(models.Model):
    """A file that came or goes with a message, under a cleaned name.

    Of a picture that is ready, `blob` is what was drawn anew, `small` the same for a list, and `original` what was
    sent, where that is kept. `width` and `height` are in pixels.
    """

    message = models.ForeignKey("conversations.Message", on_delete=models.CASCADE, related_name="attachments")
    blob = models.ForeignKey("files.Blob", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=127)
    content_id = models.CharField(max_length=255, blank=True)
    is_inline = models.BooleanField(default=False)
    picture = models.CharField(max_length=10, choices=Picture, blank=True, default=Picture.NONE)
    small = models.ForeignKey("files.Blob", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    original = models.ForeignKey("files.Blob", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="attachment_ready_has_a_small_picture", condition=~Q(picture="ready") | Q(small__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(picture="waiting"), name="attachment_to_prepare"),
        ]


class Draft(models.Model):
    """What an agent is writing, kept while they write."""

    conversation = models.ForeignKey("conversations.Conversation", on_delete=models.CASCADE, related_name="drafts")
    agent = models.ForeignKey("people.Agent", on_delete=models.CASCADE, related_name="drafts")
    text = models.TextField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "agent"], name="draft_once")]
