import django.db.models.deletion
from django.db import migrations, models

# Each begins like another index of its table, and was written with every row. Dropped by name: Django would copy the
# whole table for it on SQLite.
_DROPPED = [
    ("channels_delivery_message_id_60a11a5e", "channels_delivery", "message_id"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("channels", "0005_chat_visitors_signed"),
        ("conversations", "0015_cancelled_lately"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(f'DROP INDEX IF EXISTS "{name}"', f'CREATE INDEX "{name}" ON "{table}" ("{column}")')
                for name, table, column in _DROPPED
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="delivery",
                    name="message",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="conversations.message",
                    ),
                ),
            ],
        ),
    ]
