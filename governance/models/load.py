"""Loads: what came into the record from a file, by whom, and what it changed."""

import zlib
from pathlib import PurePath
from typing import Any, Self

import orjson
from django.conf import settings
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Expression
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .fields import KeyField, known


class PackedBytes(models.BinaryField):
    """Bytes, compressed in the database."""

    def get_db_prep_value(
        self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False
    ) -> Any:
        packed = None if value is None else zlib.compress(value, 1)
        return super().get_db_prep_value(packed, connection, prepared)

    def from_db_value(
        self, value: Any, expression: Expression, connection: BaseDatabaseWrapper
    ) -> Any:
        return None if value is None else zlib.decompress(value)


class PackedJSON(PackedBytes):
    """What JSON can hold, compressed: a year of 20,000 entries is 50 MB as plain text."""

    def get_db_prep_value(
        self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False
    ) -> Any:
        return super().get_db_prep_value(orjson.dumps(value), connection, prepared)

    def from_db_value(
        self, value: Any, expression: Expression, connection: BaseDatabaseWrapper
    ) -> Any:
        return orjson.loads(super().from_db_value(value, expression, connection))

    def value_to_string(self, obj: models.Model) -> str:
        return orjson.dumps(self.value_from_object(obj)).decode()

    def to_python(self, value: Any) -> Any:
        return orjson.loads(value) if isinstance(value, str) else value


class LoadKind(models.TextChoices):
    FIXTURE = "fixture", _("数据文件")
    DOCUMENT = "document", _("公告")
    TABLE = "table", _("表格")


class LoadState(models.TextChoices):
    PENDING = "pending", _("待装入")
    LOADED = "loaded", _("已装入")
    UNDONE = "undone", _("已撤销")


class LoadQuerySet(models.QuerySet):
    def without_content(self) -> Self:
        """For lists: the file itself, and what was read in it, may be many megabytes."""
        return self.defer("content", "parsed", "choices", "report", "undo_report")


class Load(models.Model):
    """One file that was brought, from its upload to its undoing.

    The file is kept here and not beside the database, so that a load is whole or absent, and a
    backup of the database has it. `parsed` and `choices` belong to the preview of a pending load:
    governance.intake says what they hold. `report` of a pending load is what it would do.
    """

    kind = models.CharField(_("类型"), max_length=10, choices=LoadKind, default=LoadKind.FIXTURE)
    state = models.CharField(_("状态"), max_length=10, choices=LoadState, default=LoadState.PENDING)
    name = models.CharField(_("文件名"), max_length=255)
    digest = models.CharField(_("摘要"), max_length=64, help_text=_("文件的 SHA-256。"))
    content = PackedBytes(pgettext_lazy("file", "文件"))
    # Such a load is compared with the last such one: docs/decisions/0026-shipped-data.md.
    shipped = models.BooleanField(_("随程序附带"), default=False)
    # What a person said when bringing a document.
    year = models.PositiveSmallIntegerField(_("年度"), null=True, blank=True)
    # The code of its award year, once it was read; "" if it has several or none.
    scope = KeyField(_("年度编号"), max_length=32, blank=True)
    parsed = models.JSONField(_("解析结果"), null=True, blank=True)
    choices = models.JSONField(_("所作选择"), null=True, blank=True)
    # As governance.loading.report.LoadReport.as_json gives it.
    report = models.JSONField(_("报告"), null=True, blank=True)
    undo_report = models.JSONField(_("撤销报告"), null=True, blank=True)
    created_at = models.DateTimeField(_("上传于"), auto_now_add=True)
    loaded_at = models.DateTimeField(_("装入于"), null=True, blank=True)
    undone_at = models.DateTimeField(_("撤销于"), null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="loads",
        verbose_name=_("装入者"),
        help_text=_("由命令行装入的留空。"),
    )
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="undone_loads",
        verbose_name=_("撤销者"),
    )

    objects = LoadQuerySet.as_manager()

    class Meta:
        verbose_name = _("装入记录")
        verbose_name_plural = pgettext_lazy("plural", "装入记录")
        ordering = ["-pk"]
        permissions = [("undo_load", _("可以撤销装入"))]
        constraints = [known("kind", LoadKind), known("state", LoadState)]

    def __str__(self) -> str:
        return f"#{self.pk} {self.file_name}"

    @property
    def file_name(self) -> str:
        """Without the folder in which the command line found the file."""
        return PurePath(self.name).name


class LoadPart(models.Model):
    """What a load said, and what it did, of one scope: an award year's entries, or what all share.

    The next load of that award year needs its own scope only, however many there are.
    """

    load = models.ForeignKey(Load, models.CASCADE, related_name="parts")
    # The code of an award year; "" for awards, regions, organizations and mechanisms.
    scope = KeyField(max_length=32, blank=True)
    # {model: [row, …]}; governance.loading.history says what a row is.
    rows = PackedJSON()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["load", "scope"], name="loadpart_once")]

    def __str__(self) -> str:
        return f"{self.load_id}/{self.scope}"
