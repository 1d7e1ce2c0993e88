"""The codebook whole, with names and search words apart; English words of evidence; reviews of codings.

What were aliases may be narrower or wider than the mechanism, so they become search words: which of
them are its names, the shipped fixture says.
"""

from django.db import migrations, models
from django.db.models import F, Q

from governance.models.fields import LinesField, VerbatimField

from . import _sequences

PASSAGES = [("title_en", "英文标题"), ("summary_en", "英文简介")]
TEXTS = {
    "counts": "什么算",
    "counts_en": "什么算（英文）",
    "not_counts": "什么不算",
    "not_counts_en": "什么不算（英文）",
    "borderline": "相邻机制与取舍",
    "borderline_en": "相邻机制与取舍（英文）",
}


class Migration(migrations.Migration):
    dependencies = [("governance", "0017_error_report")]

    operations = [
        _sequences.KEEP,
        migrations.RenameField("mechanism", "aliases", "search_words"),
        migrations.AlterField(
            "mechanism",
            "search_words",
            LinesField(
                "检索词", blank=True, help_text="每行一个，较窄、较宽或相关，只引向这一机制。"
            ),
        ),
        migrations.AddField(
            "mechanism",
            "synonyms",
            LinesField(
                "别称", blank=True, help_text="每行一个，与名称同指，含英文；不是标注的依据。"
            ),
        ),
        migrations.AlterField("mechanism", "definition", models.TextField("定义")),
        *(
            migrations.AddField("mechanism", name, models.TextField(label, blank=True))
            for name, label in TEXTS.items()
        ),
        migrations.AddField(
            "mechanism", "example_code", models.CharField("范例编号", max_length=32, blank=True)
        ),
        migrations.AddField(
            "mechanism",
            "example_words",
            models.TextField("范例字句", blank=True, help_text="范例的原文字句。"),
        ),
        migrations.AddField(
            "coding", "reviewed_by", models.CharField("复核者", max_length=150, blank=True)
        ),
        migrations.AddField(
            "coding", "reviewed_on", models.DateField("复核日期", null=True, blank=True)
        ),
        migrations.AddField(
            "evidence",
            "field_en",
            models.CharField("英文出处", max_length=10, choices=PASSAGES, blank=True, default=""),
        ),
        migrations.AddField(
            "evidence", "start_en", models.PositiveIntegerField("英文起", null=True, blank=True)
        ),
        migrations.AddField(
            "evidence", "end_en", models.PositiveIntegerField("英文止", null=True, blank=True)
        ),
        migrations.AddField(
            "evidence", "text_en", VerbatimField("英文字句", blank=True, default="")
        ),
        migrations.AddConstraint(
            "evidence",
            models.CheckConstraint(
                condition=Q(field_en__in=["title_en", "summary_en", ""]),
                name="evidence_field_en_known",
            ),
        ),
        migrations.AddConstraint(
            "evidence",
            models.CheckConstraint(
                condition=Q(field_en="", text_en="", start_en=None, end_en=None)
                | Q(start_en__isnull=False, end_en__isnull=False, end_en__gt=F("start_en"))
                & ~Q(field_en="")
                & ~Q(text_en=""),
                name="evidence_english_whole",
                violation_error_message="英文依据须写全：字句、出处、起、止。",
            ),
        ),
        _sequences.RESTORE,
    ]
