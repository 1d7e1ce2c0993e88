"""Records as they leave the site."""

from collections.abc import Iterable, Iterator
from typing import cast

from django.http import HttpRequest

from governance.batches import batched
from governance.models import Region
from governance.models.region import Level, path_of
from governance.publishing import PublicRecord, public_records
from governance.records import AchievementRecord
from showcase import links


class OpenRecord(PublicRecord):
    """A public record with the zones of its province, "" where it has none; its `url` is absolute."""

    zone: str
    zone3: str


def open_records(
    records: Iterable[AchievementRecord], request: HttpRequest | None
) -> Iterator[OpenRecord]:
    """Those of a Selection or of a page of it, read some at a time; a command has no `request`."""
    zones = _zones(request)
    for some in batched(records, 500):
        for record in public_records(some):
            yield _opened(record, zones, request)


def open_record(record: PublicRecord, request: HttpRequest) -> OpenRecord:
    return _opened(record, _zones(request), request)


def _opened(
    record: PublicRecord, zones: dict[str, tuple[str, str]], request: HttpRequest | None
) -> OpenRecord:
    zone, zone3 = zones.get(path_of(record["region"]["code"])[:2], ("", ""))
    url = links.absolute(request, record["url"])
    return cast(OpenRecord, {**record, "zone": zone, "zone3": zone3, "url": url})


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
