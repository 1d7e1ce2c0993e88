"""The page about the site, and what its keeper sets."""

import re

import pytest
from django.utils import timezone

from governance import index
from governance.models import Achievement, AwardYear, Coding, Publication
from governance.publishing import take_back

from .helpers.pages import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(settings):
    """Sets what pages show of the settings, as another start of the site would."""

    def kept(**values):
        for name, value in values.items():
            setattr(settings, name, value)
        # The templates read these once.
        settings.TEMPLATES = list(settings.TEMPLATES)

    return kept


def test_it_counts_the_codings_by_who_signed_and_who_reviewed_them(client):
    Coding.objects.filter(achievement__code="2015-w01").update(coder="沈慧")
    one = Coding.objects.filter(achievement__code="2015-w02").update(coder="")
    Coding.objects.filter(coder="沈慧").update(reviewed_by="林小满", reviewed_on="2026-12-01")
    index.rebuild()
    page = Page(client, "/about/")
    count, named = Coding.objects.count(), Coding.objects.filter(coder="沈慧").count()
    assert f"{count} 条标注中，经人工复核的有 {named} 条；" in page.html
    machine = count - named - one
    assert f"<li>机器辅助编码：{machine} 条，其中已复核 0 条</li>" in page.html
    assert f"<li>沈慧：{named} 条，其中已复核 {named} 条</li>" in page.html
    assert f"<li>未署名：{one} 条，其中已复核 0 条</li>" in page.html
    english = Page(client, "/en/about/").html
    assert f"<li>Machine-assisted coding: {machine}, of which 0 reviewed</li>" in english
    assert f"Of {count} codings" in english


def test_it_says_what_agreement_of_machines_is_while_there_are_such_codings(client):
    said = "不是人与人的一致"
    assert said in Page(client, "/about/").html
    Coding.objects.update(coder="沈慧")
    index.rebuild()
    assert said not in Page(client, "/about/").html


def test_the_rules_of_coding_have_a_page_in_both_languages(client):
    chinese, english = (Page(client, f"{prefix}/about/coding/").html for prefix in ("", "/en"))
    for html in (chinese, english):
        assert re.findall(r'<li id="rule-(\d+)">', html) == [str(one) for one in range(1, 15)]
    rules = [
        re.findall(r'<li id="rule-.*?(?=<li id="rule-|</ol>)', html, re.S)
        for html in (chinese, english)
    ]
    for ours, theirs in zip(*rules, strict=True):
        assert ours.count("<li") == theirs.count("<li"), theirs
    assert "拿不准而规则未能决定的，不记" in chinese
    assert "In doubt that the rules do not settle: do not code" in english


@pytest.mark.parametrize("address", ["/about/", "/achievements/2015-w06/", "/achievements/"])
def test_what_speaks_of_codings_leads_to_their_rules(client, address):
    assert "/about/coding/" in {href for _text, href in Page(client, address).links}


def test_it_counts_no_draft(client, draft):
    published = Coding.objects.exclude(achievement=draft).count()
    Coding.objects.filter(achievement=draft).update(coder="沈慧")
    page = Page(client, "/about/")
    assert page.response.context_data["coding_count"] == published
    assert "沈慧" not in page.html


def test_it_shows_the_quirks_and_the_source_of_each_announcement(client):
    page = Page(client, "/about/")
    (row,) = page.response.context_data["years"]
    assert (str(row.award_year), [len(tier.entries) for tier in row.tiers]) == ("2015年度", [11, 9])
    assert "来源待补" in page.html
    assert "实际列出十一项" in page.html
    AwardYear.objects.update(source_url="https://example.cn/2015.html", retrieved_on="2026-11-01")
    page = Page(client, "/about/")
    assert ("来源", "https://example.cn/2015.html") in page.links
    assert "2026年11月1日" in page.html


def test_it_says_how_to_cite_the_data_that_it_shows(client):
    page = Page(client, "/about/")
    version = page.response.context_data["data_version"]
    citation = page.response.context_data["citation"]
    assert citation.startswith("社区治理创新成果库[DS/OL]. V")
    assert version in citation
    assert citation.endswith("http://testserver/.")
    assert citation in page.html


def test_it_gives_the_address_for_mistakes_if_there_is_one(client, kept):
    assert "mailto:" not in Page(client, "/about/").html
    kept(CONTACT_EMAIL="ku@example.cn")
    assert ("ku@example.cn", "mailto:ku@example.cn") in Page(client, "/about/").links


def test_the_footer_shows_the_filings_if_there_are_any(client, kept):
    assert "beian" not in Page(client, "/").html
    kept(ICP_NUMBER="京ICP备12345678号-1", POLICE_NUMBER="京公网安备11010502030143号")
    links = Page(client, "/").links
    assert ("京ICP备12345678号-1", "https://beian.miit.gov.cn/") in links
    assert (
        "京公网安备11010502030143号",
        "https://beian.mps.gov.cn/#/query/webSearch?code=11010502030143",
    ) in links


def test_it_says_who_stands_behind_the_site(client, kept):
    # No one is made up.
    assert "提供。" not in Page(client, "/about/").html
    kept(
        PUBLISHER="某市社会治理研究院",
        PUBLISHER_ADDRESS="某市某路1号",
        CONTACT_EMAIL="ku@example.cn",
    )
    about = Page(client, "/about/").html
    assert '本库由<span lang="zh-Hans">某市社会治理研究院</span>提供。' in about
    assert "某市某路1号" in about
    home = Page(client, "/")
    assert "某市社会治理研究院" in home.html.split("<footer>")[1]
    assert ("ku@example.cn", "mailto:ku@example.cn") in home.links
    assert '"publisher":{"@type":"Organization","name":"某市社会治理研究院"}' in home.html


@pytest.mark.parametrize(
    "address", ["/", "/en/", "/achievements/?q=太仓", "/regions/320585/", "/about/", "/compare/"]
)
def test_every_page_says_when_the_record_last_changed(client, address):
    Publication.objects.update(modified="2026-01-02")
    Publication.objects.filter(code="2015-n03").update(modified="2026-03-04")
    assert "2026-03-04" in Page(client, address).html.split("<footer>")[1]
    take_back([Achievement.objects.get(code="2015-w02").pk], "有误")
    today = timezone.localdate().isoformat()
    assert today in Page(client, address).html.split("<footer>")[1]
