"""Names get a version of their own, which the triggers move too."""

from django.db import migrations, models

from . import _triggers


class Migration(migrations.Migration):
    dependencies = [("governance", "0012_unpublished_at_once")]

    operations = [
        _triggers.DROP,
        migrations.AddField(
            "indexstate", "names_version", models.PositiveBigIntegerField(default=0)
        ),
        _triggers.CREATE,
    ]
