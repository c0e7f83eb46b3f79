"""What was heard in messages, and the requests that follow from it."""

from django.db import models
from django.db.models import Q

from holdord.history.rows import QuickRows
from holdord.listening.acts import Act
from holdord.listening.blocking import Wish
from holdord.listening.withdrawals import NAME as WITHDRAWAL

_HEARD = (*(act.value for act in Act), WITHDRAWAL, Wish.BLOCK.value, Wish.UNBLOCK.value)


class Heard(models.Model):
    """An act that was read in a message: where (characters of the text that was read), by which rule, how sure.

    `is_right` is a person's judgement, None until somebody gave one; each is a label from which the readers learn. It
    holds no words: those stand in the message and go with it.
    """

    conversation = models.ForeignKey(
        "conversations.Conversation", on_delete=models.CASCADE, related_name="heard", db_index=False
    )
    message = models.ForeignKey("conversations.Message", on_delete=models.CASCADE, related_name="heard")
    act = models.CharField(max_length=24, choices=[(name, name) for name in _HEARD])
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    rule = models.CharField(max_length=120, blank=True)
    confidence = models.FloatField()
    is_right = models.BooleanField(null=True, blank=True)
    judged_by = models.ForeignKey("people.Agent", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    judged_at = models.DateTimeField(null=True, blank=True)

    objects = QuickRows.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="heard_somewhere", condition=Q(end__gte=models.F("start"))),
            models.CheckConstraint(
                name="heard_judged_by_someone",
                condition=Q(is_right__isnull=True, judged_at__isnull=True)
                | Q(is_right__isnull=False, judged_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["conversation", "act"], name="heard_in_conversation")]


class RequestKind(models.TextChoices):
    """What a customer wants done."""

    CANCEL = "cancel"
    BLOCK = "block"
    UNBLOCK = "unblock"
    REFUND = "refund"
    REPLACE = "replace"
    STOP_CONTACTING = "stop_contacting"
    EXPORT = "export"
    ERASE = "erase"
    CALL_BACK = "call_back"
    PERSONAL_DATA = "personal_data"


class RequestState(models.TextChoices):
    """Where a request stands: found in text until a person or the customer confirms it. One that was fulfilled and then
    undone is withdrawn.
    """

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"
    FULFILLED = "fulfilled"
    DECLINED = "declined"


RUNNING = [RequestState.PROPOSED.value, RequestState.CONFIRMED.value]


class Request(models.Model):
    """Something a customer asks to have done. `said` counts the messages that ask for it: no means no the second time.

    At most one of a kind runs in a conversation; saying it again adds to it. `taken_back` is where they seem to have
    said that it is off; a person decides. `about` is what it is about, in a few words (a card, a subscription);
    `reason` is why it was declined, as the customer reads it.
    """

    conversation = models.ForeignKey("conversations.Conversation", on_delete=models.CASCADE, related_name="requests")
    kind = models.CharField(max_length=16, choices=RequestKind)
    state = models.CharField(max_length=10, choices=RequestState, default=RequestState.PROPOSED)
    said = models.PositiveSmallIntegerField(default=1)
    first_heard = models.ForeignKey(Heard, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    last_heard = models.ForeignKey(Heard, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    taken_back = models.ForeignKey(Heard, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    first_said_at = models.DateTimeField()
    last_said_at = models.DateTimeField()
    settled_by = models.ForeignKey("people.Agent", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    about = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    objects = QuickRows.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="request_declined_with_a_reason", condition=~Q(state="declined") | ~Q(reason="")
            ),
            models.CheckConstraint(name="request_kind_known", condition=Q(kind__in=RequestKind.values)),
            models.CheckConstraint(name="request_state_known", condition=Q(state__in=RequestState.values)),
            models.CheckConstraint(name="request_was_said", condition=Q(said__gte=1)),
            models.UniqueConstraint(
                fields=["conversation", "kind"], condition=Q(state__in=RUNNING), name="request_one_running"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "said"], name="request_said_again"),
            models.Index(fields=["kind", "settled_at"], condition=Q(state="fulfilled"), name="request_fulfilled"),
        ]


class SentAnyway(models.Model):
    """A reply that the guard would have stopped, sent by a person with a reason. The lead sees it on the board."""

    message = models.OneToOneField("conversations.Message", on_delete=models.CASCADE, related_name="sent_anyway")
    by = models.ForeignKey("people.Agent", on_delete=models.PROTECT, related_name="+")
    slips = models.JSONField(default=list)
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="sent_anyway_has_a_reason", condition=~Q(reason=""))]
        indexes = [models.Index(fields=["-at"], name="sent_anyway_lately")]
