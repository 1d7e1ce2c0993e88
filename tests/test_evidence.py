from hypothesis import given
from hypothesis import strategies as st

from showcase.entry.evidence import segments

TEXT = "通过科学确权、阳光晒权、规范用权、严格控权，大力构建"


def coding(*words, passage="summary"):
    spans = [
        {"field": passage, "start": TEXT.index(word), "end": TEXT.index(word) + len(word)}
        for word in words
    ]
    return {"evidence": spans}


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
