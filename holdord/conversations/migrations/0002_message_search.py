"""The full-text index: FTS5 without a copy of the text on SQLite, a tsvector column on PostgreSQL."""

from typing import Any

from django.db import migrations

# The statistics target keeps the planner from scanning everything for a rare word.
_POSTGRESQL = """
CREATE TABLE message_search (
    message_id bigint PRIMARY KEY REFERENCES conversations_message (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    words tsvector NOT NULL
);
ALTER TABLE message_search ALTER COLUMN words SET STATISTICS 10000;
CREATE INDEX message_search_words ON message_search USING gin (words) WITH (fastupdate = off);
"""
_SQLITE = (
    "CREATE VIRTUAL TABLE message_search USING fts5 "
    "(words, content='', contentless_delete=1, detail=none, tokenize='unicode61 remove_diacritics 0')"
)


def forwards(apps: Any, schema_editor: Any) -> None:
    schema_editor.execute(_SQLITE if schema_editor.connection.vendor == "sqlite" else _POSTGRESQL)


def backwards(apps: Any, schema_editor: Any) -> None:
    schema_editor.execute("DROP TABLE message_search")


class Migration(migrations.Migration):
    dependencies = [("conversations", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
