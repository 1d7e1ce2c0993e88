"""Excerpts end where a reader may pause."""

import pytest

from governance.records import shortened


@pytest.mark.parametrize(
    ("text", "width", "said"),
    [
        ("organized residents", 99, "organized residents"),
        ("organized residents", 19, "organized residents"),
        ("members of local organizations", 23, "members of local…"),
        ("members of local organizations", 17, "members of local…"),
        ("members of local organizations", 16, "members of local…"),
        ("the residents’ council", 17, "the residents’…"),
        ("in the village, and", 15, "in the village…"),
        ("“mass service bases”, which", 21, "“mass service bases”…"),
        ("组织带领，挖掘居民", 5, "组织带领…"),
        ("组织带领，挖掘居民", 7, "组织带领，挖掘…"),
        ("提供技术支持。建立“居民提案”", 10, "提供技术支持。建立…"),
        ("自2015年起", 4, "自…"),
        ("自O2O平台", 3, "自…"),
        ("abcdefghij", 4, "abcd…"),
    ],
)
def test_it_cuts_no_latin_word_and_leaves_no_mark_hanging(text, width, said):
    assert shortened(text, width) == said


def test_of_marks_alone_something_is_left():
    assert shortened("，，……", 2) == "，，…"
