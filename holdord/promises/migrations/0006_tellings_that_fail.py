from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("promises", "0005_what_a_move_replaced")]

    operations = [
        migrations.AddField(
            model_name="totell",
            name="next_try_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="totell",
            name="tries",
            field=models.PositiveSmallIntegerField(default=0),
        ),
    ]
