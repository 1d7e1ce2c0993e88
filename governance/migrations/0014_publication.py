"""What the public is given for good: the digest of the record, and which entries there were since when."""

from datetime import date

from django.db import migrations, models
from django.utils import timezone

import governance.models.fields

from . import _triggers

# As fixtures/awards/2015.yaml says.
GIVEN = {2015: date(2026, 11, 26)}


def note_what_is_public(apps, schema_editor):
    """Each public entry, since the day that its year was given, or it was loaded, or today.

    Digests and addresses come with the rebuild that the new shape of the index asks for.
    """
    model = {name: apps.get_model("governance", name) for name in ("Achievement", "Publication")}
    rows = model["Achievement"].objects.filter(status="published")
    public = list(rows.values_list("pk", "code", "title", "award_year__year"))
    loaded, today = days_of_loads(apps), timezone.localdate()
    days = {pk: GIVEN.get(year, loaded.get(pk, today)) for pk, _code, _title, year in public}
    model["Publication"].objects.bulk_create(
        (
            model["Publication"](
                code=code, title=title, first_published=days[pk], modified=days[pk]
            )
            for pk, code, title, _year in public
        ),
        batch_size=500,
    )


def days_of_loads(apps):
    """{achievement: day of the first load that published it}, of those that stand."""
    found = {}
    parts = apps.get_model("governance", "LoadPart").objects.filter(load__state="loaded")
    for part in parts.select_related("load").defer("load__content").order_by("pk").iterator():
        day = timezone.localtime(part.load.loaded_at or part.load.created_at).date()
        for _key, pk, said, before, after in part.rows.get("governance.achievement", ()):
            did = {**((said or {}) if before is None else {}), **(after or {})}
            if did.get("status") == "published":
                found.setdefault(pk, day)
    return found


class Migration(migrations.Migration):
    dependencies = [("governance", "0013_names_version")]

    operations = [
        _triggers.DROP,
        migrations.AddField(
            "indexstate", "digest", models.CharField(default="0" * 32, max_length=32)
        ),
        _triggers.CREATE,
        migrations.CreateModel(
            name="Publication",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    governance.models.fields.KeyField(
                        max_length=32, unique=True, verbose_name="编号"
                    ),
                ),
                ("title", models.TextField(verbose_name="标题")),
                ("first_published", models.DateField(verbose_name="首次公开")),
                ("modified", models.DateField(verbose_name="最近修订")),
                ("withdrawn", models.DateField(blank=True, null=True, verbose_name="撤下日期")),
                ("reason", models.TextField(blank=True, verbose_name="撤下原因")),
                ("digest", models.CharField(blank=True, max_length=32, verbose_name="摘要")),
            ],
            options={
                "verbose_name": "公开记录",
                "verbose_name_plural": "公开记录",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="Address",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("key", governance.models.fields.KeyField(max_length=120)),
                ("row", models.PositiveBigIntegerField()),
            ],
            options={
                "indexes": [models.Index(fields=["kind", "row"], name="address_of_row")],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "key"), name="address_once")
                ],
            },
        ),
        migrations.AddField(
            model_name="awardyear",
            name="first_published",
            field=models.DateField(
                blank=True,
                help_text="本年度最先公开的成果以此为首次公开之日；留空则为发布当日。",
                null=True,
                verbose_name="首次公开",
            ),
        ),
        migrations.RunPython(note_what_is_public, migrations.RunPython.noop),
    ]
