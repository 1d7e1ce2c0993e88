"""Briefs for Word: what officials need of an entry, in real headings and the faces of their papers."""

import io
import re
from itertools import groupby

import docx
import pytest
from django.utils import timezone
from django.utils.translation import override
from docx.oxml.ns import qn

from governance import index, publishing
from governance.models import Achievement, Coding
from showcase.data.papers import _han

pytestmark = pytest.mark.django_db

COMPARED = "?code=2015-w08&code=2015-n02&code=2015-w11"


def document(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return docx.Document(io.BytesIO(response.content))


def headings(made, level):
    return [one.text for one in made.paragraphs if one.style.name == f"Heading {level}"]


def labelled(made):
    """{label: what stands behind it} of the paragraphs that have one."""
    pairs = (one.text.partition("：") for one in made.paragraphs)
    return {label: text for label, colon, text in pairs if colon}


def test_an_entry_is_told_as_officials_write(client):
    made = document(client, "/achievements/2015-w08.docx")
    entry = index.record("2015-w08")
    assert [one.text for one in made.paragraphs if one.style.name == "Title"] == [entry["title"]]
    assert headings(made, 1) == [
        *("一、基本情况", "二、简介", "三、机制与原文依据", "四、出处", "五、关于这份材料")
    ]
    told = labelled(made)
    assert told["编号"] == "2015-w08"
    assert told["地区"] == "四川省成都市温江区"
    assert told["机构"] == "；".join(one["name"] for one in entry["organizations"])
    assert told["评选结果"] == "2015年度中国社区治理十大创新成果，获奖第 8 项"
    assert told["公告标题"] == entry["document"]["title"]
    assert told["网址"] == "http://testserver/achievements/2015-w08/"
    assert told["数据版本"] == index.current().digest
    assert told["日期"] == timezone.localdate().isoformat()
    assert told["引用"].startswith(f"社区治理创新成果库. {entry['title']}[EB/OL]. ")
    assert entry["summary"] in [one.text for one in made.paragraphs]
    for coding in entry["mechanisms"]:
        (label,) = [one for one in told if one.startswith(f"{coding['name']}（")]
        assert label.endswith("；待复核）")
        assert told[label] == "；".join(span["text"] for span in coding["evidence"])


def test_what_was_reviewed_is_told_so(client):
    Coding.objects.filter(achievement__code="2015-w08").update(reviewed_on=timezone.localdate())
    index.rebuild()
    told = labelled(document(client, "/achievements/2015-w08.docx"))
    assert "协商议事（主要做法；已复核）" in told


def test_a_list_is_told_in_its_order(client):
    made = document(client, "/achievements.docx?tier=winner&sort=title")
    titles = [one["title"] for one in index.select(tier=["winner"], sort="title")]
    assert [re.sub("^[一二三四五六七八九十]+、", "", one) for one in headings(made, 1)] == [
        *titles,
        "关于这份材料",
    ]
    assert headings(made, 1)[10].startswith("十一、")
    assert headings(made, 2)[:5] == [
        *("（一）基本情况", "（二）简介", "（三）机制与原文依据", "（四）出处", "（一）基本情况")
    ]
    told = labelled(made)
    assert (told["内容"], told["项数"]) == ("十大创新成果", "11")


def test_a_comparison_has_its_table_and_its_entries_in_order(client):
    made = document(client, f"/compare.docx{COMPARED}")
    (table,) = made.tables
    rows = {row.cells[0].text: [cell.text for cell in row.cells[1:]] for row in table.rows}
    assert rows["编号"] == ["2015-w08", "2015-n02", "2015-w11"]
    assert rows["规范化标准化建设"][2] == "没有写到"
    assert rows["协商议事"][1].startswith("主要做法：社区协商“六化”模式；")
    told = [text for text in (one.text for one in made.paragraphs) if text.startswith("编号：")]
    assert told == ["编号：2015-w08", "编号：2015-n02", "编号：2015-w11"]
    assert labelled(made)["网址"] == f"http://testserver/compare/{COMPARED}"


def test_what_is_gone_from_a_comparison_is_told(client):
    publishing.take_back([Achievement.objects.get(code="2015-n02").pk], "信息有误。")
    made = document(client, f"/compare.docx{COMPARED}")
    texts = [one.text for one in made.paragraphs]
    assert "2015-n02 社区协商“六化”模式 已撤下，未列入比较。" in texts
    assert "编号：2015-n02" not in texts


@pytest.mark.parametrize(
    "query", ["?code=2015-w99", "?codes=2015-w01", "?" + "code=2015-w0%d&" * 5 % (*range(1, 6),)]
)
def test_a_bad_comparison_is_no_file(client, query):
    response = client.get(f"/compare.docx{query}")
    assert (response.status_code, response["Content-Type"]) == (400, "text/plain; charset=utf-8")
    assert "Content-Disposition" not in response


@pytest.mark.parametrize("address", ["/compare.docx", "/achievements.docx?q=无此词语"])
def test_nothing_is_told_as_such(client, address):
    made = document(client, address)
    assert "没有符合这些条件的成果。" in [one.text for one in made.paragraphs]
    assert headings(made, 1) == ["一、关于这份材料"]


def test_in_english_the_translation_stands_first(client):
    made = document(client, "/en/achievements/2015-w08.docx")
    entry = index.record("2015-w08")
    texts = [one.text for one in made.paragraphs]
    assert texts[0] == entry["title_en"]
    assert texts.index(entry["summary_en"]) < texts.index(entry["summary"])
    assert headings(made, 1)[0] == "1. Basic facts"
    assert "Region: Wenjiang District, Chengdu, Sichuan" in texts
    with override("en"):
        assert not any(
            re.search("[；，。：]", text) for text in texts if not re.search("[一-鿿]", text)
        )


def test_chinese_has_faces_of_china_and_marks_of_full_width(client):
    made = document(client, "/achievements/2015-w08.docx")
    faces = {
        name: made.styles[name].element.rPr.rFonts.get(qn("w:eastAsia"))
        for name in ("Normal", "Title", "Heading 1", "Heading 2", "Footer")
    }
    assert faces == {
        "Normal": "仿宋",
        "Title": "黑体",
        "Heading 1": "黑体",
        "Heading 2": "楷体",
        "Footer": "宋体",
    }
    fonts = list(made.styles.element.iter(qn("w:rFonts")))
    assert not [name for one in fonts for name in one.attrib if name.endswith("Theme")]
    runs = [run for one in made.paragraphs for run in one.runs if "“" in run.text]
    assert runs
    assert {run._element.rPr.rFonts.get(qn("w:hint")) for run in runs} == {"eastAsia"}


def test_its_pages_are_those_of_official_papers_and_numbered(client):
    (section,) = document(client, "/achievements.docx").sections
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert (round(section.top_margin.mm), round(section.left_margin.mm)) == (37, 28)
    (number,) = section.footer.paragraphs[0]._p.findall(qn("w:fldSimple"))
    assert number.get(qn("w:instr")) == "PAGE"


def test_it_says_whose_it_is_and_not_who_made_the_template(client):
    about = document(client, "/achievements/2015-w08.docx").core_properties
    assert (about.author, about.comments) == ("社区治理创新成果库", "")
    assert about.title == Achievement.objects.get(code="2015-w08").title
    assert abs((about.created.date() - timezone.now().date()).days) <= 1


def test_more_than_fifty_are_refused_with_the_table_that_holds_them(client, monkeypatch):
    from showcase.data.faces import FACES

    monkeypatch.setitem(FACES, "docx", FACES["docx"]._replace(most=11))
    told = client.get("/achievements.docx?year=2015").content.decode()
    assert "有 20 项，这种文件最多 11 项" in told
    assert "http://testserver/achievements.xlsx?year=2015" in told
    monkeypatch.setitem(FACES, "xlsx", FACES["xlsx"]._replace(most=12))
    assert (
        "/achievements.csv?year=2015" in client.get("/achievements.docx?year=2015").content.decode()
    )


def test_what_no_file_can_hold_is_shown_as_such(client):
    achievement = Achievement.objects.filter(code="2015-w08")
    achievement.update(summary="院落\x0b夜话\x01\n第二段" + achievement.get().summary)
    index.rebuild()
    texts = [one.text for one in document(client, "/achievements/2015-w08.docx").paragraphs]
    assert any(text.startswith("第二段") for text in texts)
    assert not any(re.search("[\x00-\x08\x0b\x0e-\x1f]", text) for text in texts)


def test_numbers_are_counted_in_chinese():
    assert [_han(number) for number in (1, 9, 10, 11, 20, 21, 51)] == [
        *("一", "九", "十", "十一", "二十", "二十一", "五十一")
    ]
    assert all(len(list(same)) == 1 for _key, same in groupby(map(_han, range(1, 99))))
