import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conversations", "0009_requests_carried_out"),
        ("fulfilment", "0001_initial"),
        ("people", "0004_roster"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Code",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "for_kind",
                    models.CharField(
                        choices=[
                            ("cancel", "Cancel"),
                            ("block", "Block"),
                            ("unblock", "Unblock"),
                            ("refund", "Refund"),
                            ("replace", "Replace"),
                            ("stop_contacting", "Stop Contacting"),
                            ("export", "Export"),
                            ("erase", "Erase"),
                            ("call_back", "Call Back"),
                            ("personal_data", "Personal Data"),
                        ],
                        max_length=16,
                    ),
                ),
                ("seed", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("made_at", models.DateTimeField()),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                (
                    "conversation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="codes",
                        to="conversations.conversation",
                    ),
                ),
                (
                    "identity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.identity"
                    ),
                ),
                (
                    "message",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="code",
                        to="conversations.message",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Proof",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "for_kind",
                    models.CharField(
                        choices=[
                            ("cancel", "Cancel"),
                            ("block", "Block"),
                            ("unblock", "Unblock"),
                            ("refund", "Refund"),
                            ("replace", "Replace"),
                            ("stop_contacting", "Stop Contacting"),
                            ("export", "Export"),
                            ("erase", "Erase"),
                            ("call_back", "Call Back"),
                            ("personal_data", "Personal Data"),
                        ],
                        max_length=16,
                    ),
                ),
                ("kind", models.CharField(choices=[("code", "code"), ("fact", "fact")], max_length=4)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "code",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="fulfilment.code",
                    ),
                ),
                (
                    "conversation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proofs",
                        to="conversations.conversation",
                    ),
                ),
                (
                    "fact",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="conversations.fact",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="code",
            index=models.Index(fields=["conversation", "for_kind", "-made_at"], name="code_latest"),
        ),
        migrations.AddIndex(
            model_name="proof",
            index=models.Index(fields=["conversation", "for_kind", "-at"], name="proof_latest"),
        ),
        migrations.AddConstraint(
            model_name="proof",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("kind", "code"), _negated=True), ("code__isnull", False), _connector="OR"),
                name="proof_by_code_has_it",
            ),
        ),
    ]
