"""A fixture with mistakes: every one of them is said, with its place, and nothing is written."""

import json

import pytest
from django.db.models import CheckConstraint
from hypothesis import given, settings
from hypothesis import strategies as st

from governance import loading
from governance.loading.checking import holds
from governance.loading.schemas import MODELS
from governance.models import Evidence, Load, Organization, Region
from governance.models.fields import NaturalKeyModel

from .helpers.years import (
    SUMMARY,
    WORDS,
    changed,
    each,
    load,
    problems,
    record,
    source,
    without,
    year,
)

pytestmark = pytest.mark.django_db

W01 = {"code": "2016-w01"}


@pytest.mark.parametrize(
    ("model", "key", "fields", "sentence"),
    [
        ("achievement", W01, {"titel": "甲"}, "titel：没有“titel”；是否指“title”？"),
        ("achievement", W01, {"setting": "town"}, "可用的是：urban、rural、urban_and_rural、unstated"),
        ("achievement", W01, {"setting": "ruraI"}, "没有“ruraI”；是否指“rural”？"),
        ("achievement", W01, {"tier": "nominee"}, "按年度和评选结果应以 2016-n 开头。"),
        ("achievement", W01, {"rank": 2}, "该年度同一评选结果中已有这个序号。"),
        ("achievement", W01, {"rank": 0}, "序号："),
        ("achievement", W01, {"rank": "三"}, "序号："),
        ("achievement", W01, {"title": None}, "标题：不能为空；没有内容时写 ''。"),
        ("achievement", W01, {"title": ["甲"]}, "标题：['甲'] 不是文字或整数。"),
        ("achievement", W01, {"title_offset": 7}, "与公告原文不同"),
        ("achievement", W01, {"status": "published", "region": None}, "发布前须先选定地区。"),
        ("achievement", W01, {"region": ["130502", 2020]}, "在 2016 年并不存在；请选当年的区划。"),
        ("achievement", W01, {"region": ["320585", 2000]}, "库中有：['320585', 1999]。"),
        ("achievement", W01, {"region": "320585"}, "'320585' 不是自然键；应为 [code, valid_from]。"),
        ("achievement", W01, {"region": ["320585"]}, "有 1 项；应有 2 项：[code, valid_from]。"),
        ("achievement", W01, {"code": "2016-x01"}, "形如 2015-w01、2015-n09 或 ywf-2023-w01。"),
        ("achievement", W01, {"title": "甲\0乙"}, "数据库不能保存的字符"),
        ("organization", {}, {"slug": "taicang-municipal-peoples-government"}, "已有另一机构用了这个网址名"),
        ("organization", {}, {"slug": "太仓"}, "网址名："),
        ("organization", {}, {"short_name": "民" * 81}, "简称："),
        ("coding", {"mechanism": ["deliberation"]}, {"mechanism": ["deliberations"]}, "没有 机制 deliberations"),
        ("coding", {"mechanism": ["deliberation"]}, {"coded_on": "昨天"}, "编码日期："),
        ("evidence", {}, {"text": "居民议定"}, "原文中没有“居民议定”这一字句"),
        ("evidence", {}, {"end": 0}, "依据不能为空。"),
        ("awardyear", {}, {"text": "揭晓"}, "与公告原文不同"),
        ("awardyear", {}, {"source_url": "太仓"}, "来源网址："),
    ],
)  # fmt: skip
def test_it_says_what_is_wrong(model, key, fields, sentence):
    before = record()
    found = problems(changed(year(), model, key, **fields), "2016.json")
    assert any(sentence in problem for problem in found), found
    assert record() == before
    assert not Load.objects.exists()


def test_it_names_file_line_object_row_and_field():
    objects = changed(year(), "achievement", W01, setting="town")
    line = source(objects).content.decode().splitlines().index("    setting: town") + 1
    (found,) = problems(objects)
    assert found.startswith(
        f"2016.yaml · 第 {line} 行 · 第 3 个对象 · 成果 2016-w01 “院落夜话”议事项目 · 城乡："
    )


def test_it_names_the_paragraph_of_a_document_and_the_words_of_the_record():
    objects = changed(year(), "evidence", text="居民议定")
    made = loading.FixtureFile("2016.docx", b"PK", objects)
    with pytest.raises(loading.Invalid) as refused:
        loading.load([made])
    (found,) = refused.value.problems
    assert str(found).startswith(
        f"2016.docx · 公告第 3 段 · 依据 2016-w01 · 协商议事 · 简介第 {SUMMARY.index(WORDS) + 1} 字起 · 原文字句："
    )
    assert (found.field, found.label, found.paragraph) == ("text", "原文字句", 3)


def test_it_knows_the_line_in_json_too():
    text = json.dumps(changed(year(), "achievement", W01, setting="town"), indent=1)
    with pytest.raises(loading.Invalid) as refused:
        loading.load([loading.FixtureFile("2016.json", text.encode())])
    (problem,) = refused.value.problems
    assert text.splitlines()[problem.line - 1].strip().startswith('"setting"')
    assert problem.number == 3


def test_it_says_all_at_once_and_of_every_file():
    first = changed(year(), "organization", slug="太 仓")
    first = changed(first, "achievement", W01, setting="town", tier="nominee")
    second = [
        each("achievementorganization", achievement=["2016-w02"], organization=["太仓市民政局"]),
        each("achievementorganization", achievement=["2016-w02"], organization=["太仓市教育局"]),
    ]
    with pytest.raises(loading.Invalid, match="共有 4 处错误") as refused:
        loading.load([source(first), source(second, "links.json")])
    assert [(one.file, one.number, one.field) for one in refused.value.problems] == [
        ("2016.yaml", 1, "slug"),
        ("2016.yaml", 3, "setting"),
        ("2016.yaml", 3, "code"),
        ("links.json", 2, "organization"),
    ]


def test_it_says_what_a_new_row_lacks():
    objects = year()
    del objects[0]["fields"]["short_name"], objects[0]["fields"]["kind"]
    assert [one.split("：", 1)[1] for one in problems(objects)] == [
        "缺少“简称”；新行必须写明。",
        "缺少“类型”；新行必须写明。",
    ]


def test_it_refuses_the_same_row_twice():
    (found,) = problems([*year(), year()[0]])
    assert found.endswith("机构 太仓市民政局：与第 1 个对象是同一行；只留一个。")


@pytest.mark.parametrize("suffix", ["yaml", "json"])
def test_it_refuses_the_same_field_twice(suffix):
    fields = '"year": 2016, "year": 2017'
    text = f'[{{"model": "governance.awardyear", "fields": {{{fields}}}}}]'
    with pytest.raises(loading.Invalid) as refused:
        loading.load([loading.FixtureFile(f"2016.{suffix}", text.encode())])
    assert "'year' 写了两次；只留一个。" in str(refused.value.problems[0])


def test_it_refuses_two_rows_with_the_same_slug():
    other = changed(year()[:1], "organization", name="太仓市教育局")
    (found,) = problems([*year(), *other])
    assert "已有另一机构用了这个网址名" in found


def test_it_says_where_words_stand_that_are_not_where_the_file_says():
    (found,) = problems(changed(year(), "evidence", start=1, end=9))
    assert found.endswith("原文字句：原文中“逐项商定公共事务”的起止是 14–22，不是 1–9。")
    (found,) = problems(changed(year(), "evidence", start=1, end=2, text="，"))
    assert found.endswith("原文中“，”的起止是 13–14，不是 1–2。")
    (found,) = problems(changed(year(), "evidence", start=1, end=2, text="院"))
    assert found.endswith("原文中“院”的起止是 6–7，不是 1–2。")


def test_it_offers_some_of_the_places_where_words_stand():
    summary = "议" * 10 + SUMMARY
    objects = changed(year(), "achievement", W01, summary=summary, summary_offset=None)
    (found,) = problems(changed(objects, "evidence", start=11, end=12, text="议"))
    assert found.endswith("原文中“议”的起止是 0–1或1–2或2–3，不是 11–12。")


def test_it_says_where_words_stand_in_a_corrected_text():
    load(year())
    corrected = {"summary": "太仓的" + SUMMARY, "summary_offset": None}
    (found,) = problems(changed(year(), "achievement", W01, **corrected))
    assert found.endswith("原文中“逐项商定公共事务”的起止是 17–25，不是 14–22。")


def test_it_is_quick_to_find_what_is_nearest_in_long_texts():
    summary = "议" * 50_000
    objects = changed(year(), "achievement", W01, summary=summary, summary_offset=None)
    (found,) = problems(changed(objects, "evidence", text="议" * 10_000 + "定"))
    assert "原文中没有" in found
    assert len(found) < 1000


def test_it_refuses_to_take_words_away_that_staff_gave_as_evidence():
    load(year())
    Evidence.objects.create(
        coding=Evidence.objects.get(coding__achievement__code="2016-w01").coding,
        field="title",
        start=1,
        end=5,
        text="院落夜话",
    )
    (found,) = problems(changed(year(), "achievement", W01, title="议事项目", title_offset=None))
    assert "“院落夜话”是已有标注的依据，改后的文字里没有了" in found


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("2016.yaml", "", "文件里没有任何对象；应为列表"),
        ("2016.yaml", "# 只有说明\n", "文件里没有任何对象"),
        ("2016.json", "[]", "文件里没有任何对象"),
        ("2016.json", "{}", "文件里没有任何对象"),
        ("2016.json", "[3]", "3 不是对象；应有 model 与 fields。"),
        ("2016.json", '[{"model": "governance.awardyears", "fields": {}}]', "是否指“governance.awardyear”？"),
        ("2016.json", '[{"model": "auth.user", "fields": {}}]', "没有“auth.user”"),
        ("2016.json", '[{"pk": 1, "model": "governance.awardyear", "fields": {"year": 2016}}]', "不收 'pk'"),
        ("2016.json", '[{"model": "governance.awardyear", "fields": {}}]', "自然键不全；code 都须写明。"),
        ("2016.json", "[", "第 1 行：JSON 有误"),
        ("2016.json", "[" * 100_000, "嵌套过深"),
        ("2016.yaml", "[" * 200_000, "嵌套过深"),
        ("2016.yaml", "- " * 200_000, "嵌套过深"),
        ("2016.yaml", "- model: [", "YAML 有误"),
        ("2016.yaml", "- model: !!python/object:os.system ls", "不收标签 !!python/object:os.system"),
        ("2016.yaml", "- &a [1]\n- *b", "不收别名 *b"),
        ("2016.docx", "PK", "不认识的文件类型；可用的是 .yaml、.yml、.json。"),
        ("2016.yaml", "揭晓".encode("gb18030"), "不是 UTF-8；请把文件另存为 UTF-8。"),
    ],
)  # fmt: skip
def test_it_says_what_is_wrong_with_the_file(name, content, sentence):
    content = content if isinstance(content, bytes) else content.encode()
    with pytest.raises(loading.Invalid) as refused:
        loading.load([loading.FixtureFile(name, content)])
    assert sentence in str(refused.value.problems[0])


def test_it_reads_what_needs_no_quotes_as_it_stands():
    text = """
- model: governance.organization
  fields: {name: 12:30, short_name: yes, name_en: 0123, slug: no, kind: other, level: county, region: [320585, 1999]}
"""
    loading.load([loading.FixtureFile("o.yml", b"\xef\xbb\xbf" + text.encode())])
    one = Organization.objects.get(name="12:30")
    assert (one.short_name, one.name_en, one.slug) == ("yes", "0123", "no")


def test_it_knows_every_model_that_has_a_natural_key():
    assert set(MODELS) == {
        model for model in NaturalKeyModel.__subclasses__() if not model._meta.abstract
    } | {model for one in NaturalKeyModel.__subclasses__() for model in one.__subclasses__()}


def test_it_refuses_regions_that_lie_below_themselves():
    county = {"code": "320599", "name": "试验区", "level": "county"}
    (found,) = problems([each("region", **county, parent=["320599", 1999])])
    assert "上级的级别须高于本级" in found


def ring(count):
    """Regions each of which became the next, and the last the first."""
    codes = [f"32{number:07}" for number in range(count)]
    return [
        each(
            "region",
            code=code,
            name="试验街道",
            level="township",
            parent=["320000", 1999],
            valid_to=2010,
            successor=[codes[(number + 1) % count], 1999],
        )
        for number, code in enumerate(codes)
    ]


@pytest.mark.parametrize("count", [1, 2, 1000])
def test_it_refuses_regions_that_become_themselves(count):
    found = problems(ring(count))
    assert len(found) == count
    assert all("后继不能是自身，也不能辗转回到自身。" in one for one in found)


def test_it_takes_regions_that_became_others():
    way = ring(5)
    way[-1]["fields"] |= {"successor": None, "valid_to": None}
    load(way)
    became = Region.objects.get(code="320000000").through_time
    assert [region.code for region in became] == [one["fields"]["code"] for one in way]


def test_it_refuses_a_code_outside_its_parent_that_comes_later():
    city = each("region", code="329900", name="试验市", level="prefecture", parent=["320000", 1999])
    county = each("region", code="329801", name="试验区", level="county", parent=["329900", 1999])
    (found,) = problems([county, city])
    assert "代码 329801 不在上级 329900 的号段内。" in found


def test_it_takes_regions_in_any_order():
    city = each("region", code="329900", name="试验市", level="prefecture", parent=["320000", 1999])
    county = each("region", code="329901", name="试验区", level="county", parent=["329900", 1999])
    load([county, city])
    assert Region.objects.get(code="329901").full_name == "江苏省试验市试验区"
    assert Region.objects.get(code="329901").path == "329901"


@settings(deadline=None)
@given(st.data())
def test_it_checks_constraints_as_the_database_does(data):
    choices = {
        "status": ["draft", "published"],
        "region_id": [None, 1],
        "rank": [None, 0, 1, 1 << 20],
        "year": [None, 1998, 1999, 2100, 2101],
        "level": ["province", "county", "x"],
        "zone": ["", "east", "north"],
        "zone3": ["", "west"],
        "parent_id": [None, 1],
        "valid_from": [1999, 2001],
        "valid_to": [None, 2000, 2001],
        "start": [0, 3],
        "end": [0, 3, 4],
    }
    for model in MODELS:
        row = model()
        for field in model._meta.concrete_fields:
            if field.attname in choices:
                setattr(row, field.attname, data.draw(st.sampled_from(choices[field.attname])))
        against = row._get_field_expression_map(meta=model._meta)
        for constraint in model._meta.constraints:
            if isinstance(constraint, CheckConstraint):
                in_sql = constraint.condition.check(against)
                assert (holds(constraint.condition, row) is not False) == in_sql, constraint


def test_it_lets_a_part_of_a_refused_row_be():
    """What is wrong once is said once, not again for everything that names it."""
    objects = changed(year(), "organization", level="town")
    (found,) = problems(objects)
    assert "级别：" in found
    objects = without(year(), "organization")
    (found,) = problems(objects)
    assert "没有 机构 太仓市民政局；请在文件中列出它，或先装入有它的文件。" in found
