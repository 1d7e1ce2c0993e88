"""Loads know whether their file came with the program; and the order of the tiers is said."""

from django.db import migrations, models

import governance.models.achievement

# What came with the program until now: `prepare` loaded it into the empty database, in this order and
# in nobody's name. A load of the same name that a person made later is that person's word.
SHIPPED = ["regions.json", "mechanisms.yaml", "2015.yaml"]


def note_shipped(apps, schema_editor):
    loads = apps.get_model("governance", "Load").objects
    first = loads.order_by("pk").values_list("pk", "name", "by")[: len(SHIPPED)]
    if [(name, by) for _pk, name, by in first] == [(name, None) for name in SHIPPED]:
        loads.filter(pk__in=[pk for pk, _name, _by in first]).update(shipped=True)


class Migration(migrations.Migration):
    dependencies = [("governance", "0009_index_rows_by_number")]

    operations = [
        migrations.AlterModelOptions(
            name="achievement",
            options={
                "ordering": [
                    "-award_year__year",
                    governance.models.achievement.tier_order(),
                    "rank",
                ],
                "verbose_name": "成果",
                "verbose_name_plural": "成果",
            },
        ),
        migrations.AddField(
            model_name="load",
            name="shipped",
            field=models.BooleanField(default=False, verbose_name="随程序附带"),
        ),
        migrations.RunPython(note_shipped, migrations.RunPython.noop),
    ]
