import pytest
from hypothesis import given
from hypothesis import strategies as st

from showcase.entry.evidence import Margin, segments

pytestmark = pytest.mark.once

TEXT = "通过科学确权、阳光晒权、规范用权、严格控权，大力构建"


def coding(*words, passage="summary"):
    spans = [
        {"field": passage, "start": TEXT.index(word), "end": TEXT.index(word) + len(word)}
        for word in words
    ]
    return {"evidence": [span | {"english": None} for span in spans]}


def test_overlapping_spans_become_segments_with_several_numbers():
    found = segments(TEXT, [coding("阳光晒权、规范用权"), coding("阳光晒权")], "summary")
    assert [(part.text, part.codings, part.ending) for part in found] == [
        ("通过科学确权、", [], []),
        ("阳光晒权", [1, 2], [2]),
        ("、规范用权", [1], [1]),
        ("、严格控权，大力构建", [], []),
    ]


def test_spans_of_another_passage_are_left_out():
    assert [
        part.text for part in segments(TEXT, [coding("阳光晒权", passage="title")], "summary")
    ] == [TEXT]


@given(st.lists(st.tuples(st.integers(0, len(TEXT)), st.integers(1, 9)), max_size=8))
def test_the_segments_are_the_text(spans):
    codings = [
        coding(TEXT[start : start + size]) for start, size in spans if TEXT[start : start + size]
    ]
    assert "".join(part.text for part in segments(TEXT, codings, "summary")) == TEXT


SUMMARY_EN = "Powers were confirmed on a scientific basis, exposed to sunlight and used by rule."


def translated(words, english, slug="", passage="summary"):
    """A coding shown by `words`, which `english` render in the translation, if anything does."""
    found = coding(words, passage=passage) | {"slug": slug}
    if english:
        start = SUMMARY_EN.index(english)
        end = start + len(english)
        span = {"text": english, "field": "summary_en", "start": start, "end": end}
        found["evidence"][0]["english"] = span
    return found


def margin(codings, english, summary_en=SUMMARY_EN):
    texts = {"title": TEXT, "title_en": "", "summary": TEXT, "summary_en": summary_en}
    return Margin(texts | {"mechanisms": codings}, english)


CODINGS = [
    translated("严格控权", "", "control"),
    translated("科学确权", "used by rule", "rule"),
    translated("阳光晒权", "exposed to sunlight", "sun", passage="title"),
    translated("规范用权", "confirmed on a scientific basis", "science"),
]


def order(found):
    return [one["slug"] for one in found.codings]


def test_evidence_is_numbered_as_it_is_read_the_title_first():
    assert order(margin(CODINGS, False)) == ["sun", "rule", "science", "control"]


def test_in_english_it_is_numbered_as_the_translation_is_read():
    """What no words of the translation render comes last."""
    assert order(margin(CODINGS, True)) == ["science", "sun", "rule", "control"]
    assert order(margin(CODINGS, True, summary_en="")) == ["sun", "rule", "science", "control"]


def test_both_languages_have_the_same_numbers():
    found = margin(CODINGS, True)
    for name, expected in {
        "summary_en": {
            1: "confirmed on a scientific basis",
            2: "exposed to sunlight",
            3: "used by rule",
        },
        "summary": {3: "科学确权", 1: "规范用权", 4: "严格控权"},
        "title": {2: "阳光晒权"},
    }.items():
        shown = {part.ending[0]: part.text for part in found.texts[name] if part.ending}
        assert shown == expected, name
    places = {part.id: part.text for parts in found.texts.values() for part in parts}
    assert [places[found.shown_at[number]] for number in (1, 2, 3, 4)] == [
        "confirmed on a scientific basis",
        "exposed to sunlight",
        "used by rule",
        "严格控权",
    ]
