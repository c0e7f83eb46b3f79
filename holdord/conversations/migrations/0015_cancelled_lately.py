from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conversations", "0014_blocking_is_heard"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="request",
            index=models.Index(
                condition=models.Q(("state", "fulfilled")), fields=["kind", "settled_at"], name="request_fulfilled"
            ),
        ),
    ]
