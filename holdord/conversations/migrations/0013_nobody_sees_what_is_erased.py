from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conversations", "0012_chats"),
        ("people", "0004_roster"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="conversation",
            name="conversation_status_known",
        ),
        migrations.AlterField(
            model_name="conversation",
            name="status",
            field=models.CharField(
                choices=[
                    ("open", "Open"),
                    ("waiting", "Waiting"),
                    ("snoozed", "Snoozed"),
                    ("closed", "Closed"),
                    ("dismissed", "Dismissed"),
                    ("erased", "Erased"),
                ],
                default="open",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="conversation",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["open", "waiting", "snoozed", "closed", "dismissed", "erased"])),
                name="conversation_status_known",
            ),
        ),
    ]
