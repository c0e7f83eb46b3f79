import django.db.models.deletion
from django.db import migrations, models

# Each begins like another index of its table, and was written with every row. Dropped by name: Django would copy the
# whole table for it on SQLite.
_DROPPED = [
    ("orders_order_inbox_id_218bf4a6", "orders_order", "inbox_id"),
    ("orders_orderevent_order_id_b26297f3", "orders_orderevent", "order_id"),
    ("orders_uploadline_upload_id_be51f96b", "orders_uploadline", "upload_id"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0002_uploads"),
        ("people", "0005_pictures_as_they_were_sent"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(f'DROP INDEX IF EXISTS "{name}"', f'CREATE INDEX "{name}" ON "{table}" ("{column}")')
                for name, table, column in _DROPPED
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="order",
                    name="inbox",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
                        to="people.inbox",
                    ),
                ),
                migrations.AlterField(
                    model_name="orderevent",
                    name="order",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="orders.order",
                    ),
                ),
                migrations.AlterField(
                    model_name="uploadline",
                    name="upload",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="results",
                        to="orders.upload",
                    ),
                ),
            ],
        ),
    ]
