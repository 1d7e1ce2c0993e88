"""Every title and every name is found in every way of writing it."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypinyin import Style, lazy_pinyin

from governance import index
from governance.index import text
from governance.models import Achievement

pytestmark = pytest.mark.django_db

TABLES = [
    json.loads(path.read_text("utf-8")) for path in Path(text.__file__).parent.glob("*_chars.json")
]
WRITTEN = {}
for table in TABLES:
    for other, usual in table.items():
        WRITTEN.setdefault(usual, []).append(other)
UNSEEN = "\u200b\ufeff\u00ad\u200e\u2060\ufe0f"


def with_variants(draw, said):
    return "".join(draw(st.sampled_from([char, *WRITTEN.get(char, [])])) for char in said)


def with_unseen(draw, said):
    return "".join(char + draw(st.sampled_from(["", "", *UNSEEN])) for char in said)


def in_full_width(draw, said):
    return said.translate(
        {code: code + 0xFEE0 for code in range(0x21, 0x7F) if chr(code) not in "\"'"}
    )


def in_capitals(draw, said):
    return said.upper()


def with_other_marks(draw, said):
    marks = {
        "’": "'’ʼ",
        "-": "-‐‑–",
        "–": "-‐‑–—",
        "，": "，,、；",
        "、": "、，",
        "：": "：:",
        "（": "(（【",
        "）": ")）】",
    }
    return "".join(draw(st.sampled_from(marks.get(char, char))) for char in said)


def with_marks_around(draw, said):
    before, after = draw(st.sampled_from(["（）", "《》", "【】", " 。", "  ", " ；"]))
    return before + said + after


WAYS = [with_variants, with_unseen, in_full_width, in_capitals, with_other_marks, with_marks_around]


@st.composite
def ways(draw):
    """A function that writes what it is given in some other ways, one after another."""
    chosen = draw(st.lists(st.sampled_from(WAYS), max_size=3, unique=True))

    def written(said):
        for way in chosen:
            said = way(draw, said)
        return said

    return written


@pytest.fixture(scope="module")
def titles_and_names(django_db_setup, django_db_blocker):
    """(title or name, code, the tiers of hits in which it must be)."""
    with django_db_blocker.unblock():
        found = []
        for record in index.select():
            named = [record["region"], *record["organizations"]]
            named += [one for one in record["mechanisms"] if one["aspect"] == "means"]
            found.append((record["title"], record["code"], 1))
            found += [(one["name"], record["code"], 2) for one in named]
            found += [(one["name_en"], record["code"], 2) for one in named if one["name_en"]]
        return found


def tier(query, code):
    """In which tier of its hits the entry is, from 1; 0 if the query does not find it."""
    selection = index.select(query)
    number = selection.index.number(index.record(code))
    return next((at for at, bits in enumerate(selection.hits.tiers, 1) if number in bits), 0)


@settings(max_examples=settings.default.max_examples, deadline=None)
@given(data=st.data())
def test_every_title_and_name_is_found_in_every_way_of_writing(titles_and_names, data):
    said, code, last = data.draw(st.sampled_from(titles_and_names))
    query = data.draw(ways())(said)
    assert 1 <= tier(query, code) <= last, query


def test_every_title_and_name_is_found(titles_and_names):
    for said, code, last in titles_and_names:
        assert 1 <= tier(said, code) <= last, said
        for quoted in (f"“{said}”", f"『{said}』", f"‘{said}’"):
            assert tier(quoted, code) >= 1, quoted
        # Without its inner quotation marks, or with others: as a phrase, and as it stands.
        for other in ({}, {"“": "「", "”": "」"}, {"“": "‘", "”": "’"}, {"“": "《", "”": "》"}):
            written = said.translate(str.maketrans({"“": "", "”": "", "》": "", "《": ""} | other))
            for query in (written, f'"{written}"'):
                assert 1 <= tier(query, code) <= last, query


def test_every_title_is_found_by_its_reading_and_initials_from_its_beginning():
    """In one, with tones, syllable by syllable; by two syllables or more, and by three initials or more."""
    for achievement in Achievement.objects.published():
        syllables = achievement.pinyin.split()
        for size in (2, 3, 5, 8, 9, 12):
            some = syllables[:size]
            queries = ["".join(some), "".join(some).capitalize(), "-".join(some)]
            # Digits are no syllables, so that they join with no neighbours.
            queries += [" ".join(some)] if "".join(some).isalpha() else []
            queries += ["".join(one[0] for one in some)] if size > 2 else []
            for query in queries:
                assert tier(query, achievement.code) == 1, query
    # From the first syllable, and whole ones.
    for query in ("shehudongkaichuang", "zhengsheh", "zhengshehudongtaicang", "shd"):
        assert tier(query, "2015-w01") == 0, query


def test_every_name_is_found_by_its_reading(titles_and_names):
    """With tones and without, in one and syllable by syllable."""
    for record in index.select():
        for one in [record["region"], *record["mechanisms"]]:
            if one.get("aspect", "means") != "means":
                continue
            syllables = lazy_pinyin(one["name"], style=Style.TONE)
            for query in ("".join(syllables), " ".join(syllables), "-".join(syllables[:2])):
                assert 1 <= tier(query, record["code"]) <= 2, query
