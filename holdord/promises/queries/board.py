"""What the lead's board shows of promises: what is at risk, what no longer fits, who owes how much."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from itertools import islice
from typing import NamedTuple

from django.db.models import Count, Max, Min, Q, Sum

from holdord.people.queries import supply_of_team
from holdord.promises import rules
from holdord.promises.models import Pool, Promise, PromiseQuerySet, Telling, ToTell
from holdord.promises.queries.capacity import counted, load_of_team
from holdord.promises.queries.loads import load_of_pool
from holdord.promises.rules import PoolKind, Room

AT_MOST = 50
"""Cards at risk that are drawn; more are a number."""

FEW = 3
"""Up to so many promises of one counted pool that no longer fit are cards of their own; more are one card."""


class AtRisk(NamedTuple):
    """A running promise that may break."""

    due_at: datetime
    promise_id: int
    number: int
    kind: str
    what: str
    given_at: datetime
    earliest_at: datetime | None
    first_due_at: datetime
    warn_at: datetime
    precision: str
    work_minutes: int
    owner_id: int | None
    owner_name: str | None
    team_id: int
    team_name: str
    subject: str
    language: str
    customer_id: int
    customer_name: str
    inbox_id: int
    unfit_kind: str | None
    unfit_pool: str | None
    override_name: str | None
    override_reason: str


_FIELDS = (
    "due_at", "pk", "conversation_id", "kind", "what", "given_at", "earliest_at", "first_due_at", "warn_at",
    "precision", "work_minutes", "owner_id", "owner__name", "team_id", "team__name", "conversation__subject",
    "conversation__language", "conversation__customer_id", "conversation__customer__name", "conversation__inbox_id",
    "unfit_in__kind", "unfit_in__name", "override_by__name", "override_reason",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Danger:
    """What is at risk in some teams: how many in all, how many of them can still be kept, the first of them, and the
    pools that many no longer fit into.
    """

    number: int
    keepable: int
    first: list[AtRisk]
    single: int
    pools: "list[UnfitPool]"


@dataclass(frozen=True, slots=True)
class UnfitPool:
    """A counted pool that has no room for many promises: `of_teams` of the teams asked for, `in_all` of everybody's."""

    pool: Pool
    of_teams: int
    in_all: int
    last_due_at: datetime


def danger(team_ids: Sequence[int], *, now: datetime) -> Danger:
    """What is at risk in these teams: past its warning, without room in its pool, or given against the pool."""
    full = [each for each in _unfit_pools(team_ids) if each.of_teams > FEW]
    pools = [each.pool.pk for each in full]
    branches = [branch.exclude(unfit_in__in=pools) if full else branch for branch in _branches(team_ids, now)]
    overridden = _overridden(team_ids, now)
    single = keepable = len(overridden)
    for branch in branches:
        counts = branch.aggregate(number=Count("pk"), unfit=Count("unfit_at"))
        single += counts["number"]
        keepable += counts["number"] - counts["unfit"]
    keys = [branch.order_by("due_at", "pk").values_list("due_at", "pk")[:AT_MOST] for branch in branches]
    wanted = [pk for _, pk in islice(merge(*keys, overridden), AT_MOST)] if single else []
    rows = Promise.objects.filter(pk__in=wanted).order_by("due_at", "pk").values_list(*_FIELDS) if wanted else ()
    in_pools = sum(each.of_teams for each in full)
    return Danger(single + in_pools, keepable, [AtRisk._make(row) for row in rows], single, full)


def _branches(team_ids: Sequence[int], now: datetime) -> list[PromiseQuerySet]:
    """Each is a walk down an index of its own; no promise is in two."""
    running = Promise.objects.running().filter(team__in=team_ids)
    return [running.filter(warn_at__lte=now), running.filter(warn_at__gt=now, unfit_at__isnull=False)]


def _overridden(team_ids: Sequence[int], now: datetime) -> list[tuple[datetime, int]]:
    """The keys of what was given against the pool and is not at risk otherwise. They are few, and asked by their own
    index alone: with a time in the question the database would walk down all that run.
    """
    found = Promise.objects.running().filter(team__in=team_ids, override_by__isnull=False)
    rows = found.order_by("due_at", "pk").values_list("due_at", "pk", "warn_at", "unfit_at")
    return [(due_at, pk) for due_at, pk, warn_at, unfit_at in rows if warn_at > now and unfit_at is None]


def _unfit_pools(team_ids: Sequence[int]) -> list[UnfitPool]:
    unfit = Promise.objects.unfit().exclude(unfit_in__kind=PoolKind.MINUTES).filter(unfit_in__isnull=False)
    groups = unfit.values("unfit_in").annotate(
        of_teams=Count("pk", filter=Q(team__in=team_ids)), in_all=Count("pk"), last=Max("due_at")
    )
    rows = [row for row in groups.order_by("unfit_in") if row["of_teams"]]
    pools = Pool.objects.in_bulk([row["unfit_in"] for row in rows]) if rows else {}
    return [UnfitPool(pools[row["unfit_in"]], row["of_teams"], row["in_all"], row["last"]) for row in rows]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a telling is."""

    telling: Telling
    in_all: int
    told: int
    waiting: int
    not_told: int


def tellings_since(earliest: datetime, team_ids: Sequence[int], *, of: Pool | None = None) -> list[Progress]:
    """The tellings that go on, or were begun since `earliest`, newest first, of the pools of these teams and of
    everybody's.
    """
    found = Telling.objects.filter(Q(ended_at__isnull=True) | Q(begun_at__gte=earliest))
    found = found.filter(Q(pool__team__isnull=True) | Q(pool__team__in=team_ids)).select_related("pool")
    if of is not None:
        found = found.filter(pool=of)
    return progress_of(found.order_by("-pk")[:5])


def progress_of(tellings: Iterable[Telling]) -> list[Progress]:
    """How far each of these tellings is."""
    found = list(tellings)
    rows = (
        ToTell.objects.filter(telling__in=found)
        .values("telling")
        .annotate(
            in_all=Count("pk"),
            told=Count("pk", filter=Q(outcome="told")),
            waiting=Count("pk", filter=Q(done_at__isnull=True)),
            not_told=Count("pk", filter=Q(outcome__in=["no_date", "no_address", "failed"])),
        )
        if found
        else ()
    )
    by_key = {row["telling"]: row for row in rows}
    return [
        Progress(each, row["in_all"], row["told"], row["waiting"], row["not_told"])
        for each in found
        if (row := by_key.get(each.pk))
    ]


def to_tell(pool: Pool) -> PromiseQuerySet:
    """The promises whose customers a telling would be for: unfit, and not told by one that goes on."""
    taken = ToTell.objects.filter(done_at__isnull=True).values("promise")
    return Promise.objects.unfit().filter(unfit_in=pool).exclude(pk__in=taken)


def minutes_owed(team_ids: Sequence[int], agent_ids: Sequence[int], *, until: datetime) -> dict[int, int]:
    """By agent, the minutes of work due by `until` that they own in these teams, overdue ones too."""
    owed = Promise.objects.for_people().filter(owner__in=agent_ids, team__in=team_ids, due_at__lte=until)
    return dict(owed.values_list("owner").annotate(total=Sum("work_minutes")))


def minutes_due(team_ids: Sequence[int], *, until: datetime) -> int:
    """The minutes of work due by `until` in these teams, whoever owns it, and if nobody does; overdue ones too."""
    due = Promise.objects.for_people().filter(team__in=team_ids, due_at__lte=until)
    return due.aggregate(total=Sum("work_minutes"))["total"] or 0


def room_of_team(team_id: int, edges: Sequence[datetime], *, now: datetime) -> list[Room]:
    """A team's minutes in each span between `edges`, against what falls due."""
    return rules.rooms(edges, now=now, load=load_of_team(team_id), supply=supply_of_team(team_id, now=now))


def room_of_pool(pool_id: int, edges: Sequence[datetime], *, now: datetime) -> list[Room]:
    """A counted pool's places in each span between `edges`, against what falls due."""
    pool = counted(pool_id)
    load = load_of_pool(pool.seen)
    if pool.kind is PoolKind.SLOTS:
        return rules.rooms_in_slots(edges, slots=pool.slots, load=load)
    return rules.rooms(edges, now=now, load=load, supply=pool.supply, spent=pool.gone(now))


def counted_pools(team_ids: Sequence[int], *, most: int = 8) -> list[Pool]:
    """The counted pools of these teams and of everybody, by name."""
    pools = Pool.objects.exclude(kind=PoolKind.MINUTES).filter(Q(team__isnull=True) | Q(team__in=team_ids))
    return list(pools.order_by("name", "pk")[:most])


class Carried(NamedTuple):
    """A conversation somebody owes work in: how many minutes, and by when the first of it."""

    number: int
    team_id: int
    language: str
    subject: str
    customer_id: int
    customer_name: str
    minutes: int
    due_at: datetime


def carried_by(agent_id: int, team_ids: Sequence[int], *, until: datetime) -> list[Carried]:
    """The conversations in which an agent owes work due by `until`, what is due first at the top."""
    owed = Promise.objects.for_people().filter(owner=agent_id, team__in=team_ids, due_at__lte=until)
    rows = owed.values_list(
        "conversation_id", "team_id", "conversation__language", "conversation__subject",
        "conversation__customer_id", "conversation__customer__name",
    )  # fmt: skip
    grouped = rows.annotate(minutes=Sum("work_minutes"), first=Min("due_at")).order_by("first", "conversation_id")
    return [Carried._make(row) for row in grouped[:200]]
