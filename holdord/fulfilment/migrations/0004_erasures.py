import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conversations", "0013_nobody_sees_what_is_erased"),
        ("fulfilment", "0003_no_contact"),
        ("people", "0004_roster"),
    ]

    operations = [
        migrations.CreateModel(
            name="Erasure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asked_at", models.DateTimeField()),
                ("destroy_at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                ("destroyed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="erasures", to="people.customer"
                    ),
                ),
                (
                    "identity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.identity"
                    ),
                ),
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="erasure", to="conversations.request"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="HiddenCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("status", models.CharField(max_length=10)),
                ("owed_answer", models.BooleanField(default=False)),
                (
                    "conversation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="conversations.conversation"
                    ),
                ),
                (
                    "erasure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="hidden", to="fulfilment.erasure"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="erasure",
            index=models.Index(
                condition=models.Q(("destroyed_at__isnull", True), ("undone_at__isnull", True)),
                fields=["destroy_at"],
                name="erasure_to_destroy",
            ),
        ),
        migrations.AddConstraint(
            model_name="erasure",
            constraint=models.CheckConstraint(
                condition=models.Q(("undone_at__isnull", True), ("destroyed_at__isnull", True), _connector="OR"),
                name="erasure_undone_or_destroyed",
            ),
        ),
        migrations.AddConstraint(
            model_name="hiddencase",
            constraint=models.UniqueConstraint(fields=("erasure", "conversation"), name="hidden_once_by_an_erasure"),
        ),
    ]
