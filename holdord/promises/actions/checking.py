"""A pool became smaller, or time went by without work: which promises no longer fit?"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import transaction

from holdord.history.actions import announce
from holdord.promises.events import PoolOverpromised
from holdord.promises.models import Pool, Promise
from holdord.promises.models.promise import PromiseQuerySet
from holdord.promises.queries.capacity import those_that_give_way
from holdord.promises.rules import PoolKind, by_due_time

AT_ONCE = 500
"""Rows in one transaction: others wait to write."""


def check_pool(pool: Pool, *, now: datetime) -> int:
    """Mark the promises that a pool has no room for any more, and clear those that fit again; how many are new.

    What is marked looks at risk at once, stands on the board, and its owner is warned. Safe to run twice, and to be cut
    off: the next check goes on.
    """
    version = Pool.objects.filter(pk=pool.pk).values_list("version", flat=True).get()
    giving_way = those_that_give_way(pool, now=now)
    out = {claim.key for claim in giving_way}
    marked = set(Promise.objects.unfit().filter(unfit_in=pool).values_list("pk", flat=True))
    for some in _some(sorted(marked - out)):
        _clear(some, pool)
    new = 0
    for due_at, claims in by_due_time(claim for claim in giving_way if claim.key not in marked).items():
        new += sum(_mark(some, due_at, pool, now=now) for some in _some([claim.key for claim in claims]))
    with transaction.atomic():
        Pool.objects.filter(pk=pool.pk).update(checked_version=version, checked_at=now)
        if new:
            announce(PoolOverpromised(at=now, pool_id=pool.pk, promises=new))
    return new


@transaction.atomic
def _clear(keys: Sequence[int], pool: Pool) -> None:
    _held(Promise.objects.filter(pk__in=keys, unfit_in=pool)).update(unfit_at=None, unfit_in=None)


@transaction.atomic
def _mark(keys: Sequence[int], due_at: datetime, pool: Pool, *, now: datetime) -> int:
    """Mark those that still have the time with which they don't fit: one that was told meanwhile has another."""
    fitting = Promise.objects.running().filter(pk__in=keys, due_at=due_at, unfit_at__isnull=True)
    fitting = _held(fitting)
    if pool.kind == PoolKind.MINUTES:  # people can still act on each: their owners are warned
        return fitting.update(unfit_at=now, unfit_in=pool, warn_at=now, next_look_at=now)
    return fitting.update(unfit_at=now, unfit_in=pool)


def _held(promises: PromiseQuerySet) -> PromiseQuerySet:
    """These, locked by their keys: whoever changes several promises does it in this order."""
    keys = promises.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True)
    return Promise.objects.filter(pk__in=list(keys))


def _some(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    return (keys[first : first + AT_ONCE] for first in range(0, len(keys), AT_ONCE))
