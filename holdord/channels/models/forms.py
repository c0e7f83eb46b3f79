"""The contact form of an inbox: what it asks beside the question itself, and which sites may show it."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class FieldKind(models.TextChoices):
    """What is typed or chosen in a field."""

    LINE = "line"
    LINES = "lines"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    YES = "yes"


class FormField(models.Model):
    """One thing that the form of an inbox asks for."""

    inbox = models.ForeignKey("people.Inbox", on_delete=models.CASCADE, related_name="form_fields")
    kind = models.CharField(max_length=10, choices=FieldKind)
    is_required = models.BooleanField(default=False)
    position = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="form_field_kind_known", condition=Q(kind__in=FieldKind.values)),
        ]


class FormFieldWords(models.Model):
    """A field in one language: its label, what it is asked for, and the choices if there are any.

    Nothing is asked without a purpose, and the customer reads it: the database refuses an empty one.
    """

    field = models.ForeignKey("channels.FormField", on_delete=models.CASCADE, related_name="words")
    language = models.CharField(max_length=5, choices=settings.LANGUAGES)
    label = models.CharField(max_length=120)
    purpose = models.CharField(max_length=300)
    choices = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["field", "language"], name="form_field_words_once"),
            models.CheckConstraint(name="form_field_has_a_purpose", condition=~Q(purpose="") & ~Q(label="")),
        ]


class FormSite(models.Model):
    """A site of the company's own that may show the form of an inbox, or post to it: its origin (RFC 6454)."""

    inbox = models.ForeignKey("people.Inbox", on_delete=models.CASCADE, related_name="form_sites")
    origin = models.CharField(max_length=255)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["inbox", "origin"], name="form_site_once")]


class ChatSigning(models.Model):
    """The site of an inbox signs who visits its chat. The secret is kept nowhere: it is made of `epoch` and our key."""

    inbox = models.OneToOneField("people.Inbox", on_delete=models.CASCADE, related_name="chat_signing")
    epoch = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
