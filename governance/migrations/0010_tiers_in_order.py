from django.db import migrations

import governance.models.achievement


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
    ]
