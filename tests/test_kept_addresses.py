"""An address that the public was given leads to what it was given for, whatever loads and undos do."""

import pytest

from governance import loading
from governance.models import Organization

from .helpers.years import changed, each, load, problems

pytestmark = pytest.mark.django_db

BODY = "太仓市民政局"
OTHER = each(
    "organization",
    name="昆山市民政局",
    short_name="昆山市民政局",
    kind="department",
    level="county",
    region=["320583", 1999],
)
# A public entry of another award than the first.
EXCELLENT = [
    each("award", slug="excellent-cases", prefix="yxal", name="社区治理优秀案例"),
    each(
        "awardyear",
        award=["excellent-cases"],
        year=2023,
        code="yxal-2023",
        name="社区治理优秀案例",
        document_title="2023年度社区治理优秀案例名单",
        text="2023年度社区治理优秀案例名单",
    ),
    each(
        "organization",
        name=BODY,
        short_name=BODY,
        slug="taicang-civil-affairs",
        kind="department",
        level="county",
        region=["320585", 1999],
    ),
    each(
        "achievement",
        code="yxal-2023-w01",
        award_year=["yxal-2023"],
        tier="winner",
        rank=1,
        title="“院落夜话”议事项目",
        region=["320585", 1999],
        status="published",
    ),
    each(
        "achievementorganization",
        achievement=["yxal-2023-w01"],
        organization=[BODY],
        position=1,
    ),
]


def test_a_year_that_only_another_award_had_is_gone_when_it_is_undone(client):
    pages = ["/years/2023/", "/en/years/2023/", "/years/yxal-2023/", "/awards/excellent-cases/"]
    assert [client.get(page).status_code for page in pages[:2]] == [404, 404]
    # Pasted into the search, the address leads to its page as soon as there is or was one.
    pasted = {"q": "https://governance.example.cn/years/2023/"}
    assert "没有“2023”这一年度。" in client.get("/achievements/", pasted).content.decode()
    report = load(EXCELLENT)
    assert [client.get(page).status_code for page in pages] == [200, 200, 301, 200]
    assert client.get("/achievements/", pasted)["Location"] == pages[0]
    loading.undo(report.load)
    assert client.get("/achievements/", pasted)["Location"] == pages[0]
    assert [client.get(page).status_code for page in pages] == [410] * 4


def test_a_former_slug_is_not_given_to_another_body(client):
    load(EXCELLENT)
    load([each("organization", name=BODY, slug="taicang-bureau")])
    (sentence,) = problems([changed([OTHER], "organization", slug="taicang-civil-affairs")[0]])
    assert "昆山市民政局" in sentence
    assert "这个网址曾属于另一条公开的记录，不能再用。" in sentence
    found = client.get("/organizations/taicang-civil-affairs/")
    assert (found.status_code, found["Location"]) == (301, "/organizations/taicang-bureau/")
    # It may go back to its own.
    load([each("organization", name=BODY, slug="taicang-civil-affairs")])
    assert client.get("/organizations/taicang-civil-affairs/").status_code == 200


def test_a_new_body_that_sounds_like_a_former_slug_gets_another_one():
    load(changed(EXCELLENT, "organization", slug="kun-shan-shi-min-zheng-ju"))
    load([each("organization", name=BODY, slug="taicang-civil-affairs")])
    load([OTHER])
    assert Organization.objects.get(name="昆山市民政局").slug == "kun-shan-shi-min-zheng-ju-2"
