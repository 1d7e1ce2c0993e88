"""What was taken back is named in English as well."""

from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def name_in_english(apps, schema_editor):
    """What is public now; the draft of what was taken back may have words that were never public."""
    model = {name: apps.get_model("governance", name) for name in ("Achievement", "Publication")}
    public = model["Achievement"].objects.filter(status="published")
    titles = public.filter(code=OuterRef("code")).values("title_en")
    named = model["Publication"].objects.filter(withdrawn=None, code__in=public.values("code"))
    named.update(title_en=Subquery(titles))


class Migration(migrations.Migration):
    dependencies = [("governance", "0026_index_checked")]

    operations = [
        migrations.AddField(
            "publication",
            "title_en",
            models.TextField(blank=True, default="", verbose_name="英文标题"),
            preserve_default=False,
        ),
        migrations.RunPython(name_in_english, migrations.RunPython.noop),
    ]
