"""Regions go on in others, under codes that are written in several ways, also on sites that stand already."""

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.urls import reverse

from governance import index
from governance.intake import parsing, regions_named
from governance.models import Achievement, Organization, Region
from governance.models.region import region_code
from showcase import links

from .helpers.pages import Page
from .helpers.years import changed, load, year

pytestmark = pytest.mark.django_db


def successor(code, name):
    """(code, name, first year) of what goes on for the region that had this code and name."""
    later = Region.objects.get(code=code, name=name).successor
    return later and (later.code, later.name, later.valid_from)


@pytest.mark.parametrize(
    ("code", "name", "later"),
    [
        ("510124", "郫县", ("510117", "郫都区", 2016)),
        ("310108", "闸北区", ("310106", "静安区", 1999)),
        ("110103", "崇文区", ("110101", "东城区", 1999)),
        ("542301", "日喀则市", ("540202", "桑珠孜区", 2014)),
        ("429001", "随州市", ("421303", "曾都区", 2000)),
        ("440202", "北江区", ("440204", "浈江区", 2003)),
        ("440506", "达濠区", ("440512", "濠江区", 2003)),
        # The table that they come from has 伊宁市; 伊宁县 still exists.
        ("654121", "伊宁县", ("654021", "伊宁县", 2001)),
        ("654101", "伊宁市", ("654002", "伊宁市", 2001)),
        ("371202", "莱城区", ("370116", "莱芜区", 2018)),
        ("371200", "莱芜市", ("370100", "济南市", 1999)),
        # Of these, towns or subdistricts went to several districts.
        ("130106", "郊区", None),
        ("130721", "宣化县", None),
        ("330104", "江干区", None),
        ("330621", "绍兴县", None),
        ("362401", "吉安市", None),
        ("410511", "郊区", None),
        ("460102", "振东区", None),
        ("511721", "达县", None),
        ("610321", "宝鸡县", None),
        ("341400", "巢湖市", None),
    ],
)
def test_it_knows_what_goes_on_for_a_region(code, name, later):
    assert successor(code, name) == later


def test_districts_that_went_on_in_part_have_a_remark_and_no_successor(client):
    for code in ("500105", "500112"):
        region = Region.objects.get(code=code)
        assert region.successor is None
        assert "两江新区" in Page(client, f"/regions/{code}/").html
        assert "Liangjiang" in Page(client, f"/en/regions/{code}/").html


def test_neighbours_carry_their_own_codes_in_all_years(client):
    for code, name in (("440203", "武江区"), ("440204", "浈江区")):
        regions = Region.objects.filter(code=code).order_by("valid_from")
        assert {region.name for region in regions} == {name}
        assert {region.name for region in regions[0].through_time} == {name}
        assert "互换，已更正" in regions[0].remark == regions[1].remark
        page = Page(client, f"/regions/{code}/")
        assert page.heading == name
        assert "同一代码也曾属于" not in page.html


# Counties that are several districts of their city today, or the city itself.
WHOLE_CITY = {"金华县", "铜仁市", "儋州市"}


def test_a_region_goes_on_at_its_own_level_right_after_its_end():
    for region in Region.objects.exclude(successor=None).select_related("successor"):
        later = region.successor
        assert later.level == region.level or region.name in WHOLE_CITY, region
        assert later.valid_from <= region.valid_to + 1, region
        assert later.valid_to is None or region.valid_to < later.valid_to, region
        assert later.path[:2] == region.path[:2], region
        assert region.through_time[-1].successor is None


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("320585", "320585"),
        ("320585000000", "320585"),
        ("320500000000", "320500"),
        ("310117116000", "310117116"),
        ("310117116201", "310117116"),
        ("421302001", "421303001"),
        ("410881", "419001"),
        ("421302000000", "421303"),
        ("440300-FA01", "440300-FA01"),
        ("3205850000001", "3205850000001"),
        ("３２０５８５００００００", "３２０５８５００００００"),
        ("江苏", "江苏"),
        ("", ""),
    ],
)
def test_it_reads_codes_in_the_ways_in_which_they_are_written(written, code):
    assert region_code(written) == code


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("region=320585000000", "320585"),
        ("region=410881", "419001"),
        ("region=320585&region=320585000000", "320585"),
    ],
)
def test_a_list_takes_such_codes_and_names_it_by_ours(client, query, code):
    right, written = f"/achievements/?region={code}", f"/achievements/?{query}"
    page, same = Page(client, written), Page(client, right)
    assert (page.codes, page.heading) == (same.codes, same.heading)
    assert f"region={code}" in page.html
    api = [client.get("/api" + address).json()["results"] for address in (written, right)]
    assert api[0] == api[1]
    assert links.present(QueryDict("also=region.320585000000"))["also"] == "region.320585"


@pytest.mark.parametrize(
    ("written", "code"),
    [("410881", "419001"), ("421302", "421303"), ("320585000000", "320585")],
)
@pytest.mark.parametrize("language", ["", "/en"])
def test_the_page_of_a_region_is_found_by_such_codes(client, written, code, language):
    answer = client.get(f"{language}/regions/{written}/")
    assert (answer.status_code, answer["Location"]) == (301, f"{language}/regions/{code}/")
    assert client.get(f"/regions/{written[:5]}9000000/").status_code == 404


def test_a_fixture_names_regions_by_such_codes():
    load(changed(year(), "organization", {"name": "太仓市民政局"}, region=["320585000000", 1999]))
    assert Organization.objects.get(name="太仓市民政局").region.code == "320585"


def test_a_region_that_staff_or_a_fixture_bring_gets_our_code():
    region = Region(code="320585110000", name="沙溪镇", level="township", valid_from=1999)
    region.parent = Region.objects.get(code="320585")
    region.full_clean()
    assert (region.code, region.path) == ("320585110", "320585110")
    region.code = "32058511000"
    with pytest.raises(ValidationError, match="六位、九位数字"):
        region.full_clean()


def test_a_person_types_such_codes():
    assert [one.code for one in regions_named("320585000000", 2016)] == ["320585"]
    assert [one.code for one in regions_named("济源 410881", 2016)] == ["419001"]


def test_a_document_names_regions_by_such_codes():
    text = (
        "年度,奖项,成果名称,申报单位,所在地区\n"
        "2016,创新成果,“院落夜话”,民政局,320585000000\n2016,创新成果,“议事会”,民政局,410881\n"
    )
    parsed = parsing.parse("2016年度社区治理创新成果名单.csv", text.encode(), 2016)
    regions = [each.resolution.region.code for each in parsed.award.entries]
    assert regions == ["320585", "419001"]


def test_the_page_of_a_district_names_the_county_that_it_was(client):
    page = Page(client, "/regions/510117/")
    assert page.heading == "郫都区"
    assert ("郫县", "/regions/510124/") in page.links
    assert ("郫都区", "/regions/510117/") in Page(client, "/regions/510124/").links


def test_a_search_for_a_district_finds_what_was_done_in_the_county_before(client):
    entry = Achievement.objects.get(code="2015-w05")
    entry.region = Region.objects.get(code="510124")
    entry.save()
    index.update([entry.pk])
    for words in ("郫县", "郫都区"):
        found = client.get(f"/api/achievements/?q={words}").json()["results"]
        assert [one["code"] for one in found] == ["2015-w05"]
    assert Page(client, "/regions/510117/").codes == ["2015-w05"]
    # What is done in the district now is not of the county before.
    assert Page(client, "/regions/510124/").codes == ["2015-w05"]


def test_the_admin_shows_the_remark(staff_client):
    region = Region.objects.get(code="500105")
    page = staff_client.get(reverse("admin:governance_region_change", args=[region.pk]))
    assert "两江新区" in page.content.decode()
