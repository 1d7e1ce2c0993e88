"""What the public is given for good: the digest of the record."""

from django.db import migrations, models

from . import _triggers


class Migration(migrations.Migration):
    dependencies = [("governance", "0012_unpublished_at_once")]

    operations = [
        _triggers.DROP,
        migrations.AddField(
            "indexstate", "digest", models.CharField(default="0" * 32, max_length=32)
        ),
        _triggers.CREATE,
    ]
