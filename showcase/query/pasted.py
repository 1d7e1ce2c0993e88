"""Words that are the address of a page, or nothing but the code of an entry or a region."""

import re
from typing import NamedTuple

from governance.index.text import fold
from governance.models import Achievement, Address, Region
from governance.models.publication import kind_of
from governance.models.region import region_code

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
    code = fold(words).replace(" ", "-")
    if Address.objects.filter(kind=kind_of(Achievement), key=code).exists():
        return NamedPage("achievement", code)
    # 440300-FA01
    code = region_code(code.upper())
    return NamedPage("region", code) if Region.objects.filter(code=code).exists() else None
