"""The whole region table, against an oracle that knows nothing but rows."""

import pytest

from governance.announcements.places.organizations import resolve

from .helpers.announced import region_table

pytestmark = pytest.mark.once

YEARS = (2001, 2015)


def regions_of(year, level=None):
    """Regions that the tables show at the end of the year, but 500300, which was no place."""
    return [
        region
        for region in region_table().regions.values()
        if region.existed_in(year)
        and region.level != "township"
        and region.name != "市"
        and level in (None, region.level)
    ]


def path(region, year):
    """Names from the province down: the parent of the row, under the name that its code had then."""
    parent = region_table().regions.get(region.parent)
    if parent is None:
        return [region.name]
    then = [each for each in region_table().by_code[parent.code] if each.existed_in(year)]
    return [*path((then or [parent])[0], year), region.name]


def may_be_called(name, year):
    """Keys of all rows of that name in the year, or in the one before or after."""
    return {
        region.key
        for region in region_table().regions.values()
        if region.name == name and region.valid_from <= year + 1
        if region.valid_to is None or region.valid_to >= year - 1
    }


def candidate_keys(text, year):
    resolution = resolve(text, year, region_table())
    assert not resolution.leftovers, text
    return {candidate.region.key for candidate in resolution.candidates}


@pytest.mark.parametrize("year", YEARS)
def test_it_finds_every_region_by_its_whole_path(year):
    for region in regions_of(year):
        names = [name for name in path(region, year) if name != "市"]
        assert candidate_keys("".join(names) + "人民政府", year) == {region.key}, names


@pytest.mark.parametrize("year", YEARS)
def test_it_finds_every_region_among_those_of_its_name(year):
    for region in regions_of(year):
        keys = candidate_keys(f"{region.name}人民政府", year)
        assert region.key in keys <= may_be_called(region.name, year), region.name


@pytest.mark.parametrize("year", YEARS)
def test_it_finds_every_county_though_its_prefecture_is_left_out(year):
    for region in regions_of(year, "county"):
        province = path(region, year)[0]
        keys = candidate_keys(f"{province}{region.name}人民政府", year)
        below = {
            key
            for key in may_be_called(region.name, year)
            if path(region_table().regions[key], year)[0] == province
        }
        assert region.key in keys <= below, region.name


@pytest.mark.parametrize("year", YEARS)
def test_it_finds_every_county_below_the_short_name_of_its_prefecture(year):
    for region in regions_of(year, "county"):
        above = path(region, year)[-2]
        if above.endswith("市") and len(above) > 2:
            keys = candidate_keys(f"{above.removesuffix('市')}{region.name}民政局", year)
            assert region.key in keys, region.name


# What ends in 区 without being a district that needs its city to be told.
ALONE = {"神农架林区", "六枝特区", "万山特区"}


@pytest.mark.parametrize("year", YEARS)
def test_it_names_the_bodies_of_every_district_with_its_city(year):
    districts = [each for each in regions_of(year, "county") if each.name.endswith("区")]
    assert {each.name for each in districts} >= {"神农架林区", "六枝特区", "碑林区", "万柏林区"}
    for region in districts:
        names = [name for name in path(region, year) if name != "市"]
        (government,) = resolve("".join(names) + "人民政府", year, region_table()).organizations
        above = [] if region.name in ALONE else names[-2:-1]
        assert government.name == "".join([*above, region.name, "人民政府"])


def test_it_finds_every_township_of_a_county_and_of_no_other():
    table = region_table()
    for code, name in list(table.townships.items())[::25]:
        county = table.by_code[code[:6]][-1]
        suffix = "办事处" if name.endswith("街道") else "党委"
        text = "".join(path(county, 2025)) + name + suffix
        assert {key[0] for key in candidate_keys(text, 2025)} == {code}, text
