"""What a request asks for: its query string read once, as the index understands it."""

from dataclasses import dataclass
from functools import cached_property

from django.http import QueryDict

from governance import index
from governance.models.region import path_of
from showcase.links import present

from .form import PAGING, SORTS, AchievementFilter
from .problems import MOST_VALUES
from .vocabulary import Vocabulary, vocabulary


@dataclass
class Asked:
    """A valid query: `query` is its QueryDict without empty values, `criteria` what `select` takes."""

    query: QueryDict
    criteria: dict
    # {facet: {chosen value: label}}
    labels: dict
    # The index that answers, one version for the whole page.
    index: index.Index
    words: Vocabulary

    @cached_property
    def selection(self):
        """The `governance.index.Selection` that the query asks for."""
        return index.select(index=self.index, **self.criteria)

    @property
    def sorting(self):
        """The order that the list has, chosen or not."""
        return self.criteria["sort"] or ("relevance" if self.criteria["query"] else "-year")


def asked(request, paging=PAGING):
    """The `Asked` of a request, or `problems.BadQuery`.

    The form alone decides and explains. But making and cleaning one costs more than the answer, so
    a query is not put to it whose every part is a value that the form is known to accept.
    """
    now = getattr(request, "index", None) or index.current()
    return read(present(request.GET), now, paging)


def read(query, now, paging=PAGING):
    """The `Asked` of a QueryDict without empty and repeated values, put to the index `now`."""
    words = vocabulary(now.version)
    criteria, labels = _known(query, paging, words) or _formal(query, paging)
    return Asked(query, criteria, labels, now, words)


def _known(query, paging, words):
    """(criteria, labels) if everything in the query is plainly right; else None."""
    criteria, labels = {"query": "", "sort": "", "region": []}, {}
    for name, values in query.lists():
        if len(values) > MOST_VALUES:
            return None
        if name in words and all(value in words[name] for value in values):
            criteria[name], labels[name] = values, {value: words[name][value] for value in values}
        elif len(values) > 1:
            return None
        elif name == "q" and len(values[0]) <= 200 and values[0].isprintable():
            criteria["query"] = values[0].strip()
        elif name == "sort" and values[0] in SORTS:
            criteria["sort"] = values[0]
        elif name not in paging or not _plain(values[0], paging[name]):
            return None
    criteria["region"] = list(dict.fromkeys(path_of(code) for code in criteria["region"]))
    return criteria, labels


def _plain(value, most):
    if isinstance(most, dict):
        return value in most
    number = int(value) if value.isascii() and value.isdigit() and len(value) < 10 else 0
    return 0 < number <= (most or number)


def _formal(query, paging):
    filterset = AchievementFilter(query, paging)
    filterset.raise_problems()
    data = filterset.form.cleaned_data
    facets = [name for name in filterset.filters if name not in ("q", "sort")]
    criteria = {name: filterset.keys(name) for name in facets}
    labels = {name: filterset.labels(name) for name in facets}
    return {"query": data["q"], "sort": data["sort"]} | criteria, labels
