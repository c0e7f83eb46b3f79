"""The tables of promises. What the database can hold, it holds."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from holdord.history.rows import IsOneOf, QuickRows
from holdord.kernel.moments import Precision
from holdord.promises.rules import RUNNING, Kind, State

_KINDS = [(kind.value, kind.value) for kind in Kind]
_STATES = [(state.value, state.value) for state in State]
_RUNNING = sorted(state.value for state in RUNNING)
_SETTLED = sorted(state.value for state in (State.KEPT, State.BROKEN, State.RELEASED, State.VOID))


class Pledge(models.Model):
    """A public service promise of an inbox: an answer within so many working minutes."""

    inbox = models.ForeignKey("people.Inbox", on_delete=models.CASCADE, related_name="pledges")
    kind = models.CharField(max_length=10, choices=_KINDS, default=Kind.ANSWER.value)
    within_minutes = models.PositiveIntegerField()
    work_minutes = models.PositiveIntegerField(default=10)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inbox", "kind"], name="pledge_once"),
            models.CheckConstraint(name="pledge_takes_time", condition=Q(within_minutes__gt=0, work_minutes__gt=0)),
        ]


class PromiseQuerySet(QuickRows["Promise"]):
    """Named filters."""

    def running(self) -> "PromiseQuerySet":
        """The clock runs."""
        return self.filter(IsOneOf("state", *_RUNNING))

    def to_look_at(self, now: datetime) -> "PromiseQuerySet":
        """The clock has something to do."""
        return self.running().filter(next_look_at__lte=now)


class Promise(models.Model):
    """What we told a customer we would do, and by when.

    `rank_at` is its place in *next up*: the due time, or for what follows a broken promise the time that was broken, so
    that it stands before all that can still be kept.
    """

    conversation = models.ForeignKey("conversations.Conversation", on_delete=models.CASCADE, related_name="promises")
    kind = models.CharField(max_length=10, choices=_KINDS)
    what = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=_STATES, default=State.OPEN.value)
    team = models.ForeignKey("people.Team", on_delete=models.PROTECT, related_name="promises")
    owner = models.ForeignKey("people.Agent", null=True, blank=True, on_delete=models.PROTECT, related_name="promises")
    pledge = models.ForeignKey("promises.Pledge", null=True, blank=True, on_delete=models.SET_NULL)
    origin = models.ForeignKey(
        "conversations.Message", null=True, blank=True, on_delete=models.SET_NULL, related_name="promises_begun"
    )
    evidence = models.ForeignKey(
        "conversations.Message", null=True, blank=True, on_delete=models.SET_NULL, related_name="promises_settled"
    )
    follows = models.OneToOneField("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="followed_by")
    given_at = models.DateTimeField()
    due_at = models.DateTimeField()
    first_due_at = models.DateTimeField()
    rank_at = models.DateTimeField()
    earliest_at = models.DateTimeField(null=True, blank=True)
    precision = models.CharField(
        max_length=6, choices=[(p.value, p.value) for p in Precision], default=Precision.MINUTE.value
    )
    warn_at = models.DateTimeField()
    work_minutes = models.PositiveIntegerField(default=0)
    stage = models.CharField(max_length=14, blank=True)
    next_look_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)

    objects = PromiseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="promise_state_known", condition=Q(state__in=[s.value for s in State])),
            models.CheckConstraint(name="promise_kind_known", condition=Q(kind__in=[k.value for k in Kind])),
            models.CheckConstraint(name="promise_due_after_given", condition=Q(due_at__gt=F("given_at"))),
            models.CheckConstraint(name="promise_moves_forward", condition=Q(due_at__gte=F("first_due_at"))),
            models.CheckConstraint(
                name="promise_settled_has_its_time",
                condition=Q(state__in=_SETTLED, settled_at__isnull=False)
                | (~Q(state__in=_SETTLED) & Q(settled_at__isnull=True)),
            ),
            models.CheckConstraint(name="promise_void_has_a_reason", condition=~Q(state="void") | ~Q(reason="")),
            models.UniqueConstraint(
                fields=["conversation"],
                condition=Q(kind="answer", state__in=_RUNNING),
                name="promise_one_running_answer",
            ),
        ]
        indexes = [
            models.Index(fields=["next_look_at"], condition=Q(state__in=_RUNNING), name="promise_to_look_at"),
            models.Index(fields=["team", "rank_at", "id"], condition=Q(state__in=_RUNNING), name="promise_next_up"),
            models.Index(fields=["owner", "rank_at", "id"], condition=Q(state__in=_RUNNING), name="promise_next_mine"),
        ]


class Move(models.Model):
    """A promise was given a new time. Told when its message was accepted by our mail server."""

    promise = models.ForeignKey("promises.Promise", on_delete=models.CASCADE, related_name="moves")
    old_due_at = models.DateTimeField()
    new_due_at = models.DateTimeField()
    reason = models.CharField(max_length=200)
    automatic = models.BooleanField()
    by = models.ForeignKey("people.Agent", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    told_by = models.ForeignKey("conversations.Message", null=True, on_delete=models.SET_NULL, related_name="+")
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="move_forward", condition=Q(new_due_at__gt=F("old_due_at"))),
            models.UniqueConstraint(
                fields=["promise"], condition=Q(automatic=True), name="move_one_automatic_per_promise"
            ),
        ]


class RiskWarning(models.Model):
    """Somebody was warned that a promise may break."""

    promise = models.ForeignKey("promises.Promise", on_delete=models.CASCADE, related_name="warnings")
    agent = models.ForeignKey("people.Agent", null=True, on_delete=models.PROTECT, related_name="warnings")
    level = models.CharField(max_length=14)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["promise", "level", "at"], name="warning_once")]
        indexes = [models.Index(fields=["agent", "at"], name="warning_by_agent")]


class Pool(models.Model):
    """The minutes of a team that promises draw on. `version` changes with every reservation: whoever reserves must have
    seen the latest, which serialises reservations alike on both databases.
    """

    team = models.OneToOneField("people.Team", on_delete=models.CASCADE, related_name="pool")
    version = models.BigIntegerField(default=0)


class PromisedWork(models.Model):
    """How many minutes a team has promised to have done by a time: one row for each due time, not for each promise."""

    pool = models.ForeignKey("promises.Pool", on_delete=models.CASCADE, related_name="work")
    due_at = models.DateTimeField()
    minutes = models.PositiveIntegerField()

    objects = QuickRows.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pool", "due_at"], name="promised_work_once")]
