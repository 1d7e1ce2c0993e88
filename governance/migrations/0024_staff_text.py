"""The words by which staff find entries. They are derived: a worker, or `rebuild_index`, makes them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("governance", "0023_publishing")]

    operations = [
        migrations.CreateModel(
            name="StaffText",
            fields=[
                (
                    "achievement",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="staff_text",
                        serialize=False,
                        to="governance.achievement",
                    ),
                ),
                ("text", models.TextField()),
            ],
        ),
    ]
