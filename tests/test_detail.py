import re
from datetime import date
from html import unescape

import pytest

from governance import index
from governance.models import Achievement, Coding, Evidence, IndexState

from .helpers.pages import Page
from .helpers.pictures import attach

pytestmark = pytest.mark.django_db


def test_it_shows_what_the_announcement_says_word_for_word(client):
    page = Page(client, "/achievements/2015-n04/")
    text = page.response.context_data["entry"]["summary"]
    assert "减化申报程序" in text, "the announcement's own slip is kept"
    shown = page.response.context_data["margin"].texts["summary"]
    assert "".join(segment.text for segment in shown) == text
    assert page.heading == "“加减乘除法”精准孵化社区社会组织"


def test_it_shows_evidence_numbers_organizations_source_and_permalink(client):
    page = Page(client, "/achievements/2015-w06/")
    assert "阳光晒权" in page.html
    assert ("阳光晒权", "/achievements/2015-w06/#coding-2") in page.links
    assert '<span class="code">2015-w06</span>' in page.html
    assert ("宁海县人民政府") in [text for text, _href in page.links]
    assert "来源待补" in page.html
    assert "浙江省宁海县县委、县政府" in page.html
    assert ("http://testserver/achievements/2015-w06/",) * 2 in page.links


def test_it_tells_goals_and_effects_from_means(client):
    page = Page(client, "/achievements/2015-w11/")
    assert "次要目标" in page.html
    assert "主要做法" in page.html


def test_it_names_the_region_of_its_year_and_what_that_became(client):
    page = Page(client, "/achievements/2015-w07/")
    names = [text for text, _href in page.links]
    assert "坪山新区" in names
    assert "坪山区" in names


@pytest.mark.parametrize("code", ["2015-w12", "2015-w1", "太仓", "2015-w01\x00"])
def test_an_unknown_code_is_not_found(client, code):
    page = Page(client, f"/achievements/{code}/", status=404)
    assert "页面不存在" in page.html


@pytest.mark.parametrize("code", ["2015-w01", "2015-w08", "2015-n01", "2015-n09"])
def test_a_detail_page_asks_the_database_a_fixed_number_of_questions(
    client, code, django_assert_max_num_queries
):
    # Two of them ask when the record last changed: kept until the next change. One asks what was revised.
    with django_assert_max_num_queries(15):
        client.get(f"/achievements/{code}/")


def test_every_entry_has_its_page_in_both_languages(client):
    for entry in Achievement.objects.all():
        assert entry.title_en in Page(client, f"/en/achievements/{entry.code}/").html.replace(
            "&#39;", "'"
        )
        assert entry.organization_text in Page(client, f"/achievements/{entry.code}/").html


def test_it_shows_pictures_in_every_size_with_alt_and_credit(client):
    entry = Achievement.objects.get(code="2015-w01")
    picture = attach(entry)
    index.update([entry.pk])
    html = Page(client, "/achievements/2015-w01/").html
    assert f'src="/media/images/{picture.digest}/{picture.width}.webp"' in html
    assert f"/media/images/{picture.digest}/480.webp 480w" in html
    assert f'alt="{picture.alt}"' in html
    assert picture.credit in html


def test_evidence_and_coding_lead_to_each_other(client):
    page = Page(client, "/achievements/2015-w06/")
    texts = {text.split(" ")[-1]: href for text, href in page.links if "的原文依据 " in text}
    for number in (1, 2, 3):
        here = texts[str(number)].split("#")[1]
        words = re.search(rf'<a id="{here}" class="ev \w+([^"]*)"', page.html)[1]
        assert f" k{number}" in words
        assert f'<li class="k{number}" id="coding-{number}">' in page.html


def test_codings_are_numbered_as_their_words_are_read(client):
    """The title first."""
    for entry in Achievement.objects.all():
        margin = Page(client, f"/achievements/{entry.code}/").response.context_data["margin"]
        read = margin.texts["title"] + margin.texts["summary"]
        first = list(dict.fromkeys(number for part in read for number in part.codings))
        assert first == sorted(first), entry.code


def test_the_words_are_alone_in_the_text(client):
    """Numbers are drawn beside them, so that whoever copies the text copies what was announced."""
    for entry in Achievement.objects.all():
        html = Page(client, f"/achievements/{entry.code}/").html
        for tag, said in ("h1", entry.title), ("p", entry.summary):
            found = re.search(
                rf'(?:<h1 lang="zh-Hans">|<div class="text" lang="zh-Hans"><p>)(.*?)</{tag}>',
                html if tag == "h1" else html.partition('<div class="read">')[2],
                re.DOTALL,
            )[1]
            assert unescape(re.sub("<[^>]+>", "", found)) == said, entry.code


def test_it_leads_to_its_passage_in_the_announcement(client):
    year = Page(client, "/years/2015/")
    for entry in Achievement.objects.select_related("award_year"):
        page = Page(client, f"/achievements/{entry.code}/")
        assert ("公告全文中的原文", f"/years/2015/#document-{entry.code}") in page.links
        marked = re.search(rf'id="document-{entry.code}">(.*?)</span>', year.html, re.DOTALL)[1]
        assert unescape(marked).startswith(entry.marker + entry.title)
        assert unescape(marked).endswith(entry.summary)
    (document,) = re.findall(
        r'<div class="document" lang="zh-Hans">(.*?)</div>', year.html, re.DOTALL
    )
    assert unescape(re.sub("<[^>]+>", "", document)) == entry.award_year.text


def test_of_a_passage_that_lies_apart_the_title_is_marked(client):
    entry = Achievement.objects.get(code="2015-w02")
    entry.summary_offset = entry.award_year.text.index("公共服务")
    entry.save()
    year = Page(client, "/years/2015/").html
    marked = re.search(r'id="document-2015-w02">(.*?)</span>', year, re.DOTALL)[1]
    assert unescape(marked) == entry.title


def test_what_has_no_place_in_the_announcement_is_told(client):
    entry = Achievement.objects.get(code="2015-w02")
    entry.title = entry.title.replace("细胞", "活力")
    entry.title_offset = None
    entry.save()
    index.update([entry.pk])
    page = Page(client, "/achievements/2015-w02/")
    assert "文字未在原文中定位" in page.html
    assert ("公告全文", "/years/2015/#document") in page.links
    assert "document-2015-w02" not in Page(client, "/years/2015/").html


def test_english_comes_first_in_english(client):
    page = Page(client, "/en/achievements/2015-w02/")
    entry = Achievement.objects.get(code="2015-w02")
    assert page.heading == entry.title_en
    text = unescape(page.html)
    assert text.index(entry.summary_en[-60:]) < text.index("为社区协商民主搭建了平台")
    Achievement.objects.filter(code="2015-w02").update(title_en="", summary_en="")
    index.update([entry.pk])
    assert Page(client, "/en/achievements/2015-w02/").heading == entry.title


def test_the_translation_has_the_numbers_of_the_original(client):
    entry = Achievement.objects.get(code="2015-w02")
    spans = Evidence.objects.filter(coding__achievement=entry).order_by("start")
    for span, words in zip(
        spans,
        [
            "With community Party organizations taking the lead",
            "professional bodies giving technical guidance",
            "discovered and trained leaders of resident self-governance",
        ],
        strict=False,
    ):
        span.field_en, span.text_en = "summary_en", words
        span.place("_en", entry.summary_en.index(words))
        span.full_clean()
        span.save()
    index.update([entry.pk])
    html = Page(client, "/en/achievements/2015-w02/").html
    shown = re.findall(
        r'<a id="(summary\w*)-\d+"[^>]*>([^<]*)</a><span class="number" data-number="(\d+)"', html
    )
    english = [(text, number) for field, text, number in shown if field == "summary_en"]
    numbered = [(span.text_en, str(number)) for number, span in enumerate(spans[:3], 1)]
    assert english[:3] == numbered
    chinese = {text: number for field, text, number in shown if field == "summary"}
    for number, span in enumerate(spans[:3], 1):
        assert chinese[span.text] == str(number)
        (note,) = re.findall(rf'id="coding-{number}">(.*?)</li>', html, re.DOTALL)
        assert span.text in note
        assert span.text_en in note
    # In Chinese the original alone is numbered.
    assert 'id="summary_en' not in Page(client, "/achievements/2015-w02/").html


def neighbours(page):
    context = page.response.context_data
    return [card and card["code"] for card in (context["before"], context["after"])]


def test_without_a_list_its_neighbours_are_those_of_its_year(client):
    assert neighbours(Page(client, "/achievements/2015-w01/")) == [None, "2015-w02"]
    assert neighbours(Page(client, "/achievements/2015-n01/")) == ["2015-w11", "2015-n02"]
    assert neighbours(Page(client, "/achievements/2015-n09/")) == ["2015-n08", None]


@pytest.mark.parametrize(
    "query",
    [
        "mechanism=deliberation",
        "q=协商",
        "sort=year",
        "sort=title",
        "sort=region&tier=winner",
        "q=政府购买服务",
        "view=table&sort=-year",
    ],
)
def test_it_has_the_neighbours_of_the_list_that_one_came_from(client, query):
    listing = Page(client, f"/achievements/?{query}")
    codes = listing.codes
    # Followed as a reader would: from the first, by "next", to the last.
    here = next(href for _text, href in listing.links if f"/{codes[0]}/?" in href)
    walked = []
    for place, code in enumerate(codes):
        page = Page(client, here)
        walked.append(page.response.context_data["entry"]["code"])
        around = [codes[place - 1] if place else None, *codes[place + 1 : place + 2]]
        assert neighbours(page) == (around if len(around) == 2 else [*around, None]), code
        if place + 1 < len(codes):
            here = next(href for _text, href in page.links if f"/{codes[place + 1]}/?" in href)
    assert walked == codes
    assert dict(page.links)["返回列表"].startswith("/achievements/?")


def test_a_list_that_lost_the_entry_gives_way_to_its_year(client):
    page = Page(client, "/achievements/2015-w01/?mechanism=deliberation")
    assert neighbours(page) == [None, "2015-w02"]
    assert "返回列表" not in page.html


def test_a_wrong_query_is_said_here_too(client):
    assert "没有名为“regoin”的参数" in Page(client, "/achievements/2015-w01/?regoin=1", 400).html


def test_neighbours_are_no_drafts(client):
    Achievement.objects.filter(code="2015-w02").update(status="draft")
    assert neighbours(Page(client, "/achievements/2015-w01/")) == [None, None]


def test_related_entries_say_what_is_shared(client):
    related = Page(client, "/achievements/2015-w06/").response.context_data["related"]
    assert [(other["code"], reasons) for other, reasons in related][:2] == [
        ("2015-n01", ["同用权责清单与契约、村（居）务公开"]),
        ("2015-w01", ["同用权责清单与契约"]),
    ]
    for entry in Achievement.objects.all():
        for other, reasons in Page(client, f"/achievements/{entry.code}/").response.context_data[
            "related"
        ]:
            assert reasons, (entry.code, other["code"])
            assert other["code"] != entry.code


def test_related_entries_are_no_drafts(client):
    Achievement.objects.filter(code="2015-n01").update(status="draft")
    related = Page(client, "/achievements/2015-w06/").response.context_data["related"]
    assert "2015-n01" not in [other["code"] for other, _reasons in related]


def test_a_citation_names_the_database_and_no_author(client):
    page = Page(client, "/achievements/2015-w02/?q=协商")
    cited = page.response.context_data["citation"]
    assert cited.startswith("社区治理创新成果库. “居民提案”激活社区居民自治细胞[EB/OL]. （20")
    assert cited.endswith("]. http://testserver/achievements/2015-w02/.")
    assert "朝阳区人民政府" not in cited


def test_it_stands_without_an_index(client):
    IndexState.objects.update(shape=0)
    page = Page(client, "/achievements/2015-w02/")
    assert page.heading == "“居民提案”激活社区居民自治细胞"
    assert "[EB/OL]. " in page.response.context_data["citation"]
    assert "相关成果" not in page.html


def test_a_list_of_facts_holds_terms_and_what_is_said_of_them_alone(client):
    """HTML allows nothing else in it, the picture of the map neither."""
    html = Page(client, "/achievements/2015-w01/").html
    groups = re.findall(r"<dl[^>]*>(.*?)</dl>", html, re.DOTALL)
    assert len(groups) == 3
    for group in groups:
        bare = re.sub(r"<(dt|dd)\b.*?</\1>", "", group, flags=re.DOTALL)
        assert set(re.findall(r"<(\w+)", bare)) <= {"div"}


def test_each_coding_says_who_coded_it_and_whether_it_was_reviewed(client):
    coding = Coding.objects.filter(achievement__code="2015-w02").first()
    Coding.objects.filter(achievement__code="2015-w02").update(
        coder="编码员甲", coded_on="2026-11-20"
    )
    coding.coder, coding.coded_on = "编码员甲", date(2026, 11, 20)
    coding.reviewed_by, coding.reviewed_on = "编码员乙", date(2026, 11, 25)
    coding.save()
    index.update([coding.achievement_id])
    html = Page(client, "/achievements/2015-w02/").html
    notes = re.findall(r'<li class="k\d+".*?</li>', html, re.DOTALL)
    assert all("编码员甲 <span>2026-11-20</span>" in note for note in notes)
    reviewed = [note for note in notes if "● 已复核" in note]
    assert len(reviewed) == 1
    assert "编码员乙 2026-11-25 复核" in reviewed[0]
    assert f'href="/mechanisms/{coding.mechanism.slug}/"' in reviewed[0]
    assert len([note for note in notes if "○ 待复核" in note]) == len(notes) - 1
    # The status is the way to question it.
    for note in notes:
        slug = re.search('href="/mechanisms/(.*?)/"', note)[1]
        assert f'href="/achievements/2015-w02/report/?mechanism={slug}"' in note


def test_every_number_is_in_both_languages_and_in_the_margin(client):
    """But those of words that the translation does not render."""
    shown = r'class="number" data-number="([\d ]+)"'
    for entry in Achievement.objects.all():
        page = Page(client, f"/en/achievements/{entry.code}/")
        margin = page.response.context_data["margin"]
        numbers = {
            language: {
                number
                for name in ("title", "summary")
                for segment in margin.texts[name + language]
                for number in segment.ending
            }
            for language in ("", "_en")
        }
        every = set(range(1, len(margin.codings) + 1))
        assert numbers[""] == every, entry.code
        assert numbers["_en"] == {
            number
            for number, coding in enumerate(margin.codings, 1)
            if any(span["english"] for span in coding["evidence"])
        }
        assert {
            int(one) for found in re.findall(shown, page.html) for one in found.split()
        } == every
        assert [int(n) for n in re.findall(r'id="coding-(\d+)"', page.html)] == sorted(every)
