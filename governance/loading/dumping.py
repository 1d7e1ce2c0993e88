"""An award year as a fixture: what the database holds of it, for a person to read and for load()."""

import json
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

import yaml
from django.conf import settings
from django.db.models import Field
from django.utils.translation import gettext as _

from governance.models import Achievement, AwardYear, Region
from governance.models.achievement import tier_order
from governance.models.fields import NaturalKeyModel, json_value
from governance.readable_yaml import Key, dump

from .problems import LoadError, one_of
from .schemas import SCHEMAS


def dump_year(code: str) -> str:
    """The YAML of the award year of this code and of all that it names beyond what every installation
    has.

    Loading it changes nothing, and dumping again gives the same bytes. Raises LoadError for one that
    is not there.
    """
    return dump(objects_of(code))


def objects_of(code: str) -> list[dict[str, Any]]:
    """The same as fixture objects; dates are dates."""
    award_year = AwardYear.objects.filter(code=code).first()
    if award_year is None:
        codes = AwardYear.objects.order_by("year", "code").values_list("code", flat=True)
        raise LoadError(
            _("库中没有编号为 %(code)s 的年度；有：%(codes)s。")
            % {"code": code, "codes": one_of(codes) or _("无")}
        )
    return [_object(row) for row in _rows(award_year)]


def _rows(award_year: AwardYear) -> Iterator[NaturalKeyModel]:
    """All rows, those that are named before those that name them."""
    achievements = list(
        Achievement.objects.filter(award_year=award_year)
        .select_related("award_year", "region")
        .prefetch_related(
            "organizations_in_order__organization__region",
            "codings__mechanism",
            "codings__evidence",
            "setting_evidence",
            "images",
        )
        .order_by(tier_order(), "rank")
        # In pieces: SQLite cannot name them all in one query.
        .iterator(chunk_size=500)
    )
    organizations = dict.fromkeys(
        link.organization for each in achievements for link in each.organizations_in_order.all()
    )
    regions = {each.region for each in achievements if each.region}
    regions |= {each.region for each in organizations}
    mechanisms = dict.fromkeys(
        coding.mechanism for each in achievements for coding in each.codings.all()
    )
    yield from _added("regions.json", _with_named(regions))
    yield from _added("mechanisms.yaml", mechanisms)
    yield from organizations
    yield award_year.award
    yield award_year
    yield from chain.from_iterable(map(_with_parts, achievements))


def _with_named(regions: set[Region]) -> list[Region]:
    """The regions with those that they lie in or became, from the highest down."""
    found: set[Region] = set()
    new = set(regions)
    while new:
        found |= new
        named = {pk for row in new for pk in (row.parent_id, row.successor_id) if pk}
        new = set(Region.objects.filter(pk__in=named)) - found
    return sorted(found, key=lambda region: (len(region.path), region.path, region.valid_from))


def _added(name: str, rows: Iterable[NaturalKeyModel]) -> list[NaturalKeyModel]:
    """Those of `rows` that are not in the fixture of that name, which every installation has."""
    (folder,) = settings.FIXTURE_DIRS
    text = (folder / name).read_text(encoding="utf-8")
    objects = json.loads(text) if name.endswith(".json") else yaml.load(text, yaml.CSafeLoader)
    shipped = {_key(each["fields"], row) for row in [*rows][:1] for each in objects}
    return [row for row in rows if row.natural_key() not in shipped]


def _key(fields: dict[str, Any], row: NaturalKeyModel) -> tuple[Any, ...]:
    return tuple(fields[name] for name in row.natural_key_fields)


def _with_parts(achievement: Achievement) -> Iterator[NaturalKeyModel]:
    yield achievement
    yield from _placed(achievement, achievement.organizations_in_order.all())
    for coding in sorted(achievement.codings.all(), key=_pk):
        coding.achievement = achievement
        yield coding
        for span in sorted(coding.evidence.all(), key=_pk):
            span.coding = coding
            yield span
    yield from _placed(achievement, sorted(achievement.setting_evidence.all(), key=_pk))
    yield from _placed(achievement, achievement.images.all())


def _placed(achievement: Achievement, rows: Iterable[Any]) -> Iterator[NaturalKeyModel]:
    for row in rows:
        row.achievement = achievement
        yield row


def _pk(row: NaturalKeyModel) -> int:
    return row.pk


def _object(row: NaturalKeyModel) -> dict[str, Any]:
    schema = SCHEMAS[type(row)]
    # What a row is a part of comes first, wherever its model has inherited the rest from.
    fields = sorted(schema.fields.values(), key=lambda field: field is not schema.owner)
    return {"model": schema.label, "fields": {field.name: _value(row, field) for field in fields}}


def _value(row: NaturalKeyModel, field: Field) -> Any:
    if not field.is_relation:
        # A date stays one: YAML writes it without quotes.
        value = getattr(row, field.attname)
        return value if field.get_internal_type() == "DateField" else json_value(value)
    named = getattr(row, field.name)
    return named and Key(named.natural_key())
