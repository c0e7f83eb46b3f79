"""How well we kept our word: told before late, kept, broken. Definitions: docs/promises.md, "Measures"."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db.models import Count, F, Q

from holdord.conversations.models import Status
from holdord.history.rows import IsOneOf
from holdord.promises import rules
from holdord.promises.models import Move, Promise
from holdord.promises.rules import Kept, Miss, State, Told

# Written into the statement, not bound: SQLite then sees that the partial indexes serve.
_KEPT, _BROKEN = IsOneOf("state", State.KEPT.value), IsOneOf("state", State.BROKEN.value)

REMEMBERED = 3600
"""Seconds that the figures of a week that is over are remembered."""


def told_before_late(team_ids: Sequence[int], edges: Sequence[datetime], *, now: datetime) -> list[Told]:
    """Told before late, for each span between `edges`: of the promises that missed their first time, those whose
    customer was told before it. Spans that are over are asked once an hour.
    """
    key = f"told:{'-'.join(map(str, sorted(team_ids)))}:{int(edges[0].timestamp())}:{int(edges[-2].timestamp())}"
    past: list[tuple[int, int]] | None = cache.get(key)
    if past is None:
        past = [(each.late, each.told) for each in _told(team_ids, edges[:-1], now=now)]
        cache.set(key, past, REMEMBERED)
    return [*(Told(late, told) for late, told in past), *_told(team_ids, edges[-2:], now=now)]


def _told(team_ids: Sequence[int], edges: Sequence[datetime], *, now: datetime) -> list[Told]:
    if len(edges) < 2:
        return []
    moves = Move.objects.filter(old_due_at__gte=edges[0], old_due_at__lt=edges[-1], promise__team__in=team_ids)
    moves = moves.filter(old_due_at=F("promise__first_due_at")).exclude(told_at__isnull=True, old_due_at__gt=now)
    told = {row[0]: Miss(*row[1:]) for row in moves.values_list("promise", "old_due_at", "told_at")}
    broken = Promise.objects.filter(_BROKEN, team__in=team_ids, settled_at__gte=edges[0])
    broken = broken.filter(settled_at__lt=edges[-1] + timedelta(days=2), due_at=F("first_due_at"))
    silent = [Miss(due_at) for pk, due_at in broken.values_list("pk", "due_at") if pk not in told]
    return rules.told_by_span([*told.values(), *silent], edges)


def kept_since(team_ids: Sequence[int], earliest: datetime) -> Kept:
    """How the promises that ended since `earliest` ended: kept at their first time, kept at all, broken."""
    ended = Promise.objects.filter(team__in=team_ids, settled_at__gte=earliest)
    kept = ended.filter(_KEPT).aggregate(at_all=Count("pk"), at_first=Count("pk", filter=Q(due_at=F("first_due_at"))))
    return Kept(kept["at_first"], kept["at_all"], ended.filter(_BROKEN).count())


def broken_since(team_ids: Sequence[int], earliest: datetime, *, most: int) -> list[Promise]:
    """The promises that broke since `earliest`, the latest first, with their moves and what follows them; one more
    than `most` when there are more.
    """
    broken = Promise.objects.filter(_BROKEN, team__in=team_ids, settled_at__gte=earliest)
    broken = broken.exclude(conversation__status=Status.ERASED)  # counted all the same, but seen by nobody
    rows = broken.select_related("conversation__customer", "followed_by").prefetch_related("moves")
    return list(rows.order_by("-settled_at", "-pk")[: most + 1])
