"""A mechanism's page shows the words of every entry that names it, with what stands around them."""

import re
from html import unescape

import pytest

from governance import index
from governance.models import Achievement, Coding, Evidence, Mechanism
from showcase.entry.concordance import concordance
from showcase.query.facets import ASPECTS
from showcase.views import mechanisms

from .helpers.pages import Page

pytestmark = pytest.mark.django_db

LINE = re.compile(
    r'<div class="pre[^>]*><span>(.*?)</span></div><div class="hit"[^>]*><b>(.*?)</b>(.*?)</div>'
)


def lines(page):
    """(before, words, after) of each line."""
    return [tuple(map(unescape, line)) for line in LINE.findall(page.html)]


def test_it_has_the_words_of_every_coding_in_their_place(client):
    for mechanism in Mechanism.objects.all():
        found = lines(Page(client, mechanism.get_absolute_url()))
        spans = [
            (getattr(coding.achievement, span.field), span)
            for coding in mechanism.codings.filter(achievement__status="published")
            for span in coding.evidence.all()
        ]
        assert sorted(words for _before, words, _after in found) == sorted(s.text for _, s in spans)
        for before, words, after in found:
            around = before + words + after.removesuffix("…")
            assert any(around in text for text, span in spans if span.text == words), around


def test_the_number_above_each_group_is_that_of_its_cases(client):
    for mechanism in Mechanism.objects.all():
        page = Page(client, mechanism.get_absolute_url())
        groups = dict(re.findall(r"<h3>(\w+) <b>(\d+)</b></h3>", page.html))
        codings = mechanism.codings.filter(achievement__status="published")
        said = [f"{one.get_weight_display()}{one.get_aspect_display()}" for one in codings]
        assert groups == {label: str(said.count(label)) for label in set(said)}
        assert f"{len(said)} 项成果中的原文" in [text for text, _href in page.headings]


def test_means_come_first_and_primary_ones_before_secondary(client):
    html = Page(client, "/mechanisms/self-governance/").html
    found = re.findall(r"<h3>(\w+) <b>", html)
    order = [w + a for a in ("做法", "目标", "成效") for w in ("主要", "次要")]
    assert len(found) > 2
    assert found == [label for label in order if label in found]


def test_an_entry_with_several_spans_is_named_once(client):
    coding = Coding.objects.get(achievement__code="2015-w08", mechanism__slug="deliberation")
    assert coding.evidence.count() > 1
    page = Page(client, "/mechanisms/deliberation/")
    assert [href for _text, href in page.links].count("/achievements/2015-w08/") == 1
    spans = Evidence.objects.filter(coding__mechanism=coding.mechanism)
    again = spans.count() - coding.mechanism.codings.count()
    assert page.html.count('<li class="again">') == again


def test_it_lists_the_first_of_many_and_says_so(client, monkeypatch):
    monkeypatch.setattr(mechanisms, "MOST", 3)
    page = Page(client, "/mechanisms/deliberation/")
    used = index.select(mechanism=["deliberation"])
    named = [index.select(**{facet: ["deliberation"]})[:3] for facet in ASPECTS.values()]
    listed = set(re.findall(r'<div class="case"><a href="/achievements/([\w-]+)/"', page.html))
    assert listed == {record["code"] for records in named for record in records}
    assert used[3]["code"] not in listed
    assert "项未列出。" in page.html
    assert f"看 {len(used)} 项成果" in page.html


def test_a_draft_is_in_none(client):
    mechanism = Mechanism.objects.get(slug="grid-management")
    (entry,) = {coding.achievement for coding in mechanism.codings.all()[:1]}
    words = mechanism.codings.get(achievement=entry).evidence.first().text
    assert words in Page(client, "/mechanisms/grid-management/").html
    Achievement.objects.filter(pk=entry.pk).update(status="draft")
    index.update([entry.pk])
    html = Page(client, "/mechanisms/grid-management/").html
    assert words not in html
    assert entry.code not in html


def test_what_goes_with_it_leads_to_entries_that_have_both(client):
    page = Page(client, "/mechanisms/deliberation/")
    found = {text: href for text, href in page.links if "also=mechanism." in href}
    assert found
    for text, href in found.items():
        number = int(text.split(" ")[-1])
        assert number > 1
        assert len(Page(client, href).codes) == number
    assert not any(text.startswith("协商议事") for text in found)


def test_the_table_that_it_offers_is_not_of_what_is_fixed(client):
    """Nor do pages of a region, an organization or a year offer one of their own dimension."""
    for address, fixed in [
        ("/mechanisms/deliberation/", "mechanism"),
        ("/regions/440300/", "region"),
        ("/years/2015/", "year"),
        ("/organizations/cpc-taicang-municipal-committee/", "organization"),
    ]:
        (href,) = [href for _text, href in Page(client, address).links if "/analysis/?" in href]
        assert f"{fixed}=" in href
        assert f"rows={fixed}" not in href
        assert f"columns={fixed}" not in href
        assert Page(client, href).html.count("<h1>") == 1


def record(text, start, end):
    span = {
        "text": text[start:end],
        "field": "summary",
        "start": start,
        "end": end,
        "english": None,
    }
    coding = {"slug": "x", "weight": "primary", "aspect": "means", "evidence": [span]}
    return {"mechanisms": [coding], "summary": text, "title": ""}


@pytest.mark.parametrize(
    ("text", "words", "before", "after"),
    [
        ("民主协商平台", "民主协商", "", "平台"),
        (
            "按照“协商于民，协商为民”的工作要求，建立议事厅。",
            "建立议事厅",
            "协商为民”的工作要求，",
            "。",
        ),
        # The bracket that would be left open goes.
        (
            "居民议事，有序推进各项工作，改进居民服务质量，建设好了“三社联动”的格局",
            "居民议事",
            "",
            "，有序推进各项工作，改进居民服务质量，建设好了…",
        ),
        ("通过WeCommunity平台组织居民议事", "居民议事", "WeCommunity平台组织", ""),
        (
            "居民议事" + "，" * 3 + "有序推进各项工作" * 9,
            "居民议事",
            "",
            "，，，有序推进各项工作有序推进各项工作有序推进各…",
        ),
    ],
)
def test_what_stands_around_begins_and_ends_well(text, words, before, after):
    start = text.index(words)
    (group,) = concordance("x", [record(text, start, start + len(words))], False)
    (line,) = group.cases[0].lines
    assert (line.before, line.words, line.after) == (before, words, after)
    assert line.begins == (start <= 12)


def test_the_example_of_the_codebook_is_shown_while_its_entry_is_public(client):
    mechanism = Mechanism.objects.get(slug="deliberation")
    entry = Achievement.objects.get(code=mechanism.example_code)
    shown = f'<q lang="zh-Hans">{mechanism.example_words}</q></p>'
    page = Page(client, mechanism.get_absolute_url())
    assert shown in page.html
    assert (entry.title, f"/achievements/{entry.code}/") in page.links
    Achievement.objects.filter(pk=entry.pk).update(status="draft")
    index.update([entry.pk])
    assert "例：" not in Page(client, mechanism.get_absolute_url()).html
    Mechanism.objects.filter(pk=mechanism.pk).update(example_code="", example_words="")
    assert "例：" not in Page(client, mechanism.get_absolute_url()).html


def test_in_english_it_is_shown_in_the_words_of_the_translation_where_that_has_them(client):
    english = Page(client, "/en/mechanisms/deliberation/").html
    assert re.search(r'<q lang="en">used the methods of [^<]*</q></p>', english)
    words = Mechanism.objects.get(slug="compound-renewal").example_words
    other = Page(client, "/en/mechanisms/compound-renewal/").html
    assert f'<q lang="zh-Hans">{words}</q></p>' in other


def test_in_english_it_begins_with_a_word_that_fits():
    text = "Candidates with a review of qualifications; establishing the two disclosures of affairs"
    start = text.index("two disclosures")
    span = {"text": "两公开", "field": "summary", "start": 0, "end": 3}
    span["english"] = {
        "text": "two disclosures",
        "field": "summary_en",
        "start": start,
        "end": start + 15,
    }
    coding = {"slug": "x", "weight": "primary", "aspect": "means", "evidence": [span]}
    entry = {"mechanisms": [coding], "summary": "两公开", "summary_en": text}
    (group,) = concordance("x", [entry], True)
    (line,) = group.cases[0].lines
    assert (line.before, line.words, line.after) == (
        "establishing the ",
        "two disclosures",
        " of affairs",
    )
