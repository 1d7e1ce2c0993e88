"""Files whose very text is wrong, or meant to be: sentences with lines, at the cost of a small file."""

import json
import tracemalloc

import pytest

from governance import loading
from governance.loading.fixture import read_fixture
from governance.loading.problems import LISTED
from governance.models import Organization

from .helpers.loads import file, newest, said, upload
from .helpers.years import changed, each, year

pytestmark = pytest.mark.django_db


def refused(name, text):
    with pytest.raises(loading.Invalid) as error:
        loading.load([loading.FixtureFile(name, text.encode())])
    return error.value


def sentences(name, text):
    return [str(problem) for problem in refused(name, text).problems]


@pytest.mark.parametrize(
    "tagged",
    [
        *("!!int abc", "!!int ''", "!!float abc", "!!bool maybe", "!!timestamp abc"),
        *("!!timestamp 2015-99-99", "!!binary x", "!!set {a}", "!!omap [a]", "! 2016", "!year 2016"),
        "!!python/object:os.system ls",
    ],
)  # fmt: skip
def test_it_takes_no_tags(tagged):
    text = f"- model: governance.awardyear\n  fields:\n    year: {tagged}\n"
    tag = tagged.split(" ")[0]
    assert f"2016.yaml · 第 3 行：不收标签 {tag}；请去掉它，值照原样写。" in sentences(
        "2016.yaml", text
    )


def test_it_says_every_tag():
    text = "- !a\n  model: governance.awardyear\n  fields: !b\n    year: !c 2016\n    !d name: x\n"
    found = [one for one in sentences("2016.yaml", text) if "标签" in one]
    assert [one.split(" · ")[1][:3] for one in found] == ["第 1", "第 3", "第 4", "第 5"]


def test_it_takes_no_aliases():
    text = "- &a {model: governance.awardyear, fields: {}}\n- *a\n"
    (found,) = sentences("2016.yaml", text)
    assert found == "2016.yaml · 第 2 行：不收别名 *a；请把每处别名换成它所指的内容。"


def test_it_does_not_multiply_what_a_small_file_has():
    fields = ", ".join(f"f{number}: 1" for number in range(10))
    levels = [f"- &a0 {{{fields}}}"]
    for level in range(1, 7):
        merged = ", ".join([f"*a{level - 1}"] * 10)
        levels.append(f"- &a{level} {{!!merge <<: [{merged}]}}")
    assert len(sentences("2016.yaml", "\n".join(levels))) <= 10


@pytest.mark.parametrize("name", ["2016.yaml", "2016.json"])
def test_it_lists_so_many_problems_and_counts_the_others(name):
    error = refused(name, json.dumps([0] * (LISTED + 500)))
    assert str(error) == "共有 1500 处错误，未作任何改动；只列出 1000 处，另有 500 处。"
    assert len(error.problems) == LISTED
    assert error.as_json()["more"] == 500


def test_it_counts_on_over_all_files():
    source = [
        loading.FixtureFile(name, b"[0" + b", 0" * 699 + b"]") for name in ("a.json", "b.json")
    ]
    with pytest.raises(loading.Invalid, match=r"共有 1400 处错误.*另有 400 处") as error:
        loading.load(source)
    assert len(error.value.problems) == LISTED


@pytest.mark.parametrize("name", ["2016.yaml", "2016.json"])
def test_it_needs_little_memory_for_a_small_file(name):
    text = '[["a"' + ', "a"' * 20_000 + "]]"
    source = loading.FixtureFile(name, text.encode())
    tracemalloc.start()
    try:
        read_fixture(source)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 30 * len(text)


def test_it_says_deep_and_long_values_shortly():
    deep = value = []
    for _level in range(30):
        value += [[], "甲" * 500]
        value = value[0]
    objects = changed(year(), "achievement", {"code": "2016-w01"}, title=[deep] * 6)
    (found,) = sentences("2016.json", json.dumps(objects))
    assert "不是文字或整数" in found
    assert len(found) < 300


@pytest.mark.parametrize("digits", [19, 30, 4_301, 100_000])
def test_it_says_that_a_number_is_too_long(digits):
    number = "1" * digits
    field = {"achievement": ["2016-w01"], "organization": ["太仓市民政局"], "position": 0}
    text = json.dumps([*year(), each("achievementorganization", **field)])
    text = text.replace('"position": 0', f'"position": {number}')
    link = {"code": "2016-w01"}
    wrong = changed(year(), "achievement", link, award_year=[0], region=["320585", 0])
    wrong = json.dumps(wrong).replace("[0]", f"[{number}]").replace('5", 0]', f'5", {number}]')
    for name in ("2016.json", "2016.yaml"):
        assert any("次序：" in one for one in sentences(name, text))
        found = sentences(name, wrong)
        assert any("年度：" in one for one in found)
        assert any("地区：" in one for one in found)
        assert max(map(len, found)) < 1000


LONE = [
    '[{"model": "\\ud800", "fields": {}}]',
    '[{"model": "governance.awardyear", "fields": {"year": 2016, "\\ud800": 1}}]',
    '[{"model": "governance.awardyear", "fields": {"year": 2016, "name": "\\ud800"}}]',
    '[{"model": "governance.achievement", "fields": {"code": "2016-w01", "setting": "\\ud800"}}]',
    '[{"model": "governance.awardyear", "fields": {"year": 2016, "\\ud800": 1, "\\ud800": 1}}]',
    '[{"model": "governance.awardyear", "\\ud800": 1, "fields": {"year": 2016}}]',
    '[{"model": ["\\ud800"], "fields": {}}]',
    '["\\ud800"]',
]


@pytest.mark.parametrize("text", LONE)
def test_it_says_what_cannot_be_printed(text):
    error = refused("2016.json", text)
    assert json.dumps(error.as_json(), ensure_ascii=False).encode()
    assert any("\\ud800" in str(one) or "残缺的代理对" in str(one) for one in error.problems)


@pytest.mark.parametrize("text", LONE)
def test_it_says_in_the_admin_what_cannot_be_printed(staff_client, work_at_once, text):
    response = upload(staff_client, text="", file=file(text, "2016.json"))
    words = said(response)
    assert "处错误，未作任何改动" in words
    assert newest().state == "pending"


def test_it_names_a_file_whose_name_cannot_be_printed():
    with pytest.raises(loading.Invalid) as error:
        loading.load([loading.FixtureFile("\udcff.yaml", b"")])
    assert str(error.value.problems[0]).startswith("\\udcff.yaml：")


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("2016.yaml", "- a\n---\n- b\n", "第 2 行：另有一份 YAML 由此开始；一个文件只收一份。"),
        ("2016.yaml", "- a\n- [a]: b\n", "第 2 行：冒号前只能是名称。"),
        ("2016.yaml", "- a\n- \x07\n", "第 2 行：YAML 有误"),
        ("2016.yaml", '- a\n- "\\ud800"\n', "第 2 行：YAML 有误"),
        ("2016.json", '[{"model": 3, "fields": {}}]', "第 1 行 · 第 1 个对象：没有“3”"),
        ("2016.json", '[{"model": null, "fields": {}}]', "没有“None”；可用的是"),
        ("2016.json", '[\n{"model": "a",\n"model": "b"}\n]', "第 2 行：'model' 写了两次"),
        ("2016.json", '[{"model": ' + "[" * 300 + "]" * 300 + ', "fields": {}}]', "没有“[[[...]]]”"),
    ],
)  # fmt: skip
def test_it_says_where(name, text, sentence):
    assert any(sentence in one for one in sentences(name, text))


def test_it_knows_the_line_of_a_field_whose_name_stands_before_as_a_value():
    fields = {"name": "slug", "slug": "太仓"}
    text = json.dumps([each("organization", **fields)], indent=1)
    (problem, *_others) = refused("2016.json", text).problems
    assert text.splitlines()[problem.line - 1].strip().startswith('"slug":')


def test_it_reads_names_and_texts_as_they_stand():
    text = """
- model: governance.organization
  fields: {name: <<, short_name: "~", name_en: =, slug: null-1, kind: other, level: county, region: [320585, 1999]}
"""
    loading.load([loading.FixtureFile("o.yml", text.encode())])
    assert Organization.objects.filter(name="<<", short_name="~", name_en="=").exists()
