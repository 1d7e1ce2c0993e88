"""The numbers of lists: in order, close together, with room, and never made anew by an edit."""

import random

import pytest
from pyroaring import BitMap

from governance import index
from governance.index import building, reading, state
from governance.index.lists import BLOCK, LEAST_ROOM, Lists
from governance.models import Achievement, IndexEntry, IndexState, Region

from .helpers.worlds import make_achievement
from .helpers.years import award_year

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def healing(monkeypatch):
    """How often a reader asked for healing; no thread begins it."""
    asked = []
    monkeypatch.setattr(reading, "heal", lambda: asked.append(1))
    return asked


@pytest.fixture
def no_rebuild(monkeypatch):
    def rebuild(*arguments, **options):
        raise AssertionError("An edit rebuilds the index.")

    monkeypatch.setattr(building, "_rebuild", rebuild)


def publish(year, prefix="", letter="w", ranks=(1,)):
    """Entries of a list, published and indexed; the award year is made if it is not there."""
    one, region = award_year(year, prefix), Region.objects.get(code="320585", valid_to=None)
    made = [make_achievement(random, (one, letter, rank), region) for rank in ranks]
    for each in made:
        each.status = "published"
        each.save()
    index.update([each.pk for each in made])
    return [each.code for each in made]


def in_order():
    return IndexState.objects.get().in_order


def listed():
    """Codes in the order of the index."""
    return [record["code"] for record in index.select()]


def announced():
    return list(Achievement.objects.published().as_announced().values_list("code", flat=True))


def test_a_new_year_comes_first_and_an_older_one_last(no_rebuild):
    publish(2016, letter="n")
    publish(2016, letter="w")
    publish(2012)
    publish(2017, "zhsj")
    assert in_order()
    assert listed() == announced()
    assert listed()[:3] == ["zhsj-2017-w01", "2016-w01", "2016-n01"]
    assert listed()[-1] == "2012-w01"


def test_two_awards_of_one_year_have_numbers_of_their_own():
    publish(2015, "zhsj", ranks=range(1, 12))
    assert len(listed()) == IndexEntry.objects.count() == 31
    assert index.select(year=["2015"]).count() == 31
    index.rebuild()
    assert listed() == announced()
    assert listed()[20:22] == ["zhsj-2015-w01", "zhsj-2015-w02"]


def test_what_comes_between_is_there_at_once_and_in_its_place_after_healing(no_rebuild, healing):
    publish(2012)
    before = listed()
    publish(2013, ranks=(1, 2))
    assert not in_order()
    assert index.select(year=["2013"]).count() == 2
    assert set(listed()) == {*before, "2013-w01", "2013-w02"}
    assert listed() != announced()
    assert healing


def test_it_heals(healing, monkeypatch):
    publish(2012)
    publish(2013)
    monkeypatch.setattr(state.connection, "close", lambda: None)
    assert state._healing.acquire(blocking=False)
    state._heal()
    assert in_order()
    assert listed() == announced()
    healing.clear()
    index.current()
    assert not healing


def test_a_list_that_outgrows_its_room_moves_as_a_whole(no_rebuild):
    publish(2016, ranks=(1, 2, 3))
    numbers = dict(IndexEntry.objects.values_list("code", "number"))
    publish(2016, ranks=(LEAST_ROOM,))
    assert in_order()
    assert listed() == announced()
    now = dict(IndexEntry.objects.values_list("code", "number"))
    assert not {numbers[code] for code in ("2016-w01", "2016-w03")} & set(now.values())
    assert {code: now[code] for code in now if code.startswith("2015")} == {
        code: numbers[code] for code in numbers if code.startswith("2015")
    }
    # Not the newest: it stands last until the order is made anew.
    publish(2015, ranks=(LEAST_ROOM,))
    assert not in_order()
    assert set(listed()) == set(announced())


def test_drafts_have_room_in_their_list(no_rebuild):
    one, region = award_year(2016), Region.objects.get(code="320585", valid_to=None)
    drafts = [make_achievement(random, (one, "w", rank), region) for rank in range(1, 101)]
    for each in drafts:
        each.status = "draft"
        each.save()
    bases = []
    for each in drafts[::25]:
        each.status = "published"
        each.save()
        index.update([each.pk])
        bases.append(Lists.kept()["2016", "winner"])
    assert len(set(bases)) == 1
    assert bases[0].room == 256


def test_a_rebuild_that_has_nothing_to_put_in_order_keeps_the_numbers():
    before = dict(IndexEntry.objects.values_list("code", "number"))
    index.rebuild()
    assert dict(IndexEntry.objects.values_list("code", "number")) == before


def test_numbers_of_another_order_meet_none_of_the_old_ones():
    publish(2012)
    publish(2013)
    old = set(IndexEntry.objects.values_list("number", flat=True))
    index.rebuild()
    new = set(IndexEntry.objects.values_list("number", flat=True))
    assert not old & new
    publish(2014)
    index.rebuild()
    assert not new & set(IndexEntry.objects.values_list("number", flat=True))


@pytest.mark.parametrize("length", [1, 11, 31, 32, 33, 63, 64, 65, 1000, 1024, 20_000])
def test_room_is_twice_the_length_made_a_power_of_two(length):
    (place,) = Lists().anew({("2016", "winner"): length}).values()
    assert place.room >= max(2 * length, LEAST_ROOM)
    assert place.room & (place.room - 1) == 0
    assert place.room <= max(4 * length, LEAST_ROOM)


def test_of_many_long_lists_each_has_the_least_room():
    lists = Lists().anew({(str(year), "winner"): 4_000 for year in range(1999, 2025)})
    assert {place.room for place in lists.values()} == {4096}


def blocks(numbers):
    return len({number // BLOCK for number in BitMap.union(BitMap(), *numbers)})


@pytest.mark.parametrize("size", [20, 2_000, 20_000, 200_000, 1_000_000])
@pytest.mark.parametrize("winners", [0.1, 0.5])
def test_it_takes_no_more_blocks_than_ranks_of_as_many_bits_as_the_longest_list_needs(
    size, winners
):
    years = range(1999, 2025) if size > 20 else [2015]
    each = size // len(years)
    lengths = {"winner": round(each * winners), "nominee": each - round(each * winners)}
    last = {(str(year), tier): length for year in years for tier, length in lengths.items()}
    ours = [
        BitMap(range(place.base + 1, place.base + last[key] + 1))
        for key, place in Lists().anew(last).items()
    ]
    bits = max(6, max(lengths.values()).bit_length())
    before = [
        BitMap(range(start + 1, start + lengths[tier] + 1))
        for year in years
        for at, tier in enumerate(("winner", "nominee"))
        for start in [(2100 - year << bits + 1) + (at << bits)]
    ]
    assert blocks(ours) <= blocks(before)
