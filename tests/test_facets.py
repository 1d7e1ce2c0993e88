"""The table of facets: whatever stands in it is asked for, offered, counted and compared everywhere."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from governance import facets, index
from governance.facet_table import Facet, FacetTable, UnknownFacet
from governance.models import Achievement, Mechanism
from governance.records import Records

from .helpers.pages import Page

pytestmark = pytest.mark.django_db

RECORDED = Path(__file__).with_name("facet_keys.json")

# How long a title is, in tens; of the shortest it says nothing.
TITLE_TENS = Facet(
    name="title_tens",
    label="标题长短",
    values=lambda record, region: [str(n)] if (n := len(record["title"]) // 10) else [],
    choices=lambda present: [(tens, f"{tens}0 余字") for tens in sorted(present, key=int)],
    missing="不足十字",
    dimension=12,
    profile=7,
    counting="按标题的字数。",
)


@pytest.fixture
def one_more(monkeypatch):
    """The app's table with a facet more, and the index made by it."""
    monkeypatch.setattr(facets, "TABLE", FacetTable([*facets.TABLE, TITLE_TENS]))
    assert index.status() == "missing"
    index.rebuild()


@pytest.fixture
def with_one():
    """The codes of the entries whose title has ten to nineteen characters, worked out by reading all."""
    return [
        achievement.code
        for achievement in Achievement.objects.published().as_announced()
        if 10 <= len(achievement.title) < 20
    ]


def test_a_list_is_narrowed_by_a_new_facet_and_offers_its_values(client, one_more, with_one):
    page = Page(client, "/achievements/?title_tens=1")
    assert page.codes == with_one
    assert page.heading == f"10 余字： {len(with_one)} 项"
    offered = {href for text, href in Page(client, "/achievements/").links if "余字" in text}
    assert "/achievements/?title_tens=1" in offered


def test_the_api_takes_a_new_facet_and_explains_its_values(client, one_more, with_one):
    answer = client.get("/api/achievements/?title_tens=1").json()
    assert [entry["code"] for entry in answer["results"]] == with_one
    wrong = client.get("/api/achievements/?title_tens=99").json()["problems"][0]
    assert wrong["message"] == "“标题长短”（title_tens）没有“99”这个取值。"


def test_a_table_has_a_new_facet_as_a_dimension(client, one_more, with_one):
    answer = client.get("/analysis.json?rows=title_tens&columns=tier&measure=count").json()
    rows = {row["value"]: row["count"] for row in answer["rows"]["values"]}
    assert rows["1"] == len(with_one)
    assert sum(rows.values()) == 20
    html = client.get("/analysis/?rows=title_tens").content.decode()
    assert "按标题的字数。" in html
    assert "/achievements/?title_tens=1" in html


def test_a_profile_has_a_table_of_a_new_facet(client, one_more, with_one):
    tables = dict(Page(client, "/years/2015/").response.context_data["profile"].tables)
    lines = {line.label: line for line in tables["标题长短"]}
    assert lines["10 余字"].entries == len(with_one)
    assert lines["10 余字"].href == "?year=2015&title_tens=1"


def test_what_is_no_facet_is_refused_rather_than_found_nowhere():
    for ask in (
        lambda: index.select(colour=["red"]),
        lambda: index.select(also=[("colour", "red")]),
        lambda: index.select().counts("colour"),
        lambda: index.select().counts("tier2"),
        lambda: index.select().crosstab("tier", "colour"),
        lambda: index.select().without("colour"),
    ):
        with pytest.raises(UnknownFacet, match=r"colour|tier2"):
            ask()


def test_what_has_no_value_is_listed_once_under_its_own_label(client, one_more):
    short = [a.code for a in Achievement.objects.published() if len(a.title) < 10]
    answer = client.get("/analysis.json?rows=title_tens&columns=tier&measure=count").json()
    rows = {row["label"]: row["count"] for row in answer["rows"]["values"]}
    assert rows.get("不足十字", 0) == len(short)
    assert list(dict(facets.TABLE["title_tens"].labels(["1", "none"]))) == ["1", "none"]


def test_the_rows_of_a_model_can_be_the_values_of_a_facet(client, monkeypatch):
    goals = Facet(
        name="goal",
        label="目标",
        values=lambda record, region: [
            coding["slug"] for coding in record["mechanisms"] if coding["aspect"] == "goal"
        ],
        rows=Mechanism.objects.all,
        several=True,
        dimension=12,
        profile=7,
    )
    monkeypatch.setattr(facets, "TABLE", FacetTable([*facets.TABLE, goals]))
    index.rebuild()
    coded = Achievement.objects.published().filter(codings__aspect="goal")
    slug = coded.values_list("codings__mechanism__slug", flat=True).filter(codings__aspect="goal")[
        0
    ]
    having = coded.filter(codings__mechanism__slug=slug, codings__aspect="goal").distinct()
    page = Page(client, f"/achievements/?goal={slug}")
    assert set(page.codes) == set(having.values_list("code", flat=True))
    assert f"/achievements/?goal={slug}" in {
        href for _text, href in Page(client, "/achievements/").links
    }
    assert client.get("/analysis/?rows=goal&columns=goal").status_code == 200
    assert client.get("/years/2015/").status_code == 200


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": "sort"}, "cannot be called sort"),
        ({"name": "tier"}, "cannot be called tier"),
        ({"choices": None}, "give one of"),
        ({"rows": Mechanism.objects.all}, "give one of"),
        ({"tree": True}, "only tree"),
        ({"is_parameter": False}, "has a parameter"),
    ],
)
def test_what_cannot_work_is_refused_when_it_is_declared(changes, sentence):
    with pytest.raises(ValueError, match=sentence):
        FacetTable([*facets.TABLE, replace(TITLE_TENS, **changes)])


def test_a_word_in_place_of_a_list_is_refused():
    with pytest.raises(TypeError, match="list of values"):
        index.select(tier="winner")
    with pytest.raises(TypeError, match="list of values"):
        replace(TITLE_TENS, values=lambda record, region: "12").keys({"title": "太仓"}, None)


def test_levels_of_a_tree_are_counted():
    assert index.select().counts("region2")["32"] == 2
    for name in ("tier2", "region"):
        with pytest.raises(UnknownFacet, match=name):
            facets.TABLE.counted(name)


def test_the_shape_changes_with_the_keys_and_with_nothing_else():
    digest = facets.TABLE.digest

    def changed(**values):
        return FacetTable(
            [replace(facet, **values) if facet.name == "tier" else facet for facet in facets.TABLE]
        ).digest

    assert digest == FacetTable(facets.TABLE).digest == FacetTable([*facets.TABLE][::-1]).digest
    assert digest == changed(label="名次", profile=0, dimension=0, listed=False)
    others = {changed(revision=2), changed(missing="未评")}
    others.add(FacetTable([*facets.TABLE, TITLE_TENS]).digest)
    assert len(others - {digest}) == 3


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
        TITLE_TENS,
        values=lambda record, region: [f"{len(record['title']) // 10} & 个?"],
        choices=lambda present: [(value, value) for value in sorted(present)],
    )
    monkeypatch.setattr(facets, "TABLE", FacetTable([*facets.TABLE, odd]))
    index.rebuild()
    count = index.select(title_tens=["1 & 个?"]).count()
    assert count
    pages = ("/achievements/", "/analysis/?rows=title_tens&columns=tier", "/years/2015/")
    for address in pages:
        hrefs = [href for _text, href in Page(client, address).links if "title_tens=1" in href]
        assert hrefs, address
        for href in hrefs:
            found = client.get("/achievements/" + href[href.index("?") :])
            assert found.status_code == 200, href
            assert len(found.context_data["asked"].selection) in range(1, count + 1)
