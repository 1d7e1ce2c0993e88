"""What stands before a list: the document's title, and the rest."""

import re
from collections.abc import Iterable

from governance.announcements.files.paragraphs import Paragraph

from .categories import names_award, read_heading
from .line_features import Look
from .list_numbers import marker
from .patterns import DATE, NUMBER_OF_ACT, is_organization, is_sentence, last_group

LONG = 60
_ANNEX = re.compile(r"附[件表录]?\s*\d*\s*:?")
# A title that says what kind of paper it heads is whole.
_WHOLE = re.compile(r"(?:名单|公告|通知|通报|决定|公布|公示|揭晓|结果|简介|发布)[”》\"]?$")
# 中华人民共和国民政部文件, above the number of an act; and what a clerk notes above a table.
_LETTERHEAD = re.compile(r"(?!.*关于).*文\s*件|特急|加急|急件|[机秘]密.*")
_FIELD = re.compile(
    r"[(\[]?[一-鿿\s]{0,8}(?:单位|部门|机关|机构|人|时间|日期|文号|字号|编号|索引号|来源|作者|编辑|密级|次数|量|电话|字体)\s*[\])]?\s*:"
)
# Where a title breaks in the middle.
_CUT_OFF = re.compile(
    r"(?:年度?|中国|全国|社区|社会|基层|城乡|治理|服务|建设|管理|创新|的|关于.{0,6})$"
)
CONTINUES = ("及", "和", "与", "暨", "的", "——", "—")


def is_whole_title(text: str) -> bool:
    return bool(_WHOLE.search(text.strip()))


def title_of(paragraphs: Iterable[Paragraph]) -> list[Paragraph]:
    """The paragraphs at the beginning that are the document's title: neighbouring lines, no sentences.

    What stands above a title is none: 民政部文件, 民发〔2016〕99号, 制表单位：…, 附件1.
    """
    title: list[Paragraph] = []
    for paragraph in paragraphs:
        words = paragraph.plain.strip()
        if NUMBER_OF_ACT.fullmatch(words.strip("()")) and all(map(_is_letterhead, title)):
            title = []
            continue
        if not title and (
            _ANNEX.fullmatch(words)
            or _LETTERHEAD.fullmatch(words)
            or _FIELD.match(words)
            or DATE.fullmatch(words)
        ):
            continue
        if title and (
            paragraph.number != title[-1].number + 1
            or len(title) == 3
            or (is_whole_title(title[-1].plain) and not words.startswith(CONTINUES))
            or last_group(words, len(words)) == 0
            or Look(paragraph).has_organization
            or is_organization(words, certainly=True)
            or _begins_list(paragraph, title[-1])
        ):
            break
        if (
            len(words) > LONG
            or is_sentence(words)
            or words.endswith(":")
            or _FIELD.match(words)
            or words.replace(" ", "") == "目录"
            or DATE.fullmatch(words)
            or NUMBER_OF_ACT.fullmatch(words)
            or ((mark := marker(paragraph.plain)) and mark.sure)
        ):
            break
        title.append(paragraph)
    return title


def _is_letterhead(paragraph: Paragraph) -> bool:
    return is_organization(paragraph.plain.strip().removesuffix("公告"))


def _begins_list(paragraph: Paragraph, before: Paragraph) -> bool:
    """Whether a line below one of the title heads what follows, and is not the title's next line."""
    one = read_heading(paragraph)
    if not one or paragraph.plain.strip().startswith(CONTINUES):
        return False
    above = before.plain.strip()
    if not one.style.startswith("plain"):
        return True
    if _CUT_OFF.search(above) or (
        is_whole_title(paragraph.plain) and not (is_whole_title(above) or names_award(above))
    ):
        return False
    return bool(one.tier or one.theme or _WHOLE.search(above) or names_award(above))
