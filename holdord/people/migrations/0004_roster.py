"""The version of everything that says when somebody works, kept by the database itself: hours and calendars are asked
with every promise, and change once a week.
"""

import secrets
from typing import Any

from django.db import migrations, models

# By table, the columns that matter when a row is updated; none means all.
_TABLES = {
    "people_inbox": ("team_id", "time_zone", "country", "subdivision", "language"),
    "people_openinghours": (),
    "people_closingday": (),
    "people_membership": (),
    "people_agent": ("is_active", "speaks", "time_zone"),
    "people_agenthours": (),
    "people_absence": (),
}

_SQLITE = (
    "CREATE TRIGGER roster_{kind}_{table} AFTER {when} ON {table} BEGIN "
    "DELETE FROM people_roster; INSERT INTO people_roster (id, version) VALUES (1, random()); END"
)
_FUNCTION = """
CREATE FUNCTION people_roster_changes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO people_roster (id, version) VALUES (1, (random() * 9007199254740991)::bigint)
  ON CONFLICT (id) DO UPDATE SET version = excluded.version;
  RETURN NULL;
END $$"""
_POSTGRESQL = (
    "CREATE TRIGGER roster_{kind}_{table} AFTER {when} ON {table} FOR EACH STATEMENT "
    "EXECUTE FUNCTION people_roster_changes()"
)


def forwards(apps: Any, schema_editor: Any) -> None:
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    if not is_sqlite:
        schema_editor.execute(_FUNCTION)
    for table, columns in _TABLES.items():
        for kind in ("insert", "update", "delete", *(() if is_sqlite else ("truncate",))):
            when = f"UPDATE OF {', '.join(columns)}" if kind == "update" and columns else kind.upper()
            schema_editor.execute((_SQLITE if is_sqlite else _POSTGRESQL).format(kind=kind, table=table, when=when))
    apps.get_model("people", "Roster").objects.create(pk=1, version=secrets.randbits(53))


def backwards(apps: Any, schema_editor: Any) -> None:
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    for table in _TABLES:
        for kind in ("insert", "update", "delete", *(() if is_sqlite else ("truncate",))):
            schema_editor.execute(f"DROP TRIGGER roster_{kind}_{table}" + ("" if is_sqlite else f" ON {table}"))
    if not is_sqlite:
        schema_editor.execute("DROP FUNCTION people_roster_changes")


class Migration(migrations.Migration):
    dependencies = [("people", "0003_api_tokens")]

    operations = [
        migrations.CreateModel(
            name="Roster",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.BigIntegerField()),
            ],
        ),
        migrations.RunPython(forwards, backwards),
    ]
