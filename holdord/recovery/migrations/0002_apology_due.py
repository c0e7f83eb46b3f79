"""Give every recovery a time by which the apology is due, and what it had cost the customer."""

from datetime import timedelta

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F, Q


def due_a_day_later(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Those that are open since before had none."""
    apps.get_model("recovery", "Recovery").objects.update(apology_due_at=F("opened_at") + timedelta(days=1))


class Migration(migrations.Migration):
    dependencies = [("recovery", "0001_initial")]

    operations = [
        migrations.AddField("recovery", "contacts", models.PositiveIntegerField(default=0)),
        migrations.AddField("recovery", "days", models.PositiveIntegerField(default=0)),
        migrations.AddField("recovery", "apology_due_at", models.DateTimeField(null=True)),
        migrations.RunPython(due_a_day_later, migrations.RunPython.noop),
        migrations.AlterField("recovery", "apology_due_at", models.DateTimeField()),
        migrations.AddConstraint(
            "recovery",
            models.CheckConstraint(name="recovery_apology_after_it", condition=Q(apology_due_at__gt=F("opened_at"))),
        ),
    ]
