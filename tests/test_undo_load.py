"""Taking a load back, and what stays because somebody has worked on it since."""

import pytest
from django.core.management import CommandError, call_command

from governance import index, loading
from governance.models import (
    Achievement,
    AwardYear,
    Coding,
    Load,
    LoadState,
    Mechanism,
    Organization,
)

from .helpers.years import changed, each, entry, evidence, load, record, without, year

pytestmark = pytest.mark.django_db

W01 = {"code": "2016-w01"}


@pytest.fixture
def before():
    return record()


@pytest.fixture
def loaded(before):
    return load(year())


@pytest.fixture
def first(loaded):
    return Achievement.objects.get(code="2016-w01")


def kept(report):
    return {one.key for one in report.details if one.outcome == "kept"}


def test_it_takes_everything_back(before, loaded, staff):
    report = loading.undo(loaded.load, by=staff)
    assert record() == before
    assert report.as_json()["totals"]["removed"] == 8
    one = Load.objects.get()
    assert (one.state, one.undone_by, one.undo_report) == ("undone", staff, report.as_json())
    assert one.undone_at
    assert index.status() == "ready"


def test_it_brings_back_values_and_parts(loaded, first):
    Achievement.objects.filter(pk=first.pk).update(status="published")
    index.update([first.pk])
    middle = record()
    objects = changed(year(), "achievement", W01, title_en="Courtyard Talks", setting="rural")
    objects = without(without(objects, "evidence"), "coding", mechanism=["deliberation"])
    second = load([*objects, evidence("self-governance", "围坐夜话")])
    assert second.as_json()["totals"] | {"unchanged": 0} == {
        **dict.fromkeys(second.as_json()["totals"], 0),
        **{"created": 1, "changed": 1, "removed": 2},
    }
    loading.undo(second.load)
    assert record() == middle
    assert index.select("院落夜话")[:1][0]["title_en"] == ""


def test_it_keeps_an_entry_with_all_its_parts_once_staff_have_changed_it(loaded, first):
    Achievement.objects.filter(pk=first.pk).update(status="in_review", setting="rural")
    report = loading.undo(loaded.load)
    assert list(Achievement.objects.filter(award_year__year=2016)) == [first]
    assert first.codings.count() == 2
    assert first.organizations.get().slug == "taicang-civil-affairs"
    assert AwardYear.objects.filter(year=2016).exists()
    detail = report.details[[one.field for one in report.details].index("setting")]
    assert (detail.key, detail.base, detail.database) == (("2016-w01",), "unstated", "rural")
    assert "装入之后又改为 农村，予以保留（装入时为 未说明）" in str(detail)
    # The status is no work on the entry itself, and stays as it is.
    first.refresh_from_db()
    assert first.status == "in_review"


def test_it_keeps_an_entry_that_staff_have_coded(loaded, first):
    first.codings.create(mechanism=Mechanism.objects.get(slug="covenants"), weight="primary")
    report = loading.undo(loaded.load)
    assert first.codings.count() == 3
    assert not Achievement.objects.filter(code="2016-w02").exists()
    assert ("2016-w01",) in kept(report)


def test_it_keeps_an_organization_that_something_else_names(loaded):
    organization = Organization.objects.get(slug="taicang-civil-affairs")
    other = Achievement.objects.get(code="2015-w01")
    other.organizations.add(organization, through_defaults={"position": 3})
    report = loading.undo(loaded.load)
    assert kept(report) == {("太仓市民政局",)}
    assert list(other.organizations.filter(pk=organization.pk)) == [organization]


def test_it_keeps_a_value_that_staff_have_changed_since(loaded, first):
    second = load(changed(year(), "achievement", W01, title_en="Courtyard", setting="rural"))
    Achievement.objects.filter(pk=first.pk).update(title_en="Talks at Night")
    report = loading.undo(second.load)
    first.refresh_from_db()
    assert (first.title_en, first.setting) == ("Talks at Night", "unstated")
    assert kept(report) == {("2016-w01",)}


def test_it_does_not_bring_back_a_part_that_staff_have_made_anew(loaded, first):
    second = load(without(year(), "coding", mechanism=["self-governance"]))
    mine = first.codings.create(
        mechanism=Mechanism.objects.get(slug="self-governance"), weight="primary"
    )
    loading.undo(second.load)
    assert Coding.objects.get(achievement=first, mechanism__slug="self-governance") == mine


def test_it_brings_back_more_values_than_a_query_takes():
    def codings(weight):
        entries = [entry(f"2016-w{rank:02}", rank, f"第{rank}项", "") for rank in range(1, 1102)]
        coded = [(one["fields"]["code"], "deliberation") for one in entries]
        return [
            *year()[:2],
            *entries,
            *(
                each("coding", achievement=[code], mechanism=[slug], weight=weight)
                for code, slug in coded
            ),
        ]

    load(codings("primary"))
    loading.undo(load(codings("secondary")).load)
    assert (
        Coding.objects.filter(achievement__award_year__year=2016, weight="primary").count() == 1101
    )


def test_it_leaves_alone_what_staff_have_deleted(loaded, first):
    second = load(changed(year(), "achievement", W01, setting="rural"))
    first.delete()
    loading.undo(second.load)
    loading.undo(loaded.load)
    assert not Achievement.objects.filter(code="2016-w01").exists()


def test_it_can_be_loaded_again(before, loaded):
    after = record()
    loading.undo(loaded.load)
    assert load(year()).as_json()["totals"]["created"] == 8
    assert {model: len(rows) for model, rows in record().items()} == (
        {model: len(rows) for model, rows in after.items()}
    )


def test_it_asks_for_the_later_load_of_that_year_first(loaded):
    later = load(changed(year(), "achievement", W01, setting="rural"))
    with pytest.raises(loading.LoadError, match=f"请先撤销 #{later.load}，再撤销 #{loaded.load}"):
        loading.undo(loaded.load)


def test_it_leaves_what_a_later_year_says_too(loaded):
    organization = year()[:1]
    other = load(
        [
            *organization,
            {
                "model": "governance.awardyear",
                "fields": {
                    "year": 2017,
                    "name": "奖",
                    "document_title": "揭晓",
                    "text": "揭晓",
                },
            },
        ]
    )
    report = loading.undo(loaded.load)
    assert kept(report) == {("太仓市民政局",)}
    loading.undo(other.load)


def test_it_refuses_what_does_not_stand(loaded):
    loading.undo(loaded.load)
    with pytest.raises(loading.LoadError, match="现为“已撤销”，不能撤销"):
        loading.undo(loaded.load)
    with pytest.raises(loading.LoadError, match="没有装入 #0。"):
        loading.undo(0)


def test_it_refuses_to_leave_an_invalid_record(loaded, first):
    said = {"summary": "夜话后，逐项商定公共事务。", "summary_offset": None}
    second = load(changed(year(), "achievement", W01, **said)[:3])
    first.codings.first().evidence.create(field="summary", start=0, end=3, text="夜话后")
    with pytest.raises(loading.Invalid) as refused:
        loading.undo(second.load)
    assert "“夜话后”是已有标注的依据" in str(refused.value.problems[0])
    assert Load.objects.get(pk=second.load).state == LoadState.LOADED


def test_a_dry_run_changes_nothing(loaded, capsys):
    there = record()
    call_command("undo_load", str(loaded.load), dry_run=True)
    assert "试撤销 2016.yaml（未作改动）：" in capsys.readouterr().out
    assert record() == there
    assert Load.objects.get().state == LoadState.LOADED


def test_it_says_beforehand_why_a_load_cannot_be_undone(loaded):
    assert loading.obstacle(loaded.load) == ""
    later = load(changed(year(), "achievement", W01, setting="rural"))
    assert f"请先撤销 #{later.load}" in loading.obstacle(loaded.load)
    loading.undo(later.load)
    assert "现为“已撤销”，不能撤销" in loading.obstacle(later.load)
    assert loading.obstacle(loaded.load) == ""


def test_a_dry_run_tells_what_undoing_will_do(loaded, first):
    Achievement.objects.filter(pk=first.pk).update(status="published")
    tried = loading.undo(loaded.load, dry_run=True).as_json()
    done = loading.undo(loaded.load).as_json()
    assert tried | {"dry_run": False} == done
    assert (done["entries"]["removed"], done["entries"]["changed"]) == (1, 1)


def test_the_command_says_what_it_did(loaded, capsys):
    call_command("undo_load", str(loaded.load))
    said = capsys.readouterr().out
    assert f"已撤销装入 #{loaded.load} 2016.yaml：" in said
    assert "成果：删除 2" in said
    with pytest.raises(CommandError, match="不能撤销"):
        call_command("undo_load", str(loaded.load))
