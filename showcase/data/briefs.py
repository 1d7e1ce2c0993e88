"""Briefs for Word: entries as officials write of them."""

from collections.abc import Iterable, Sequence

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from governance.models import Tier
from showcase.citing.works import cited, entry_work
from showcase.text import between, evidence_words, how_coded, localized, place_line, with_facts

from .papers import Paper
from .provenance import Provenance
from .records import OpenRecord


def brief(
    records: Iterable[OpenRecord],
    provenance: Provenance,
    table: Sequence[Sequence[str]] = (),
    notices: Iterable[str] = (),
) -> bytes:
    """A document of the records in their order, and of what it is.

    `table` comes before them, the first of its rows is its head; `notices` are sentences on what is left out.
    """
    entries = list(records)
    paper = Paper(provenance.heading, provenance.day)
    for sentence in notices:
        paper.say(sentence)
    if table:
        paper.draw(table)
    if not entries:
        paper.say(_("没有符合这些条件的成果。"))
    alone = len(entries) == 1 and entries[0]["url"] == provenance.address
    for entry in entries:
        if not alone:
            paper.head(localized(entry, "title"))
        _tell(paper, entry, alone)
    paper.head(_("关于这份材料"))
    for label, text in provenance.lines():
        paper.say(text, label)
    return paper.written()


def _tell(paper: Paper, entry: OpenRecord, alone: bool) -> None:
    """Write what is known of an entry; one that is `alone` is what the document says of itself."""
    english, level = get_language() == "en", 1 if alone else 2
    paper.head(_("基本情况"), level)
    if english and entry["title_en"]:
        paper.say(entry["title"], _("原题"))
    paper.say(entry["code"], _("编号"))
    paper.say(place_line(entry["region"]["lineage"]), _("地区"))
    names = [localized(one, "name") for one in entry["organizations"]]
    paper.say(between(names) or _("没有列名"), _("机构"))
    paper.say(_awarded(entry), _("评选结果"))
    paper.head(_("简介"), level)
    if english and entry["summary_en"]:
        paper.say(entry["summary_en"])
        paper.head(_("公告原文"), level)
    paper.say(entry["summary"])
    paper.head(_("机制与原文依据"), level)
    for coding in entry["mechanisms"]:
        reviewed = _("已复核") if coding["reviewed_on"] else _("待复核")
        label = with_facts(localized(coding, "name"), [how_coded(coding), reviewed])
        paper.say(between(evidence_words(coding)), label, quoted=True)
    if not entry["mechanisms"]:
        paper.say(_("没有标注。"))
    paper.head(_("出处"), level)
    paper.say(entry["document"]["title"], _("公告标题"))
    if entry["modified"]:
        paper.say(entry["modified"], _("最近修订"))
    if not alone:
        paper.say(entry["url"], _("网址"))
        paper.say(cited(entry_work(entry, entry["url"])), pgettext("act", "引用"))


def _awarded(entry: OpenRecord) -> str:
    said = _("%(year)s年度%(award)s，%(tier)s第 %(rank)s 项") % {
        "award": localized(entry["award"], "name"),
        "year": entry["year"],
        "tier": Tier(entry["tier"]).label,
        "rank": entry["rank"],
    }
    return f"{said} {entry['grade']}".strip()
