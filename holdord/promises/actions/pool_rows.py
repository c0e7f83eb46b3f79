"""The rows of a pool as they change: its version, what is due at each time, and the sum of each day.

Every promise that is given, moved or settled passes here, so the statements are written out (docs/decisions/0001), and
where a database can do all three in one statement (PostgreSQL) it is asked once.
"""

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from holdord.history.pipelining import pipeline_of
from holdord.history.rows import cursor_of, moment_for_driver
from holdord.promises.queries.loads import Version


def fresh_version() -> int:
    """A version that no other state of a pool has: random, not a counter, since after a rollback another could get the
    same number.
    """
    return secrets.randbits(62) | 1


def write_changes(seen: Version, changes: Sequence[tuple[datetime, int]]) -> int | None:
    """Change what is due at these times by these amounts, if the pool still has the version that was seen: its new
    version, or None.
    """
    fresh = fresh_version()
    database = connections[DEFAULT_DB_ALIAS]  # each word to `connection` looks it up again
    cursor = cursor_of(database)

    def write(statement: str, *values: Any) -> bool:
        cursor.execute(statement, values)
        return bool(cursor.rowcount > 0)

    if len(changes) == 1 and changes[0][1] > 0 and database.vendor == "postgresql":
        values = _for_one_statement(database, seen, changes[0], fresh)
        pipeline = pipeline_of(database)
        if pipeline is not None:
            pipeline.send(_ADD_OR_FAIL, values)
            return fresh
        return fresh if write(_ADD_AT_ONCE, *values) else None
    if not write(_NEW_VERSION, fresh, seen.pool_id, seen.version):
        return None
    for due_at, amount in changes:
        moment, on = _moment_and_day(database, due_at)
        if amount > 0:
            write(_ADD_WORK, seen.pool_id, moment, amount)
            write(_ADD_DAY, seen.pool_id, on, amount, fresh)
        elif amount < 0:
            write(_END_WORK, seen.pool_id, moment, -amount) or write(_TAKE_WORK, -amount, seen.pool_id, moment)
            write(_END_DAY, seen.pool_id, on, -amount) or write(_TAKE_DAY, -amount, fresh, seen.pool_id, on)
    return fresh


_NEW_VERSION = "UPDATE promises_pool SET version = %s WHERE id = %s AND version = %s"
_ADD_WORK = (
    "INSERT INTO promises_promisedwork (pool_id, due_at, amount) VALUES (%s, %s, %s) "
    "ON CONFLICT (pool_id, due_at) DO UPDATE SET amount = promises_promisedwork.amount + excluded.amount"
)
_ADD_DAY = (
    'INSERT INTO promises_promisedday (pool_id, "on", amount, version) VALUES (%s, %s, %s, %s) '
    'ON CONFLICT (pool_id, "on") DO UPDATE SET amount = promises_promisedday.amount + excluded.amount, '
    "version = excluded.version"
)
_END_WORK = "DELETE FROM promises_promisedwork WHERE pool_id = %s AND due_at = %s AND amount <= %s"
_TAKE_WORK = "UPDATE promises_promisedwork SET amount = amount - %s WHERE pool_id = %s AND due_at = %s"
_END_DAY = 'DELETE FROM promises_promisedday WHERE pool_id = %s AND "on" = %s AND amount <= %s'
_TAKE_DAY = 'UPDATE promises_promisedday SET amount = amount - %s, version = %s WHERE pool_id = %s AND "on" = %s'
_ADDED = (
    f"WITH pool AS ({_NEW_VERSION} RETURNING id), "  # noqa: S608 - the statements above
    "work AS (INSERT INTO promises_promisedwork (pool_id, due_at, amount) SELECT id, %s, %s FROM pool "
    "ON CONFLICT (pool_id, due_at) DO UPDATE SET amount = promises_promisedwork.amount + excluded.amount), "
    'day AS (INSERT INTO promises_promisedday (pool_id, "on", amount, version) SELECT id, %s, %s, %s FROM pool '
    'ON CONFLICT (pool_id, "on") DO UPDATE SET amount = promises_promisedday.amount + excluded.amount, '
    "version = excluded.version) "
)
_ADD_AT_ONCE = _ADDED + "SELECT id FROM pool"  # noqa: S608 - as above
# Sent ahead, nobody sees whether it found its pool: then it fails, and all is done again.
_ADD_OR_FAIL = _ADDED + "SELECT 1 / count(*) FROM pool"  # noqa: S608 - as above


def row_by_row(statement: str, values: Sequence[Any]) -> list[tuple[str, Sequence[Any]]]:
    """A statement as those that write one row each: for whoever measures against them."""
    if statement not in (_ADD_AT_ONCE, _ADD_OR_FAIL):
        return [(statement, values)]
    fresh, pool_id, seen, moment, amount, on, *_ = values
    return [
        (_NEW_VERSION, (fresh, pool_id, seen)),
        (_ADD_WORK, (pool_id, moment, amount)),
        (_ADD_DAY, (pool_id, on, amount, fresh)),
    ]


def _for_one_statement(database: Any, seen: Version, change: tuple[datetime, int], fresh: int) -> Sequence[Any]:
    due_at, amount = change
    moment, on = _moment_and_day(database, due_at)
    return fresh, seen.pool_id, seen.version, moment, amount, on, amount, fresh


def _moment_and_day(database: Any, due_at: datetime) -> tuple[Any, Any]:
    on = database.ops.adapt_datefield_value(due_at.astimezone(UTC).date())
    return moment_for_driver(due_at, database.vendor), on
