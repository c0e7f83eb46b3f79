"""Taking minutes from a team's pool, and giving them back.

Whoever changes a pool must have seen its latest version: a conditional UPDATE of its row serialises changes alike on
both databases. These run in the transaction that gives, moves or settles the promise.
"""

import secrets
from datetime import datetime, timedelta

from django.db.models import F

from holdord.promises.models import Pool, PromisedWork
from holdord.promises.queries import earliest_keepable

_TRIES = 50


class PoolIsBusy(Exception):
    """Others changed the pool again and again between our look and our change."""


def reserve(team_id: int, work: timedelta, not_before: datetime, *, now: datetime) -> datetime | None:
    """Reserve `work` by the first time that holds, not before `not_before`, and return it; None if none does.

    Raises PoolIsBusy.
    """
    for _ in range(_TRIES):
        pool = _pool_of(team_id)
        due_at = earliest_keepable(team_id, work, not_before, now=now)
        if due_at is None:
            return None
        if _is_ours(pool):
            _add(pool, due_at, work)
            return due_at
    raise PoolIsBusy(team_id)


def reserve_at(team_id: int, work: timedelta, due_at: datetime) -> None:
    """Reserve `work` by `due_at` without asking whether it fits: for a time given before. Raises PoolIsBusy."""
    _add(_own(team_id), due_at, work)


def give_back(team_id: int, work: timedelta, due_at: datetime) -> None:
    """Give back what was reserved by `due_at`. Raises PoolIsBusy."""
    pool, minutes = _own(team_id), _minutes(work)
    reserved = PromisedWork.objects.filter(pool=pool, due_at=due_at)
    if not reserved.filter(minutes=minutes).delete()[0]:
        reserved.filter(minutes__gt=minutes).update(minutes=F("minutes") - minutes)


def _own(team_id: int) -> Pool:
    for _ in range(_TRIES):
        pool = _pool_of(team_id)
        if _is_ours(pool):
            return pool
    raise PoolIsBusy(team_id)


def _pool_of(team_id: int) -> Pool:
    return Pool.objects.filter(team_id=team_id).first() or Pool.objects.get_or_create(team_id=team_id)[0]


def _is_ours(pool: Pool) -> bool:
    # A random version, not a counter: after a rollback no other state of the pool can have the same one.
    return bool(Pool.objects.filter(pk=pool.pk, version=pool.version).update(version=secrets.randbits(62)))


def _add(pool: Pool, due_at: datetime, work: timedelta) -> None:
    minutes = _minutes(work)
    if minutes and not PromisedWork.objects.filter(pool=pool, due_at=due_at).update(minutes=F("minutes") + minutes):
        PromisedWork.objects.create(pool=pool, due_at=due_at, minutes=minutes)


def _minutes(work: timedelta) -> int:
    return round(work.total_seconds() / 60)
