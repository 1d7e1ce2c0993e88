"""What the public was given for good: the entries that it has seen, and the addresses.

Both are written by the builder of the index alone, outlive what they tell of, and are no part of the
record: no fixture has them.
"""

from collections.abc import Sequence
from typing import Self

from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .achievement import Achievement
from .award import Award, AwardYear
from .fields import KeyField
from .mechanism import Mechanism
from .organization import Organization
from .region import Region

# {model: the field that stands in its addresses}
KEYS: dict[type[models.Model], str] = {
    Achievement: "code",
    Award: "slug",
    AwardYear: "code",
    Region: "code",
    Mechanism: "slug",
    Organization: "slug",
}


def kind_of(model: type[models.Model]) -> str:
    """What an Address calls a model."""
    return model._meta.label_lower.rpartition(".")[2]


def key_in_address(row: models.Model) -> str:
    """The code or slug of a row, as it stands in its address."""
    return str(getattr(row, KEYS[type(row)]))


class PublicationQuerySet(models.QuerySet):
    def public(self) -> Self:
        """Those of the entries that are public now."""
        published = Achievement.objects.published().filter(code=models.OuterRef("code"))
        return self.filter(models.Exists(published), withdrawn=None)

    def by_day(self) -> Self:
        """In the order of (day, code): `day` is when it was taken back, else when its record last changed."""
        return self.annotate(day=Coalesce("withdrawn", "modified")).order_by("day", "code")


class Publication(models.Model):
    """An entry that is public or ever was, by its code, which is never given to another one."""

    code = KeyField(_("编号"), max_length=32, unique=True)
    title = models.TextField(_("标题"))
    title_en = models.TextField(_("英文标题"), blank=True)
    first_published = models.DateField(_("首次公开"))
    # When its own record last changed, or came back; not when a release gave all records another shape.
    modified = models.DateField(_("最近修订"))
    # None while it is public; also where SQL took it back, of which the builder has not heard yet.
    withdrawn = models.DateField(_("撤下日期"), null=True, blank=True)
    reason = models.TextField(_("撤下原因"), blank=True)
    # As governance.index.digests has it; "" if it was never worked out.
    digest = models.CharField(_("摘要"), max_length=32, blank=True)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("公开记录")
        verbose_name_plural = pgettext_lazy("plural", "公开记录")
        ordering = ["code"]
        # When the public record last changed stands on every page.
        indexes = [
            models.Index(fields=["modified"], name="publication_modified"),
            models.Index(fields=["withdrawn"], name="publication_withdrawn"),
            models.Index(Coalesce("withdrawn", "modified"), "code", name="publication_by_day"),
        ]

    def __str__(self) -> str:
        return self.code


class AddressQuerySet(models.QuerySet):
    def kept(self, rows: Sequence[models.Model]) -> Self:
        """The addresses by which the public has known some rows of one model: their own and former ones."""
        keys = [key_in_address(row) for row in rows]
        own = models.Q(row__in=[row.pk for row in rows]) | models.Q(key__in=keys)
        return self.filter(own, kind=kind_of(type(rows[0])))


class Address(models.Model):
    """A code or slug under which the public met a row: of an entry, or of what a public entry named.

    It leads to the row for good, whatever its code or slug is today.
    """

    # Of which model the row is: see kind_of.
    kind = models.CharField(max_length=20)
    key = KeyField(max_length=120)
    # Its primary key, also when it is gone: no number is given twice.
    row = models.PositiveBigIntegerField()

    objects = AddressQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="address_once")]
        indexes = [models.Index(fields=["kind", "row"], name="address_of_row")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
