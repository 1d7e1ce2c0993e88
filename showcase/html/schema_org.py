"""Nodes of schema.org's vocabulary: what a page shows, said for machines. Addresses are absolute.

Nobody is named as the author of an entry: the announcements name none.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, Protocol

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from governance import __version__, facets, index
from governance.models import Mechanism, Organization, Region
from governance.publishing import last_change
from governance.records import (
    OrganizationRecord,
    PlaceRecord,
    PublicRecord,
    organization_record,
)
from showcase import links
from showcase.query.form import offered
from showcase.text import localized

Node = dict[str, Any]
# Of codings, definitions and translations; the announcements are quoted.
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
# As CITATION.cff and LICENSE-DATA.md have it.
CREATOR = {"@type": "Organization", "name": "The Community Governance Showcase contributors"}


def website_node(request: HttpRequest) -> Node:
    search = links.absolute(request, links.address("achievements")) + "?q={search_term_string}"
    return {
        "@type": "WebSite",
        "@id": links.absolute(request, "/#website"),
        "name": _("社区治理创新成果库"),
        "url": links.absolute(request, links.address("home")),
        "inLanguage": ["zh-Hans", "en"],
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": search},
            "query-input": "required name=search_term_string",
        },
    }


# Of the files of a version, those that are data.
MEDIA_TYPES = {
    "csv": "text/csv",
    "json": "application/json",
    "jsonl": "application/jsonl",
    "sqlite": "application/vnd.sqlite3",
    "zip": "application/zip",
}


class Distributed(Protocol):
    """A version of the database that is kept, as showcase.data has it."""

    @property
    def name(self) -> str: ...
    @property
    def published(self) -> date: ...
    @property
    def issued(self) -> date | None: ...
    @property
    def files(self) -> Sequence[tuple[str, int, str]]: ...


def dataset_node(request: HttpRequest, description: str, kept: Distributed | None) -> Node:
    """The database as it is now; `kept` is the version of it that can be taken as files, if any."""
    years = sorted(int(year) for year, _label in offered(facets.TABLE["year"]))
    now = index.current()
    changed = last_change(now)
    found = _dataset(request) | {
        "description": description,
        "version": now.digest,
        "identifier": f"{__version__}-{now.digest}",
        "license": LICENCE,
        "usageInfo": links.absolute(request, links.address("about")),
        "isAccessibleForFree": True,
        "inLanguage": ["zh-Hans", "en"],
        "creator": CREATOR,
        "spatialCoverage": {"@type": "Country", "name": _("中国")},
    }
    if settings.PUBLISHER:
        found["publisher"] = {"@type": "Organization", "name": settings.PUBLISHER}
    if years:
        first, last = years[0], years[-1]
        found["temporalCoverage"] = str(first) if first == last else f"{first}/{last}"
    if changed:
        found["dateModified"] = changed.isoformat()
    if kept:
        found["distribution"] = _distribution(request, kept)
    return found


def version_node(request: HttpRequest, description: str, kept: Distributed) -> Node:
    """A version of the database that is kept."""
    address = links.absolute(request, links.address("data-version", kept.name))
    found = {
        "@type": "Dataset",
        "@id": f"{address}#dataset",
        "name": _("社区治理创新成果库"),
        "description": description,
        "url": address,
        "identifier": address,
        "version": kept.name,
        "license": LICENCE,
        "isAccessibleForFree": True,
        "creator": CREATOR,
        "datePublished": kept.published.isoformat(),
        "dateModified": kept.issued and kept.issued.isoformat(),
        "isBasedOn": _dataset(request),
        "distribution": _distribution(request, kept),
    }
    return {name: value for name, value in found.items() if value}


def _distribution(request: HttpRequest, kept: Distributed) -> list[Node]:
    return [
        {
            "@type": "DataDownload",
            "name": name,
            "contentUrl": links.absolute(request, links.kept_file(kept.name, name)),
            "encodingFormat": MEDIA_TYPES[extension],
            "contentSize": str(size),
            "sha256": sha256,
        }
        for name, size, sha256 in kept.files
        if (extension := name.rpartition(".")[2]) in MEDIA_TYPES
    ]


def _dataset(request: HttpRequest) -> Node:
    return {
        "@type": "Dataset",
        "@id": links.absolute(request, "/#dataset"),
        "name": _("社区治理创新成果库"),
        "url": links.absolute(request, links.address("home")),
    }


def achievement_node(request: HttpRequest, entry: PublicRecord) -> Node:
    """One record, an entry of an announcement."""
    address = links.absolute(request, links.address("achievement", entry["code"]))
    document = {"@type": "CreativeWork", "name": entry["document"]["title"]}
    if entry["document"]["url"]:
        document["url"] = entry["document"]["url"]
    english = get_language() == "en"
    names = dict.fromkeys([entry["title"], entry["short_name"], entry["title_en"]])
    name, summary = (localized(entry, field, english) for field in ("title", "summary"))
    found = {
        "@type": "CreativeWork",
        "@id": f"{address}#entry",
        "url": address,
        "identifier": entry["code"],
        "name": name,
        "alternateName": [other for other in names if other and other != name],
        "abstract": summary,
        "inLanguage": "en" if summary != entry["summary"] else "zh-Hans",
        "datePublished": entry["first_published"],
        "dateModified": entry["modified"],
        "temporalCoverage": str(entry["year"]),
        "spatialCoverage": _nested(request, entry["region"]["lineage"]),
        "isPartOf": _dataset(request),
        "isBasedOn": document,
        "mentions": [_organization(request, row, english) for row in entry["organizations"]],
        "keywords": list(
            dict.fromkeys(localized(row, "name", english) for row in entry["mechanisms"])
        ),
    }
    return {name: value for name, value in found.items() if value}


def region_node(request: HttpRequest, place: Region) -> Node:
    """A Region, inside those above it."""
    rows: list[PlaceRecord] = [
        {"code": row.code, "name": row.name, "name_en": row.name_en} for row in place.lineage
    ]
    return _nested(request, rows)


def _nested(request: HttpRequest, lineage: list[PlaceRecord]) -> Node:
    """The last of a lineage of regions (name, name_en, code), each inside the one before it."""
    english, above = get_language() == "en", links.absolute(request, links.address("regions"))
    place: Node = {"@type": "Country", "name": _("中国")}
    for row in lineage:
        place = {
            "@type": "AdministrativeArea",
            "name": localized(row, "name", english),
            "identifier": row["code"],
            "url": f"{above}{row['code']}/",
            "containedInPlace": place,
        }
    return place


def mechanism_node(request: HttpRequest, row: Mechanism) -> Node:
    return {
        "@type": "DefinedTerm",
        "name": localized(row, "name"),
        "description": localized(row, "definition"),
        "termCode": row.slug,
        "url": links.absolute(request, row.get_absolute_url()),
        "inDefinedTermSet": {
            "@type": "DefinedTermSet",
            "name": _("社区治理机制表"),
            "url": links.absolute(request, links.address("mechanisms")),
        },
    }


def organization_node(request: HttpRequest, row: Organization) -> Node:
    found = _organization(request, organization_record(row), get_language() == "en")
    if row.region:
        found["location"] = region_node(request, row.region)
    return found


def _organization(request: HttpRequest, row: OrganizationRecord, english: bool) -> Node:
    name = localized(row, "name", english)
    found = {
        "@type": "Organization",
        "name": name,
        "url": links.absolute(request, links.address("organization", row["slug"])),
    }
    others = [other for other in (row["name"], row["short_name"]) if other != name]
    return found | ({"alternateName": others[0]} if others else {})


def breadcrumbs_node(request: HttpRequest, steps: list[tuple[str, str]]) -> Node:
    """`steps` are (name, path) pairs from the home page to the page itself."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": position,
                "name": name,
                "item": links.absolute(request, path),
            }
            for position, (name, path) in enumerate(steps, start=1)
        ],
    }


def full_name(place: Region) -> str:
    """江苏省苏州市太仓市; in English the smallest first."""
    names = [localized(row, "name") for row in place.lineage]
    return ", ".join(reversed(names)) if get_language() == "en" else "".join(names)
