"""What is unpublished behind the index vanishes at once, by triggers."""

from django.db import migrations

from . import _triggers


class Migration(migrations.Migration):
    dependencies = [("governance", "0011_index_shape")]

    operations = [_triggers.CREATE]
