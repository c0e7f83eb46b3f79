import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conversations", "0003_search_by_beginnings"),
        ("people", "0003_api_tokens"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Heard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("cancel_request", "cancel_request"),
                            ("refund_request", "refund_request"),
                            ("complaint", "complaint"),
                            ("repeat_contact", "repeat_contact"),
                            ("question", "question"),
                            ("callback_request", "callback_request"),
                            ("customer_deadline", "customer_deadline"),
                            ("gdpr_request", "gdpr_request"),
                            ("escalation_threat", "escalation_threat"),
                            ("gratitude", "gratitude"),
                            ("promise", "promise"),
                            ("apology", "apology"),
                            ("blame_shift", "blame_shift"),
                            ("process_speak", "process_speak"),
                            ("insult", "insult"),
                            ("refusal_no_reason", "refusal_no_reason"),
                            ("retention_push", "retention_push"),
                        ],
                        max_length=24,
                    ),
                ),
                ("start", models.PositiveIntegerField()),
                ("end", models.PositiveIntegerField()),
                ("rule", models.CharField(blank=True, max_length=120)),
                ("confidence", models.FloatField()),
                ("is_right", models.BooleanField(blank=True, null=True)),
                ("judged_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Request",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("cancel", "Cancel"),
                            ("refund", "Refund"),
                            ("call_back", "Call Back"),
                            ("personal_data", "Personal Data"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("confirmed", "Confirmed"),
                            ("dismissed", "Dismissed"),
                            ("withdrawn", "Withdrawn"),
                            ("done", "Done"),
                        ],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                ("said", models.PositiveSmallIntegerField(default=1)),
                ("first_said_at", models.DateTimeField()),
                ("last_said_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="SentAnyway",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slips", models.JSONField(default=list)),
                ("reason", models.CharField(max_length=300)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="message",
            name="heard_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        # What came before the desk could listen is not listened to afterwards: it was dealt with by people.
        migrations.RunSQL("UPDATE conversations_message SET heard_at = at", migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(condition=models.Q(("heard_at__isnull", True)), fields=["id"], name="message_unheard"),
        ),
        migrations.AddField(
            model_name="heard",
            name="conversation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="heard", to="conversations.conversation"
            ),
        ),
        migrations.AddField(
            model_name="heard",
            name="judged_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="heard",
            name="message",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="heard", to="conversations.message"
            ),
        ),
        migrations.AddField(
            model_name="request",
            name="conversation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="requests", to="conversations.conversation"
            ),
        ),
        migrations.AddField(
            model_name="request",
            name="first_heard",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="conversations.heard",
            ),
        ),
        migrations.AddField(
            model_name="request",
            name="last_heard",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="conversations.heard",
            ),
        ),
        migrations.AddField(
            model_name="request",
            name="settled_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="sentanyway",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="sentanyway",
            name="message",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="sent_anyway", to="conversations.message"
            ),
        ),
        migrations.AddIndex(
            model_name="heard",
            index=models.Index(fields=["conversation", "act"], name="heard_in_conversation"),
        ),
        migrations.AddConstraint(
            model_name="heard",
            constraint=models.CheckConstraint(
                condition=models.Q(("end__gte", models.F("start"))), name="heard_somewhere"
            ),
        ),
        migrations.AddConstraint(
            model_name="heard",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("is_right__isnull", True), ("judged_at__isnull", True)),
                    models.Q(("is_right__isnull", False), ("judged_at__isnull", False)),
                    _connector="OR",
                ),
                name="heard_judged_by_someone",
            ),
        ),
        migrations.AddConstraint(
            model_name="request",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["cancel", "refund", "call_back", "personal_data"])),
                name="request_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="request",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["proposed", "confirmed", "dismissed", "withdrawn", "done"])),
                name="request_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="request",
            constraint=models.CheckConstraint(condition=models.Q(("said__gte", 1)), name="request_was_said"),
        ),
        migrations.AddConstraint(
            model_name="request",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["proposed", "confirmed"])),
                fields=("conversation", "kind"),
                name="request_one_running",
            ),
        ),
        migrations.AddIndex(
            model_name="sentanyway",
            index=models.Index(fields=["-at"], name="sent_anyway_lately"),
        ),
        migrations.AddConstraint(
            model_name="sentanyway",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="sent_anyway_has_a_reason"
            ),
        ),
    ]
