"""Remember what is wrong with a mailbox as a key, so that each reader sees it in words."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("channels", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="mailbox",
            name="last_fault",
            field=models.CharField(
                blank=True,
                choices=[
                    ("unknown_host", "Unknown Host"),
                    ("refused", "Refused"),
                    ("no_answer", "No Answer"),
                    ("no_tls", "No Tls"),
                    ("wants_tls", "Wants Tls"),
                    ("bad_certificate", "Bad Certificate"),
                    ("wrong_password", "Wrong Password"),
                    ("no_folder", "No Folder"),
                    ("lost_secret", "Lost Secret"),
                    ("not_now", "Not Now"),
                    ("other", "Other"),
                ],
                max_length=20,
            ),
        ),
    ]
