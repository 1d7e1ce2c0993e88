import django.db.models.functions.comparison
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("governance", "0019_dates_of_the_record")]

    operations = [
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(
                django.db.models.functions.comparison.Coalesce("withdrawn", "modified"),
                models.F("code"),
                name="publication_by_day",
            ),
        ),
    ]
