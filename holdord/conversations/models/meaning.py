"""What messages mean as a whole, so that those about the same are found whatever their words and language."""

from django.db import models
from django.db.models import Q


class Meaning(models.Model):
    """A customer's message as a vector, packed by `listening.reader`. Only where the embedding reader is installed."""

    message = models.OneToOneField(
        "conversations.Message", primary_key=True, on_delete=models.CASCADE, related_name="meaning"
    )
    conversation = models.ForeignKey("conversations.Conversation", on_delete=models.CASCADE, related_name="+")
    inbox = models.ForeignKey("people.Inbox", on_delete=models.CASCADE, related_name="+", db_index=False)
    numbers = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["inbox", "-message"], name="meaning_lately")]


class Alike(models.Model):
    """An earlier conversation that is about the same, as far as its words tell; `likeness` is a cosine."""

    conversation = models.ForeignKey(
        "conversations.Conversation", on_delete=models.CASCADE, related_name="alike", db_index=False
    )
    other = models.ForeignKey("conversations.Conversation", on_delete=models.CASCADE, related_name="+")
    likeness = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "other"], name="alike_once"),
            models.CheckConstraint(name="alike_another", condition=~Q(conversation=models.F("other"))),
        ]
