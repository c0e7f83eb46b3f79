from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("promises", "0006_tellings_that_fail")]

    operations = [
        migrations.RemoveConstraint(
            model_name="promise",
            name="promise_source_known",
        ),
        migrations.AlterField(
            model_name="promise",
            name="source",
            field=models.CharField(
                choices=[
                    ("pledge", "pledge"),
                    ("agent", "agent"),
                    ("phone", "phone"),
                    ("feed", "feed"),
                    ("customer", "customer"),
                    ("program", "program"),
                ],
                default="pledge",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="promise",
            constraint=models.CheckConstraint(
                condition=models.Q(("source__in", ["pledge", "agent", "phone", "feed", "customer", "program"])),
                name="promise_source_known",
            ),
        ),
    ]
