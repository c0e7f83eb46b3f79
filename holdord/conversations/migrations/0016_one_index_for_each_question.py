import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Each begins like another index of its table, and was written with every row. Dropped by name: Django would copy the
# whole table for it on SQLite.
_DROPPED = [
    ("conversations_alike_conversation_id_ba601a4b", "conversations_alike", "conversation_id"),
    ("conversations_conversation_customer_id_afb78c4a", "conversations_conversation", "customer_id"),
    ("conversations_conversation_inbox_id_c97f6da0", "conversations_conversation", "inbox_id"),
    ("conversations_conversation_owner_id_67c5670c", "conversations_conversation", "owner_id"),
    ("conversations_conversation_team_id_c9f144f2", "conversations_conversation", "team_id"),
    ("conversations_heard_conversation_id_cd7c7ad9", "conversations_heard", "conversation_id"),
    ("conversations_meaning_inbox_id_1cc4703f", "conversations_meaning", "inbox_id"),
    ("conversations_message_conversation_id_f1a2d5e9", "conversations_message", "conversation_id"),
    ("conversations_participant_conversation_id_69e50799", "conversations_participant", "conversation_id"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("conversations", "0015_cancelled_lately"),
        ("people", "0005_pictures_as_they_were_sent"),
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
                    model_name="alike",
                    name="conversation",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="alike",
                        to="conversations.conversation",
                    ),
                ),
                migrations.AlterField(
                    model_name="conversation",
                    name="customer",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conversations",
                        to="people.customer",
                    ),
                ),
                migrations.AlterField(
                    model_name="conversation",
                    name="inbox",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conversations",
                        to="people.inbox",
                    ),
                ),
                migrations.AlterField(
                    model_name="conversation",
                    name="owner",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conversations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AlterField(
                    model_name="conversation",
                    name="team",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conversations",
                        to="people.team",
                    ),
                ),
                migrations.AlterField(
                    model_name="heard",
                    name="conversation",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="heard",
                        to="conversations.conversation",
                    ),
                ),
                migrations.AlterField(
                    model_name="meaning",
                    name="inbox",
                    field=models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.inbox"
                    ),
                ),
                migrations.AlterField(
                    model_name="message",
                    name="conversation",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="conversations.conversation",
                    ),
                ),
                migrations.AlterField(
                    model_name="participant",
                    name="conversation",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="participants",
                        to="conversations.conversation",
                    ),
                ),
            ],
        ),
    ]
