"""Words that are the address of a page, or nothing but the code of an entry or a region."""

import re
from typing import NamedTuple

from governance.index.codes import ENTRY_CODE, REGION_CODE, written_code
from governance.index.text import fold
from governance.models import Achievement, Address, Region
from governance.models.publication import kind_of

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
    """The page of which the words are the address."""
    found = ADDRESS.fullmatch(words.strip())
    return NamedPage(found["page"], found["key"]) if found else None


def named_page(words: str) -> NamedPage | None:
    """The page that the words name: by its address, or by the code that an entry or a region has or had."""
    if page := pasted(words):
        return page
    text = fold(words)
    if ENTRY_CODE.fullmatch(text):
        code = text.replace(" ", "-")
        known = Address.objects.filter(kind=kind_of(Achievement), key=code).exists()
        return NamedPage("achievement", code) if known else None
    if REGION_CODE.fullmatch(text):
        code = written_code(text)
        return NamedPage("region", code) if Region.objects.filter(code=code).exists() else None
    return None
