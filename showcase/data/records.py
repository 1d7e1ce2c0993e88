"""Records as they leave the site."""

from collections.abc import Iterable, Iterator
from typing import TypedDict, cast

from django.http import HttpRequest

from governance.models import Region
from governance.models.region import Level
from governance.records import PublicRecord
from showcase import links
from showcase.html.schema_org import LICENCE


class LinksRecord(TypedDict):
    """Other addresses of an entry, absolute."""

    api: str
    english: str
    year: str
    bibtex: str
    ris: str
    csl_json: str


class OpenRecord(PublicRecord):
    """A public record with the zones of its province, "" where it has none; its `url` is absolute."""

    zone: str
    zone3: str
    licence: str
    links: LinksRecord


def open_records(
    records: Iterable[PublicRecord], request: HttpRequest | None
) -> Iterator[OpenRecord]:
    """Those of a Selection or of a page of it, each made when it is its turn; a command has no `request`."""
    zones, origin = _zones(request), links.absolute(request, "")
    return (_opened(record, zones, origin) for record in records)


def open_record(record: PublicRecord, request: HttpRequest) -> OpenRecord:
    return next(open_records([record], request))


def _opened(record: PublicRecord, zones: dict[str, tuple[str, str]], origin: str) -> OpenRecord:
    zone, zone3 = zones.get(record["region"]["path"][:2], ("", ""))
    path = record["url"]
    file = f"{origin}{path[:-1]}"
    addresses: LinksRecord = {
        "api": f"{origin}/api{path}",
        "english": f"{origin}/en{path}",
        "year": f"{origin}/years/{record['year']}/",
        "bibtex": f"{file}.bib",
        "ris": f"{file}.ris",
        "csl_json": f"{file}.csl.json",
    }
    return cast(
        OpenRecord,
        {
            **record,
            "zone": zone,
            "zone3": zone3,
            "url": f"{origin}{path}",
            "licence": LICENCE,
            "links": addresses,
        },
    )


def _zones(request: HttpRequest | None) -> dict[str, tuple[str, str]]:
    """{path of a province: its two zones}, kept with the index if there is one."""

    def read() -> dict[str, tuple[str, str]]:
        provinces = Region.objects.filter(level=Level.PROVINCE)
        return {
            path: (zone, three)
            for path, zone, three in provinces.values_list("path", "zone", "zone3")
        }

    now = getattr(request, "index", None)
    return now.kept(("zones",), read) if now else read()
