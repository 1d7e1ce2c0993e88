"""Undoing in a row of loads: the record is as before, whatever was loaded; and what stays does not block."""

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db.models import ProtectedError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from governance import index, loading
from governance.loading.running import fault
from governance.models import Achievement, AwardYear, Load, Organization, Region

from .helpers.corrections import (
    ADDED,
    FIRST,
    OTHER,
    SECOND,
    THIRD,
    differences,
    listed,
    load_list,
    publish,
)
from .helpers.years import load, record
from .test_merge_rule import in_a_world_of_its_own, many
from .test_merge_rule import record as without_regions

pytestmark = pytest.mark.django_db

EDUCATION = (SECOND[0], "浙江省杭州市西湖区教育局", SECOND[2])


def test_it_takes_back_a_load_that_has_put_an_entry_in_between():
    load_list(FIRST, SECOND, THIRD)
    publish("2010-w01", "2010-w02", "2010-w03")
    before, text = record(), loading.dump_year("2010")
    second = load_list(FIRST, ADDED, SECOND, THIRD)
    loading.undo(second.load)
    assert (record(), loading.dump_year("2010")) == (before, text)
    assert index.status() == "ready"


def test_it_takes_an_organization_along_that_it_brought_for_an_entry_that_stays():
    load_list(FIRST, SECOND)
    before = record()
    report = loading.undo(load_list(FIRST, EDUCATION).load)
    assert differences(report, "kept") == []
    assert record() == before


def test_it_takes_an_organization_along_that_two_years_brought():
    before = record()
    first, second = load_list(FIRST, EDUCATION), load_list(EDUCATION, year=2011)
    name = "杭州市西湖区教育局"
    report = loading.undo(first.load)
    (kept,) = [one for one in report.details if one.outcome == "kept"]
    assert kept.key == (name,)
    assert f"其后的装入 #{second.load} 也有它，保持现状" in str(kept)
    assert Organization.objects.filter(name=name).exists()
    loading.undo(second.load)
    assert record() == before


def test_it_leaves_an_organization_that_was_there_before():
    first = load_list(FIRST, EDUCATION)
    load_list(EDUCATION, year=2011)
    loading.undo(first.load)
    before = record()
    third = load_list(FIRST, EDUCATION)
    loading.undo(third.load)
    assert record() == before


def test_it_says_who_uses_what_stays():
    loaded = load_list(FIRST)
    other = Achievement.objects.get(code="2015-w01")
    organization = Organization.objects.get(name="杭州市江干区民政局")
    other.organizations.add(organization, through_defaults={"position": 3})
    (kept,) = [one for one in loading.undo(loaded.load).details if one.outcome == "kept"]
    assert str(kept).endswith(f"2015-w01 {other.title} 仍用到它，保持现状")


def test_the_next_document_of_a_year_enters_beside_what_stayed():
    first = load_list(FIRST, SECOND, THIRD)
    second = load_list(FIRST, ADDED, SECOND, THIRD)
    publish("2010-w02", "2010-w04")
    undone = loading.undo(second.load)
    assert "文字不再在公告原文的原处" in "\n".join(undone.lines())
    loading.undo(first.load)
    assert listed().keys() == {"2010-w02", "2010-w04"}
    report = load_list(OTHER, SECOND)
    assert differences(report, "conflicts") == []
    assert AwardYear.objects.get(year=2010).text.count("\n") == 5
    kept = Achievement.objects.get(code="2010-w04")
    assert (kept.title_offset, kept.summary_offset) == (None, None)
    placed = Achievement.objects.get(code="2010-w02")
    assert placed.award_year.text[placed.title_offset :].startswith(SECOND[0])
    for one in Achievement.objects.filter(award_year__year=2010):
        one.full_clean()
    before = record()
    assert load_list(OTHER, SECOND).changes == 0
    assert record() == before


def test_an_entry_that_stays_is_known_to_the_next_load():
    first = load_list(FIRST, SECOND)
    publish("2010-w02")
    loading.undo(first.load)
    report = load_list(FIRST, (*SECOND[:2], "西湖区完善议事制度。"))
    assert differences(report, "conflicts", "kept") == []
    assert listed()["2010-w02"][2] == "西湖区完善议事制度。"
    # Undoing took it from the public, and a load does not bring it back.
    assert Achievement.objects.get(code="2010-w02").status == "draft"


def test_a_place_that_undoing_would_make_untrue_is_emptied():
    load_list(FIRST)
    second = load_list(ADDED, FIRST)
    publish("2010-w02")
    report = loading.undo(second.load)
    kept = Achievement.objects.get(code="2010-w02")
    assert kept.title_offset is None
    kept.full_clean()
    assert "原文位置已清空，请核对" in "\n".join(report.lines())


def test_an_entry_that_staff_brought_themselves_does_not_block():
    load_list(FIRST, SECOND)
    mine = Achievement.objects.get(code="2010-w02")
    mine.pk, mine.code, mine.rank, mine.title = None, "2010-w09", 3, SECOND[0][:3]
    mine._state.adding = True
    mine.save()
    report = load_list(FIRST, ADDED, SECOND)
    mine.refresh_from_db()
    assert (mine.title_offset, mine.rank) == (None, 4)
    mine.full_clean()
    assert "原序号 3 现属另一成果，排到其后，改为 4" in "\n".join(report.lines())
    loading.undo(report.load)
    mine.refresh_from_db()
    assert mine.rank == 3
    assert mine.title_offset is not None


def lists():
    """Up to four lists of some of the entries, in any order, some with a new summary."""
    entries = st.permutations([FIRST, SECOND, THIRD, ADDED, EDUCATION])
    summaries = st.sampled_from([None, "居民议事。", "居民议定公共事务。"])
    one = st.tuples(entries, st.integers(1, 4), st.lists(summaries, min_size=5, max_size=5))
    return st.lists(one, min_size=1, max_size=4)


def entries_of(drawn):
    entries, count, summaries = drawn
    return [
        (title, organization, other or summary)
        for (title, organization, summary), other in zip(entries[:count], summaries, strict=False)
    ]


@many
@given(lists())
def test_undoing_the_last_of_any_loads_is_the_way_back(drawn):
    @in_a_world_of_its_own
    def example():
        states, loads = [without_regions()], []
        for one in drawn:
            # Two bodies have “乙议事” with equal summaries: a person says that the codes are right.
            sure = [f"2010-w{number:02}" for number in range(1, 21)]
            loads.append(load_list(*entries_of(one), sure=sure).load)
            states.append(without_regions())
        for pk in reversed(loads):
            assert without_regions() == states.pop()
            loading.undo(pk)
        assert without_regions() == states.pop()

    example()


def regions():
    """The objects of a province that is none, with a county in it that became another."""
    kinds = (
        ("990000", "省", "province"),
        ("990100", "市", "prefecture"),
        ("990101", "县", "county"),
    )
    found = []
    for code, name, level in kinds:
        parent = [found[-1]["fields"]["code"], 1999] if found else None
        fields = {"code": code, "name": f"无名{name}", "level": level, "parent": parent}
        found.append({"model": "governance.region", "fields": fields | {"valid_from": 1999}})
    return found


def test_it_takes_back_regions_that_lie_in_each_other():
    before = record()
    loaded = load(regions(), "regions.yaml")
    assert Region.objects.filter(path__startswith="99").count() == 3
    loading.undo(loaded.load)
    assert record() == before


def test_it_refuses_in_a_sentence_to_take_away_the_ground_of_others():
    loaded = load(regions(), "regions.yaml")
    county = Region.objects.get(code="990101")
    Organization.objects.filter(slug="taicang-municipal-peoples-government").update(region=county)
    with pytest.raises(CommandError) as refused:
        call_command("undo_load", str(loaded.load))
    assert str(refused.value) == (
        f"装入 #{loaded.load} 不能撤销：它装入的无名省无名市无名县 990101、无名省无名市 990100、"
        "无名省 990000仍有别处用到。"
    )
    assert Load.objects.get(pk=loaded.load).state == "loaded"


def test_it_names_a_few_of_what_the_database_protects():
    error = ProtectedError("Cannot delete", list(Region.objects.all()[:45]))
    assert fault(error).endswith("等 45 个用到，未作任何改动。")
    assert len(fault(error)) < 100


def test_the_shipped_files_can_be_taken_back_from_the_last_to_the_first():
    (folder,) = settings.FIXTURE_DIRS
    for model in (Achievement, Organization, AwardYear):
        model.objects.all().delete()
    shipped = loading.FixtureFile("2015.yaml", (folder / "awards" / "2015.yaml").read_bytes())
    (report,) = loading.load([shipped])
    loaded = record()
    loading.undo(report.load)
    # They were public: they stay as drafts with all that they name, and their addresses say that they
    # were taken back.
    left = record()
    assert [entry.pop("status") for entry in left["Achievement"]] == ["draft"] * 20
    assert [entry.pop("status") for entry in loaded["Achievement"]] == ["published"] * 20
    assert left == loaded
    for entry in left["Achievement"]:
        assert Client().get(f"/achievements/{entry['code']}/").status_code == 410
