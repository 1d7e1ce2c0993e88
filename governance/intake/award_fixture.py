"""An award as fixture objects: what load_awards reads, and a person as a diff.

They say what the announcement says and no more: no status, no codings, no translation; of an award or
a body that the record has, only which it is. What it says besides is staff's, and a document that waits
must not take back what they write meanwhile. An entry without one certain region has null there.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, TypedDict

from governance.announcements.award import AnnouncedYear, AwardEntry, text_of
from governance.announcements.places.organizations import ResolvedOrganization
from governance.announcements.places.region_rows import RegionRow
from governance.announcements.places.regions import RegionTable
from governance.pinyin import reading
from governance.readable_yaml import Key


class FixtureRow(TypedDict):
    """A row as a fixture says it; `fields` hold plain values, and natural keys for relations."""

    model: str
    fields: dict[str, Any]


def fixture_object(model: str, fields: dict[str, Any]) -> FixtureRow:
    return {"model": f"governance.{model}", "fields": fields}


def award_fixture(
    announced: AnnouncedYear,
    regions: RegionTable,
    *,
    award: dict[str, Any],
    organizations: dict[str, dict[str, Any]] | None = None,
    recorded: bool = False,
    beside: Mapping[str, int | None] | None = None,
    candidates: bool = False,
) -> list[FixtureRow]:
    """The fixture objects of an AnnouncedYear, parents first.

    `regions` is the RegionTable it was resolved with, `award` has the fields of its award.
    `organizations` are {name: fields} of those that need not be made of the announcement's words;
    a new one gets its address when it is loaded, beside those that are there by then. `recorded`: the
    record has the year, and with it what its award was called, if the document does not say that.
    `beside` is given where the record has the announcement itself and this document tells of other
    entries of the year: {code: rank behind them, None for the rank of the record}. Then neither its text
    is said nor the places in it.
    With `candidates`, the townships and organizations of every candidate are there, too, for a person
    to choose from.
    """
    organizations = organizations or {}
    named = organizations_of(announced, candidates)
    places: list[RegionRow | None] = [organization.region for organization in named]
    places += [region for each in announced.entries for region in _regions(each, candidates)]
    objects = [fixture_object("region", region) for region in _new_regions(places, regions)]
    for organization in named:
        fields = organizations.get(organization.name) or _organization(organization)
        objects.append(fixture_object("organization", fields))
    objects.append(fixture_object("award", award))
    year = _award_year(announced, award["slug"])
    if recorded and not announced.reading.document.award:
        del year["name"]
    if beside is not None:
        year = {name: year[name] for name in ("award", "year", "code")}
    objects.append(fixture_object("awardyear", year))
    for each in announced.entries:
        fields = _achievement(each, announced.code)
        if beside is not None:
            fields |= {"rank": beside[each.code]}
            fields = {
                name: said
                for name, said in fields.items()
                if not name.endswith("_offset") and (name, said) != ("rank", None)
            }
        objects.append(fixture_object("achievement", fields))
        objects += [fixture_object("achievementorganization", fields) for fields in _links(each)]
    return objects


def organizations_of(award: AnnouncedYear, candidates: bool = False) -> list[ResolvedOrganization]:
    """The organizations that an AnnouncedYear names, each once; with `candidates`, those of each of them."""
    found: dict[str, ResolvedOrganization] = {}
    for each in award.entries:
        resolution = each.resolution
        sets = [resolution.organizations]
        if candidates:
            sets += [candidate.organizations for candidate in resolution.candidates]
        for organizations in sets:
            found |= {organization.name: organization for organization in organizations}
    return list(found.values())


def fixture_texts(each: AwardEntry) -> dict[str, str]:
    """What an AwardEntry is known by: its verbatim texts and its quoted name, as the fixture has them."""
    entry = each.entry
    return {
        "title": text_of(entry.title),
        "short_name": entry.short_name,
        "organization_text": text_of(entry.organization_text),
        "summary": text_of(entry.summary),
    }


def _regions(each: AwardEntry, candidates: bool) -> list[RegionRow | None]:
    if candidates:
        return [candidate.region for candidate in each.resolution.candidates]
    return [each.resolution.region]


def _new_regions(
    used: Collection[RegionRow | None], regions: RegionTable
) -> Iterator[dict[str, Any]]:
    """Fields of those of the regions used that the record does not have: townships, functional areas."""
    new = {region.code: region for region in used if region and region.key not in regions.regions}
    for code, region in sorted(new.items()):
        # The latest region with the code above: a township's own code is of the latest year, too.
        parent = regions.by_code[code[:6]][-1]
        name = regions.townships.get(code, region.name)
        yield {
            "code": code,
            "path": region.path,
            "name": name,
            "pinyin": reading(name, place=True),
            "level": region.level,
            "parent": Key(parent.key),
            "valid_from": region.valid_from,
            "valid_to": None,
        }


def _organization(organization: ResolvedOrganization) -> dict[str, Any]:
    return {
        "name": organization.name,
        "short_name": organization.short_name,
        "pinyin": reading(organization.name, place=True),
        "kind": organization.kind,
        "level": organization.level,
        "region": Key(organization.region.key),
    }


def _award_year(announced: AnnouncedYear, award: str) -> dict[str, Any]:
    document = announced.reading.document
    return {
        "award": Key([award]),
        "year": announced.year,
        "code": announced.code,
        "edition": announced.edition,
        "name": announced.name,
        "document_title": document.title,
        "text": document.text,
    }


def _achievement(each: AwardEntry, award_year: str) -> dict[str, Any]:
    entry = each.entry
    verbatim = {
        name: getattr(entry, name) for name in ("marker", "title", "organization_text", "summary")
    }
    region = each.resolution.region
    return {
        "code": each.code,
        "award_year": Key([award_year]),
        "tier": entry.tier,
        "grade": entry.grade,
        "rank": entry.rank,
        "marker": text_of(entry.marker),
        **fixture_texts(each),
        **{
            f"{name}_offset": passage.start if passage else None
            for name, passage in verbatim.items()
        },
        "pinyin": reading(text_of(entry.title)),
        "region": Key(region.key) if region else None,
    }


def _links(each: AwardEntry) -> Iterator[dict[str, Any]]:
    for position, organization in enumerate(each.resolution.organizations, start=1):
        yield {
            "achievement": Key([each.code]),
            "organization": Key([organization.name]),
            "position": position,
        }
