"""A valid fixture with anything changed in it: it loads, or is refused in sentences. Nothing else."""

import copy
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from governance import loading
from governance.models import Load
from governance.readable_yaml import dump

from .helpers.years import SUMMARY, each, year
from .test_merge_rule import in_a_world_of_its_own, record

pytestmark = pytest.mark.django_db


def whole():
    """The year, and an object of each model that it lacks."""
    start = SUMMARY.index("居民")
    span = {"field": "summary", "start": start, "end": start + 2, "text": "居民"}
    city = {"code": "329900", "name": "试验市", "level": "prefecture", "parent": ["320000", 1999]}
    return [
        each("region", **city),
        each("region", **city | {"code": "329901", "level": "county", "parent": ["329900", 1999]}),
        each("mechanism", slug="talks", name="夜话", field="participation", name_en="Talks", definition="谈", definition_en="Talk"),
        *year(),
        each("settingevidence", achievement=["2016-w01"], **span),
    ]  # fmt: skip


# What breaks programs: what is nearly a number, a date, a key, a text.
ODD = [
    *(None, True, False, 0, -1, 1, 1.5, 10**5, 2**31, 2**63, 10**30, float("nan"), float("inf")),
    *("", " ", "0", "-1", "1e9", "１", "٣", "1_000", "9" * 5000, "甲" * 3000, "2016-02-30", "0001-01-01"),
    *("\0", "\ud800", "\udfff甲", "𠮷", "e\u0301", "\u202e", "\x1b[31m", "\n", "\r\n", "\x85", "%s %(name)s {}", "\\", "'\""),
    *("province", "published", "2016-w02", "2016-w99", "٢٠١٦-w01", "320585", "329901", "governance.load"),
    *([], {}, [[]], [{}], [None], ["2016-w01"], ["2016-w99"], ["320585", 1999], ["329901", 1999]),
    *([10**30], ["\ud800"], ["2016-w01", "deliberation"], ["2016-w01"] * 2, {"a": {"b": []}}),
]  # fmt: skip
values = st.one_of(st.sampled_from(ODD), st.text(max_size=6), st.integers())
names = st.one_of(
    st.sampled_from(["code", "year", "field", "start", "region", "successor", "valid_to", "id"]),
    st.sampled_from(["pk", "model", "fields", "path", "achievement_id", "pinyin", "", "\ud800"]),
    st.text(max_size=6),
)


def places(value, path=()):
    """The path of everything in a value."""
    items = value.items() if isinstance(value, dict) else ()
    items = enumerate(value) if isinstance(value, list) else items
    for key, each_value in items:
        yield (*path, key)
        yield from places(each_value, (*path, key))


# Where any text will do, so that some mutants load.
FREE = {
    "governance.achievement": ["title_en", "summary_en", "short_name"],
    "governance.awardyear": ["issuer", "name_en", "document_title"],
    "governance.coding": ["coder"],
    "governance.organization": ["name_en", "short_name"],
    "governance.region": ["name", "name_en"],
}


@st.composite
def mutants(draw):
    """The objects with some texts changed, and with some of them changed anywhere in them."""
    objects = whole()
    for one in objects:
        for name in FREE.get(one["model"], []):
            if draw(st.booleans()):
                one["fields"][name] = draw(st.text(min_size=1, max_size=6))
    for _number in range(draw(st.integers(0, 4))):
        path = draw(st.sampled_from(list(places(objects)) or [()]))
        if not path:
            return objects
        *way, last = path
        holder = objects
        for key in way:
            holder = holder[key]
        how = draw(st.sampled_from(["value", "value", "value", "other", "gone", "name", "list"]))
        if how == "value":
            holder[last] = draw(values)
        elif how == "other":
            other = draw(st.sampled_from(list(places(objects))))
            found = objects
            for key in other:
                found = found[key]
            holder[last] = copy.deepcopy(found)
        elif how == "list":
            holder[last] = [holder[last]] * draw(st.integers(1, 3))
        elif how == "name" and isinstance(holder, dict):
            holder[draw(names)] = holder.pop(last)
        elif how == "name":
            holder.insert(0, copy.deepcopy(holder[last]))
        else:
            del holder[last]
    return objects


SNIPPETS = [
    *("!!int ", "!!merge ", "!!timestamp ", "! ", "&a ", "*a", "<<: *a\n", "? ", "|\n", ">-\n"),
    *("- ", ": ", "---\n", "...\n", "%YAML 1.2\n", "#", "\t", "\0", "\x07", "\ufeff", "\u2028"),
    *('"', "'", "[", "]", "{", "}", ",", "\\u", "\\ud800", "1" * 5000, "NaN", "[" * 2000, "- " * 2000),
]  # fmt: skip


@st.composite
def texts(draw):
    """(name, content) of a mutant's file, in which the text may be damaged, too."""
    objects = draw(mutants())
    name = draw(st.sampled_from(["2016.yaml", "2016.json", "2016.yml"]))
    if name == "2016.yaml":
        try:
            text = dump(objects)
        except UnicodeEncodeError:
            # What YAML cannot write, it may still have to read.
            text = json.dumps(objects)
    else:
        text = json.dumps(objects, indent=draw(st.sampled_from([None, 1])))
    for _number in range(draw(st.sampled_from([0, 0, 0, 1, 2]))):
        at = draw(st.integers(0, len(text)))
        gone = draw(st.sampled_from([0, 0, 1, 20]))
        text = text[:at] + draw(st.sampled_from(SNIPPETS)) + text[at + gone :]
    return name, text.encode(errors="replace")


@pytest.fixture
def before():
    """What there is before each example, which is taken back."""
    return record(), Load.objects.count()


@settings(
    max_examples=settings.default.max_examples * 4,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(texts())
def test_every_mutant_loads_or_is_refused_in_sentences(before, file):
    @in_a_world_of_its_own
    def example():
        refusal = load(*file)
        if refusal:
            assert refusal.problems
            assert all(problem.sentence for problem in refusal.problems)
            assert max(len(str(problem)) for problem in refusal.problems) < 1500
            json.dumps(refusal.as_json(), ensure_ascii=False).encode()
            assert (record(), Load.objects.count()) == before

    example()


def load(name, content):
    """Load a file twice; the Invalid by which it is refused, None if it is loaded."""
    try:
        loading.load([loading.FixtureFile(name, content)])
    except loading.Invalid as error:
        return error
    (again,) = loading.load([loading.FixtureFile(name, content)])
    assert again.changes == 0
    assert "\n".join(again.lines()).encode()
    return None
