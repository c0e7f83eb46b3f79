import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Each begins like another index of its table, and was written with every row. Dropped by name: Django would copy the
# whole table for it on SQLite.
_DROPPED = [
    ("promises_place_pool_id_9ceb073f", "promises_place", "pool_id"),
    ("promises_promisedday_pool_id_606da729", "promises_promisedday", "pool_id"),
    ("promises_promisedwork_pool_id_26b630a0", "promises_promisedwork", "pool_id"),
    ("promises_reservation_promise_id_351f41e7", "promises_reservation", "promise_id"),
    ("promises_riskwarning_agent_id_2a0a3a8f", "promises_riskwarning", "agent_id"),
    ("promises_riskwarning_promise_id_82672436", "promises_riskwarning", "promise_id"),
    ("promises_totell_telling_id_4dc87434", "promises_totell", "telling_id"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("promises", "0007_promised_by_programs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(f'DROP INDEX IF EXISTS "{name}"', f'CREATE INDEX "{name}" ON "{table}" ("{column}")')
                for name, table, column in _DROPPED
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="place",
                    name="pool",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="slots",
                        to="promises.pool",
                    ),
                ),
                migrations.AlterField(
                    model_name="promisedday",
                    name="pool",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="days",
                        to="promises.pool",
                    ),
                ),
                migrations.AlterField(
                    model_name="promisedwork",
                    name="pool",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="work",
                        to="promises.pool",
                    ),
                ),
                migrations.AlterField(
                    model_name="reservation",
                    name="promise",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reservations",
                        to="promises.promise",
                    ),
                ),
                migrations.AlterField(
                    model_name="riskwarning",
                    name="agent",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="warnings",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AlterField(
                    model_name="riskwarning",
                    name="promise",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="warnings",
                        to="promises.promise",
                    ),
                ),
                migrations.AlterField(
                    model_name="totell",
                    name="telling",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="customers",
                        to="promises.telling",
                    ),
                ),
            ],
        ),
    ]
