"""Addresses of new organizations: made when they are loaded, beside all that are there by then."""

from collections.abc import Iterator, Mapping
from functools import cached_property

from django.utils.translation import gettext as _

from governance.models import Address, Organization
from governance.models.fields import NaturalKeyModel
from governance.models.publication import kind_of
from governance.publishing import taken_keys

from .addresses import slug_of
from .fixture import FixtureObject
from .schemas import SCHEMAS, Key, Schema


class Slugs:
    """Gives out addresses that neither the record has nor the file says.

    Two years may wait at the same time, and each name bodies that sound alike: 滨州, 彬州.
    """

    def __init__(self, objects: Mapping[Schema, Mapping[Key, FixtureObject]]) -> None:
        self._objects = objects[SCHEMAS[Organization]]

    @cached_property
    def _taken(self) -> set[str]:
        said = {one.said["slug"] for one in self._objects.values() if "slug" in one.said}
        # Former ones lead on to those who had them.
        former = Address.objects.filter(kind=kind_of(Organization)).values_list("key", flat=True)
        return said | set(former) | set(Organization.objects.values_list("slug", flat=True))

    def complete(self, row: NaturalKeyModel) -> None:
        """Give a new organization an address by the sound of its name, if the file says none."""
        if not isinstance(row, Organization) or row.slug:
            return
        row.slug = slug_of(row.short_name or row.name, self._taken)

    def refused(
        self, object_of: Mapping[NaturalKeyModel, FixtureObject]
    ) -> Iterator[tuple[str, FixtureObject]]:
        """(sentence, object) of each that says a slug under which the public met another body."""
        rows = ((row, item) for row, item in object_of.items() if isinstance(row, Organization))
        pks = {item.said.get("slug"): row.pk for row, item in rows}
        said = {item.said["slug"]: item for item in self._objects.values() if "slug" in item.said}
        wanted = {slug: pks[slug] for slug in said if slug in pks}
        for slug in sorted(taken_keys(Organization, wanted)):
            yield _("这个网址曾属于另一条公开的记录，不能再用。"), said[slug]
