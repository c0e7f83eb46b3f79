from django.conf import settings
from django.db import migrations, models


def done_is_fulfilled(apps, schema_editor):
    apps.get_model("conversations", "Request").objects.filter(state="done").update(state="fulfilled")


class Migration(migrations.Migration):
    dependencies = [
        ("conversations", "0008_pictures"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="request",
            name="request_kind_known",
        ),
        migrations.RemoveConstraint(
            model_name="request",
            name="request_state_known",
        ),
        migrations.AddField(
            model_name="request",
            name="about",
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name="request",
            name="reason",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AlterField(
            model_name="request",
            name="kind",
            field=models.CharField(
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
        migrations.AlterField(
            model_name="request",
            name="state",
            field=models.CharField(
                choices=[
                    ("proposed", "Proposed"),
                    ("confirmed", "Confirmed"),
                    ("dismissed", "Dismissed"),
                    ("withdrawn", "Withdrawn"),
                    ("fulfilled", "Fulfilled"),
                    ("declined", "Declined"),
                ],
                default="proposed",
                max_length=10,
            ),
        ),
        migrations.RunPython(done_is_fulfilled, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="request",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "declined"), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="request_declined_with_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="request",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "cancel",
                            "block",
                            "unblock",
                            "refund",
                            "replace",
                            "stop_contacting",
                            "export",
                            "erase",
                            "call_back",
                            "personal_data",
                        ],
                    )
                ),
                name="request_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="request",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["proposed", "confirmed", "dismissed", "withdrawn", "fulfilled", "declined"])
                ),
                name="request_state_known",
            ),
        ),
    ]
