"""The index in another shape. Its rows are derived: `rebuild_index`, or a worker, makes them anew."""

import django.db.models.deletion
from django.db import migrations, models

import governance.models.fields


class Migration(migrations.Migration):
    dependencies = [("governance", "0008_history_of_undone_loads")]

    operations = [
        migrations.DeleteModel("IndexEntry"),
        migrations.CreateModel(
            name="IndexEntry",
            fields=[
                ("number", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "achievement",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="index_entry",
                        to="governance.achievement",
                    ),
                ),
                ("code", governance.models.fields.KeyField(max_length=16, unique=True)),
                ("card", models.BinaryField()),
                ("pinyin", governance.models.fields.KeyField(db_index=True, max_length=1000)),
                ("title", models.TextField()),
                ("body", models.TextField()),
                ("english", models.TextField()),
                ("facets", models.TextField()),
                ("record", models.BinaryField()),
            ],
        ),
    ]
