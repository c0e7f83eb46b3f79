"""The tables of what is written down."""

from django.db import models
from django.db.models import F, Q

from holdord.kernel.languages import LANGUAGES


class Kind(models.TextChoices):
    """What a document is for."""

    ARTICLE = "article"
    REPLY = "reply"
    POLICY = "policy"
    INCIDENT = "incident"


class Document(models.Model):
    """One article, prepared reply, policy or known incident, whatever languages it is written in. Without an inbox it
    is for all. An incident goes on from `since` until it is over.
    """

    kind = models.CharField(max_length=8, choices=Kind)
    inbox = models.ForeignKey("people.Inbox", null=True, blank=True, on_delete=models.CASCADE, related_name="documents")
    made_at = models.DateTimeField()
    since = models.DateTimeField(null=True, blank=True)
    over_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="document_kind_known", condition=Q(kind__in=Kind.values)),
            models.CheckConstraint(
                name="document_incident_has_a_beginning",
                condition=Q(kind="incident", since__isnull=False) | (~Q(kind="incident") & Q(since__isnull=True)),
            ),
            models.CheckConstraint(
                name="document_over_after_it_began", condition=Q(over_at__isnull=True) | Q(over_at__gte=F("since"))
            ),
        ]
        indexes = [models.Index(fields=["kind", "inbox"], name="document_of_kind")]


class Edition(models.Model):
    """A document in one language. `title` and `text` are what is being written; `public_title` and `public_text` what
    others see since `published_at`. `terms` are the public words as they are searched for, with a space around each.
    `helped` and `did_not_help` count readers' answers.
    """

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="editions")
    language = models.CharField(max_length=2, choices=list(LANGUAGES.items()))
    title = models.CharField(max_length=160)
    text = models.TextField()
    written_at = models.DateTimeField()
    written_by = models.ForeignKey("people.Agent", null=True, on_delete=models.PROTECT, related_name="+")
    public_title = models.CharField(max_length=160, blank=True)
    public_text = models.TextField(blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey("people.Agent", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    terms = models.TextField(blank=True)
    helped = models.PositiveIntegerField(default=0)
    did_not_help = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "language"], name="edition_one_a_language"),
            models.CheckConstraint(name="edition_language_known", condition=Q(language__in=list(LANGUAGES))),
            models.CheckConstraint(
                name="edition_public_with_words", condition=Q(published_at__isnull=True) | ~Q(public_text="")
            ),
        ]
        indexes = [
            models.Index(
                fields=["language", "public_title"],
                condition=Q(published_at__isnull=False),
                name="edition_public",
            )
        ]

    @property
    def is_public(self) -> bool:
        """Whether others see it."""
        return self.published_at is not None

    @property
    def has_changes(self) -> bool:
        """Whether what is written differs from what others see."""
        return self.is_public and (self.title, self.text) != (self.public_title, self.public_text)


class NotFound(models.Model):
    """What people looked for in the help and did not find: their words, how often, and when last."""

    inbox = models.ForeignKey("people.Inbox", on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=2)
    words = models.CharField(max_length=80)
    times = models.PositiveIntegerField(default=1)
    last_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["inbox", "language", "words"], name="not_found_once")]
        indexes = [models.Index(F("times").desc(), name="not_found_often")]
