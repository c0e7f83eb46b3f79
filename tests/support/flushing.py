"""Django empties its own tables after a test that commits. The search index is no model: it must be emptied too."""

from typing import Any

# The base modules first: they and `operations` import each other.
from django.db.backends.postgresql.base import DatabaseOperations as PostgreSQL
from django.db.backends.sqlite3.base import DatabaseOperations as SQLite


def flush_the_search_index_too() -> None:
    """Make `flush` cascade on PostgreSQL and name the index on SQLite."""
    postgresql, sqlite = PostgreSQL.sql_flush, SQLite.sql_flush

    def with_cascade(self: Any, style: Any, tables: Any, **options: Any) -> list[str]:
        return postgresql(self, style, tables, **{**options, "allow_cascade": True})

    def with_index(self: Any, style: Any, tables: Any, **options: Any) -> list[str]:
        return [*sqlite(self, style, tables, **options), "DELETE FROM message_search"]

    PostgreSQL.sql_flush = with_cascade  # type: ignore[method-assign]
    SQLite.sql_flush = with_index  # type: ignore[method-assign]
