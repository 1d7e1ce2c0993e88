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
CONTINUES = ("及", "和", "与", "暨", "——", "—")


def title_of(paragraphs: Iterable[Paragraph]) -> list[Paragraph]:
    """The paragraphs at the beginning that are the document's title: neighbouring lines, no sentences."""
    title: list[Paragraph] = []
    for paragraph in paragraphs:
        words = paragraph.plain.strip()
        if not title and _ANNEX.fullmatch(words):
            continue
        if title and (
            paragraph.number != title[-1].number + 1
            or len(title) == 3
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
            or words.replace(" ", "") == "目录"
            or DATE.fullmatch(words)
            or NUMBER_OF_ACT.fullmatch(words)
            or ((mark := marker(paragraph.plain)) and mark.sure)
        ):
            break
        title.append(paragraph)
    return title


def _begins_list(paragraph: Paragraph, before: Paragraph) -> bool:
    """Whether a line below one of the title heads what follows, and is not the title's next line."""
    one = read_heading(paragraph)
    if not one or paragraph.plain.strip().startswith(CONTINUES):
        return False
    above = before.plain.strip()
    return bool(one.tier or one.theme or _WHOLE.search(above) or names_award(above))
