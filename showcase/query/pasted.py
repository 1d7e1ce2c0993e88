"""Words that are the address of a page, or nothing but the code of an entry or a region."""

import re
from typing import NamedTuple

from governance.index.codes import REGION_CODE, written_code
from governance.index.text import fold
from governance.models.achievement import CODE
from showcase.links import MARKS

# Of any host: an address is often pasted as another machine knew it.
ADDRESS = re.compile(
    r"(?:https?://[^/\s]+)?(?:/en)?"
    r"/(?P<page>achievement|region|mechanism|organization|year|award)s/(?P<key>[\w-]+)/?(?:[?#]\S*)?"
)


class NamedPage(NamedTuple):
    """A page and its code or slug, as `links.address` takes them."""

    page: str
    key: str


def pasted(words: str) -> NamedPage | None:
    """The page of which the words are the address, as `links.meant` would read it."""
    found = ADDRESS.fullmatch(words.strip().rstrip(MARKS))
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
    if re.fullmatch(CODE, code := text.replace(" ", "-")):
        return NamedPage("achievement", code)
    return NamedPage("region", written_code(text)) if REGION_CODE.fullmatch(text) else None
