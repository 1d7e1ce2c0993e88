"""Addresses that differ from the present one in some parameters; no template builds a query string."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from urllib.parse import quote, quote_plus, urlencode

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.urls import is_valid_path, reverse
from django.utils.encoding import escape_uri_path
from django.utils.translation import get_language, get_language_from_path, override

from governance.index.text import terms, unified
from governance.models.region import region_code

# What ends a sentence or a bracket, and blanks that nobody sees: copied along with an address that
# stands before them.
MARKS = "。，、；：！？）〕】》〉」』”’…．,.;:!?)]>'\" \u3000\xa0\u200b\u2060\ufeff"


def address(name: str, key: str | None = None) -> str:
    """The path of a page in the reader's language; `key` is a code or slug, which needs no quoting.

    A page has hundreds of them, and Django reverses each from its patterns.
    """
    if key is None:
        return _section(name, get_language())
    return f"{_above(name, get_language())}{key}/"


@cache
def _section(name: str, _language: str) -> str:
    return reverse(name)


@cache
def _above(name: str, language: str) -> str:
    with override(language):
        return reverse(name, args=["0"]).removesuffix("0/")


def picture(digest: str, width: int) -> str:
    return reverse("image", args=[digest, width])


# Characters of a path that is drawn as a code: of more the squares are too small for a screen.
LONGEST_CODED = 400


def qr_picture(path: str) -> str:
    """The picture of one of our own addresses, to be read by a phone; `path` may have a query string."""
    return f"{reverse('qr-code')}?{urlencode({'of': path})}"


def sitemap(section: str) -> str:
    return reverse("sitemap-part", args=[section])


def face(name: str, extension: str) -> str:
    """Another face of a section's page: /analysis.csv."""
    return f"{address(name).removesuffix('/')}.{extension}"


def kept_file(version: str, name: str) -> str:
    """A file of a version of the database, which the server gives without Django."""
    return f"/files/{version}/{name}"


def absolute(request: HttpRequest | None, path: str) -> str:
    """A path with SITE_URL before it; without one, the scheme and host that the page was asked for under.

    Where nobody asked, as a command, and there is no SITE_URL, the path alone.
    """
    if request is None:
        return settings.SITE_URL + path
    kept = vars(request)
    if "origin" not in kept:
        kept["origin"] = settings.SITE_URL or f"{request.scheme}://{request.get_host()}"
    return kept["origin"] + path


def page_for_programs(request: HttpRequest, name: str, key: str) -> str:
    """The absolute address of a page in Chinese, which is that of no language: whatever programs are given has it."""
    return absolute(request, f"{_above(name, settings.LANGUAGE_CODE)}{key}/")


def present(query: QueryDict) -> QueryDict:
    """`query` (a QueryDict) without empty and repeated values, which say nothing; codes of regions are the record's.

    So do words to search for that are nothing but marks; what cannot be read is none.
    """
    kept = {name: _saying(name, values) for name, values in query.lists()}
    if all(values == query.getlist(name) for name, values in kept.items()):
        return query
    copy = query.copy()
    for name, values in kept.items():
        copy.setlist(name, values)
        if not values:
            del copy[name]
    return copy


def _saying(name: str, values: Iterable[str]) -> list[str]:
    says = _asks if name == "q" else bool
    return [value for value in dict.fromkeys(_in_our_codes(name, values)) if says(value)]


def _asks(words: str) -> bool:
    # Of these `problems.refused` tells what they are.
    return bool(terms(words) or re.search("[\0\ud800-\udfff\ufffd]", words))


def _in_our_codes(name: str, values: Iterable[str]) -> Iterable[str]:
    if name == "region":
        return map(region_code, values)
    if name == "also":
        # region.320585000000
        return (
            f"{facet}{point}{region_code(value)}"
            for facet, point, value in (each.partition(".") for each in values)
        )
    return values


def changed(query: QueryDict, /, **values: list[str]) -> str:
    """The query string of `query` with each named parameter set to a list of values.

    An empty list takes the parameter away. `page` always goes: another selection starts at its
    first page. Starts with "?", so that it can stand in an href as it is.
    """
    found = parts(query)
    if values:
        found = found | {name: part(name, some) for name, some in values.items()}
    return "?" + "&".join([part for part in found.values() if part])


def without(query: QueryDict, names: Sequence[str]) -> str:
    """The query string of `query` without some parameters; "" if it has no others."""
    kept = query.copy()
    for name in names:
        del kept[name]
    return f"?{kept.urlencode()}" if kept else ""


def meant(request: HttpRequest) -> str | None:
    """Where an address leads that leads nowhere, or whose query cannot be answered, as it was meant.

    Without the mark of the sentence in which it stood, and as our addresses are written; None if
    nothing of this helps.
    """
    query = request.META["QUERY_STRING"]
    written = unified(request.path).rstrip(MARKS + "/")
    # 440300-FA01: the only ones with capitals.
    written = re.sub("(?<=/regions/)[^/]+", lambda code: code[0].upper(), written)
    # A page ends with a slash, a file does not.
    path = written if "." in written.rpartition("/")[2] else written + "/"
    # As it was sent it may have been of no language: /en。
    with override(get_language_from_path(path) or settings.LANGUAGE_CODE):
        leads = path != request.path and is_valid_path(path)
    if leads:
        return escape_uri_path(path) + (f"?{query}" if query else "")
    unmarked = without_mark(query)
    return f"{request.path}?{unmarked}" if unmarked != query else None


def without_mark(query: str) -> str:
    """A query string, as it was sent, without the mark of a sentence at its end."""
    # From its end, or ten thousand of them within it would be tried from each to the last.
    written = "|".join(re.escape(way[::-1]) for mark in MARKS for way in {mark, quote(mark)})
    return re.sub(rf"\A(?:{written})+", "", query[::-1], flags=re.IGNORECASE)[::-1]


def query_string(values: Mapping[str, Sequence[str]]) -> str:
    """The query string of {name: list of values}."""
    return "?" + "&".join([part(name, some) for name, some in values.items()])


def at_page(query: QueryDict, number: int) -> str:
    return changed(query, page=[str(number)])


def parts(query: QueryDict) -> dict[str, str]:
    """{name: its part of the query string}, without the page."""
    return {name: part(name, values) for name, values in query.lists() if name != "page"}


# Codes, slugs and names of parameters, which need no quoting.
PLAIN = re.compile(r"[\w.~-]+", re.ASCII).fullmatch


def part(name: str, values: Sequence[str]) -> str:
    """One parameter's piece of a query string."""
    if PLAIN(name) and all(map(PLAIN, values)):
        return "&".join([f"{name}={value}" for value in values])
    return urlencode([(name, value) for value in values if value])


def quoted(value: str) -> str:
    """A value as it stands in a query string."""
    return value if PLAIN(value) else quote_plus(value)


class FacetLinks:
    """The addresses of one facet's values: a page has hundreds, so what they share is made once."""

    def __init__(self, name: str, chosen: list[str], parts: Mapping[str, str]) -> None:
        """`parts` are those of the query."""
        self.chosen = chosen
        rest = "&".join([part for other, part in parts.items() if other != name and part])
        # The address under which nothing is chosen in it.
        self.rest = f"?{rest}"
        self._also = f"&{name}="
        # The address under which one value alone is chosen in this facet, up to the value.
        self.alone = f"?{rest}{self._also}" if rest else f"?{name}="
        # That under which one is chosen as well.
        self.added = self.alone + "".join([quoted(value) + self._also for value in self.chosen])

    def toggle(self, value: str, replacing: Sequence[str] = ()) -> str:
        """`value` is chosen as well, or no longer.

        Values in `replacing` go when it is chosen: 苏州市 narrows 江苏省 rather than joining it.
        """
        if not replacing and value not in self.chosen:
            return self.added + quoted(value)
        kept = [other for other in self.chosen if other != value and other not in replacing]
        if value not in self.chosen:
            kept.append(value)
        return self.alone + self._also.join(map(quoted, kept)) if kept else self.rest

    def without(self, values: Sequence[str]) -> str:
        """Some of what is chosen is chosen no longer."""
        kept = [value for value in self.chosen if value not in values]
        return self.alone + self._also.join(map(quoted, kept)) if kept else self.rest
