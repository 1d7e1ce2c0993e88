import json
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings

from benchmarks import dear, growth, report, staff
from benchmarks.addresses import paths
from benchmarks.cpu import DEAR
from benchmarks.data import COLUMNS, YEARS, fill, ranks, shares
from benchmarks.datasette import bigrams, phrase
from benchmarks.idiomatic.urls import FACETS, AchievementFilter, AchievementList
from benchmarks.measure import Series, histogram, percentile
from benchmarks.queries import words
from benchmarks.texts import Place, Source, Writer
from governance import index
from governance.facet_table import MISSING
from governance.models import Achievement, Award, AwardYear, Organization

FIXTURE = settings.BASE_DIR / "fixtures/awards/2015.yaml"
TAICANG = Place(1, "太仓市", "江苏省苏州市太仓市", "tai cang shi", 1999, 2028, (7, 8))


@pytest.fixture(scope="module")
def source():
    return Source(FIXTURE)


def written(source, seed, entries=50):
    writer = Writer(source, ["石湖荡镇", "东华门街道", "景山街道"], 28, seed)
    return [writer.entry(TAICANG) for _ in range(entries)]


def test_it_writes_the_same_entries_for_the_same_seed(source):
    assert written(source, 1) == written(source, 1)
    assert written(source, 1) != written(source, 2)


def test_it_takes_no_place_of_2015_into_another_county(source):
    assert len(source.openings) == 20
    assert "以规范行政权力、提升自治能力、解放社会活力为主要任务" in source.openings
    for opening in source.openings:
        assert not any(place in opening for place in ("市市北区", "朝阳区", "东城区", "石湖荡镇"))


def test_it_codes_with_words_of_the_summary(source):
    for entry in written(source, 3):
        mechanisms = [mechanism for mechanism, *_ in entry.codings]
        assert 1 <= len(mechanisms) == len(set(mechanisms)) <= 7
        for _mechanism, _weight, aspect, (start, end) in entry.codings:
            assert aspect in ("means", "goal", "effect")
            assert entry.summary[start:end].strip("，。") == entry.summary[start:end] != ""


def test_it_makes_as_many_entries_as_asked_with_ranks_that_fit():
    assert sum(entries for _year, entries in shares(1_000_001)) == 1_000_001
    assert [year for year, _entries in shares(60)] == list(YEARS)
    assert Counter(tier for tier, _rank in ranks(10)) == {"winner": 4, "nominee": 6}
    assert len(set(ranks(33_334))) == 33_334
    assert max(rank for _tier, rank in ranks(33_334)) < 32_768


@pytest.mark.django_db
def test_it_fills_tables_as_they_are_now(monkeypatch):
    for model in (Achievement, Organization, AwardYear, Award):
        model.objects.all().delete()
    # The regions and mechanisms are there.
    monkeypatch.setattr("benchmarks.data.call_command", lambda *_, **__: None)
    fill(60)
    index.rebuild()
    assert index.select().count() == 60
    for model in COLUMNS:
        for row in model.objects.order_by("pk")[:20]:
            row.clean_fields()


def test_it_asks_for_words_that_stand_in_the_text():
    class First:
        """Chooses the first of everything, and the size six."""

        def choice(self, items):
            return 6 if isinstance(items, range) else items[0]

        def randrange(self, stop):
            return stop - 1

    assert words("1+10，社区治理新格局。", First()) == "区治理新格局"
    assert words("社区，治理", First()) == ""


def test_it_makes_addresses_for_every_kind_of_the_report():
    query = {"region": "320000", "mechanism": "deliberation"}
    kinds = ("list", "filter", "search", "nothing", "search_filter", "deep", "sorted", "crosstab")
    found = paths({kind: [query] for kind in kinds} | {"detail": ["2015-w01"]})
    assert found["detail"] == ["/achievements/2015-w01/"]
    assert found["filter"] == ["/achievements/?region=320000&mechanism=deliberation"]
    # The others are no queries: a constant, and addresses that are asked for again.
    assert set(found) == set(report.LABELS) - {"constant", "repeated", "not_modified"}


def test_it_sets_dear_questions_beside_their_limits():
    said = {"市": 24.9, "wrong region": 2.1, "sitemap of entries": 59.0}
    text = dear.tables({20_000: json.dumps(said), 200_000: json.dumps(said | {"市": 25.2})})
    assert "| `市` | 24.9× (≤ 25, held) | 25.2× (≤ 25, **missed**) |" in text
    assert "| `wrong region` | 2.1× (≤ 2, **missed**) |" in text
    assert "| `sitemap of entries` | 59.0× (≤ 60, held) |" in text


def test_it_sets_what_a_site_needs_side_by_side_as_it_grows():
    found = {
        size: {"database, MB": mb, "`backup`, s; MB": growth.Run(seconds, 104.6)}
        for size, mb, seconds in ((20, "3", 4.31), (200_000, "2552", 144.9))
    }
    assert growth.tables(found).splitlines() == [
        "| entries | 20 | 200,000 |",
        "| --- | --- | --- |",
        "| database, MB | 3 | 2552 |",
        "| `backup`, s; MB | 4.3; 105 | 144.9; 105 |",
    ]


@pytest.mark.django_db
def test_every_dear_question_is_answered(client):
    asked = dear.questions()
    for name, address in asked.items():
        # Some pages of twenty entries are not there.
        wrong = 400 if name.startswith("wrong") or "not there" in name else 200
        assert client.get(address).status_code in (wrong, 404), name


@pytest.mark.django_db
def test_every_question_of_staff_is_answered(staff_client):
    for name, address in staff.questions().items():
        assert staff_client.get(address).status_code == 200, name


def test_it_sets_what_staff_ask_beside_both_limits():
    said = {"协商": [990.0, 8]}
    text = staff.tables({20_000: json.dumps(said), 200_000: json.dumps({"协商": [1010.0, 26]})})
    assert "| `协商` | 0.99 (≤ 1, held); 8 (≤ 25, held) | 1.01 (≤ 1, **missed**); 26" in text


def test_it_gives_datasette_bigrams_that_follow_each_other():
    assert bigrams("政社互动") == "政社 社互 互动"
    assert phrase("社区治理") == '"社区 区治 治理"'


def test_it_reads_what_wrk_measured():
    assert histogram("list", "failed 0\nlatency 400 3\nlatency 900 1\n") == {400: 3, 900: 1}
    with pytest.raises(SystemExit, match="2 requests of list failed"):
        histogram("list", "failed 2\nlatency 400 3\n")
    with pytest.raises(SystemExit, match="measured nothing"):
        histogram("list", "failed 0\n")


def test_it_finds_percentiles_of_a_histogram():
    found = Counter({100: 50, 200: 49, 5000: 1})
    assert (percentile(found, 50), percentile(found, 99), percentile(found, 100)) == (
        100,
        200,
        5000,
    )


def test_it_compares_each_round_with_the_floor_of_that_round():
    floor = Series(
        "floor", None, [], rounds=[Counter({100: 1}), Counter({1000: 1}), Counter({100: 1})]
    )
    page = Series(
        "list", None, [], rounds=[Counter({200: 1}), Counter({2000: 1}), Counter({900: 1})]
    )
    assert page.ratio(floor) == 2


def result(size, page, others=None, dear=9.0):
    series = {
        kind: Series(kind, None, [], rounds=[Counter({microseconds: 100})])
        for kind, microseconds in {"floor": 400, "search": page}.items()
    }
    facts = dict.fromkeys(("build_seconds", "build_peak_mb", "index_mb", "database_mb"), 61.0)
    words = dict.fromkeys(("list", "search", *DEAR), 2.0)
    cpu = {
        "pages": {"search": [2.0, 11.0], "list": [1.5, 3.0]},
        "first": words | {"list": 5.0, "政府": dear * 2},
        "again": words | {"市": dear},
    }
    base = report.Result(20, {}, {}, {}, facts, [75.0], 0.25)
    return report.Result(size, series, others or {}, cpu, facts, [90.0, 80.0], 0.31, base)


def test_it_sets_each_figure_beside_its_limit():
    text = report.tables([result(20_000, 1200), result(200_000, 4400)], "SQLite")
    assert "| search, exact | 3.0× (≤ 8, held) | 11.0× (≤ 10, **missed**) |" in text
    assert "| floor | 0.40 | 0.40 |" in text
    assert "| search, exact | 1.20; 2.00 / **11.00** | 4.40; 2.00 / **11.00** |" in text
    assert "| rebuild_index, s | 61 | 61 (≤ 60, **missed**) |" in text
    assert "| a worker's memory without kept answers, MB | 90 | 90 |" in text
    assert "Datasette" not in text
    assert "11.0× (≤ 20, held)" in report.tables([result(200_000, 4400)], "PostgreSQL")


def test_it_compares_cpu_with_that_of_an_ordinary_answer():
    text = report.tables([result(20_000, 1200), result(1_000_000, 1200)], "PostgreSQL")
    kept, first = (report.COMPARED[name] for name in ("again_dear", "first_dear"))
    # A word that nothing limits at a million; CPU is no dearer on PostgreSQL.
    assert f"| {kept} | 4.5× (≤ 4, **missed**) | 4.5× |" in text
    assert f"| {first} | 9.0× (≤ 15, held) | 9.0× |" in text
    assert f"| {report.COMPARED['first_list']} | 2.5× (≤ 2, **missed**) | 2.5× |" in text
    assert f"| {report.COMPARED['first_search']} | 1.0× (≤ 3, held) | 1.0× |" in text


def test_it_compares_with_other_sites_where_they_were_measured():
    slow = Series("other", None, [], rounds=[Counter({180_000: 5})])
    fast = Series("other", None, [], rounds=[Counter({2_400: 5})])
    others = {
        "Django": dict.fromkeys(("list", "filter", "search"), fast),
        "Datasette": dict.fromkeys(("filter", "search"), slow),
    }
    found = [result(200_000, 2400, others), result(1_000_000, 2400)]
    for one in found:
        one.series |= dict.fromkeys(("list", "filter"), one.series["search"])
    text = report.tables(found, "SQLite")
    assert "| Datasette: search, exact | 75× (≥ 75, held); 180 ms | – |" in text
    assert "| Django: search, exact | 1× (≥ 250, **missed**); 2 ms | – |" in text
    assert "0.31 (≤ 0.3, **missed**); with 20 entries 0.25" in text


def test_it_keeps_what_stands_around_its_tables(tmp_path: Path):
    page = tmp_path / "performance.md"
    begin, end = "<!-- bench, PostgreSQL: begin -->", "<!-- bench, PostgreSQL: end -->"
    page.write_text(f"# Speed\n{begin}\nold\n{end}\nHow.\n")
    report.write(page, "PostgreSQL", "| new |")
    assert page.read_text() == f"# Speed\n{begin}\n\n| new |\n\n{end}\nHow.\n"
    page.write_text("# Speed\n")
    with pytest.raises(SystemExit, match="needs a line"):
        report.write(page, "SQLite", "| new |")


def test_the_page_of_the_project_has_the_markers():
    page = (settings.BASE_DIR / "docs/performance.md").read_text("utf-8")
    for backend in ("SQLite", "PostgreSQL"):
        assert page.count(f"<!-- bench, {backend}: begin -->") == 1
        assert page.count(f"<!-- bench, {backend}: end -->") == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query",
    ["", "q=协商", "tier=winner&mechanism=deliberation", "field=participation&setting=unstated"],
)
def test_the_idiomatic_site_finds_and_counts_what_ours_does(query, rf):
    view = AchievementList(request=rf.get(f"/?{query}"), object_list=[], filterset=None, kwargs={})
    asked = {name: values for name, values in view.request.GET.lists() if name != "q"}
    ours = index.select(view.request.GET.get("q", ""), **asked)
    assert AchievementFilter(view.request.GET, view.queryset).qs.count() == len(ours)
    # Not by place: it knows counties alone, in which all entries of the benchmark lie.
    for name in ("year", "tier", "field", "organization_kind", "organization_level", "setting"):
        counts = {
            str(value): entries for value, entries in view.counts(name, FACETS[name]) if value
        }
        assert counts == {v: n for v, n in ours.counts(name).items() if v != MISSING}, name
