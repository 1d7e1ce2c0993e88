"""Points of many entries added up at once are the points of each, added up."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from governance.index.points import add, by_points

pytestmark = pytest.mark.once

given_points = st.lists(st.tuples(st.sets(st.integers(0, 40)), st.integers(1, 9)), max_size=50)


@given(given_points, st.integers(1, 60))
def test_entries_come_by_their_points_down_to_the_least(given_points, least):
    planes, sums = [], Counter()
    for entries, points in given_points:
        add(planes, BitMap(entries), points)
        sums.update(dict.fromkeys(entries, points))
    found = [(points, set(entries)) for points, entries in by_points(planes, least)]
    expected = {points for points in sums.values() if points >= least}
    assert [points for points, _entries in found] == sorted(expected, reverse=True)
    for points, entries in found:
        assert entries == {entry for entry, total in sums.items() if total == points}
