"""What years and successor cannot say of a region; its code is read in all ways in which codes are written."""

from django.core.validators import RegexValidator
from django.db import migrations, models

from governance.models.region import RegionCodeField

from . import _sequences

CODE = RegionCodeField(
    "代码",
    db_index=True,
    help_text="GB/T 2260 六位代码；乡级九位；国标未列的功能区形如 440300-FA01。",
    max_length=16,
    validators=[
        RegexValidator(
            r"^([0-9]{6}|[0-9]{9}|[0-9]{6}-FA[0-9]{2})\Z", "六位、九位数字，或形如 440300-FA01。"
        )
    ],
)


class Migration(migrations.Migration):
    dependencies = [("governance", "0015_awards")]

    operations = [
        _sequences.KEEP,
        migrations.AddField(
            "region",
            "remark",
            models.CharField(
                "备注", blank=True, help_text="沿革里年份与后继说不清的事。", max_length=200
            ),
        ),
        migrations.AddField(
            "region", "remark_en", models.CharField("英文备注", blank=True, max_length=300)
        ),
        # The column stays as it is.
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.AlterField("region", "code", CODE)]
        ),
        _sequences.RESTORE,
    ]
