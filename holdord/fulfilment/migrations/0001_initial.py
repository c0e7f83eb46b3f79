import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("conversations", "0009_requests_carried_out"),
        ("people", "0003_api_tokens"),
        ("promises", "0004_indexes_of_the_board"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Deed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("direction", models.CharField(choices=[("do", "do"), ("undo", "undo")], max_length=4)),
                (
                    "way",
                    models.CharField(
                        choices=[("webhook", "webhook"), ("task", "task"), ("here", "here")], max_length=8
                    ),
                ),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("by_hand", "by_hand"),
                            ("done", "done"),
                            ("refused", "refused"),
                            ("dropped", "dropped"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("begun_at", models.DateTimeField()),
                ("next_at", models.DateTimeField()),
                ("tries", models.PositiveIntegerField(default=0)),
                ("may_have_arrived", models.BooleanField(default=False)),
                ("is_pending", models.BooleanField(default=False)),
                ("fault", models.CharField(blank=True, max_length=24)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("effective_at", models.DateTimeField(blank=True, null=True)),
                ("undo_until", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("instead", models.CharField(blank=True, max_length=300)),
                ("reference", models.CharField(blank=True, max_length=120)),
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
                    "promise",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="deeds",
                        to="promises.promise",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="deeds", to="conversations.request"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("state", "waiting")), fields=["next_at"], name="deed_waiting")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("request", "direction"), name="deed_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "by_hand", "done", "refused", "dropped"])),
                        name="deed_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("settled_at__isnull", True), ("state__in", ("waiting", "by_hand"))),
                            models.Q(
                                models.Q(("state__in", ("waiting", "by_hand")), _negated=True),
                                ("settled_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="deed_settled_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "refused"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="deed_refused_with_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Executor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
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
                (
                    "way",
                    models.CharField(
                        choices=[("webhook", "webhook"), ("task", "task"), ("here", "here")], max_length=8
                    ),
                ),
                ("url", models.CharField(blank=True, max_length=500)),
                ("about", models.CharField(blank=True, max_length=80)),
                ("undo_hours", models.PositiveIntegerField(default=0)),
                ("within_hours", models.PositiveIntegerField(default=8)),
                ("epoch", models.PositiveIntegerField(default=0)),
                (
                    "inbox",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="executors", to="people.inbox"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("inbox", "kind"), name="executor_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("way", "webhook"), _negated=True),
                            models.Q(("url", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="executor_webhook_has_an_address",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("way__in", ["webhook", "task", "here"])), name="executor_way_known"
                    ),
                ],
            },
        ),
    ]
