"""Characters that nobody sees, and zeros: reported with their place, and never an entry by themselves."""

import pytest

from governance.announcements import Unreadable, read, read_text

from .helpers.office import as_csv, as_xlsx

pytestmark = pytest.mark.once

HEAD = ["序号", "成果名称", "申报单位"]
TEXT = "获奖成果\n1.院落夜话（北京市西城区民政局）\n2.楼道微花园（北京市东城区民政局）"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_it_says_where_a_zero_stands(encoding):
    content = TEXT.replace("夜话", "夜\0话").encode(encoding)
    with pytest.raises(Unreadable, match=r"第 2 段第 6 个字是控制字符（U\+0000）"):
        read("公告.txt", content)


def test_it_says_where_a_zero_stands_in_a_table():
    with pytest.raises(Unreadable, match=r"第 2 段第 5 个字是控制字符（U\+0000）"):
        read("名单.csv", as_csv([HEAD, ["1", "院落\0夜话", "北京市西城区民政局"]], "utf-8"))
    with pytest.raises(Unreadable, match=r"第 1 段第 3 个字是控制字符（U\+0000）"):
        read_text("获奖\0")


@pytest.mark.parametrize(
    "content",
    [
        as_csv([HEAD, ["1", "院落\u200b夜\u202e话", "北京市西城区民政局"]]),
        as_xlsx(("获奖", [HEAD, ["1", "院落\u200b夜\u202e话", "北京市西城区民政局"]])),
    ],
)
def test_it_keeps_invisible_characters_and_says_where_they_are(content):
    reading = read("名单.xlsx" if content.startswith(b"PK") else "获奖.csv", content)
    assert reading.entries[0].title.text == "院落\u200b夜\u202e话"
    assert [
        (remark.paragraph, str(remark.sentence))
        for remark in reading.remarks
        if "看不见" in str(remark.sentence)
    ] == [
        (2, "第 2 段第 5 个字是看不见的字符 U+200B（零宽空格），照原样保留，请核对。"),
        (2, "第 2 段第 7 个字是看不见的字符 U+202E（强制从右到左），照原样保留，请核对。"),
    ]


def test_it_names_the_first_places_and_counts_the_rest():
    many = "".join(f"{at}.院落夜话{at}（北京市西城区民政局）\u200b\n" for at in range(1, 9))
    remark = read_text(f"获奖成果\n{many}").remarks[0]
    assert remark.paragraph == 2
    at = len("1.院落夜话1（北京市西城区民政局）\u200b")
    assert str(remark.sentence).startswith(f"第 2 段第 {at} 个字、第 3 段第 {at} 个字、")
    assert "等 8 处" in str(remark.sentence)


@pytest.mark.parametrize("nothing", ["\u200b", "\u3164", "\u2060 \ufeff", "\u00ad"])
def test_it_takes_no_entry_that_nobody_sees(nothing):
    rows = [HEAD, ["1", "楼道微花园", "北京市东城区民政局"], ["2", nothing, "北京市西城区民政局"]]
    reading = read("获奖.csv", as_csv(rows))
    assert [entry.title.text for entry in reading.entries] == ["楼道微花园"]
    assert [line.paragraph for line in reading.unread] == [3]
    assert f"U+{ord(nothing[0]):04X}" in "".join(str(remark.sentence) for remark in reading.remarks)
    reading = read_text(TEXT.replace("院落夜话（北京市西城区民政局）", nothing))
    assert [entry.title.text for entry in reading.entries] == ["楼道微花园"]
    assert [line.paragraph for line in reading.unread] == [2]


def test_it_reads_a_line_that_begins_with_something_invisible():
    reading = read_text(TEXT.replace("2.", "\ufeff2.\u200b"))
    assert [entry.title.text for entry in reading.entries] == ["院落夜话", "楼道微花园"]


def test_it_unescapes_what_excel_escapes():
    rows = [HEAD, ["1", "院落_x000D_\n夜话", "北京市西城区民政局"]]
    reading = read("获奖.xlsx", as_xlsx(("获奖", rows)))
    assert reading.entries[0].title.text == "院落\n夜话"
    for code, char in (("0000", "0000"), ("d800", "D800")):
        rows[1][1] = f"院落_x{code}_夜话"
        with pytest.raises(Unreadable, match=rf"第 2 段第 5 个字是控制字符（U\+{char}）"):
            read("获奖.xlsx", as_xlsx(("获奖", rows)))
