"""What stands before a list: the document's title, and the rest."""

import re

from .categories import heading
from .looks import Look
from .markers import marker
from .wording import DATE, NUMBER_OF_ACT, is_organization, is_sentence, last_group

LONG = 60
_ANNEX = re.compile(r"附[件表录]?\s*\d*\s*:?")
CONTINUES = ("及", "和", "与", "暨", "——", "—")


def title_of(paragraphs):
    """The paragraphs at the beginning that are the document's title: neighbouring lines, no sentences."""
    title = []
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
            or (heading(paragraph) and not words.startswith(CONTINUES))
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
