"""Who carries requests out, and each carrying out."""

import uuid

from django.db import models
from django.db.models import Q

from holdord.conversations.models import RequestKind
from holdord.fulfilment.rules import UNDER_WAY, DeedState, Direction, ProofKind, Way
from holdord.history.rows import QuickRows


class Executor(models.Model):
    """How an inbox carries out requests of one kind: by a webhook at `url`, or by a person within `within_hours` of
    working time. Done, it can be undone for `undo_hours` (0: not), unless the webhook's answer says how long.

    `about` is what customers see it is about ("broadband"), if anything. All executors of an inbox with the same `url`
    share the secret that signs calls; a new `epoch` is a new secret.
    """

    inbox = models.ForeignKey("people.Inbox", on_delete=models.CASCADE, related_name="executors")
    kind = models.CharField(max_length=16, choices=RequestKind)
    way = models.CharField(max_length=8, choices=[(way.value, way.value) for way in Way])
    url = models.CharField(max_length=500, blank=True)
    about = models.CharField(max_length=80, blank=True)
    undo_hours = models.PositiveIntegerField(default=0)
    within_hours = models.PositiveIntegerField(default=8)
    epoch = models.PositiveIntegerField(default=0)

    objects = QuickRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inbox", "kind"], name="executor_once"),
            models.CheckConstraint(name="executor_webhook_has_an_address", condition=~Q(way="webhook") | ~Q(url="")),
            models.CheckConstraint(name="executor_way_known", condition=Q(way__in=[way.value for way in Way])),
        ]


class Deed(models.Model):
    """One carrying out of a request, or its undoing. `key` is the same in every call, so that the other side does it
    once; `may_have_arrived` says that a call may have come through whose answer we don't know.

    `next_at` is when it is tried next, and while somebody tries it the end of their time: who dies at it loses nothing.
    """

    request = models.ForeignKey("conversations.Request", on_delete=models.CASCADE, related_name="deeds")
    direction = models.CharField(max_length=4, choices=[(each.value, each.value) for each in Direction])
    way = models.CharField(max_length=8, choices=[(way.value, way.value) for way in Way])
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(
        max_length=8, choices=[(state.value, state.value) for state in DeedState], default=DeedState.WAITING.value
    )
    by = models.ForeignKey("people.Agent", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    next_at = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)
    may_have_arrived = models.BooleanField(default=False)
    is_pending = models.BooleanField(default=False)
    fault = models.CharField(max_length=24, blank=True)
    promise = models.ForeignKey(
        "promises.Promise", null=True, blank=True, on_delete=models.SET_NULL, related_name="deeds"
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    effective_at = models.DateTimeField(null=True, blank=True)
    undo_until = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    instead = models.CharField(max_length=300, blank=True)
    reference = models.CharField(max_length=120, blank=True)

    objects = QuickRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "direction"], name="deed_once"),
            models.CheckConstraint(name="deed_state_known", condition=Q(state__in=[s.value for s in DeedState])),
            models.CheckConstraint(
                name="deed_settled_at_a_time",
                condition=Q(state__in=UNDER_WAY, settled_at__isnull=True)
                | (~Q(state__in=UNDER_WAY) & Q(settled_at__isnull=False)),
            ),
            models.CheckConstraint(name="deed_refused_with_a_reason", condition=~Q(state="refused") | ~Q(reason="")),
        ]
        indexes = [models.Index(fields=["next_at"], condition=Q(state="waiting"), name="deed_waiting")]


class Code(models.Model):
    """A code of six figures, sent by mail to an address of a customer, so that whoever reads it can show who they are.

    The figures stand nowhere: they are made from `seed` and our key, when the mail leaves and when they are compared.
    """

    conversation = models.ForeignKey("conversations.Conversation", on_delete=models.CASCADE, related_name="codes")
    identity = models.ForeignKey("people.Identity", on_delete=models.PROTECT, related_name="+")
    message = models.OneToOneField("conversations.Message", null=True, on_delete=models.CASCADE, related_name="code")
    for_kind = models.CharField(max_length=16, choices=RequestKind)
    seed = models.UUIDField(default=uuid.uuid4, editable=False)
    made_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    objects = QuickRows.as_manager()

    class Meta:
        indexes = [models.Index(fields=["conversation", "for_kind", "-made_at"], name="code_latest")]


class Proof(models.Model):
    """That a customer showed who they are before something was done in their name: how, and who saw it."""

    conversation = models.ForeignKey("conversations.Conversation", on_delete=models.CASCADE, related_name="proofs")
    for_kind = models.CharField(max_length=16, choices=RequestKind)
    kind = models.CharField(max_length=4, choices=[(kind.value, kind.value) for kind in ProofKind])
    code = models.ForeignKey(Code, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    fact = models.ForeignKey("conversations.Fact", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    by = models.ForeignKey("people.Agent", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = QuickRows.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="proof_by_code_has_it", condition=~Q(kind="code") | Q(code__isnull=False)),
        ]
        indexes = [models.Index(fields=["conversation", "for_kind", "-at"], name="proof_latest")]


class NoContact(models.Model):
    """A customer whom we do not contact on our own; what they ask us is answered all the same."""

    customer = models.OneToOneField("people.Customer", on_delete=models.CASCADE, related_name="no_contact")
    since = models.DateTimeField()


class Erasure(models.Model):
    """A customer had us erase what we have: hidden at once, destroyed at `destroy_at` unless it is undone before."""

    customer = models.ForeignKey("people.Customer", on_delete=models.PROTECT, related_name="erasures")
    request = models.OneToOneField("conversations.Request", on_delete=models.CASCADE, related_name="erasure")
    identity = models.ForeignKey("people.Identity", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    destroy_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)
    destroyed_at = models.DateTimeField(null=True, blank=True)

    objects = QuickRows.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="erasure_undone_or_destroyed", condition=Q(undone_at__isnull=True) | Q(destroyed_at__isnull=True)
            ),
        ]
        indexes = [
            models.Index(
                fields=["destroy_at"],
                condition=Q(undone_at__isnull=True, destroyed_at__isnull=True),
                name="erasure_to_destroy",
            )
        ]


class HiddenCase(models.Model):
    """A conversation that an erasure hid, and what it was before; `owed_answer` says that an answer was owed in it."""

    erasure = models.ForeignKey(Erasure, on_delete=models.CASCADE, related_name="hidden")
    conversation = models.ForeignKey("conversations.Conversation", on_delete=models.CASCADE, related_name="+")
    status = models.CharField(max_length=10)
    owed_answer = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["erasure", "conversation"], name="hidden_once_by_an_erasure")]
