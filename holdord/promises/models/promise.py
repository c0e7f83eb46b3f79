"""Promises, and the pledges they come from."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from holdord.history.rows import IsOneOf, QuickRows
from holdord.kernel.moments import Precision
from holdord.promises.rules import ENDED, NEVER_SAID, RUNNING, Kind, Source, State, may_become

_KINDS = [(kind.value, kind.value) for kind in Kind]
_STATES = [(state.value, state.value) for state in State]
_RUNNING = sorted(state.value for state in RUNNING)
_SETTLED = sorted(state.value for state in ENDED)


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

    def given(self) -> "PromiseQuerySet":
        """Everything the customer may know of: not what stands in a reply that has not left, or never did."""
        return self.exclude(state=State.DRAFT).exclude(state=State.VOID, reason__in=NEVER_SAID)

    def drafts(self) -> "PromiseQuerySet":
        """In a reply that has not left."""
        return self.filter(IsOneOf("state", State.DRAFT.value))

    def able_to_become(self, state: State) -> "PromiseQuerySet":
        """In a state from which they may become `state`: the condition of every UPDATE that makes them so."""
        earlier = sorted(state.value for state in may_become(state))
        return self.filter(IsOneOf("state", *earlier)) if earlier else self.none()

    def to_look_at(self, now: datetime) -> "PromiseQuerySet":
        """The clock has something to do."""
        return self.running().filter(next_look_at__lte=now)

    def for_people(self) -> "PromiseQuerySet":
        """Running, and a person has something to do for it. What a shop keeps by itself is not, until it is at risk."""
        return self.running().filter(awaits_people=True)

    def unfit(self) -> "PromiseQuerySet":
        """Running, but no longer fitting into a pool."""
        return self.running().filter(unfit_at__isnull=False)


class Promise(models.Model):
    """What we told a customer we would do, and by when.

    `rank_at` is its place in *next up*: the due time, or for what follows a broken promise the time that was broken, so
    that it stands before all that can still be kept. `origin` is the message (or the note of the call) in which it was
    given, `evidence` what settled it, `source` and `given_by` how it came about. `unfit_at` and `unfit_in` say
    since when which pool has no room for it any more. `is_customers_deadline`: they need it by then; it gives way
    last. An override is a promise given against the pool, by a lead with a reason.
    """

    conversation = models.ForeignKey("conversations.Conversation", on_delete=models.CASCADE, related_name="promises")
    kind = models.CharField(max_length=10, choices=_KINDS)
    what = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=_STATES, default=State.OPEN.value)
    source = models.CharField(
        max_length=10, choices=[(source.value, source.value) for source in Source], default=Source.PLEDGE.value
    )
    given_by = models.ForeignKey("people.Agent", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
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
    is_customers_deadline = models.BooleanField(default=False)
    warn_at = models.DateTimeField()
    work_minutes = models.PositiveIntegerField(default=0)
    awaits_people = models.BooleanField(default=True)
    unfit_at = models.DateTimeField(null=True, blank=True)
    unfit_in = models.ForeignKey("promises.Pool", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    override_by = models.ForeignKey("people.Agent", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    override_reason = models.CharField(max_length=300, blank=True)
    stage = models.CharField(max_length=14, blank=True)
    next_look_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)

    objects = PromiseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="promise_state_known", condition=Q(state__in=[s.value for s in State])),
            models.CheckConstraint(name="promise_kind_known", condition=Q(kind__in=[k.value for k in Kind])),
            models.CheckConstraint(name="promise_source_known", condition=Q(source__in=[s.value for s in Source])),
            models.CheckConstraint(name="promise_due_after_given", condition=Q(due_at__gt=F("given_at"))),
            models.CheckConstraint(name="promise_moves_forward", condition=Q(due_at__gte=F("first_due_at"))),
            models.CheckConstraint(
                name="promise_open_was_not_moved",
                condition=~Q(state__in=["draft", "open"]) | Q(due_at=F("first_due_at")),
            ),
            models.CheckConstraint(
                name="promise_moved_has_a_later_time", condition=~Q(state="moved") | Q(due_at__gt=F("first_due_at"))
            ),
            models.CheckConstraint(
                name="promise_window_ends_when_due",
                condition=Q(earliest_at__isnull=True) | Q(earliest_at__lt=F("due_at")),
            ),
            models.CheckConstraint(
                name="promise_settled_has_its_time",
                condition=Q(state__in=_SETTLED, settled_at__isnull=False)
                | (~Q(state__in=_SETTLED) & Q(settled_at__isnull=True)),
            ),
            models.CheckConstraint(name="promise_void_has_a_reason", condition=~Q(state="void") | ~Q(reason="")),
            models.CheckConstraint(
                name="promise_override_has_a_reason",
                condition=Q(override_by__isnull=True, override_reason="")
                | (Q(override_by__isnull=False) & ~Q(override_reason="")),
            ),
            models.UniqueConstraint(
                fields=["conversation"],
                condition=Q(kind="answer", state__in=_RUNNING),
                name="promise_one_running_answer",
            ),
        ]
        indexes = [
            models.Index(fields=["next_look_at"], condition=Q(state__in=_RUNNING), name="promise_to_look_at"),
            models.Index(
                fields=["team", "rank_at", "id"],
                condition=Q(state__in=_RUNNING, awaits_people=True),
                name="promise_next_of_team",
            ),
            models.Index(
                fields=["owner", "rank_at", "id"],
                condition=Q(state__in=_RUNNING, awaits_people=True),
                name="promise_next_of_owner",
            ),
            models.Index(
                fields=["team", "due_at"],
                condition=Q(state__in=_RUNNING, unfit_at__isnull=False),
                name="promise_unfit",
            ),
            models.Index(fields=["given_at"], condition=Q(state="draft"), name="promise_drafts"),
            models.Index(fields=["team", "warn_at"], condition=Q(state__in=_RUNNING), name="promise_at_risk"),
            models.Index(fields=["team", "settled_at"], condition=Q(state="broken"), name="promise_broken"),
            models.Index(fields=["team", "settled_at"], condition=Q(state="kept"), name="promise_kept"),
            models.Index(
                fields=["team", "due_at"],
                condition=Q(state__in=_RUNNING, override_by__isnull=False),
                name="promise_overridden",
            ),
        ]
