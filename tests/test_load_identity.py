"""An entry keeps its address wherever it stands in the list, and no address becomes another's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance import index, loading
from governance.models import Achievement, Load

from .helpers.corrections import (
    ADDED,
    FIRST,
    OTHER,
    SECOND,
    THIRD,
    YEAR,
    differences,
    fixture,
    listed,
    load_list,
    load_objects,
    publish,
)
from .helpers.years import changed, record
from .test_merge_rule import in_a_world_of_its_own, many

pytestmark = pytest.mark.django_db

ALL = ("kept", "conflicts", "absent")


@pytest.fixture
def loaded():
    return load_list(FIRST, SECOND, THIRD)


def places():
    """{code: (rank, title)}"""
    return {code: (rank, title) for code, (rank, title, _summary) in listed().items()}


def edit(code, **fields):
    """As staff do, in words that are not the announcement's."""
    offsets = {f"{name}_offset": None for name in fields}
    Achievement.objects.filter(code=code).update(**fields, **offsets)


def test_an_entry_that_is_put_in_between_moves_no_other(loaded):
    publish("2010-w02", "2010-w03")
    report = load_list(FIRST, ADDED, SECOND, THIRD)
    assert places() == {
        "2010-w01": (1, FIRST[0]),
        "2010-w02": (3, SECOND[0]),
        "2010-w03": (4, THIRD[0]),
        "2010-w04": (2, ADDED[0]),
    }
    assert differences(report, *ALL) == []
    assert Achievement.objects.get(code="2010-w04").status == "draft"
    assert index.select("乙议事")[:1][0]["rank"] == 3


def test_what_staff_wrote_stays_with_its_entry(loaded):
    edit("2010-w02", summary="我写的简介。")
    edit("2010-w03", title="丙议事会")
    report = load_list(FIRST, ADDED, SECOND, THIRD)
    assert listed() == {
        "2010-w01": (1, *FIRST[::2]),
        "2010-w02": (3, SECOND[0], "我写的简介。"),
        "2010-w03": (4, "丙议事会", THIRD[2]),
        "2010-w04": (2, *ADDED[::2]),
    }
    assert differences(report, *ALL) == [
        ("kept", ("2010-w02",), "summary"),
        ("kept", ("2010-w03",), "title"),
    ]


def test_an_entry_that_is_left_out_leaves_its_address_to_nobody(loaded):
    report = load_list(FIRST, THIRD)
    assert places() == {
        "2010-w01": (1, FIRST[0]),
        "2010-w02": (3, SECOND[0]),
        "2010-w03": (2, THIRD[0]),
    }
    assert set(differences(report, *ALL)) == {
        ("absent", ("2010-w02",), ""),
        ("kept", ("2010-w02",), ""),
    }
    said = "\n".join(report.lines())
    assert "原序号 2 现属另一成果，排到其后，改为 3" in said
    assert "文字不再在公告原文的原处，原文位置已清空，请核对" in said
    report = load_list(FIRST, SECOND, THIRD)
    assert [rank for rank, _title in places().values()] == [1, 2, 3]
    assert differences(report, *ALL) == []


@pytest.mark.parametrize(
    "entries",
    [
        (FIRST, ADDED, SECOND, THIRD),
        (ADDED, FIRST, SECOND, THIRD, OTHER),
        (FIRST, THIRD),
        (THIRD,),
        (FIRST, THIRD, SECOND),
        (THIRD, SECOND, FIRST),
        (OTHER, THIRD, ADDED, FIRST),
    ],
)
def test_undoing_is_the_way_back(loaded, entries):
    edit("2010-w02", summary="我写的简介。")
    publish("2010-w01", "2010-w02")
    before, text = record(), loading.dump_year(str(YEAR))
    report = load_list(*entries)
    assert record() != before
    for one in Achievement.objects.filter(award_year__year=YEAR):
        one.full_clean()
    assert load_list(*entries).changes == 0
    loading.undo(Load.objects.first().pk)
    loading.undo(report.load)
    assert (record(), loading.dump_year(str(YEAR))) == (before, text)


def test_entries_that_change_places_keep_their_addresses(loaded):
    load_list(THIRD, FIRST, SECOND)
    assert places() == {
        "2010-w01": (2, FIRST[0]),
        "2010-w02": (3, SECOND[0]),
        "2010-w03": (1, THIRD[0]),
    }


@pytest.mark.parametrize(
    "corrected",
    [
        ("“乙议事”工作法", *SECOND[1:]),
        (SECOND[0], "浙江省杭州市西湖区教育局", SECOND[2]),
        ("“乙议事会”", SECOND[1], "西湖区设立议事制度。"),
        ("“乙议事会”", "浙江省杭州市西湖区教育局", SECOND[2]),
        ("“乙议事”工作法", "浙江省杭州市西湖区教育局", "西湖区设立议事制度。"),
        ("「乙議事」", "浙江省杭州市西湖区教育局", "西湖区设立议事制度。"),
    ],
)
def test_a_corrected_entry_is_known_again_where_it_has_moved(loaded, corrected):
    load_list(FIRST, ADDED, corrected, THIRD)
    assert listed()["2010-w02"] == (3, *corrected[::2])
    assert len(listed()) == 4


def test_another_innovation_in_the_same_place_gets_an_address_of_its_own(loaded):
    publish("2010-w02")
    report = load_list(FIRST, OTHER, THIRD)
    assert places() == {
        "2010-w01": (1, FIRST[0]),
        "2010-w02": (4, SECOND[0]),
        "2010-w03": (3, THIRD[0]),
        "2010-w04": (2, OTHER[0]),
    }
    assert ("absent", ("2010-w02",), "") in differences(report, *ALL)


def test_an_entry_that_was_not_read_before_moves_no_other():
    load_list(FIRST, THIRD)
    load_list(FIRST, SECOND, THIRD)
    assert places() == {
        "2010-w01": (1, FIRST[0]),
        "2010-w02": (3, THIRD[0]),
        "2010-w03": (2, SECOND[0]),
    }


def test_what_staff_deleted_does_not_come_back_under_another_address(loaded):
    Achievement.objects.get(code="2010-w02").delete()
    report = load_list(ADDED, FIRST, SECOND, THIRD)
    assert places() == {
        "2010-w01": (2, FIRST[0]),
        "2010-w03": (4, THIRD[0]),
        "2010-w04": (1, ADDED[0]),
    }
    assert ("conflicts", ("2010-w02",), "") in differences(report, *ALL)


def test_of_two_alike_each_stays_what_it_is():
    twin = (FIRST[0], *THIRD[1:])
    load_list(FIRST, twin)
    load_list(twin, FIRST)
    assert listed() == {"2010-w01": (2, *FIRST[::2]), "2010-w02": (1, *twin[::2])}


def test_a_winner_is_not_taken_for_a_nominee(loaded):
    objects = [one for one in fixture(SECOND) if one["model"] != "governance.awardyear"]
    objects = changed(objects, "achievement", tier="nominee", code="2010-n01", rank=1)
    for one in objects:
        if one["model"] == "governance.achievementorganization":
            one["fields"]["achievement"] = ["2010-n01"]
        one["fields"] = {
            name: None if name.endswith("_offset") else value
            for name, value in one["fields"].items()
        }
    load_objects(objects)
    assert places()["2010-n01"] == (1, SECOND[0])
    assert places()["2010-w02"] == (2, SECOND[0])


def refused(objects):
    with pytest.raises(loading.Invalid) as error:
        load_objects(objects)
    return [str(problem) for problem in error.value.problems]


def test_a_fixture_in_which_entries_have_moved_is_refused_with_the_name_of_each():
    """As one that was read where the record does not have the year."""
    shifted = fixture(FIRST, ADDED, SECOND, THIRD)
    load_list(FIRST, SECOND, THIRD)
    before = record()
    second, third, fourth = refused(shifted)
    assert "2010-w02 在本库是“乙议事”，文件里却是“新增的社区服务站”" in second
    assert "请给它未用过的编号，如 2010-w04" in second
    assert "“乙议事”在本库的编号是 2010-w02，文件里成了 2010-w03" in third
    assert "“丙议事”在本库的编号是 2010-w03，文件里成了 2010-w04" in fourth
    assert record() == before


def test_a_fixture_may_say_a_code_and_another_rank(loaded):
    objects = changed(fixture(FIRST, SECOND, THIRD), "achievement", {"code": "2010-w01"}, rank=3)
    objects = changed(objects, "achievement", {"code": "2010-w03"}, rank=1)
    load_objects(objects)
    assert [rank for rank, _title in places().values()] == [3, 2, 1]


def test_two_entries_of_a_file_with_one_rank_are_a_mistake(loaded):
    objects = changed(fixture(FIRST, SECOND, THIRD), "achievement", {"code": "2010-w01"}, rank=3)
    (problem,) = refused(objects)
    assert "该年度同一评选结果中已有这个序号" in problem


def test_a_document_that_was_read_before_the_record_changed_has_to_be_read_anew():
    waiting = Load.objects.create(name="2010.txt", content=b"2010", kind="document", year=YEAR)
    objects = fixture(FIRST, ADDED, SECOND)
    load_list(FIRST, SECOND)
    with pytest.raises(loading.Invalid) as error:
        loading.load([loading.FixtureFile("2010.txt", b"2010", objects, record=waiting)])
    assert all("请重新读取公告" in problem.sentence for problem in error.value.problems)
    again = fixture(FIRST, ADDED, SECOND)
    loading.load([loading.FixtureFile("2010.txt", b"2010", again, record=waiting)])
    assert places()["2010-w02"] == (3, SECOND[0])


def test_a_dumped_year_keeps_its_addresses(loaded):
    load_list(FIRST, ADDED, THIRD)
    before, text = record(), loading.dump_year(str(YEAR))
    (report,) = loading.load([loading.FixtureFile("2010.yaml", text.encode())])
    assert (report.changes, record()) == (0, before)


def test_a_rank_that_staff_gave_is_not_taken(loaded):
    Achievement.objects.filter(code="2010-w03").update(rank=4)
    load_list(FIRST, SECOND, THIRD, ADDED)
    assert places() == {
        "2010-w01": (1, FIRST[0]),
        "2010-w02": (2, SECOND[0]),
        "2010-w03": (4, THIRD[0]),
        "2010-w04": (5, ADDED[0]),
    }


ENTRIES = [FIRST, SECOND, THIRD, ADDED, OTHER]


@many
@given(
    st.lists(st.lists(st.sampled_from(ENTRIES), min_size=1, max_size=5, unique=True), max_size=5),
    st.lists(st.tuples(st.integers(0, 9), st.sampled_from(["title", "summary"]))),
)
def test_an_address_always_shows_the_same_innovation(lists, edits):
    @in_a_world_of_its_own
    def example():
        known, written = {}, {}
        for entries in lists:
            load_list(*entries)
            for code, (rank, title, summary) in listed().items():
                known.setdefault(code, (title, summary))
                own = known[code]
                assert title == written.get((code, "title"), own[0])
                assert summary == written.get((code, "summary"), own[1])
                if own in [entry[::2] for entry in entries]:
                    assert rank == [entry[::2] for entry in entries].index(own) + 1
            if edits:
                number, name = edits.pop()
                code = sorted(known)[number % len(known)]
                written[code, name] = f"{code}，我写的。"
                edit(code, **{name: written[code, name]})

    example()
