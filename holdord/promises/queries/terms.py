"""What a promise needs: as it was given, or as its kind needs it."""

from datetime import datetime, timedelta

from django.db.models import Q

from holdord.conversations.models import Conversation
from holdord.history.finding import Find
from holdord.history.rows import LookUp
from holdord.kernel.moments import Precision
from holdord.kernel.working_time import NeverOpen
from holdord.people.queries import calendar_of
from holdord.promises import wording
from holdord.promises.models import Pool, Promise, Reservation
from holdord.promises.queries.answers import handling_time
from holdord.promises.rules import Kind, PoolKind
from holdord.promises.rules.terms import Terms


def terms_of(promise: Promise) -> Terms:
    """What a promise needs of its pools, wherever it is moved to."""
    return Terms(
        kind=Kind(promise.kind),
        what=promise.what,
        due_at=promise.due_at,
        earliest_at=promise.earliest_at,
        precision=Precision(promise.precision),
        work=timedelta(minutes=promise.work_minutes),
        places=tuple((pool, amount) for pool, amount in _HELD.raw(promise.pk)),
        is_customers_deadline=promise.is_customers_deadline,
    )


_HELD = LookUp(
    lambda promise: Reservation.objects.filter(promise=promise).order_by("pool").values_list("pool", "amount"), int
)

WORK_OF: dict[Kind, timedelta] = {
    Kind.CALLBACK: timedelta(minutes=15),
    Kind.UPDATE: timedelta(),
    Kind.DELIVERY: timedelta(),
    Kind.REFUND: timedelta(minutes=10),
    Kind.FIX: timedelta(minutes=60),
    Kind.VISIT: timedelta(),
    Kind.OTHER: timedelta(minutes=15),
}
"""The handling time a kind is reckoned with until enough were measured."""


def work_of(kind: Kind, team_id: int) -> timedelta:
    """How long a promise of this kind takes a team: as measured, else the usual."""
    return handling_time(team_id, kind) or WORK_OF.get(kind, timedelta(minutes=15))


def pools_for(kind: Kind, team_id: int) -> list[Pool]:
    """The counted pools that promises of this kind draw on: the team's own, else everybody's; stocks never, for they
    are drawn on by article.
    """
    pools = _SERVING.all(kind.value, team_id)
    return [pool for pool in pools if pool.team_id is not None] or pools


_SERVING = Find(
    lambda kind, team: (
        Pool.objects.exclude(kind__in=[PoolKind.MINUTES.value, PoolKind.STOCK.value])
        .filter(Q(team=team) | Q(team__isnull=True), serves=kind)
        .order_by("key")
    ),
    str,
    int,
)


def usual_terms(
    conversation: Conversation,
    kind: Kind,
    *,
    what: str = "",
    due_at: datetime | None = None,
    earliest_at: datetime | None = None,
    precision: Precision = Precision.MINUTE,
    work: timedelta | None = None,
) -> Terms:
    """The terms of a promise of this kind: a place in the counted pool that serves it if there is one, else minutes."""
    pools = pools_for(kind, conversation.team_id)[:1]
    minutes = timedelta() if pools else (work_of(kind, conversation.team_id) if work is None else work)
    return Terms(
        kind=kind,
        what=what or wording.what(kind.value, language=conversation.language),
        due_at=due_at,
        earliest_at=earliest_at,
        precision=precision,
        work=minutes,
        places=tuple((pool.pk, 1) for pool in pools),
    )


REFUND_WITHIN = timedelta(hours=3 * 8)
"""The working time within which money goes back, if people have the minutes for it."""


def refund_terms(conversation: Conversation, *, for_what: str, now: datetime) -> Terms:
    """Money back for something that was promised and does not come: by the day, within three working days."""
    calendar = calendar_of(conversation.inbox)
    try:
        wanted = calendar.add(now, REFUND_WITHIN)
    except NeverOpen:
        wanted = now + timedelta(days=5)
    return Terms(
        kind=Kind.REFUND,
        what=wording.money_back(for_what, language=conversation.language),
        precision=Precision.DAY,
        due_at=wanted,
        work=work_of(Kind.REFUND, conversation.team_id),
    )
