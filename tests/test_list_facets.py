"""The facets of a list: what they offer, how what is chosen joins."""

import re

import pytest

from governance import index
from governance.models import Mechanism, MechanismField

from .helpers.pages import Page

pytestmark = pytest.mark.django_db


def facet_of(client, name, address="/achievements/"):
    """The HTML of a facet of a list."""
    html = Page(client, address).html
    return html.split(f'id="facet-{name}"')[1].split("</section>")[0]


def labels_of(html):
    return re.findall(r"<span>([^<]+)</span>(?: <b>|</a> <b>)", html)


def test_many_values_unfold_from_the_most_frequent_on(client):
    section = facet_of(client, "region")
    shown, more = section.split('<details id="more-')
    counts = [int(number) for number in re.findall(r"<b>(\d+)</b>", section)]
    assert counts == sorted(counts, reverse=True)
    assert shown.count("<li") == 8
    assert f"其余 {more.count('<li')} 个" in more


def test_a_chosen_region_stands_first_with_what_lies_in_it(client):
    section = facet_of(client, "region", "/achievements/?region=320500")
    assert "地区：" in section.split("</summary>")[0]
    assert labels_of(section.split('<details id="more-')[0]) == [
        "江苏省",
        "南京市",
        "苏州市",
        "太仓市",
    ]


def test_mechanisms_stand_under_their_fields(client):
    section = facet_of(client, "mechanism")
    groups = section.split("<h3>")[1:]
    fields = [labels_of(group)[0] for group in groups]
    assert fields == [str(label) for label in MechanismField.labels]
    used = index.select().counts("mechanism")
    for field, group in zip(MechanismField.values, groups, strict=True):
        names = Mechanism.objects.filter(field=field, slug__in=used).values_list("name", flat=True)
        assert set(labels_of(group)[1:]) == set(names)
    assert sum(group.count("<li") for group in groups) == len(used)


def found(*besides, **chosen):
    """How many entries a list has, as its heading says it."""
    also = [("mechanism", slug) for slug in besides]
    return f"{len(index.select(also=also, **chosen))} 项"


TALKS, SELF, PROPOSALS = "deliberation", "self-governance", "resident-agenda-setting"


def test_a_field_is_chosen_where_it_heads_its_mechanisms(client):
    count = found(field=["service"])
    fields = dict(Page(client, "/achievements/").links)
    page = Page(client, fields[f"公共服务 {count.removesuffix(' 项')}"])
    assert page.heading == f"公共服务： {count}"
    assert Page(client, dict(page.links)["公共服务"]).heading == "全部成果： 20 项"


def test_whoever_chooses_two_mechanisms_says_whether_one_is_enough(client):
    page = Page(client, f"/achievements/?mechanism={TALKS}&mechanism={SELF}")
    assert page.heading == f"协商议事或居民（村民）自治： {found(mechanism=[TALKS, SELF])}"
    page = Page(client, dict(page.links)["且"])
    assert page.heading == f"协商议事，且居民（村民）自治： {found(TALKS, SELF)}"
    # What is chosen besides narrows further, and its number is that of the list that it leads to.
    both = found(TALKS, SELF, PROPOSALS)
    three = Page(client, dict(page.links)[f"居民提案与议题征集 {both.removesuffix(' 项')}"])
    assert three.heading == f"协商议事，且居民（村民）自治，且居民提案与议题征集： {both}"
    assert Page(client, dict(three.links)["或"]).heading == (
        f"协商议事、居民（村民）自治或居民提案与议题征集： {found(mechanism=[TALKS, SELF, PROPOSALS])}"
    )


def test_the_third_mechanism_joins_as_the_others_do(client):
    page = Page(client, f"/achievements/?mechanism={TALKS}&also=mechanism.{SELF}")
    assert page.heading == f"协商议事，且居民（村民）自治： {found(TALKS, SELF)}"
    # A box that is ticked is taken away, however it was asked for.
    without = Page(client, dict(page.links)["协商议事"])
    assert without.heading == f"居民（村民）自治： {found(SELF)}"
    without = Page(client, dict(page.links)["居民（村民）自治"])
    assert without.heading == f"协商议事： {found(TALKS)}"


def test_one_mechanism_may_join_otherwise_before_there_is_a_second(client):
    page = Page(client, f"/achievements/?mechanism={TALKS}")
    page = Page(client, dict(page.links)["且"])
    assert page.heading == f"协商议事： {found(TALKS)}"
    both = found(TALKS, SELF)
    link = dict(page.links)[f"居民（村民）自治 {both.removesuffix(' 项')}"]
    assert Page(client, link).heading == f"协商议事，且居民（村民）自治： {both}"
