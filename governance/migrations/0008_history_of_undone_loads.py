"""Forget what loads said that were undone: a load keeps only the rows that its undoing left, and of
these older ones nobody wrote down which.
"""

from django.db import migrations


def forget(apps, schema_editor):
    apps.get_model("governance", "LoadPart").objects.filter(load__state="undone").delete()


class Migration(migrations.Migration):
    dependencies = [("governance", "0007_index_as_bytes")]

    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
