"""The index in another shape. Its rows are derived: `rebuild_index`, or a worker, makes them anew."""

import django.db.models.deletion
from django.db import migrations, models

import governance.models.fields


class Migration(migrations.Migration):
    dependencies = [("governance", "0003_codes")]

    operations = [
        migrations.DeleteModel("Posting"),
        migrations.DeleteModel("IndexEntry"),
        migrations.AddField("indexstate", "rank_bits", models.PositiveSmallIntegerField(default=6)),
        migrations.CreateModel(
            name="IndexEntry",
            fields=[
                ("number", models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ("code", governance.models.fields.KeyField(max_length=16, unique=True)),
                ("region_path", governance.models.fields.KeyField(db_index=True, max_length=16)),
                ("pinyin", governance.models.fields.KeyField(db_index=True, max_length=1000)),
                ("title", models.TextField()),
                ("body", models.TextField()),
                ("facets", models.TextField()),
                ("card", models.TextField()),
                ("record", models.TextField()),
                (
                    "achievement",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="index_entry",
                        to="governance.achievement",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Posting",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "key",
                        "chunk",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("key", governance.models.fields.KeyField(max_length=160)),
                ("chunk", models.PositiveIntegerField()),
                ("numbers", models.BinaryField()),
            ],
        ),
    ]
