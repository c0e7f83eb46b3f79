import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("fulfilment", "0002_proofs_and_codes"),
        ("people", "0004_roster"),
    ]

    operations = [
        migrations.CreateModel(
            name="NoContact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateTimeField()),
                (
                    "customer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="no_contact", to="people.customer"
                    ),
                ),
            ],
        ),
    ]
