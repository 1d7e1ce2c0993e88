import django.db.models.deletion
import django.db.models.lookups
import django.utils.timezone
import governance.models.load
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0021_changes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="achievement",
            options={
                "ordering": [
                    "-award_year__year",
                    "award_year__code",
                    models.Case(
                        models.When(
                            django.db.models.lookups.Exact(models.F("tier"), "winner"), then=0
                        ),
                        models.When(
                            django.db.models.lookups.Exact(models.F("tier"), "nominee"), then=1
                        ),
                    ),
                    "rank",
                ],
                "permissions": [("publish_achievement", "可以发布与撤下成果")],
                "verbose_name": "成果",
                "verbose_name_plural": "成果",
            },
        ),
        migrations.CreateModel(
            name="ProposedChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sent", governance.models.load.PackedJSON()),
                ("files", governance.models.load.PackedJSON(default=dict)),
                (
                    "at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="时间"),
                ),
                ("name", models.CharField(max_length=310, verbose_name="提议者")),
                ("comment", models.TextField(blank=True, verbose_name="附言")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "待定"), ("accepted", "已采纳"), ("refused", "未采纳")],
                        default="open",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="决定于")),
                ("decided_by", models.CharField(blank=True, max_length=310, verbose_name="决定者")),
                ("answer", models.TextField(blank=True, verbose_name="答复")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="proposals",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="提议者",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proposals",
                        to="governance.achievement",
                        verbose_name="成果",
                    ),
                ),
            ],
            options={
                "verbose_name": "提议",
                "verbose_name_plural": "提议",
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "accepted", "refused"])),
                        name="proposedchange_state_known",
                    )
                ],
            },
        ),
    ]
