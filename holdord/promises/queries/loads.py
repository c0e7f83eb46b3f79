"""What is promised on a pool, known without reading it again and again.

Each process keeps the load of a pool by days. The pool's version says whether anything changed; the days' own versions
say what: only those days are read again, however many promises are open.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from holdord.history.rows import LookUp
from holdord.promises.models import Pool, PromisedDay, PromisedWork
from holdord.promises.rules import Load, load_of, with_work


class Version(NamedTuple):
    """A pool, and the version in which it was seen."""

    pool_id: int
    version: int


def pool_of_team(team_id: int) -> Version | None:
    """The minutes of a team, in their latest version; None for a team that never promised anything."""
    found = _OF_TEAM.row(team_id)
    return Version(*found) if found else None


def version_of(pool_id: int) -> Version:
    """A pool in its latest version. Raises LookupError for a pool that is gone."""
    found = _OF_POOL.row(pool_id)
    if found is None:
        raise LookupError(pool_id)
    return Version(*found)


_OF_TEAM = LookUp(lambda team: Pool.objects.filter(team=team, kind="minutes").values_list("pk", "version"), int)
_OF_POOL = LookUp(lambda pool: Pool.objects.filter(pk=pool).values_list("pk", "version"), int)


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
    versions: dict[date, int] = dict(_as_pair(row) for row in _DAYS.rows(seen.pool_id))
    if known is None:
        return _Known(seen.version, load_of(_rows(seen.pool_id, None, None)), versions)
    changed = sorted(on for on, version in versions.items() if known.versions.get(on) != version)
    gone = known.versions.keys() - versions.keys()
    replaced = {*changed, *gone}
    rows = _rows(seen.pool_id, changed[0], changed[-1]) if changed else []
    fresh = load_of(row for row in rows if row[0].astimezone(UTC).date() in replaced)
    days = sorted((*(day for day in known.load.days if day.on not in replaced), *fresh.days), key=lambda day: day.on)
    return _Known(seen.version, Load(tuple(days), sum(day.total for day in days)), versions)


def _as_pair(row: Sequence[object]) -> tuple[date, int]:
    on, version = row
    assert isinstance(on, date)
    assert isinstance(version, int)
    return on, version


def _rows(pool_id: int, first: date | None, last: date | None) -> list[tuple[datetime, float]]:
    if first is None or last is None:
        found = _WORK.raw(pool_id)
    else:
        begins = datetime.combine(first, time(), UTC)
        found = _WORK_BETWEEN.raw(pool_id, begins, datetime.combine(last, time(), UTC) + timedelta(days=1))
    # SQLite's moments come without their zone, which is UTC. Thousands are read at once: the shortest way pays.
    return [(due_at if due_at.tzinfo else due_at.replace(tzinfo=UTC), amount) for due_at, amount in found]


_WORK = LookUp(lambda pool: PromisedWork.objects.filter(pool=pool).values_list("due_at", "amount"), int)
_WORK_BETWEEN = LookUp(
    lambda pool, begins, ends: PromisedWork.objects.filter(pool=pool, due_at__gte=begins, due_at__lt=ends).values_list(
        "due_at", "amount"
    ),
    int,
    datetime,
    datetime,
)
_DAYS = LookUp(lambda pool: PromisedDay.objects.filter(pool=pool).values_list("on", "version"), int)


def know(seen: Version, *, now_is: int, changes: Sequence[tuple[datetime, int]]) -> None:
    """The pool went from the version that was seen to another by these changes: whoever knew the load before knows it
    after, without reading.
    """
    known = _known.pop(seen.pool_id, None)
    if known is None or known.version != seen.version or not seen.version:
        return
    load, versions = known.load, dict(known.versions)
    for due_at, amount in changes:
        load = with_work(load, due_at, amount)
        versions[due_at.astimezone(UTC).date()] = now_is
    _known[seen.pool_id] = _Known(now_is, load, versions)


def forget_loads() -> None:
    """Forget every load that is known: for a test or a measurement that begins with nothing."""
    _known.clear()
    _pool_of.clear()
