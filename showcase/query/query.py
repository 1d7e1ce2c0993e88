"""A query string, read once and strictly: what it asks for, or all that is wrong with it."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.http import HttpRequest, QueryDict
from django_filters import DateFilter, Filter, NumberFilter

from governance import facets, index
from governance.index import Index, Selection
from governance.index.text import terms
from governance.models import Achievement, IndexEntry
from governance.publishing import present_keys
from showcase.links import FacetLinks, parts, present

from . import problems
from .form import (
    LONGEST,
    MOST_NUMBER,
    MOST_TERMS,
    PAGING,
    Fields,
    Listed,
    OfEntries,
    as_indexed,
    fields,
)
from .pasted import passage, pasted, unquoted
from .vocabulary import Vocabulary, vocabulary

# What no XML can hold, and so no drawing of a table: it comes along with what is pasted.
CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]+")


@dataclass
class Query:
    """A valid query: `parameters` are its QueryDict without empty values, `criteria` what `select` takes."""

    parameters: QueryDict
    criteria: dict[str, Any]
    # {parameter: {chosen value: label}} of facets and of `also`.
    labels: dict[str, dict[str, str]]
    # The index that answers, one version for the whole page.
    index: Index
    words: Vocabulary

    @cached_property
    def selection(self) -> Selection:
        """The `governance.index.Selection` that the query asks for."""
        return index.select(index=self.index, **self.criteria)

    @cached_property
    def _parts(self) -> dict[str, str]:
        return parts(self.parameters)

    def links_of(self, name: str) -> FacetLinks:
        """The addresses of the values of a facet, or of another parameter."""
        return FacetLinks(name, self.parameters.getlist(name), self._parts)

    @property
    def said(self) -> str:
        """The words asked for as they were read, between quotes; "" if there are none."""
        hits = self.selection.hits
        if not hits:
            return ""
        if not (hits.read or hits.asking):
            one_phrase = len(hits.words) == 1 and hits.words[0].quoted
            asked = self.criteria["query"]
            return f"“{unquoted(asked) if one_phrase else asked}”"
        return " ".join(f"“{word.written}”" for word in hits.words)

    @property
    def tiers(self) -> dict[str, str]:
        """{tier: label}, in the words of the award that alone is chosen."""
        return tiers_of(self.words, self.labels)

    @property
    def several_awards(self) -> bool:
        """Whether entries of several awards may be among those found, and so each says of which it is."""
        return self.words.several_awards and len(self.labels.get("award", {})) != 1

    @property
    def mechanisms(self) -> list[str]:
        """The mechanisms that are asked for, one of which is enough or each."""
        besides = [value for facet, value in self.criteria.get("also", []) if facet == "mechanism"]
        return [*self.criteria.get("mechanism", []), *besides]

    @property
    def sorting(self) -> str:
        """The order that the list has, chosen or not."""
        return self.criteria["sort"] or ("relevance" if self.criteria["query"] else "-year")


def query_of(request: HttpRequest, own: Fields = PAGING) -> Query:
    """The Query of a request, or `problems.BadQuery`; `own` are the page's own parameters."""
    now = getattr(request, "index", None) or index.current()
    query = present(request.GET)
    try:
        return read_query(query, now, own)
    except problems.BadQuery:
        renewed = _renewed(query)
        if renewed == query:
            raise
        return read_query(renewed, now, own)


def own_query(request: HttpRequest, own: Fields) -> QueryDict:
    """The query string of an address that is no list of entries and takes its `own` parameters alone.

    Raises `problems.BadQuery`.
    """
    query, words = present(request.GET), vocabulary(index.current())
    wrong = problems.refused(query) or [
        problems.explained(name, values[0], query, own, words)
        for name, values in query.lists()
        if name not in own or len(values) > 1 or not _takes(own[name], values[0])
    ]
    if wrong:
        raise problems.BadQuery(wrong[: problems.MOST])
    return query


def _renewed(query: QueryDict) -> QueryDict:
    """`query` with the present codes and slugs for former ones; asked only of what cannot be read."""
    copy = query.copy()
    if problems.refused(query):
        return copy
    if codes := copy.getlist("code"):
        moved = present_keys(Achievement, codes)
        copy.setlist("code", list(dict.fromkeys(moved.get(code, code) for code in codes)))
    for facet in facets.TABLE.parameters():
        # `also` names the facet of its values.
        for name, start in ((facet.name, ""), ("also", f"{facet.name}.")):
            values = copy.getlist(name)
            if facet.rows is not None and values:
                keys = [one.removeprefix(start) for one in values if one.startswith(start)]
                found = {
                    start + former: start + now
                    for former, now in present_keys(facet.rows().model, keys).items()
                }
                copy.setlist(name, list(dict.fromkeys(found.get(one, one) for one in values)))
    return copy


def read_query(query: QueryDict, now: Index, own: Fields = PAGING) -> Query:
    """The Query of a QueryDict without empty and repeated values, put to the index `now`.

    1. Refuse what cannot be looked up: characters that no database takes, more values than anybody needs.
    2. Read each parameter: a facet's values become labels and what the index knows them by, the words
       to search for are trimmed, the page's own parameters are checked and left to it.
    3. Raise BadQuery with everything that is wrong, in the order of the query string.
    """
    if refusals := problems.refused(query):
        raise problems.BadQuery(refusals)
    words, table = vocabulary(now), facets.TABLE
    criteria: dict[str, Any] = {"query": "", "sort": query.get("sort", ""), "region": []}
    labels: dict[str, dict[str, str]] = {}
    # Of each parameter its first value that is wrong, of codes every one.
    wrong: list[tuple[str, str]] = []
    for name, values in query.lists():
        if name == "also" or (name in table and table[name].is_parameter):
            labels[name] = words.known(name, values)
            criteria[name] = list(dict.fromkeys(as_indexed(name, value) for value in labels[name]))
            if len(labels[name]) < len(values):
                wrong.append((name, next(value for value in values if value not in labels[name])))
        elif name == "q" and len(values) == 1:
            said = CONTROLS.sub(" ", values[0]).strip()
            # Of an address its code, as a word: 2015-w01.
            page = pasted(said)
            criteria["query"] = page.key if page else passage(said)
            if len(said) > LONGEST or len(terms(criteria["query"])) > MOST_TERMS:
                wrong.append((name, values[0]))
        elif name in own and isinstance(own[name], OfEntries):
            criteria[name] = values
            wrong += [(name, code) for code in _unknown(values)]
        elif name not in own or len(values) > 1 or not _takes(own[name], values[0]):
            wrong.append((name, values[0]))
        elif isinstance(own[name], DateFilter):
            criteria[name] = _day(values[0])
    if wrong:
        declared, told = fields(own), wrong[: problems.MOST]
        raise problems.BadQuery(
            [problems.explained(name, value, query, declared, words) for name, value in told]
        )
    if "tier" in labels:
        tiers = tiers_of(words, labels)
        labels["tier"] = {tier: tiers[tier] for tier in labels["tier"]}
    return Query(query, criteria, labels, now, words)


def tiers_of(words: Vocabulary, labels: dict[str, dict[str, str]]) -> dict[str, str]:
    """{tier: label} for a list of which `labels` are chosen."""
    awards = labels.get("award", {})
    return words.tiers(*awards) if len(awards) == 1 else words.tiers()


def _unknown(codes: list[str]) -> list[str]:
    """Those of some codes that no public entry has."""
    known = set(IndexEntry.objects.filter(code__in=codes).values_list("code", flat=True))
    return [code for code in codes if code not in known]


def _day(value: str) -> date | None:
    """The day written as 2026-11-26; date.fromisoformat() also takes 20261126 and 2026-W48-4."""
    try:
        return date.fromisoformat(value) if value[4:5] == value[7:8] == "-" else None
    except ValueError:
        return None


def _takes(field: Filter, value: str) -> bool:
    """Whether one of the own parameters may have the value."""
    if isinstance(field, DateFilter):
        return _day(value) is not None
    if isinstance(field, Listed):
        several = value.split(",")
        return (
            len(several) <= problems.MOST_VALUES
            and set(several) <= dict(field.extra["choices"]).keys()
        )
    if not isinstance(field, NumberFilter):
        return value in dict(field.extra["choices"])
    short = len(value) <= len(str(MOST_NUMBER))
    number = int(value) if value.isascii() and value.isdigit() and short else 0
    return 1 <= number <= field.extra.get("max_value", MOST_NUMBER)
