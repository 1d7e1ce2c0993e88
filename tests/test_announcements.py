"""Reading the announcement of 2015, as it is and in a thousand ways damaged."""

import sys
import time
from pathlib import Path
from unicodedata import east_asian_width

import pytest
import yaml
from django.conf import settings as site
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.announcements import Unreadable, read, read_text
from governance.announcements.files.invisible import trimmed

pytestmark = pytest.mark.once

FIXTURE = yaml.safe_load((Path(site.BASE_DIR) / "fixtures/awards/2015.yaml").read_text("utf-8"))
TEXT = next(row["fields"]["text"] for row in FIXTURE if row["model"] == "governance.awardyear")
ACHIEVEMENTS = [row["fields"] for row in FIXTURE if row["model"] == "governance.achievement"]
PASSAGES = ("marker", "title", "organization_text", "summary")
LINES = TEXT.split("\n")
HEADINGS = {LINES[3]: "winner", LINES[26]: "nominee"}
FIRST_LINES = {TEXT[row["marker_offset"] :].split("\n")[0] for row in ACHIEVEMENTS}


def accounts(reading):
    """Checks that nothing is lost or made up: every line once, every passage where it says it is."""
    text, lines = reading.document.text, reading.document.text.split("\n")
    assert [(line.paragraph, line.text) for line in reading.lines] == [
        (number, line) for number, line in enumerate(lines, 1) if trimmed(line)
    ]
    uses = {line.paragraph: line.use for line in reading.lines}
    starts = []
    for entry in reading.entries:
        for name in PASSAGES:
            if passage := getattr(entry, name):
                assert text[passage.start : passage.end] == passage.text
                assert passage.paragraph == text[: passage.start].count("\n") + 1
                assert uses[passage.paragraph] in ("entry", "organization", "summary")
                assert passage.text.strip()
        assert entry.short_name in entry.title.text
        starts.append(entry.title.start)
    assert starts == sorted(set(starts))
    for tier in ("winner", "nominee"):
        ranks = [entry.rank for entry in reading.entries if entry.tier == tier]
        assert ranks == list(range(1, len(ranks) + 1))
    assert len(reading.entries) == sum(
        entry.tier in ("winner", "nominee") for entry in reading.entries
    )


def test_it_reads_2015_as_the_fixture_has_it():
    reading = read("2015.txt", TEXT.encode())
    entries = [
        {
            "tier": entry.tier,
            "rank": entry.rank,
            "short_name": entry.short_name,
            **{name: getattr(entry, name).text for name in PASSAGES},
            **{f"{name}_offset": getattr(entry, name).start for name in PASSAGES},
        }
        for entry in reading.entries
    ]
    assert entries == [{name: row[name] for name in entries[0]} for row in ACHIEVEMENTS]
    assert reading.document.text == TEXT
    assert reading.document.title == "“2015年度中国社区治理十大创新成果”及提名成果简介"
    assert reading.unread == reading.remarks == []
    assert [(claim.words, claim.said, claim.found) for claim in reading.claims] == [
        ("十大", 10, 11)
    ]
    accounts(reading)


@pytest.mark.parametrize(
    ("encoding", "bom"),
    [
        ("utf-8", b""),
        ("utf-8", b"\xef\xbb\xbf"),
        ("gb18030", b""),
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
        ("utf-16-le", b""),
        ("utf-16-be", b""),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_it_reads_every_encoding(encoding, bom, end):
    reading = read("2015.txt", bom + TEXT.replace("\n", end).encode(encoding))
    assert reading == read_text(TEXT)


def on_paper(text, columns):
    """The text with a line end wherever a page of so many half-width columns ends."""
    lines = [""]
    for char in text:
        widths = [2 if east_asian_width(each) in "WFA" else 1 for each in lines[-1] + char]
        if sum(widths) > columns and char != "\n":
            lines.append("")
        lines[-1] += char
        if char == "\n":
            lines.append("")
    return "\n".join(line.removesuffix("\n") for line in lines)


@pytest.mark.parametrize("columns", range(52, 112, 3))
def test_it_puts_lines_together_that_a_page_has_broken(columns):
    reading = read_text(on_paper(TEXT, columns))
    assert [(one.title.text, one.organization_text.text) for one in reading.entries] == [
        (row["title"], row["organization_text"]) for row in ACHIEVEMENTS
    ]
    assert ["".join(one.summary.text.split()) for one in reading.entries] == [
        "".join(row["summary"].split()) for row in ACHIEVEMENTS
    ]
    assert reading.document.title == "“2015年度中国社区治理十大创新成果”及提名成果简介"
    assert reading.unread == []
    assert any("换行不是段落的结尾" in str(remark.sentence) for remark in reading.remarks)


SLIPS = {
    "half bracket": lambda number, rest: f"{number}）{rest}",
    "brackets": lambda number, rest: f"（{number}）{rest}",
    "no sign": lambda number, rest: f"{number}{rest}",
    "no number": lambda number, rest: rest,
    "in words": lambda number, rest: f"第{number}名 {rest}",
    "no title": lambda number, rest: f"{number}.",
    "bracket not closed": lambda number, rest: f"{number}.{rest.removesuffix('）')}",
    "half brackets": lambda number, rest: f"{number}.{rest.replace('（', '(').replace('）', ')')}",
    "comma": lambda number, rest: f"{number}.{rest.replace('（', '，').replace('）', '')}",
    "full stop": lambda number, rest: f"{number}.{rest}。",
}


@pytest.mark.parametrize("slip", SLIPS)
def test_it_reads_or_reports_a_slip_in_one_line(slip):
    for at, line in enumerate(LINES):
        if line not in FIRST_LINES:
            continue
        lines = list(LINES)
        number, _, rest = line.partition(".")
        lines[at] = SLIPS[slip](number, rest)
        reading = read_text("\n".join(lines))
        accounts(reading)
        if len(reading.entries) < len(ACHIEVEMENTS):
            assert len(reading.entries) == len(ACHIEVEMENTS) - 1
            assert [line.paragraph for line in reading.unread] == [at + 1, at + 2]
            assert at + 1 in [remark.paragraph for remark in reading.remarks]


# Mutations: each takes the lines of the document and a source of choices.

SWAPS = ["．", "、", ") ", "）", " ", "\t", "。", "", "：", "。。"]
JUNK = [
    "— 3 —",
    "第 2 页 共 5 页",
    "空缺",
    "（排名不分先后）",
    "附件：名单",
    "联系人：王老师",
    "特此公告。",
    "民政部",
    "2016年1月8日",
    "1.",
    "（）",
    "“”",
    "一、",
    "三、观察成果",
    "二、入围成果",
    "获奖名单",
    "序号\t成果名称\t申报单位",
    "1\t某成果\t某单位",
    "|",
    "①",
    "申报单位：",
    "简介：",
    "\u3000",
    "。",
    "(((((((",
    "））））",
    "12.",
    "999999.x",
    "第一名",
    "案例一",
    "* * *",
    "\ufeff",
    "🙂",
    "a" * 300,
    "各省、自治区：",
    "得票：12票",
]


def swap(lines, draw):
    a, b = draw(st.integers(0, len(lines) - 1)), draw(st.integers(0, len(lines) - 1))
    lines[a], lines[b] = lines[b], lines[a]


def delete(lines, draw):
    if len(lines) > 1:
        del lines[draw(st.integers(0, len(lines) - 1))]


def duplicate(lines, draw):
    at = draw(st.integers(0, len(lines) - 1))
    lines.insert(draw(st.integers(0, len(lines))), lines[at])


def join(lines, draw):
    at = draw(st.integers(0, len(lines) - 1))
    lines[at : at + 2] = ["".join(lines[at : at + 2])]


def cut(lines, draw):
    at = draw(st.integers(0, len(lines) - 1))
    place = draw(st.integers(0, len(lines[at])))
    lines[at : at + 1] = [lines[at][:place], lines[at][place:]]


def junk(lines, draw):
    words = draw(
        st.one_of(
            st.sampled_from(JUNK),
            st.text("（）()“”1234一二三、.：\t —社区奖提名市省县局会。", max_size=30),
        )
    )
    lines.insert(draw(st.integers(0, len(lines))), words.replace("\0", ""))


def remark(lines, draw):
    """Other signs after list numbers, on all lines or on one."""
    sign, all_lines = draw(st.sampled_from(SWAPS)), draw(st.booleans())
    one = draw(st.integers(0, len(lines) - 1))
    for at, line in enumerate(lines):
        number, dot, rest = line.partition(".")
        if dot and number.isdigit() and (all_lines or at == one):
            lines[at] = f"{number}{sign}{rest}"


def punctuate(lines, draw):
    old, new = draw(
        st.sampled_from(
            [
                "（(",
                "）)",
                "“「",
                "”」",
                "（【",
                "）】",
                "（ ",
                "） ",
                "、,",
                '“"',
                '”"',
                "。 ",
                "，\t",
            ]
        )
    )
    lines[:] = [line.replace(old, new) for line in lines]


def damage(lines, draw):
    at = draw(st.integers(0, len(lines) - 1))
    if lines[at]:
        place = draw(st.integers(0, len(lines[at]) - 1))
        lines[at] = lines[at][:place] + lines[at][place + 1 :]


def truncate(lines, draw):
    kept = "\n".join(lines)[: draw(st.integers(1, sum(map(len, lines)) + 1))]
    lines[:] = kept.split("\n")


MUTATIONS = [swap, delete, duplicate, join, cut, junk, remark, punctuate, damage, truncate]
ENCODINGS = ["utf-8", "utf-8-sig", "gb18030", "utf-16"]


@st.composite
def mutants(draw):
    lines = TEXT.split("\n")
    for mutate in draw(st.lists(st.sampled_from(MUTATIONS), min_size=1, max_size=6)):
        mutate(lines, draw)
    content = "\n".join(lines).encode(draw(st.sampled_from(ENCODINGS)), "ignore")
    if draw(st.integers(0, 9)) == 0:
        content = content[: draw(st.integers(0, len(content)))]
    return content


@settings(max_examples=settings.default.max_examples * 6, deadline=None)
@given(content=mutants())
def test_it_reads_or_refuses_what_is_left_of_2015(content):
    try:
        reading = read("2015.txt", content)
    except Unreadable as refusal:
        assert_sentence(str(refusal))
        return
    accounts(reading)
    assert reading.entries
    keeps_what_is_whole(reading)
    for remark in reading.remarks:
        assert_sentence(str(remark.sentence))


def keeps_what_is_whole(reading):
    """A first line of an entry that the damage spared is an entry or reported, never part of something
    else; and below a heading that was spared, it has the tier of that heading."""
    tiers = {entry.title.paragraph: entry.tier for entry in reading.entries}
    above = None
    for line in reading.lines:
        if line.text in HEADINGS:
            above = HEADINGS[line.text]
        elif line.use == "heading":
            above = None
        elif line.text in FIRST_LINES:
            assert line.use in ("entry", "")
            if above and line.use:
                assert tiers.get(line.paragraph, above) == above


def assert_sentence(words):
    """Chinese, and a whole sentence."""
    assert words[0] > "\u4e00" or words[0] in "“"
    assert words.endswith(("。", "”"))
    assert len(words) > 8


def calls(text):
    """How many functions are called to read a text: the same on every machine."""
    count = 0

    def counted(frame, event, argument):
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(counted)
    try:
        read_text(text)
    finally:
        sys.setprofile(None)
    return count


SUMMARY = ACHIEVEMENTS[0]["summary"]
LONG = {
    "list": lambda at: f"{at}.“成果{at}”模式（江苏省太仓市市委、市政府）\n{SUMMARY}\n",
    "table": lambda at: f"{at}\t“成果{at}”模式\t江苏省太仓市市委、市政府\t{SUMMARY}\n",
    "next line": lambda at: f"{at}、“成果{at}”模式\n江苏省太仓市市委、市政府\n",
    "one number": lambda at: f"1.“成果{at}”模式（江苏省太仓市市委、市政府）\n",
    "headings": lambda at: f"（{at}）获奖成果\n1.“成果{at}”模式（江苏省太仓市市委、市政府）\n",
    "twice": lambda at: "1.“成果”模式（江苏省太仓市市委、市政府）\n",
    "sublists": lambda at: (
        "1.太仓市梳理清单。\n" if at > 1 else "1.“成果”模式（江苏省太仓市民政局）\n"
    ),
    "signatures": lambda at: "太仓市民政局\n" if at > 1 else "1.“成果”模式（江苏省太仓市民政局）\n",
}


@pytest.mark.parametrize("shape", LONG)
def test_its_work_grows_with_the_length_alone(shape):
    head = "获奖名单\n序号\t成果名称\t申报单位\t简介\n" if shape == "table" else "获奖名单\n"
    short, long = ("".join([head, *map(LONG[shape], range(1, many))]) for many in (101, 401))
    assert calls(long) < 4.5 * calls(short)


@pytest.mark.parametrize(
    "sign", ["（", "）", "（）", " ", "—", "1", "一", "：", "市", "“", "1,", "|", "，", "\t", "。"]
)
def test_it_reads_a_very_long_line_in_no_time(sign):
    began = time.process_time()
    for start in ("1.", "一、获奖成果", ""):
        read_text(f"获奖名单\n1.院落夜话（太仓市民政局）\n{start}{sign * 20_000}止\n")
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("preamble", "counts"),
    [
        ("评出一等奖2项、二等奖1项", [(2, 2), (1, 1)]),
        ("评出一等奖1项、二等奖1项", [(1, 2), (1, 1)]),
        ("评选产生2个一等奖和3个二等奖", [(2, 2), (3, 1)]),
        ("评出一等奖2项、二等奖1项、三等奖3项", [(2, 2), (1, 1), (3, 0)]),
        ("评选产生3个特等奖和2个一等奖", [(3, 0), (2, 2)]),
        ("共评出获奖案例3项，其中一等奖2项、二等奖1项", [(3, 3), (2, 2), (1, 1)]),
    ],
)
def test_a_count_of_a_grade_is_about_its_entries(preamble, counts):
    text = f"""2023年度长三角社区治理优秀案例评选结果公告
{preamble}，现予公布。
一、一等奖
1.“红色议事厅”（杭州市上城区民政局）
2.“邻里食堂”（宁波市鄞州区民政局）
二、二等奖
1.“夜话亭”（合肥市肥西县民政局）
"""
    assert [(claim.said, claim.found) for claim in read_text(text).claims] == counts
