"""Writing without waiting for each answer: PostgreSQL's pipeline mode (libpq, chapter "Pipeline Mode").

The answers to most rows that a mail writes decide nothing, and waiting for them took longer than making the rows.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models


class Pipeline:
    """What is sent ahead on a connection, and the keys of rows that are written so."""

    def __init__(self, database: Any, rows: int) -> None:
        self._database, self._rows = database, rows
        self._keys: dict[type[models.Model], Iterator[int]] = {}
        self._cursor = database.cursor()
        self._waits = True
        self._pipeline: Any = None

    def send(self, statement: str, values: Sequence[Any]) -> None:
        """Send a statement whose answer nobody needs. If it fails, what is asked next raises its error."""
        self._waits = False
        try:
            self._cursor.execute(statement, values)
        finally:
            self._waits = True

    def key(self, model: type[models.Model]) -> int:
        """The key of a new row. They are taken together, for a key is an answer too."""
        if not self._keys:
            self._take_keys({model, *_last_written})
        found = next(self._keys.get(model, iter(())), None)
        if found is None:
            self._take_keys({model})
            found = next(self._keys[model])
        _last_written.add(model)
        return found

    def _take_keys(self, kinds: set[type[models.Model]]) -> None:
        asked = list(kinds)
        sequences = ", ".join(f"nextval('{_sequence_of(model)}')" for model in asked)
        with self._database.cursor() as cursor:
            cursor.execute(f"SELECT {sequences} FROM generate_series(1, %s)", [self._rows])  # noqa: S608 - our own names
            taken = cursor.fetchall()
        self._keys.update({model: iter(keys) for model, keys in zip(asked, zip(*taken, strict=True), strict=True)})

    @contextmanager
    def running(self) -> Iterator[None]:
        """Send ahead inside; at the end wait for everything."""
        with (
            self._database.wrap_database_errors,
            self._database.connection.pipeline() as self._pipeline,
            self._database.execute_wrapper(self._asked),
        ):
            yield

    def _asked(
        self, execute: Callable[..., Any], statement: str, values: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        # Django looks at the number of rows of what it sent, so its statements wait for their answers as ever.
        found = execute(statement, values, many, context)
        if self._waits:
            self._pipeline.sync()
        return found


_last_written: set[type[models.Model]] = set()
"""Whatever was written so before will be again: its keys are asked for in one statement."""


@lru_cache(maxsize=64)
def _sequence_of(model: type[models.Model]) -> str:
    options = model._meta
    assert options.pk is not None
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [options.db_table, options.pk.column])
        return str(cursor.fetchone()[0])


@contextmanager
def pipelined(rows: int) -> Iterator[None]:
    """Send new rows and history ahead, where the database can; some `rows` of each model are expected.

    In a transaction. The error of a row may be raised by a later statement, or at the end, and `create_unless_there`
    raises one too: whoever uses this rolls the transaction back, and does it again without, to know whose it was. Who
    catches an error inside a savepoint and goes on meets another at the end ("pipeline aborted"), and `.iterator()` is
    refused. On SQLite, which answers at once, nothing changes.
    """
    database: Any = connections[DEFAULT_DB_ALIAS]
    if database.vendor != "postgresql" or pipeline_of(database) is not None:
        yield
        return
    database._pipeline = Pipeline(database, rows)
    try:
        with database._pipeline.running():
            yield
    finally:
        database._pipeline = None


def pipeline_of(database: Any) -> Pipeline | None:
    """The pipeline that a connection sends ahead by just now."""
    found: Pipeline | None = database.__dict__.get("_pipeline")
    return found
