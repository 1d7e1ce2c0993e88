"""What is pasted for words: the address of a page, nothing but a code, a passage of a text."""

import re
from typing import NamedTuple

from governance.index.codes import REGION_CODE, entry_code, written_code
from governance.index.text import QUOTES, fold, terms
from showcase import links

from .form import LONGEST, MOST_TERMS

# Of any host: an address is often pasted as another machine knew it.
ADDRESS = re.compile(
    r"(?:https?://[^/\s]+)?(?:/en)?"
    r"/(?P<page>achievement|region|mechanism|organization|year|award)s/(?P<key>[\w-]+)/?(?:[?#]\S*)?"
)
# Of a list or a table, with all that it asks for.
LIST_ADDRESS = re.compile(
    r"(?:https?://[^/\s]+)?(?:/en)?/(?P<page>achievements|analysis)/(?P<query>\?\S*)?"
)
# What stands between the clauses of a text.
CLAUSES = re.compile("[，、。；：！？,.;:!?]")
# What would end a quotation.
QUOTATION = re.compile('[“”"「」『』〝〞«»]')


class NamedPage(NamedTuple):
    """A page and its code or slug, as `links.address` takes them."""

    page: str
    key: str


def pasted(words: str) -> NamedPage | None:
    """The page of which the words are the address, as `links.meant` would read it."""
    found = ADDRESS.fullmatch(words.strip().rstrip(links.MARKS))
    if not found:
        return None
    page, key = found["page"], found["key"]
    return NamedPage(page, written_code(key) if page == "region" else key.lower())


def named_page(words: str) -> NamedPage | None:
    """The page that the words name: by its address, or by the code of an entry or a region.

    Whether there is one, `entry.addresses` knows.
    """
    if page := pasted(words):
        return page
    text = fold(words)
    if code := entry_code(text):
        return NamedPage("achievement", code.replace(" ", "-"))
    return NamedPage("region", written_code(text)) if REGION_CODE.fullmatch(text) else None


def named_list(words: str) -> str | None:
    """The address of the list or the table of which the words are the address."""
    found = LIST_ADDRESS.fullmatch(words.strip())
    return links.address(found["page"]) + (found["query"] or "") if found else None


def passage(words: str) -> str:
    """The words; if they are a text of more clauses than a query has words, as one quotation."""
    is_text = len(terms(words)) > MOST_TERMS and CLAUSES.search(words)
    return quotation(words) if is_text else words


def quotation(words: str) -> str:
    """All of some words between quotes, whatever quotes there are in them; of too many the first."""
    said, most = unquoted(words), LONGEST - len("“”")
    if len(said) > most:
        # Whole words, where there are any.
        said = re.sub(r"(?<=\w)\W+\w*$", "", said[: most + 1])[:most]
    return f"“{said}”"


def unquoted(words: str) -> str:
    """Words without the quotes that make a phrase of them, and without any within."""
    return QUOTATION.sub("", words).strip(QUOTES).strip()
