"""Several awards: what was one becomes the first, and an award year is known by its code.

Until now a year's code was the year alone, and so it stays: the first award has no prefix. Loads that
were made before are read accordingly, see governance.loading.history.
"""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Cast

import governance.models.achievement
import governance.models.fields

from . import _sequences, _triggers

# As fixtures/awards/2015.yaml has it, so that the merge finds nothing to take. The name is that of the
# latest year, which may be another one by now.
FIRST = {
    "slug": "community-governance-innovation",
    "winner_label": "十大创新成果",
    "winner_label_en": "Top-ten innovation",
    "nominee_label": "提名成果",
    "nominee_label_en": "Nominee",
}


def make_first_award(apps, schema_editor):
    years = apps.get_model("governance", "AwardYear").objects
    latest = years.order_by("-year").first()
    if latest is None:
        return
    names = {name: getattr(latest, name) for name in ("name", "name_en", "issuer")}
    award = apps.get_model("governance", "Award").objects.create(**FIRST, **names)
    years.update(award=award, code=Cast("year", models.CharField()))
    if schema_editor.connection.vendor == "postgresql":
        # Else the table could not be altered any more in this transaction: its new keys are checked
        # at the end.
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def name_scopes(apps, schema_editor):
    apps.get_model("governance", "LoadPart").objects.filter(scope="0").update(scope="")
    loads = apps.get_model("governance", "Load").objects.exclude(year=None)
    loads.update(scope=Cast("year", models.CharField()))


class Migration(migrations.Migration):
    dependencies = [("governance", "0014_publication")]

    operations = [
        _sequences.KEEP,
        _triggers.DROP,
        migrations.AlterField(
            model_name="achievement",
            name="code",
            field=governance.models.fields.KeyField(
                help_text="年度的编号、w（获奖）或 n（提名）与序号，如 2015-w01；公开后即为固定网址。",
                max_length=32,
                unique=True,
                validators=[
                    django.core.validators.RegexValidator(
                        "^([a-z]{2,8}-)?[0-9]{4}-[wn][0-9]{2,7}\\Z",
                        "形如 2015-w01、2015-n09 或 ywf-2023-w01。",
                    )
                ],
                verbose_name="编号",
            ),
        ),
        migrations.AddField(
            model_name="achievement",
            name="grade",
            field=models.CharField(
                blank=True,
                default="",
                help_text="公告自己的说法，如 一等奖。",
                max_length=50,
                verbose_name="等次",
            ),
            preserve_default=False,
        ),
        migrations.RemoveField(model_name="indexstate", name="rank_bits"),
        migrations.AddField(
            model_name="indexstate",
            name="in_order",
            field=models.BooleanField(default=True),
        ),
        migrations.AlterField(
            model_name="achievement",
            name="tier",
            field=models.CharField(
                choices=[("winner", "获奖"), ("nominee", "提名")],
                max_length=10,
                verbose_name="评选结果",
            ),
        ),
        _triggers.CREATE,
        migrations.CreateModel(
            name="IndexList",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "award_year",
                        "tier",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("award_year", governance.models.fields.KeyField(max_length=16)),
                ("tier", governance.models.fields.KeyField(max_length=10)),
                ("base", models.BigIntegerField()),
                ("room", models.BigIntegerField()),
            ],
        ),
        migrations.AlterField(
            model_name="indexentry",
            name="code",
            field=governance.models.fields.KeyField(max_length=32, unique=True),
        ),
        migrations.CreateModel(
            name="Award",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "slug",
                    models.SlugField(
                        help_text="固定网址的一部分；公开后请勿更改。",
                        max_length=120,
                        unique=True,
                        verbose_name="网址名",
                    ),
                ),
                (
                    "prefix",
                    governance.models.fields.KeyField(
                        blank=True,
                        help_text="编号的开头，如 ywf 使 2023 年度的编号为 ywf-2023；本库的第一个奖项留空。",
                        max_length=8,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z]{2,8}\\Z", "二至八个小写字母。"
                            )
                        ],
                        verbose_name="编号前缀",
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="奖项名称")),
                (
                    "name_en",
                    models.CharField(blank=True, max_length=150, verbose_name="奖项英文名称"),
                ),
                ("issuer", models.CharField(blank=True, max_length=150, verbose_name="发布单位")),
                (
                    "description",
                    models.TextField(blank=True, help_text="一段话。", verbose_name="说明"),
                ),
                ("description_en", models.TextField(blank=True, verbose_name="英文说明")),
                (
                    "winner_label",
                    models.CharField(
                        blank=True,
                        help_text="如 十大创新成果；留空则称“获奖”。",
                        max_length=40,
                        verbose_name="获奖者称作",
                    ),
                ),
                (
                    "winner_label_en",
                    models.CharField(
                        blank=True,
                        help_text="单数，如 Top-ten innovation。",
                        max_length=60,
                        verbose_name="获奖者英文称作",
                    ),
                ),
                (
                    "nominee_label",
                    models.CharField(
                        blank=True,
                        help_text="如 提名成果；留空则称“提名”。",
                        max_length=40,
                        verbose_name="提名者称作",
                    ),
                ),
                (
                    "nominee_label_en",
                    models.CharField(
                        blank=True,
                        help_text="单数，如 Nominee。",
                        max_length=60,
                        verbose_name="提名者英文称作",
                    ),
                ),
            ],
            options={
                "verbose_name": "奖项",
                "verbose_name_plural": "奖项",
                "ordering": ["prefix"],
            },
        ),
        migrations.AddField(
            model_name="awardyear",
            name="edition",
            field=models.CharField(
                blank=True,
                default="",
                help_text="公告自己的说法，如 第三批。",
                max_length=50,
                verbose_name="届次",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="awardyear",
            name="code",
            field=governance.models.fields.KeyField(max_length=16, null=True, verbose_name="编号"),
        ),
        migrations.AddField(
            model_name="awardyear",
            name="award",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="years",
                to="governance.award",
                verbose_name="奖项",
            ),
        ),
        migrations.RunPython(make_first_award, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="awardyear",
            name="code",
            field=governance.models.fields.KeyField(
                help_text="前缀与年度；其成果的编号以此开头。",
                max_length=16,
                unique=True,
                validators=[
                    django.core.validators.RegexValidator(
                        "^([a-z]{2,8}-)?[0-9]{4}\\Z", "形如 2015 或 ywf-2023。"
                    )
                ],
                verbose_name="编号",
            ),
        ),
        migrations.AlterField(
            model_name="awardyear",
            name="award",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="years",
                to="governance.award",
                verbose_name="奖项",
            ),
        ),
        migrations.AlterField(
            model_name="awardyear",
            name="year",
            field=models.PositiveSmallIntegerField(
                validators=[
                    django.core.validators.MinValueValidator(1999),
                    django.core.validators.MaxValueValidator(2100),
                ],
                verbose_name="年度",
            ),
        ),
        migrations.AddConstraint(
            model_name="awardyear",
            constraint=models.UniqueConstraint(
                fields=("award", "year"),
                name="awardyear_one_a_year",
                violation_error_message="该奖项已有这个年度。",
            ),
        ),
        migrations.AlterModelOptions(
            name="awardyear",
            options={
                "ordering": ["-year", "code"],
                "verbose_name": "年度",
                "verbose_name_plural": "年度",
            },
        ),
        migrations.AlterModelOptions(
            name="achievement",
            options={
                "ordering": [
                    "-award_year__year",
                    "award_year__code",
                    governance.models.achievement.tier_order(),
                    "rank",
                ],
                "verbose_name": "成果",
                "verbose_name_plural": "成果",
            },
        ),
        migrations.AlterField(
            model_name="loadpart",
            name="scope",
            field=governance.models.fields.KeyField(blank=True, max_length=32),
        ),
        migrations.AddField(
            model_name="load",
            name="scope",
            field=governance.models.fields.KeyField(
                blank=True, default="", max_length=32, verbose_name="年度编号"
            ),
            preserve_default=False,
        ),
        migrations.RunPython(name_scopes, migrations.RunPython.noop),
        _sequences.RESTORE,
    ]
