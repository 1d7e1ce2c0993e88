"""The table of facets: whatever stands in it is asked for, offered, counted and compared everywhere."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from governance import facets, index
from governance.facets import Facet, FacetTable, UnknownFacet
from governance.models import Achievement
from governance.records import Records

from .helpers.pages import Page

pytestmark = pytest.mark.django_db

RECORDED = Path(__file__).with_name("facet_keys.json")

ORGANIZATION_COUNT = Facet(
    name="organization_count",
    label="机构个数",
    values=lambda record, region: [str(len(record["organizations"]))],
    choices=lambda present: [(value, f"{value} 个") for value in sorted(present, key=int)],
    dimension=12,
    profile=7,
    counting="按公告所载机构的个数。",
)


@pytest.fixture
def one_more(monkeypatch):
    """The app's table with a facet more, and the index made by it."""
    monkeypatch.setattr(facets, "TABLE", FacetTable([*facets.TABLE, ORGANIZATION_COUNT]))
    assert index.status() == "missing"
    index.rebuild()


@pytest.fixture
def with_two():
    """The codes of the entries that name two organizations, worked out by reading all."""
    return [
        achievement.code
        for achievement in Achievement.objects.published().as_announced()
        if achievement.organizations.count() == 2
    ]


def test_a_list_is_narrowed_by_a_new_facet_and_offers_its_values(client, one_more, with_two):
    page = Page(client, "/achievements/?organization_count=2")
    assert page.codes == with_two
    assert page.heading == f"2 个 · {len(with_two)} 项"
    offered = {href for text, href in Page(client, "/achievements/").links if "个 " in text}
    assert "/achievements/?organization_count=2" in offered


def test_the_api_takes_a_new_facet_and_explains_its_values(client, one_more, with_two):
    answer = client.get("/api/achievements/?organization_count=2").json()
    assert [entry["code"] for entry in answer["results"]] == with_two
    wrong = client.get("/api/achievements/?organization_count=99").json()["problems"][0]
    assert wrong["message"] == "“机构个数”（organization_count）没有“99”这个取值。"


def test_a_table_has_a_new_facet_as_a_dimension(client, one_more, with_two):
    answer = client.get("/analysis.json?rows=organization_count&columns=tier&measure=count").json()
    rows = {row["value"]: row["count"] for row in answer["rows"]["values"]}
    assert rows["2"] == len(with_two)
    assert sum(rows.values()) == 20
    html = client.get("/analysis/?rows=organization_count").content.decode()
    assert "按公告所载机构的个数。" in html
    assert "/achievements/?organization_count=2" in html


def test_a_profile_has_a_table_of_a_new_facet(client, one_more, with_two):
    tables = dict(Page(client, "/years/2015/").response.context_data["profile"].tables)
    lines = {line.label: line for line in tables["机构个数"]}
    assert lines["2 个"].entries == len(with_two)
    assert lines["2 个"].href == "?year=2015&organization_count=2"


def test_what_is_no_facet_is_refused_rather_than_found_nowhere():
    for ask in (
        lambda: index.select(colour=["red"]),
        lambda: index.select(also=[("colour", "red")]),
        lambda: index.select().counts("colour"),
        lambda: index.select().counts("tier2"),
        lambda: index.select().crosstab("tier", "colour"),
    ):
        with pytest.raises(UnknownFacet, match=r"colour|tier2"):
            ask()


def test_levels_of_a_tree_are_counted():
    assert index.select().counts("region2")["32"] == 2
    with pytest.raises(UnknownFacet, match="tier2"):
        facets.TABLE.counted("tier2")


def test_the_shape_changes_with_the_keys_and_with_nothing_else():
    digest = facets.TABLE.digest

    def changed(**values):
        return FacetTable(
            [replace(facet, **values) if facet.name == "tier" else facet for facet in facets.TABLE]
        ).digest

    assert digest == FacetTable(facets.TABLE).digest == FacetTable([*facets.TABLE][::-1]).digest
    assert digest == changed(label="名次", profile=0, dimension=0, listed=False)
    others = {changed(revision=2), changed(missing="未评"), changed(tree=True)}
    others.add(FacetTable([*facets.TABLE, ORGANIZATION_COUNT]).digest)
    assert len(others - {digest}) == 4


def test_what_entries_have_is_what_was_recorded_at_each_facets_revision(tmp_path):
    achievements = list(Achievement.objects.published().as_announced())
    records = Records()
    found = {facet.name: {"revision": facet.revision, "keys": {}} for facet in facets.TABLE}
    for achievement, record in zip(achievements, records.of(achievements), strict=True):
        for facet in facets.TABLE:
            keys = sorted(facet.keys(record, records.region(achievement.region_id)))
            found[facet.name]["keys"][achievement.code] = keys
    anew = tmp_path / RECORDED.name
    anew.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    recorded = json.loads(RECORDED.read_text(encoding="utf-8")) if RECORDED.exists() else {}
    for name, now in found.items():
        then = recorded.get(name)
        assert then is None or then["keys"] == now["keys"] or then["revision"] < now["revision"], (
            f"The values of the facet {name} have changed: raise its revision in "
            f"governance/facets.py, so that existing indexes are rebuilt."
        )
    assert recorded == found, f"Copy {anew} to {RECORDED}, which records what each revision gives."


def test_values_are_quoted_in_links(client, monkeypatch):
    odd = replace(
        ORGANIZATION_COUNT,
        values=lambda record, region: [f"{len(record['organizations'])} & 个?"],
        choices=lambda present: [(value, value) for value in sorted(present)],
    )
    monkeypatch.setattr(facets, "TABLE", FacetTable([*facets.TABLE, odd]))
    index.rebuild()
    count = index.select(organization_count=["2 & 个?"]).count()
    assert count
    pages = ("/achievements/", "/analysis/?rows=organization_count&columns=tier", "/years/2015/")
    for address in pages:
        hrefs = [
            href for _text, href in Page(client, address).links if "organization_count=2" in href
        ]
        assert hrefs, address
        for href in hrefs:
            found = client.get("/achievements/" + href[href.index("?") :])
            assert found.status_code == 200, href
            assert len(found.context_data["asked"].selection) in range(1, count + 1)
