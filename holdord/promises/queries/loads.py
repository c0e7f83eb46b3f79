"""What is promised on a pool, known without reading it again and again.

Each process keeps the load of a pool by days. The pool's version says whether anything changed; the days' own versions
say what. Of a day that changed only its sum is read, until a question cannot be answered by sums: then its due times
are. So the first question of a process costs a row for each day, however many promises are open.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import NamedTuple

from django.db import DEFAULT_DB_ALIAS, connection, connections

from holdord.history.rows import LookUp, cursor_of
from holdord.promises.models import Pool, PromisedDay, PromisedWork
from holdord.promises.rules import Day, Load, load_by_days, with_work_written


class Version(NamedTuple):
    """A pool, and the version in which it was seen; for the minutes of a team, whose."""

    pool_id: int
    version: int
    team_id: int | None = None


def pool_of_team(team_id: int) -> Version | None:
    """The minutes of a team, in their latest version; None for a team that never promised anything."""
    found = _OF_TEAM.row(team_id)
    if not found:
        return None
    pool_id, version = found
    seen = _last_seen[team_id] = Version(pool_id, version, team_id)
    return seen


_OF_TEAM = LookUp(lambda team: Pool.objects.filter(team=team, kind="minutes").values_list("pk", "version"), int)


def load_lately(team_id: int) -> Load:
    """What a team had promised when this process last looked: for estimates, without asking the database again."""
    known = _known.get(_pool_of.get(team_id, 0))
    if known is not None:
        return known.load
    seen = pool_of_team(team_id)
    if seen is None:
        return Load()
    _pool_of[team_id] = seen.pool_id
    return load_of_pool(seen)


def last_seen(team_id: int) -> Version | None:
    """The minutes of a team as this process saw or left them last, whatever became of them since; None if it never did.
    No two states of pools have the same version, so a change of one that is no more changes nothing.
    """
    return _last_seen.get(team_id)


_last_seen: dict[int, Version] = {}
_pool_of: dict[int, int] = {}


@dataclass(frozen=True, slots=True)
class _Known:
    version: int
    load: Load
    versions: dict[date, int]


_known: dict[int, _Known] = {}


def load_of_pool(seen: Version) -> Load:
    """What is promised on a pool in the version that was seen; kept in memory while the version stays."""
    known = _known.get(seen.pool_id)
    if known is None or known.version != seen.version or not seen.version:
        known = _known[seen.pool_id] = _read(seen, known)
    return known.load


def _read(seen: Version, known: _Known | None) -> _Known:
    before = {day.on: day for day in known.load.days} if known else {}
    versions: dict[date, int] = {}
    days = []
    for on, amount, version in _DAYS.rows(seen.pool_id):
        is_the_same = known is not None and known.versions.get(on) == version and on in before
        versions[on] = version
        days.append(before[on] if is_the_same else Day(on, amount))
    return _Known(seen.version, load_by_days(days, partial(_look_into, seen.pool_id)), versions)


def _look_into(pool_id: int, days: Sequence[date]) -> list[tuple[datetime, float]]:
    wanted = set(days)
    begins, ends = (datetime.combine(on, time(), UTC) for on in (min(days), max(days) + timedelta(days=1)))
    # Hundreds are read at once: the shortest way pays.
    if connection.vendor == "postgresql":
        cursor = cursor_of(connections[DEFAULT_DB_ALIAS])
        cursor.execute(_WORK_IN_MICROSECONDS, [pool_id, begins, ends])
        rows = [(_EPOCH + timedelta(microseconds=since), amount) for since, amount in cursor.fetchall()]
    else:  # SQLite's moments come without their zone, which is UTC
        found = _WORK_BETWEEN.raw(pool_id, begins, ends)
        rows = [(due_at.replace(tzinfo=UTC), amount) for due_at, amount in found]
    return [row for row in rows if row[0].date() in wanted]


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WORK_IN_MICROSECONDS = (
    "SELECT (extract(epoch FROM due_at) * 1000000)::bigint, amount FROM promises_promisedwork "
    "WHERE pool_id = %s AND due_at >= %s AND due_at < %s"
)


_DAYS = LookUp(lambda pool: PromisedDay.objects.filter(pool=pool).values_list("on", "amount", "version"), int)
_WORK_BETWEEN = LookUp(
    lambda pool, begins, ends: PromisedWork.objects.filter(pool=pool, due_at__gte=begins, due_at__lt=ends).values_list(
        "due_at", "amount"
    ),
    int,
    datetime,
    datetime,
)


def know(seen: Version, *, now_is: int, changes: Sequence[tuple[datetime, int]]) -> None:
    """The pool went from the version that was seen to another by these changes: whoever knew the load before knows it
    after, without reading.
    """
    if seen.team_id is not None:
        _last_seen[seen.team_id] = seen._replace(version=now_is)
    known = _known.pop(seen.pool_id, None)
    if known is None or known.version != seen.version or not seen.version:
        return
    load, versions = known.load, dict(known.versions)
    for due_at, amount in changes:
        load = with_work_written(load, due_at, amount)
        versions[due_at.astimezone(UTC).date()] = now_is
    _known[seen.pool_id] = _Known(now_is, load, versions)


def forget_loads() -> None:
    """Forget every load that is known: for a test or a measurement that begins with nothing."""
    _known.clear()
    _pool_of.clear()
    _last_seen.clear()
