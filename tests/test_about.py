"""The page about the site, and what its keeper sets."""

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


def test_it_counts_the_codings_by_who_signed_them(client):
    page = Page(client, "/about/")
    assert page.response.context_data["coding_count"] == Coding.objects.count()
    assert page.response.context_data["coders"] == [("机器辅助编码", Coding.objects.count())]
    Coding.objects.filter(achievement__code="2015-w01").update(coder="沈慧")
    Coding.objects.filter(achievement__code="2015-w02").update(coder="")
    index.rebuild()
    page = Page(client, "/about/")
    named, unnamed = (Coding.objects.filter(coder=coder).count() for coder in ("沈慧", ""))
    assert ("沈慧", named) in page.response.context_data["coders"]
    assert page.response.context_data["unnamed"] == unnamed
    assert "沈慧" in page.html


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
    assert "所列却有十一项" in page.html
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
