"""OAI-PMH 2.0: what libraries harvest (http://www.openarchives.org/OAI/openarchivesprotocol.html).

A list is in the order of (day, code), a token is the place in it where the next part begins, and the
last day is fixed with the first part. So what is edited during a harvest comes once more at its end,
or in the next one, and nothing is left out. What was taken back stays as a deleted record.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from governance.index import Index, select
from governance.models import Award, Publication, Tier
from governance.models.achievement import CODE
from governance.models.region import path_of
from governance.records import PublicRecord
from showcase.query.vocabulary import vocabulary

PREFIX = "oai_dc"
# As many records are in one part of a list; as many publications are looked through at once for them.
PART, AT_ONCE = 100, 500
LISTED = {"metadataPrefix": True, "from": False, "until": False, "set": False}
# {verb: {argument: whether it must be there}}; a resumptionToken stands alone.
ARGUMENTS: dict[str, dict[str, bool]] = {
    "Identify": {},
    "ListMetadataFormats": {"identifier": False},
    "ListSets": {},
    "GetRecord": {"identifier": True, "metadataPrefix": True},
    "ListIdentifiers": LISTED,
    "ListRecords": LISTED,
}
# Facets of which each value is a set, such as tier:winner.
SETS = ("year", "province", "tier", "award")


class Refusal(Exception):
    """What the protocol calls an error: one of its codes, and a sentence."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


class Resumption(NamedTuple):
    """A place in a list: after `code` on `day`. Days are ISO dates; "" is no bound, and no set."""

    since: str
    until: str
    spec: str
    day: str = ""
    code: str = ""

    def token(self) -> str:
        return ",".join(self)


class Item(NamedTuple):
    """`day` is when the entry was taken back if it has no `record`, else when that last changed."""

    code: str
    day: date
    sets: list[str]
    record: PublicRecord | None


class Part(NamedTuple):
    """Some of a list; `following` is where the next part begins, None after the last."""

    items: list[Item]
    following: Resumption | None


def arguments_of(sent: QueryDict) -> dict[str, str]:
    """The arguments of a request, each once and none missing or unknown; raises Refusal."""
    verb = sent.get("verb", "")
    if verb not in ARGUMENTS or len(sent.getlist("verb")) > 1:
        shown = {"verbs": "、".join(ARGUMENTS)}
        raise Refusal("badVerb", _("verb 应给一次，是 %(verbs)s 之一。") % shown)
    expected = ARGUMENTS[verb]
    if "resumptionToken" in sent and verb.startswith("List") and verb != "ListMetadataFormats":
        expected = {"resumptionToken": True}
    for name, values in sent.lists():
        if name != "verb" and (name not in expected or len(values) > 1):
            shown = {"name": name, "verb": verb}
            raise Refusal("badArgument", _("%(verb)s 不接受这样的参数“%(name)s”。") % shown)
    for name, needed in expected.items():
        if needed and not sent.get(name):
            raise Refusal("badArgument", _("缺少参数 %(name)s。") % {"name": name})
    if sent.get("metadataPrefix", PREFIX) != PREFIX:
        raise Refusal("cannotDisseminateFormat", _("只有 oai_dc 格式。"))
    return {name: str(sent[name]) for name in sent}


def place_of(arguments: Mapping[str, str]) -> Resumption:
    """Where a list begins or goes on; raises Refusal."""
    token = arguments.get("resumptionToken")
    if token is None:
        given = Resumption(*(arguments.get(name, "") for name in ("from", "until", "set")))
        return _begun(given, "badArgument")
    parts = token.split(",")
    whole = len(parts) == len(Resumption._fields) and _is_day(parts[3]) and parts[1]
    if not (whole and re.fullmatch(CODE, parts[4])):
        raise Refusal("badResumptionToken", _("没有这样的 resumptionToken。"))
    return _begun(Resumption(*parts), "badResumptionToken")


def _begun(place: Resumption, wrong: str) -> Resumption:
    for day in filter(None, (place.since, place.until)):
        if not _is_day(day):
            raise Refusal(wrong, _("日期应形如 2026-11-26。"))
    if place.since and place.until and place.since > place.until:
        raise Refusal(wrong, _("from 不能晚于 until。"))
    facet, _colon, value = place.spec.partition(":")
    if place.spec and not (facet in SETS and re.fullmatch(r"[\w.~-]+", value, re.ASCII)):
        raise Refusal(wrong, _("set 应形如 tier:winner，见 ListSets。"))
    return place._replace(until=place.until or timezone.localdate().isoformat())


def _is_day(written: str) -> bool:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", written, re.ASCII):
        return False
    try:
        date.fromisoformat(written)
    except ValueError:
        return False
    return True


def part_of(place: Resumption, now: Index) -> Part:
    """What a list has from a place on; raises Refusal if there is nothing."""
    found: list[Item] = []
    for item in _items(place, now):
        if len(found) == PART:
            last = found[-1]
            return Part(found, place._replace(day=last.day.isoformat(), code=last.code))
        found.append(item)
    if not found:
        raise Refusal("noRecordsMatch", _("没有这样的记录。"))
    return Part(found, None)


def item_of(code: str, now: Index) -> Item | None:
    """That of an entry that is public or ever was."""
    # No database is asked about a NUL: PostgreSQL refuses.
    if not re.fullmatch(CODE, code):
        return None
    some = list(Publication.objects.by_day().filter(code=code))
    return next(_read(some, now, ""), None) if some else None


def _items(place: Resumption, now: Index) -> Iterator[Item]:
    # All of them are in the list, unless it is that of a set.
    at_once = AT_ONCE if place.spec else PART + 1
    while some := list(_after(place)[:at_once]):
        yield from _read(some, now, place.spec)
        last = some[-1]
        place = place._replace(day=day_of(last).isoformat(), code=last.code)


def _after(place: Resumption) -> QuerySet:
    within: QuerySet = Publication.objects.by_day()
    within = within.filter(day__lte=place.until)
    if place.since:
        within = within.filter(day__gte=place.since)
    if place.code:
        later = Q(day__gt=place.day) | Q(code__gt=place.code)
        within = within.filter(later, day__gte=place.day)
    return within


def _read(some: list[Publication], now: Index, spec: str) -> Iterator[Item]:
    """Those of a set, or all."""
    codes = [publication.code for publication in some]
    found = {record["code"]: record for record in _selected(now, spec, codes)}
    there = Publication.objects.public().filter(code__in=codes)
    public = set(there.values_list("code", flat=True))
    awards = dict(Award.objects.values_list("prefix", "slug"))
    for publication in some:
        code, sets = publication.code, _sets_of(publication.code, awards)
        day = day_of(publication)
        if record := found.get(code):
            provinces = sorted(_provinces_of(record))
            yield Item(code, day, [*sets, *provinces], record)
        elif code not in public and (not spec or spec in sets or spec.startswith("province:")):
            yield Item(code, day, sets, None)


def _selected(now: Index, spec: str, codes: Sequence[str]) -> Iterable[PublicRecord]:
    facet, _colon, value = spec.partition(":")
    if facet == "province":
        return select(index=now, code=codes, region=[path_of(value)])
    chosen: dict[str, Any] = {facet: [value]} if facet else {}
    return select(index=now, code=codes, **chosen)


def _sets_of(code: str, awards: Mapping[str, str]) -> list[str]:
    """The sets that a code tells, given the slugs of {prefix: slug}: not its province.

    What was taken back is therefore told in the sets of all provinces, to whoever never had it for
    nothing.
    """
    told = re.fullmatch(r"(?:(.+)-)?(\d{4})-([a-z]).*", code)
    if told is None:
        return []
    tiers = [tier for tier in Tier.values if tier[0] == told[3]]
    slugs = [awards[prefix] for prefix in [told[1] or ""] if prefix in awards]
    return [f"year:{told[2]}", *map("tier:{}".format, tiers), *map("award:{}".format, slugs)]


def _provinces_of(record: PublicRecord) -> set[str]:
    """As the facet has them: also those in which its region lies since."""
    region = record["region"]
    codes = [region["lineage"][0]["code"], *(place["code"] for place in region["became"])]
    return {f"province:{code[:2]}0000" for code in codes}


def sets_in(now: Index) -> list[tuple[str, str]]:
    """(its name for machines, its name for people) of every set that there is."""
    words, everything = vocabulary(now), select(index=now)
    provinces = [words.regions.places[path] for path in everything.counts("province")]
    return [
        *((f"year:{value}", label) for value, label in words["year"].items()),
        *((f"tier:{value}", label) for value, label in words["tier"].items()),
        *((f"award:{value}", label) for value, label in words["award"].items()),
        *sorted((f"province:{code}", label) for code, label, _depth in provinces),
    ]


def day_of(publication: Publication) -> date:
    """The day by which `by_day` orders it."""
    return publication.withdrawn or publication.modified


def first_day() -> date:
    """The earliest day that a record or a deletion has."""
    first = Publication.objects.by_day().first()
    return day_of(first) if first else timezone.localdate()
