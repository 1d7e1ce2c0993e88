"""What the public may read: the record of an achievement, and how much there is."""

from typing import NamedTuple

from django.db.models import Count
from django.http import HttpRequest

from governance import index
from governance.facet_table import MISSING
from governance.index import Selection
from governance.models import Achievement, Award, AwardYear, Coding, Status
from governance.models.achievement import VERBATIM, tier_labels
from governance.models.award import award_year_code
from governance.records import (
    AchievementRecord,
    PublicRecord,
    achievement_record,
    public_records,
    with_days,
)
from showcase.query.facets import ASPECTS
from showcase.query.vocabulary import vocabulary

from .addresses import lead_on


def published_record(code: str) -> PublicRecord:
    """As the index keeps it; from the record itself while there is no index.

    Raises Moved, Gone, or Http404 if there never was one.
    """
    try:
        record = index.record(code)
    except index.Unready:
        found = public_records(list(Achievement.objects.published().filter(code=code)))
        record = found[0] if found else None
    if record is None:
        lead_on(Achievement, code)
    return record


def unpublished_record(achievement: Achievement) -> PublicRecord:
    """What the public would read of it, for staff alone."""
    return with_days(achievement_record(achievement), None, None)


def announcement_of(record: AchievementRecord) -> AwardYear:
    """The award year that announced an entry, with what its announcement is cited by."""
    known = AwardYear.objects.only("code", "issuer", "document_title", "source_url", "retrieved_on")
    return known.get(code=award_year_code(record["code"]))


def tiers_in(request: HttpRequest, record: AchievementRecord) -> dict[str, str]:
    """{tier: label}, in the words of the entry's award, as the index knows them if there is one."""
    slug, now = record["award"]["slug"], getattr(request, "index", None)
    if now is None:
        return tier_labels(Award.objects.filter(slug=slug)[:1])
    return vocabulary(now).tiers(slug)


# What stands between the parts of an entry: brackets, a line. If there is more, they lie apart.
BETWEEN = 40


# As many codings show how an entry is read, and still fit on a screen.
CODINGS = 5


def example(entries: Selection) -> AchievementRecord | None:
    """One of the newest entries, by which a reader sees what the record is; None if there is none."""
    newest = entries[:20]
    return min(newest, key=lambda one: abs(len(one["mechanisms"]) - CODINGS), default=None)


class Stretch(NamedTuple):
    """Of an announcement, and the code of the published entry that it announces, "" if none."""

    text: str
    code: str


def stretches(award_year: AwardYear) -> list[Stretch]:
    """The announcement of an award year, cut where the passages of its published entries begin and end.

    A passage is an entry's own part, from its mark to the end of its summary; or its title, if the
    parts lie apart.
    """
    entries = Achievement.objects.published().filter(award_year=award_year)
    located = entries.exclude(title_offset=None).order_by("title_offset")
    text, found, at = award_year.text, [], 0
    for entry in located.only("code", *VERBATIM, *(f"{field}_offset" for field in VERBATIM)):
        start, end = _passage(entry)
        if start >= at:
            found += [Stretch(text[at:start], ""), Stretch(text[start:end], entry.code)]
            at = end
    found.append(Stretch(text[at:], ""))
    return [stretch for stretch in found if stretch.text]


def _passage(entry: Achievement) -> tuple[int, int]:
    """Where it begins and ends in the announcement; the entry's title is located."""
    title = entry.title_offset or 0
    start = title if entry.marker_offset is None else min(entry.marker_offset, title)
    parts = len(entry.marker + entry.title + entry.organization_text + entry.summary)
    end = (entry.summary_offset or 0) + len(entry.summary)
    if start < end <= start + parts + BETWEEN:
        return start, end
    return title, title + len(entry.title)


def figures(entries: index.Selection) -> dict[str, int]:
    """How much there is, for a template; `entries` are all of them.

    An entry is coded by a mechanism once, in one aspect. Of mechanisms those are counted that any
    entry has, in whatever aspect.
    """
    counts = [entries.counts(facet) for facet in ASPECTS.values()]
    coded = [(slug, count) for each in counts for slug, count in each.items() if slug != MISSING]
    return {
        "entry_count": entries.count(),
        "organization_count": len(entries.index.names.organizations),
        "coding_count": sum(count for _slug, count in coded),
        "mechanisms_used": len({slug for slug, _count in coded}),
    }


class Coder(NamedTuple):
    """How many codings of published entries a coder has signed, and how many of them are reviewed."""

    name: str
    codings: int
    reviewed: int


def coders(entries: index.Selection) -> list[Coder]:
    """Of all published entries, by the coder's name; "" for those codings that nobody signed.

    Kept with the index, which knows no coders: of 700,000 codings it takes 0.3 seconds.
    """

    def counted() -> list[Coder]:
        codings = Coding.objects.filter(achievement__status=Status.PUBLISHED)
        by_coder = codings.values_list("coder").annotate(Count("pk"), Count("reviewed_on"))
        return [Coder(*row) for row in by_coder.order_by("coder")]

    return entries.index.kept(("coders",), counted)
