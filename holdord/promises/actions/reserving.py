"""Taking from pools what a promise needs, and giving it back.

Whoever changes a pool must have seen its latest version: a conditional UPDATE of its row serialises changes alike on
both databases. These run in the transaction that gives, moves or settles the promise. Where a database lets several
write at once (PostgreSQL) the row is locked when its version is read, so that the UPDATE finds what was seen; whoever
needs several pools locks them in the order of their keys.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import F

from holdord.kernel.working_time import Calendar
from holdord.promises.actions.pool_rows import fresh_version, write_changes
from holdord.promises.models import Place, Pool, Promise, Reservation
from holdord.promises.queries.capacity import (
    NOBODY_LEAVES,
    Counted,
    Leaving,
    Seen,
    counted,
    counted_of,
    earliest_keepable,
    earliest_time,
)
from holdord.promises.queries.loads import Version, know, last_seen, pool_of_team
from holdord.promises.rules import Kind, PoolKind
from holdord.promises.rules.terms import Terms, Time

_TRIES = 50


class PoolIsBusy(Exception):
    """Others changed the pool again and again between our look and our change."""


def reserve(team_id: int, work: timedelta, not_before: datetime, *, now: datetime) -> datetime | None:
    """Reserve `work` by the first time that holds, not before `not_before`, and return it; None if none does.

    Raises PoolIsBusy.
    """
    for _ in range(_TRIES):
        seen = _pool_of_team(team_id)
        due_at = earliest_keepable(team_id, work, not_before, now=now, seen=seen)
        if due_at is None or _change(seen, [(due_at, _minutes(work))]):
            return due_at
    raise PoolIsBusy(team_id)


def reserve_at(team_id: int, work: timedelta, due_at: datetime) -> None:
    """Reserve `work` by `due_at` without asking whether it fits: for a time given before. Raises PoolIsBusy."""
    _change_team(team_id, [(due_at, _minutes(work))])


def give_back(team_id: int, work: timedelta, due_at: datetime) -> None:
    """Give back the minutes that were reserved by `due_at`. Raises PoolIsBusy."""
    _change_team(team_id, [(due_at, -_minutes(work))])


def reserve_all(
    terms: Terms,
    not_before: datetime,
    *,
    team_id: int,
    calendar: Calendar,
    now: datetime,
    only_then: bool = False,
    leaving: Leaving = NOBODY_LEAVES,
) -> Time | None:
    """Reserve everything the terms need by the first time that holds, not before `not_before`; None if never.

    With `only_then` nothing is reserved when that time is later than the one asked for: the caller learns the time and
    refuses. Raises PoolIsBusy.
    """
    remembered = _remembered(terms, team_id)
    for _ in range(_TRIES):
        seen = remembered or _look_at(terms, team_id)
        time = earliest_time(terms, not_before, team_id=team_id, calendar=calendar, now=now, leaving=leaving, seen=seen)
        refused = time is None or (only_then and not holds(time, not_before))
        if refused and not remembered:  # nobody is refused for what is only remembered
            return time
        if time is not None and not refused and _take_all(terms, time, seen):
            return time
        remembered = None
    raise PoolIsBusy(team_id)


def _remembered(terms: Terms, team_id: int) -> Seen | None:
    """The minutes of a team as this process saw them last. Where one writes at a time nobody need look first: if they
    have changed since, the UPDATE finds no row, and nothing was written.
    """
    if terms.places or connection.features.has_select_for_update:
        return None
    team = last_seen(team_id)
    return Seen(team, {}) if team else None


def holds(time: Time, wanted: datetime) -> bool:
    """Whether the time that can be kept is the one that was asked for: its due time, or where its window begins."""
    return wanted in (time.earliest_at, time.due_at) if time.earliest_at else time.due_at <= wanted


def reserve_all_at(terms: Terms, time: Time, *, team_id: int) -> None:
    """Reserve everything the terms need at `time` without asking whether it fits. Raises PoolIsBusy."""
    for _ in range(_TRIES):
        if _take_all(terms, time, _look_at(terms, team_id)):
            return
    raise PoolIsBusy(team_id)


def _look_at(terms: Terms, team_id: int) -> Seen:
    """The pools that the terms need, locked where that can be done, in the order of their keys; minutes last."""
    places = {pool_id: _locked(pool_id) for pool_id, _ in sorted(terms.places)}
    return Seen(_pool_of_team(team_id) if terms.work else None, places)


def _take_all(terms: Terms, time: Time, seen: Seen) -> bool:
    """All or nothing: a first pool that was changed meanwhile leaves the others as they are, to be tried again. A later
    one can't have changed where rows are locked, nor where one writes at a time.
    """
    changes = [(seen.counted[pool_id].seen, amount) for pool_id, amount in terms.places]
    if seen.team is not None:
        changes.append((seen.team, _minutes(terms.work)))
    return all(_change(pool, [(time.due_at, amount)]) for pool, amount in changes)


def write_down(promise: Promise, places: Iterable[tuple[int, int]]) -> None:
    """Note with a promise what it takes of counted pools."""
    for pool_id, amount in places:
        Reservation.objects.create(promise=promise, pool_id=pool_id, amount=amount, at=promise.due_at)


def give_back_all(promise: Promise, *, used_at: datetime | None = None) -> None:
    """Give back all that a promise holds. With `used_at` (it was kept then) its places are gone for good: what was sent
    today can't be sent again today, and what left the stock is not there any more.
    """
    if promise.kind != Kind.ANSWER:  # an answer takes minutes alone, and thousands are settled in a day
        for held in Reservation.objects.filter(promise=promise).select_related("pool").order_by("pool"):
            change_pool(held.pool_id, [(held.at, -held.amount)])
            if used_at is not None:
                _use_up(held.pool, held.amount, used_at)
    give_back(promise.team_id, timedelta(minutes=promise.work_minutes), promise.due_at)


def _use_up(pool: Pool, amount: int, at: datetime) -> None:
    if pool.kind == PoolKind.STOCK:
        Pool.objects.filter(pk=pool.pk).update(spent=F("spent") + amount)
    elif pool.kind == PoolKind.FLOW:
        now_in = Place.objects.filter(pool=pool, starts_at__lte=at, ends_at__gt=at)
        if now_in.update(used=F("used") + amount):
            Pool.objects.filter(pk=pool.pk).update(supply_version=fresh_version())


def change_pool(pool_id: int, changes: Sequence[tuple[datetime, int]]) -> None:
    """Change what is promised on a pool, whatever it was. Raises PoolIsBusy."""
    for _ in range(_TRIES):
        if _change(_locked(pool_id).seen, changes):
            return
    raise PoolIsBusy(pool_id)


def places_changed(pool_id: int) -> None:
    """The places of a pool are not what they were: whoever reserves must look again."""
    Pool.objects.filter(pk=pool_id).update(version=fresh_version(), supply_version=fresh_version())


def _change_team(team_id: int, changes: Sequence[tuple[datetime, int]]) -> None:
    if not any(minutes for _, minutes in changes):
        return
    for _ in range(_TRIES):
        if _change(_pool_of_team(team_id), changes):
            return
    raise PoolIsBusy(team_id)


def _pool_of_team(team_id: int) -> Version:
    seen = _seen_of_team(team_id)
    if seen is None:
        Pool.objects.get_or_create(team_id=team_id, kind=PoolKind.MINUTES.value)
        seen = _seen_of_team(team_id)
        assert seen is not None
    return seen


def _seen_of_team(team_id: int) -> Version | None:
    if not connection.features.has_select_for_update:
        return pool_of_team(team_id)
    found = _lock("id, version", "team_id = %s AND kind = 'minutes'", team_id)
    return Version(*found) if found else None


def _locked(pool_id: int) -> Counted:
    if not connection.features.has_select_for_update:
        return counted(pool_id)
    return counted_of(pool_id, _lock("id, version, kind, spent, supply_version", "id = %s", pool_id))


def _lock(columns: str, which: str, value: int) -> Sequence[Any] | None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM promises_pool WHERE {which} FOR NO KEY UPDATE", [value])  # noqa: S608 - our own words
        found: Sequence[Any] | None = cursor.fetchone()
    return found


def _change(seen: Version, changes: Sequence[tuple[datetime, int]]) -> bool:
    fresh = write_changes(seen, changes)
    if fresh is None:
        return False
    know(seen, now_is=fresh, changes=changes)
    return True


def _minutes(work: timedelta) -> int:
    return round(work.total_seconds() / 60)
