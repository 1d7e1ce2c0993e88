"""The merge: what the last load said, what the file says, what the database holds."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance import index, loading
from governance.models import (
    Achievement,
    AchievementOrganization,
    AwardYear,
    Coding,
    Evidence,
    IndexState,
    Load,
    Mechanism,
    Organization,
)

from .helpers.years import (
    SUMMARY,
    TEXT,
    WORDS,
    changed,
    entry,
    evidence,
    load,
    record,
    source,
    without,
    year,
)

pytestmark = pytest.mark.django_db

FIRST = {"code": "2016-w01"}


@pytest.fixture
def loaded():
    """The year, loaded once."""
    return load(year())


@pytest.fixture
def first(loaded):
    return Achievement.objects.get(code="2016-w01")


def totals(report):
    return {name: count for name, count in report.as_json()["totals"].items() if count}


def details(report):
    return [(one.outcome, one.key, one.field) for one in report.details]


def edit(row, **fields):
    """As staff do in the admin."""
    type(row).objects.filter(pk=row.pk).update(**fields)
    index.update(index.touched_by(row), named=index.is_named(row))
    row.refresh_from_db()


def test_it_creates_what_is_new_as_drafts(loaded):
    assert totals(loaded) == {"created": 8}
    entries = Achievement.objects.filter(award_year__year=2016)
    assert [(one.code, one.status) for one in entries.order_by("rank")] == [
        ("2016-w01", "draft"),
        ("2016-w02", "draft"),
    ]
    assert entries[0].summary == SUMMARY
    assert Evidence.objects.get(coding__achievement__code="2016-w01").text == WORDS
    assert AwardYear.objects.get(year=2016).text == TEXT


def test_it_fills_in_pinyin(loaded):
    assert Organization.objects.get(slug="taicang-civil-affairs").pinyin == (
        "tai cang shi min zheng ju"
    )


def test_it_changes_nothing_the_second_time(loaded):
    before = record()
    assert totals(load(year())) == {"unchanged": 8}
    assert record() == before


def test_it_records_the_load(loaded, staff):
    again = load(year(), by=staff)
    earlier, later = Load.objects.order_by("pk")
    assert (earlier.by, later.by) == (None, staff)
    assert (later.pk, later.scope, later.state) == (again.load, "2016", "loaded")
    assert later.content.decode() == Load.objects.get(pk=earlier.pk).content.decode()
    assert "院落夜话" in later.content.decode()
    assert later.digest == again.digest
    assert later.report == again.as_json()
    assert later.loaded_at


def test_it_takes_what_only_the_file_changed(loaded, first):
    report = load(changed(year(), "achievement", FIRST, title_en="Courtyard Talks"))
    first.refresh_from_db()
    assert first.title_en == "Courtyard Talks"
    assert totals(report) == {"changed": 1, "unchanged": 7}
    assert details(report) == [("changed", ("2016-w01",), "title_en")]


def test_it_keeps_what_only_staff_changed(loaded, first):
    edit(first, short_name="夜话", status="in_review")
    report = load(changed(year(), "achievement", FIRST, short_name=""))
    first.refresh_from_db()
    assert (first.short_name, first.status) == ("夜话", "in_review")
    assert details(report) == [("kept", ("2016-w01",), "short_name")]


def test_it_keeps_and_reports_what_both_changed(loaded, first):
    edit(first, title_en="Talks at Night")
    report = load(changed(year(), "achievement", FIRST, title_en="Courtyard Talks"))
    first.refresh_from_db()
    assert first.title_en == "Talks at Night"
    (detail,) = report.details
    assert (detail.outcome, detail.base, detail.file, detail.database) == (
        ("conflicts", "", "Courtyard Talks", "Talks at Night")
    )
    assert "两边都改了：保留库中的 “Talks at Night”，文件为 “Courtyard Talks”" in str(detail)


def test_it_says_nothing_of_what_both_changed_alike(loaded, first):
    edit(first, title_en="Courtyard Talks")
    report = load(changed(year(), "achievement", FIRST, title_en="Courtyard Talks"))
    assert totals(report) == {"unchanged": 8}


def test_it_merges_column_by_column(loaded, first):
    edit(first, title_en="Courtyard Talks")
    load(changed(year(), "achievement", FIRST, setting="rural"))
    first.refresh_from_db()
    assert (first.title_en, first.setting) == ("Courtyard Talks", "rural")


def test_it_does_not_reset_what_the_file_leaves_out(loaded, first):
    edit(first, summary_en="Residents decide.")
    objects = changed(year(), "achievement", FIRST, setting="rural")
    del objects[2]["fields"]["region"]
    load(objects)
    first.refresh_from_db()
    assert (first.summary_en, first.region.code) == ("Residents decide.", "320585")


def test_it_reports_a_difference_of_which_no_load_is_known():
    report = load(
        [{"model": "governance.achievement", "fields": {"code": "2015-w01", "setting": "urban"}}]
    )
    assert details(report) == [("conflicts", ("2015-w01",), "setting")]
    assert Achievement.objects.get(code="2015-w01").setting != "urban"


def test_it_does_not_bring_back_what_staff_deleted(loaded, first):
    Coding.objects.filter(achievement=first, mechanism__slug="deliberation").delete()
    report = load(year())
    assert details(report) == [
        ("kept", ("2016-w01", "deliberation"), ""),
        ("kept", ("2016-w01", "deliberation", "summary", SUMMARY.index(WORDS)), ""),
    ]
    assert Coding.objects.filter(achievement=first).count() == 1


def test_it_reports_what_staff_deleted_and_the_file_changed(loaded, first):
    first.codings.all().delete()
    report = load(changed(year(), "coding", weight="secondary"))
    assert ("conflicts", ("2016-w01", "deliberation"), "") in details(report)
    assert not first.codings.exists()


def test_it_knows_a_row_that_staff_have_renamed(loaded):
    organization = Organization.objects.get(slug="taicang-civil-affairs")
    edit(organization, name="太仓市民政和社会工作局")
    count = Organization.objects.count()
    report = load(changed(year(), "organization", level="prefecture"))
    organization.refresh_from_db()
    assert (organization.name, organization.level) == ("太仓市民政和社会工作局", "prefecture")
    assert Organization.objects.count() == count
    assert details(report) == [
        ("kept", ("太仓市民政局",), "name"),
        ("changed", ("太仓市民政局",), "level"),
    ]


def test_it_removes_a_part_that_the_file_dropped(loaded, first):
    report = load(without(year(), "coding", mechanism=["self-governance"]))
    assert details(report) == [("removed", ("2016-w01", "self-governance"), "")]
    assert [one.mechanism.slug for one in first.codings.all()] == ["deliberation"]


def test_it_removes_a_part_with_its_own_parts(loaded, first):
    objects = without(year(), "coding", mechanism=["deliberation"])
    report = load(without(objects, "evidence"))
    assert totals(report)["removed"] == 2
    assert not Evidence.objects.filter(coding__achievement=first).exists()


def test_it_keeps_a_dropped_part_that_staff_have_worked_on(loaded, first):
    kept = first.codings.get(mechanism__slug="self-governance")
    kept.evidence.create(field="summary", start=0, end=2, text="居民")
    report = load(without(year(), "coding", mechanism=["self-governance"]))
    assert details(report) == [("conflicts", ("2016-w01", "self-governance"), "")]
    assert first.codings.count() == 2


def test_it_takes_a_file_without_any_codings_as_silent_about_them(loaded, first):
    report = load(without(without(year(), "coding"), "evidence"))
    assert totals(report) == {"unchanged": 5}
    assert first.codings.count() == 2


def test_it_leaves_the_codings_of_staff_alone(loaded, first):
    first.codings.create(mechanism=Mechanism.objects.get(slug="covenants"), weight="primary")
    load(changed(year(), "coding", weight="secondary"))
    assert first.codings.count() == 3


def test_it_reports_an_entry_that_the_file_lacks_and_keeps_it(loaded):
    report = load(without(year(), "achievement", code="2016-w02"))
    assert details(report) == [("absent", ("2016-w02",), "")]
    assert Achievement.objects.filter(code="2016-w02").exists()


def test_it_moves_the_evidence_of_staff_with_a_text_that_the_file_changed(loaded, first):
    kept = first.codings.get(mechanism__slug="self-governance")
    kept.evidence.create(field="summary", start=10, end=14, text="围坐夜话")
    corrected = f"太仓的{SUMMARY}"
    load(
        [
            *without(without(year(), "evidence"), "achievement", code="2016-w01"),
            entry("2016-w01", 1, "“院落夜话”议事项目", corrected),
            evidence("deliberation", WORDS, corrected),
        ]
    )
    for span in Evidence.objects.filter(coding__achievement=first):
        span.full_clean()
        assert corrected[span.start : span.end] == span.text
    assert Evidence.objects.filter(coding__achievement=first).count() == 2
    Achievement.objects.get(pk=first.pk).full_clean()


def test_it_finds_the_words_of_new_evidence_in_a_text_that_staff_have_corrected(loaded, first):
    corrected = f"每天{SUMMARY}"
    Evidence.objects.filter(coding__achievement=first).update(start=18, end=26)
    edit(first, summary=corrected, summary_offset=None)
    objects = [*year(), evidence("self-governance", "围坐夜话")]
    report = load(objects)
    span = Evidence.objects.get(
        coding__mechanism__slug="self-governance", text="围坐夜话", coding__achievement=first
    )
    assert corrected[span.start : span.end] == "围坐夜话"
    assert totals(report)["created"] == 1
    before = record()
    assert "changed" not in totals(load(objects))
    assert record() == before


def test_it_takes_two_files_one_on_top_of_the_other():
    shared, own = year()[:1], year()[1:]
    first, second = loading.load([source(shared, "shared.json"), source(own)])
    assert (first.changes, second.changes) == (1, 7)
    assert AchievementOrganization.objects.filter(achievement__code="2016-w01").count() == 1


def test_it_writes_nothing_in_a_dry_run(loaded):
    before = record(), list(Load.objects.values("pk", "state")), index.version()
    report = load(changed(year(), "achievement", setting="rural"), dry_run=True)
    assert (totals(report)["changed"], report.load) == (2, None)
    assert (record(), list(Load.objects.values("pk", "state")), index.version()) == before


def test_it_brings_the_index_along(loaded, first):
    assert index.status() == "ready"
    load(changed(year(), "achievement", FIRST, status="published"))
    assert index.status() == "ready"
    assert index.select("院落夜话").count() == 1
    load(changed(year(), "achievement", FIRST, status="published", title_en="Talks by Night"))
    assert index.select("院落夜话")[:1][0]["title_en"] == "Talks by Night"


def test_it_brings_the_index_along_when_a_mechanism_is_renamed():
    slug = {"slug": "deliberation"}
    fields = Mechanism.objects.values("name", "field", "name_en", "definition", "definition_en")
    named = [{"model": "governance.mechanism", "fields": fields.get(**slug) | slug}]
    load(named, "mechanisms.json")
    named[0]["fields"]["name"] = "协商与议事"
    load(named, "mechanisms.json")
    records = index.select(mechanism=["deliberation"])[:20]
    names = {item["name"] for one in records for item in one["mechanisms"]}
    assert "协商与议事" in names
    assert "协商议事" not in names


def test_it_makes_a_missing_index(loaded):
    IndexState.objects.update(shape=0)
    load(changed(year(), "achievement", setting="rural"))
    assert index.status() == "ready"


def test_it_asks_no_query_for_each_row():
    def many(count):
        entries = [
            entry(f"2016-n{rank:02}", rank, f"第{rank}项", "居民议事。") | {}
            for rank in range(1, count + 1)
        ]
        for one in entries:
            one["fields"]["tier"] = "nominee"
        return [*year()[:2], *entries]

    with CaptureQueriesContext(
        connection,
    ) as few:
        load(many(5), dry_run=True)
    with CaptureQueriesContext(connection) as lots:
        load(many(80), dry_run=True)
    # An INSERT takes some fifty rows on SQLite.
    assert len(lots) <= len(few) + 4
    load(many(5))
    with CaptureQueriesContext(connection) as few:
        load(changed(many(5), "achievement", setting="rural", summary="居民商定。"), dry_run=True)
    load(many(80))
    with CaptureQueriesContext(connection) as lots:
        load(changed(many(80), "achievement", setting="rural"), dry_run=True)
    # An INSERT takes some fifty rows on SQLite.
    assert len(lots) <= len(few) + 4


def test_it_completes_a_load_that_was_waiting(staff):
    waiting = Load.objects.create(name="2016.docx", content=b"PK", kind="document", year=2016)
    made = loading.FixtureFile("2016.docx", b"PK", objects=year(), record=waiting)
    (report,) = loading.load([made], by=staff)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.by, report.load) == ("loaded", staff, waiting.pk)
    assert report.outcomes["governance.achievement", ("2016-w01",)] == "created"
    with pytest.raises(loading.LoadError, match=f"装入 #{waiting.pk} 已不在待装入之列。"):
        loading.load([made])


def test_it_wants_the_files_of_a_picture(loaded, media):
    digest = "0" * 64
    fields = {"achievement": ["2016-w01"], "digest": digest, "width": 480, "height": 300}
    picture = {
        "model": "governance.achievementimage",
        "fields": fields | {"alt": "院落", "credit": "太仓市民政局"},
    }
    with pytest.raises(loading.Invalid) as refused:
        load([picture])
    assert f"没有图片文件 images/{digest}/480.webp" in str(refused.value.problems[0])
    folder = media / "images" / digest
    folder.mkdir(parents=True)
    (folder / "480.webp").write_bytes(b"RIFF")
    assert totals(load([picture])) == {"created": 1}
