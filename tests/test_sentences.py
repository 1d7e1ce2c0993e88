"""What the reader of announcements says: messages with values, in the language of whoever reads them."""

import ast
import json
import re

import pytest
from django.conf import settings
from django.utils import translation
from openpyxl import Workbook

from governance.announcements import Counted, Sentence, Unreadable, read_text
from governance.intake import parsing
from governance.intake.sentences import stored, translated

from .helpers.office import saved
from .test_announcement_shapes import CASES, case
from .test_languages import HAN, PLACEHOLDER

pytestmark = pytest.mark.once

ANNOUNCEMENTS = settings.BASE_DIR / "governance/announcements"
# A sentence or the end of one; in regular expressions, signs stand beside each other.
SENTENCE = re.compile(r"[\u4e00-\u9fff”）][，。；：！？]")
# 第 {number} 段: words around a value, as they are written here.
AROUND_VALUE = re.compile(r"[\u4e00-\u9fff”] ?\{[^{}]*\} [\u4e00-\u9fff]|[\u4e00-\u9fff] \{")


SOURCES = [
    (path.relative_to(ANNOUNCEMENTS).as_posix(), path.read_text(encoding="utf-8"))
    for path in sorted(ANNOUNCEMENTS.rglob("*.py"))
]


def calls(tree):
    for node in ast.walk(tree):
        name = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
        if name in ("Sentence", "Counted"):
            yield node


def values_of(call):
    """The names of a call's values; None if they do not stand there."""
    if len(call.args) < 2:
        return set()
    values = call.args[1]
    if not isinstance(values, ast.Dict):
        return None
    return {key.value for key in values.keys}


def malformed(source):
    """Calls that no translator finds, or whose values are not those of their message."""
    for call in calls(ast.parse(source)):
        message = call.args[0]
        if not (isinstance(message, ast.Constant) and isinstance(message.value, str)):
            yield ast.unparse(call)
            continue
        names = set(re.findall(r"%\((\w+)\)", message.value))
        counted = {"count"} if call.func.id == "Counted" else set()
        values = values_of(call)
        if values is None or names | counted != values or (not counted and "count" in names):
            yield ast.unparse(call)


def unmarked(source):
    """Chinese sentences, and words around values, that are no message of a Sentence."""
    tree = ast.parse(source)
    messages = {id(call.args[0]) for call in calls(tree) if call.args}
    beside = {
        id(node)
        for call in calls(tree)
        for argument in call.args[1:]
        for node in ast.walk(argument)
        if isinstance(node, ast.Constant)
    }
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if id(node) in messages | docs:
            continue
        if isinstance(node, ast.JoinedStr) and AROUND_VALUE.search(ast.unparse(node)):
            yield ast.unparse(node)
        words = node.value if isinstance(node, ast.Constant) else None
        if isinstance(words, str) and (HAN if id(node) in beside else SENTENCE).search(words):
            yield words


def messages():
    """[(message, whether it is counted)] of all sentences."""
    return [
        (call.args[0].value, call.func.id == "Counted")
        for _name, source in SOURCES
        for call in calls(ast.parse(source))
    ]


# How they are built


@pytest.mark.parametrize(("name", "source"), SOURCES)
def test_it_builds_every_sentence_of_a_message_and_values(name, source):
    assert list(malformed(source)) == []
    assert list(unmarked(source)) == []


@pytest.mark.parametrize(
    "source",
    [
        'Sentence(f"第 {number} 段没有读懂。")',
        'Sentence("看不出" + words)',
        'Sentence(FIRST if first else "前一条")',
        'Sentence("第 %(number)s 段", {"at": 3})',
        'Sentence("第 %(number)s 段", values)',
        'Sentence("有 %(count)s 处", {"count": 3})',
        'Counted("有几处换行")',
    ],
)
def test_it_finds_what_no_translator_would(source):
    assert list(malformed(source)) != []


@pytest.mark.parametrize(
    "source",
    [
        'findings.remark(3, "这一行的括号不成对，请核对。")',
        'raise Unreadable("文件是空的。")',
        'place = f"第 {number} 段"',
        'place = f"工作表“{sheet}”第 {number} 行"',
        'before = f"前一条是第 {number} 条"',
        'Sentence("没有读入%(kind)s", {"kind": "脚注"})',
        'Sentence("没有读入%(kind)s", {"kind": "脚注" if note else words})',
    ],
)
def test_it_finds_sentences_that_are_no_message(source):
    assert list(unmarked(source)) != []


def test_it_is_chinese_by_itself():
    inner = Sentence("第 %(number)s 段", {"number": 5})
    outer = Counted(
        "“%(what)s”有 %(count)s 处：%(places)s。",
        {"what": "页码", "count": 2, "places": [inner, 7]},
    )
    assert str(outer) == "“页码”有 2 处：第 5 段、7。"
    assert str(Unreadable(outer)) == str(outer)


# In English


@pytest.mark.parametrize(("message", "counted"), messages())
def test_it_has_english_for_every_message(message, counted):
    with translation.override("en"):
        forms = [translation.gettext(message)]
        if counted:
            forms = [translation.ngettext(message, message, number) for number in (1, 2)]
    for english in forms:
        assert english != message
        assert not HAN.search(without_quotations(english)), english
        assert set(PLACEHOLDER.findall(english)) == set(PLACEHOLDER.findall(message))


def without_quotations(words):
    return re.sub("“[^”]*”", "", words)


def left_of(sentence, words):
    """The Chinese of a stored sentence's English that is neither a quotation nor a value of it."""
    for value in sorted(strings(sentence), key=len, reverse=True):
        words = words.replace(value, "")
    return HAN.findall(without_quotations(words))


def strings(stored_sentence):
    for value in stored_sentence["values"].values():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                yield from strings(one)
            elif isinstance(one, str) and one:
                yield one


def sentences_of(text):
    try:
        return [remark.sentence for remark in read_text(text).remarks]
    except Unreadable as refusal:
        return [refusal.sentence]


def test_it_says_in_english_what_it_says_of_every_shape():
    sentences = [one for name in CASES for one in sentences_of(case(name)[0])]
    assert len({one.message for one in sentences}) > 20
    for one in sentences:
        kept = json.loads(json.dumps(stored(one)))
        assert translated(one) == translated(kept) == str(one)
        with translation.override("en"):
            assert translated(one) == translated(kept)
            assert left_of(kept, translated(one)) == []


def test_it_counts_and_lists_as_english_does():
    def cells(count):
        return [
            ["成果名称", "申报单位"],
            *[[f"“夜话{at}”议事", "江苏省太仓市民政局"] for at in range(count)],
        ]

    def hidden(*rows):
        book = Workbook()
        sheet = book.active
        for row in cells(20):
            sheet.append(row)
        for row in rows:
            sheet.row_dimensions[row].hidden = True
        reading = parsing.announcements.read("2016年度获奖成果.xlsx", saved(book))
        with translation.override("en"):
            return [
                translated(remark.sentence)
                for remark in reading.remarks
                if "隐藏" in str(remark.sentence)
            ]

    assert hidden(3) == ["Row 3 is hidden, but was read. Please check."]
    assert hidden(3, 5) == ["Rows 3, 5 are hidden, but were read. Please check."]
    (many,) = hidden(*range(2, 14))
    assert many.startswith("Rows 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and more are hidden")


def test_it_says_what_an_earlier_release_stored_as_it_is():
    with translation.override("en"):
        assert translated("这一行的括号不成对。") == "这一行的括号不成对。"
