"""One grammar: what a query string asks for is the same on page, API and the form of its fields."""

import re
from html import unescape

import pytest
from django.http import QueryDict
from django_filters import FilterSet
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from governance import facets, index
from governance.models import Achievement
from showcase import links
from showcase.api.achievements import AchievementListApi
from showcase.query.form import PAGING, as_indexed, fields
from showcase.query.pasted import named_list, named_page
from showcase.query.problems import UNREADABLE, BadQuery
from showcase.query.query import read_query

from .helpers.pages import Page

pytestmark = pytest.mark.django_db

# Of every kind: right, nearly right, of another parameter, in other scripts and widths, of no meaning.
VALUES = [
    *(
        "",
        "winner",
        "nominee",
        "win",
        "2015",
        "２０１５",
        "1999",
        "99999",
        "none",
        "urban",
        "rural",
    ),
    *(
        "320000",
        "320585",
        "440300-FA01",
        "999999",
        "江苏",
        "deliberation",
        "協商議事",
        "协商",
        "社区 居民",
    ),
    *("participation", "east", "central", "northeast", "county", "township", "government", "other"),
    *(
        "mechanism.deliberation",
        "region.320000",
        "field.none",
        "organization_level.county",
        "tier.winner",
    ),
    *(
        "title",
        "-year",
        "relevance",
        "1",
        "0",
        "2",
        "100",
        "101",
        "list",
        "map",
        "x" * 201,
        "“”",
        "<b>",
    ),
    *("taicang-municipal-peoples-government", "太仓市人民政府"),
]
NAMES = ["q", "also", "sort", "page", *(facet.name for facet in facets.TABLE.parameters())]

queries = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(VALUES) | st.text(max_size=5)), max_size=5
)
in_database = settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def encoded(pairs):
    query = QueryDict(mutable=True)
    for name, value in pairs:
        query.appendlist(name, value)
    return query.urlencode()


def read(text):
    """What a query string asks for, as (criteria, labels), or the (parameter, value) of what is wrong."""
    try:
        found = read_query(links.present(QueryDict(text)), index.current(), PAGING)
    except BadQuery as error:
        return sorted((problem.parameter, problem.value) for problem in error.problems)
    return found.criteria, found.labels


@in_database
@given(pairs=queries)
def test_the_page_and_the_api_answer_alike(client, pairs):
    text = encoded(pairs)
    # A page leads on from the mark of a sentence at the end of its address.
    assume(links.without_mark(text) == text)
    # And from a code or an address by itself to its page.
    query = links.present(QueryDict(text))
    assume([*query] != ["q"] or not (named_page(query["q"]) or named_list(query["q"])))
    page, api = client.get(f"/achievements/?{text}"), client.get(f"/api/achievements/?{text}")
    assert page.status_code == api.status_code, text
    answer = api.json()
    if api.status_code == 400:
        html = unescape(page.content.decode())
        for problem in answer["problems"]:
            assert problem["message"] in html, text
    elif api.status_code == 200:
        found = Page(client, f"/achievements/?{text}")
        # Beside nothing stand near entries, which are none of the list.
        listed = found.codes if '<ol class="list' in found.html else []
        assert listed == [entry["code"] for entry in answer["results"]], text
        total = re.search(r"(\d+) 项$", found.heading)
        assert int(total[1]) == answer["count"], text


@in_database
@given(pairs=queries)
def test_the_form_of_its_fields_takes_what_the_reader_takes(pairs):
    # Of numbers the form knows more spellings: 1.0 and １ are pages to it, and to us mistakes.
    pairs = [(name, value) for name, value in pairs if name != "page"]
    # A year of which there is nothing yet is an empty list to the reader, and no choice of the form.
    pairs = [pair for pair in pairs if pair != ("year", "1999")]
    query = links.present(QueryDict(encoded(pairs)))
    # The reader alone knows of signs that no database takes, and that a parameter was repeated.
    assume(not re.search(UNREADABLE, "".join(value for _name, value in pairs)))
    assume(all(len(query.getlist(name)) < 2 for name in ("q", "sort")))
    found = read(query.urlencode())
    form_class = type("Form", (FilterSet,), fields({"sort": PAGING["sort"]}))
    form = form_class(query, queryset=Achievement.objects.none()).form
    if isinstance(found, list):
        assert set(form.errors) == {name for name, _value in found}, query
    else:
        assert form.is_valid(), (query, form.errors)
        criteria, _labels = found
        for name in (facet.name for facet in facets.TABLE.parameters()):
            chosen = form.cleaned_data[name]
            key = facets.TABLE[name].key
            values = [getattr(row, key, row) for row in chosen]
            assert {as_indexed(name, value) for value in values} == set(criteria.get(name, ()))


def test_it_reads_values_as_the_index_knows_them():
    criteria, labels = read("q=+协商+&region=320000&also=region.320000&mechanism=deliberation")
    assert criteria == {
        "query": "协商",
        "sort": "",
        "region": ["32"],
        "also": [("region", "32")],
        "mechanism": ["deliberation"],
    }
    assert labels == {
        "region": {"320000": "江苏省"},
        "also": {"region.320000": "兼有江苏省"},
        "mechanism": {"deliberation": "协商议事"},
    }


def test_each_parameter_is_explained_once_however_many_of_its_values_are_wrong():
    found = read("tier=win&tier=lose&mechanism=x&page=0&unknown=1")
    assert found == [("mechanism", "x"), ("page", "0"), ("tier", "win"), ("unknown", "1")]


def test_the_api_has_a_parameter_of_its_own():
    assert "page_size" in fields(AchievementListApi().takes())
    assert "page_size" not in fields(PAGING)
