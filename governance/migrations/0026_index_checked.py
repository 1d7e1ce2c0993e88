"""When the index was last held against the record, and what was found."""

from django.db import migrations, models

from . import _triggers


class Migration(migrations.Migration):
    dependencies = [("governance", "0025_wrong_tries")]

    operations = [
        _triggers.DROP,
        migrations.AddField("indexstate", "checked", models.DateTimeField(null=True)),
        migrations.AddField("indexstate", "faults", models.PositiveIntegerField(default=0)),
        _triggers.CREATE,
    ]
