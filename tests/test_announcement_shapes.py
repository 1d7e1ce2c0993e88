"""Announcements of many shapes, each with what must be read from it.

`tests/announcements/*.txt` hold the announcement, a line of ====, and what it gives, a line for each:

    w1 | marker | title | short name | organizations | summary      an entry: w winner, n nominee
    claim 十大 10 11                                                 said and found
    unread 5 6                                                      paragraphs that are not understood
    remark 5 编号不连续                                              a sentence about a paragraph
    refused 没有找到成果列表                                          Unreadable, with these words

    title 关于公布2016年度…的通知                                      what the document is called
    place w1 江苏省南京市                                             the region that stands beside the organization
    left 5 6                                                         paragraphs that are known and not recorded

In a document of several years, an entry is 2016-w1. "-" is a passage that is missing, ␣ a blank at an end, ⏎ a line end. Claims, unread paragraphs and
refusals are all there are; what else is told may be more.
"""

from pathlib import Path

import pytest

from governance.announcements import Unreadable, read_text

pytestmark = pytest.mark.once

FOLDER = Path(__file__).with_name("announcements")
CASES = sorted(path.stem for path in FOLDER.glob("*.txt"))


def case(name):
    text, wanted = (FOLDER / f"{name}.txt").read_text("utf-8").split("\n====\n")
    return f"{text}\n", wanted.strip().splitlines()


def code(entry):
    return f"{entry.year}-"[: 5 * bool(entry.year)] + f"{entry.tier[0]}{entry.rank}"


def written(entry):
    """An entry as the files write it."""
    marker, organization, summary = (
        passage.text if passage else "-"
        for passage in (entry.marker, entry.organization_text, entry.summary)
    )
    return " | ".join(
        [
            code(entry),
            marker.replace(" ", "␣").replace("\u3000", "␣"),
            entry.title.text,
            entry.short_name,
            organization,
            summary.replace("\n", "⏎"),
        ]
    )


def given(reading):
    return [
        *map(written, reading.entries),
        *(f"claim {claim.words} {claim.said} {claim.found}" for claim in reading.claims),
        *(
            ["unread " + " ".join(str(line.paragraph) for line in reading.unread)]
            * bool(reading.unread)
        ),
    ]


def told(reading):
    left = " ".join(str(line.paragraph) for line in reading.lines if line.use == "left_out")
    return [
        f"title {reading.document.title}",
        f"left {left}",
        *(f"place {code(one)} {one.region_text.text}" for one in reading.entries if one.places),
    ]


def test_it_has_enough_shapes():
    assert len(CASES) >= 40


@pytest.mark.parametrize("name", CASES)
def test_it_reads(name):
    text, wanted = case(name)
    if wanted[0].startswith("refused "):
        with pytest.raises(Unreadable, match=wanted[0].removeprefix("refused ")):
            read_text(text)
        return
    reading = read_text(text)
    remarks = [line.split(" ", 2)[1:] for line in wanted if line.startswith("remark ")]
    others = [line for line in wanted if line.startswith(("title ", "place ", "left "))]
    assert set(others) <= set(told(reading))
    wanted = [line for line in wanted if line not in others and not line.startswith("remark ")]
    assert given(reading) == wanted
    for paragraph, words in remarks:
        assert any(
            remark.paragraph == int(paragraph) and words in str(remark.sentence)
            for remark in reading.remarks
        ), reading.remarks
