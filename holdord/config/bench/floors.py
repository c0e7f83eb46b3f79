"""What the bare driver needs for the same work: statements are recorded as they pass, and played without Django."""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

_WRITING = {"INSERT", "UPDATE", "DELETE", "WITH P"}
"""How a statement that writes begins; the last one is that of `promises.actions.pool_rows`."""


@dataclass
class Recorded:
    """The statements that passed, in order, with their values."""

    statements: list[tuple[str, Any]] = field(default_factory=list)

    @property
    def writes(self) -> list[tuple[str, Any]]:
        """Those that change something."""
        return [row for row in self.statements if row[0].lstrip()[:6].upper() in _WRITING]

    @property
    def reads(self) -> list[tuple[str, Any]]:
        """Those that only look."""
        return [row for row in self.statements if row[0].lstrip()[:6].upper() == "SELECT"]


@contextmanager
def recording() -> Iterator[Recorded]:
    """Record every statement of this thread's connection."""
    recorded = Recorded()

    def keep(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        recorded.statements += [(sql, row) for row in params] if many else [(sql, params)]
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        yield recorded


class Bare:
    """A connection by the driver alone, to this database or to a copy of it."""

    def __init__(self, copy: str | Path | None = None) -> None:
        self._sqlite = connection.vendor == "sqlite"
        if self._sqlite:
            import sqlite3  # noqa: PLC0415 - the build that holdord put in its place

            self._connection: Any = sqlite3.connect(copy or settings.DATABASES["default"]["NAME"], isolation_level=None)
            self._connection.executescript(settings.DATABASES["default"]["OPTIONS"]["init_command"])
            # Keys are checked, as PostgreSQL and every connection of the desk do: a row without that is another row.
            self._connection.execute("PRAGMA foreign_keys = ON")
        else:
            import psycopg  # noqa: PLC0415 - only with PostgreSQL

            options = connection.get_connection_params()
            for name in ("cursor_factory", "context", "prepare_threshold"):
                options.pop(name, None)
            self._connection = psycopg.connect(**{**options, **({"dbname": copy} if copy else {})}, autocommit=True)

    def play(self, statements: list[tuple[str, Any]], *, commit_every: int = 0, each_changes: bool = False) -> float:
        """Run the statements and fetch what they give; the seconds it took. With `commit_every`, in transactions. With
        `each_changes` a statement that finds no row is an error, so that a floor is not too low.
        """
        prepared = [(self._own(sql), params) for sql, params in statements]
        cursor = self._connection.cursor()
        begun = time.perf_counter()
        for number, (sql, params) in enumerate(prepared):
            if commit_every and number % commit_every == 0:
                cursor.execute("COMMIT") if number else None
                cursor.execute("BEGIN IMMEDIATE" if self._sqlite else "BEGIN")
            cursor.execute(sql, params or ())
            if self._sqlite or cursor.description:
                cursor.fetchall()
            assert not each_changes or cursor.rowcount, f"changed nothing: {sql}"
        if commit_every:
            cursor.execute("COMMIT")
        return time.perf_counter() - begun

    def close(self) -> None:
        """Let the connection go."""
        self._connection.close()

    def _own(self, sql: str) -> str:
        return sql.replace("%s", "?").replace("%%", "%") if self._sqlite else sql


def copy_of_the_database() -> str | Path:
    """An identical database to write floors into; drop it with `drop_copy`."""
    name = settings.DATABASES["default"]["NAME"]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return Path(shutil.copy(name, f"{name}.floor"))
    copy = f"{name}_floor"
    _forget_connections()
    with _maintenance() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{copy}"')
        cursor.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{name}"')
    return copy


def drop_copy(copy: str | Path) -> None:
    """Remove a copy."""
    if isinstance(copy, Path):
        for suffix in ("", "-wal", "-shm"):
            Path(f"{copy}{suffix}").unlink(missing_ok=True)
        return
    with _maintenance() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{copy}"')


def _forget_connections() -> None:
    connection.close()
    close_pool = getattr(connection, "close_pool", None)
    if close_pool:
        close_pool()


@contextmanager
def _maintenance() -> Iterator[Any]:
    import psycopg  # noqa: PLC0415 - only with PostgreSQL

    options = {key: value for key, value in connection.get_connection_params().items() if key in _ADDRESS}
    with psycopg.connect(**{**options, "dbname": "postgres"}, autocommit=True) as server, server.cursor() as cursor:
        yield cursor


_ADDRESS = {"host", "port", "user", "password"}
