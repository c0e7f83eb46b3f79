"""Add up the work that is promised by days."""

from collections import defaultdict
from datetime import UTC, date

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def add_up(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """One row for each pool and day."""
    work, days = apps.get_model("promises", "PromisedWork"), apps.get_model("promises", "PromisedDay")
    found: dict[tuple[int, date], int] = defaultdict(int)
    for pool, due_at, amount in work.objects.values_list("pool", "due_at", "amount").iterator():
        found[pool, due_at.astimezone(UTC).date()] += amount
    days.objects.bulk_create(
        [days(pool_id=pool, on=on, amount=amount, version=1) for (pool, on), amount in found.items()], batch_size=500
    )


class Migration(migrations.Migration):
    dependencies = [("promises", "0002_the_ledger")]

    operations = [migrations.RunPython(add_up, migrations.RunPython.noop)]
