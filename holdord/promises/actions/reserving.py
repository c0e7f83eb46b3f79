"""Taking minutes from a team's pool, and giving them back.

Whoever changes a pool must have seen its latest version: a conditional UPDATE of its row serialises changes alike on
both databases. These run in the transaction that gives, moves or settles the promise.
"""

import secrets
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import F

from holdord.promises.models import Pool, PromisedWork
from holdord.promises.queries import earliest_keepable, know_load, pool_version

_TRIES = 50


class PoolIsBusy(Exception):
    """Others changed the pool again and again between our look and our change."""


def reserve(team_id: int, work: timedelta, not_before: datetime, *, now: datetime) -> datetime | None:
    """Reserve `work` by the first time that holds, not before `not_before`, and return it; None if none does.

    Raises PoolIsBusy.
    """
    for _ in range(_TRIES):
        version = _version_of(team_id)
        due_at = earliest_keepable(team_id, work, not_before, now=now)
        if due_at is None or _change(team_id, version, due_at, _minutes(work)):
            return due_at
    raise PoolIsBusy(team_id)


def reserve_at(team_id: int, work: timedelta, due_at: datetime) -> None:
    """Reserve `work` by `due_at` without asking whether it fits: for a time given before. Raises PoolIsBusy."""
    _change_surely(team_id, due_at, _minutes(work))


def give_back(team_id: int, work: timedelta, due_at: datetime) -> None:
    """Give back what was reserved by `due_at`. Raises PoolIsBusy."""
    _change_surely(team_id, due_at, -_minutes(work))


def _change_surely(team_id: int, due_at: datetime, minutes: int) -> None:
    if not minutes:
        return
    for _ in range(_TRIES):
        if _change(team_id, _version_of(team_id), due_at, minutes):
            return
    raise PoolIsBusy(team_id)


def _version_of(team_id: int) -> int:
    version = pool_version(team_id)
    return Pool.objects.get_or_create(team_id=team_id)[0].version if version is None else version


def _change(team_id: int, version: int, due_at: datetime, minutes: int) -> bool:
    # A random version, not a counter: after a rollback no other state of the pool can have the same one.
    fresh = secrets.randbits(62) | 1
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE promises_pool SET version = %s WHERE team_id = %s AND version = %s RETURNING id",
            [fresh, team_id, version],
        )
        found = cursor.fetchone()
    if found is None:
        return False
    if minutes > 0:
        _add(found[0], due_at, minutes)
    else:
        _take(found[0], due_at, -minutes)
    know_load(team_id, was=version, now_is=fresh, due_at=due_at, minutes=minutes)
    return True


def _add(pool_id: int, due_at: datetime, minutes: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO promises_promisedwork (pool_id, due_at, minutes) VALUES (%s, %s, %s) "
            "ON CONFLICT (pool_id, due_at) DO UPDATE SET minutes = promises_promisedwork.minutes + excluded.minutes",
            [pool_id, connection.ops.adapt_datetimefield_value(due_at), minutes],
        )


def _take(pool_id: int, due_at: datetime, minutes: int) -> None:
    reserved = PromisedWork.objects.filter(pool=pool_id, due_at=due_at)
    if not reserved.filter(minutes__lte=minutes).delete()[0]:
        reserved.update(minutes=F("minutes") - minutes)


def _minutes(work: timedelta) -> int:
    return round(work.total_seconds() / 60)
