"""The rule of the merge, held against a model of it for any values that a file and staff can give."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from governance import loading
from governance.merging import UNKNOWN, Outcome, merge
from governance.models import Achievement, Coding, Organization, Region

from .helpers.years import changed, coding, evidence, load, without, year
from .helpers.years import record as whole_record


def record():
    """The record, of its 4,000 regions the number alone: no example edits one."""
    return whole_record(counted="Region")


values = st.sampled_from(["", "甲", "乙", "丙", 0, 1, 2, None])


@given(values, values, values)
def test_it_takes_keeps_or_reports(base, file, database):
    outcome = merge(base, file, database)
    assert (outcome is Outcome.UNCHANGED) == (file == database)
    assert (outcome is Outcome.TAKEN) == (base == database != file)
    assert (outcome is Outcome.KEPT) == (base == file != database)
    assert (outcome is Outcome.CONFLICT) == (len({base, file, database}) == 3)


@given(values, values)
def test_it_takes_nothing_where_no_load_is_known(file, database):
    assert merge(UNKNOWN, file, database) is not Outcome.TAKEN
    assert (merge(UNKNOWN, file, database) is Outcome.CONFLICT) == (file != database)


# What a file may say of an entry, its organization and its coding; None: nothing.
FIELDS = {
    "achievement": {
        "short_name": ["", "夜话", "院落夜话"],
        "title_en": ["", "Courtyard Talks", "Talks at Night"],
        "setting": ["urban", "rural", "unstated"],
        "status": ["draft", "in_review", "published"],
        "region": [["320585", 1999], ["320500", 1999], ["310117116", 1999]],
    },
    "organization": {
        "short_name": ["民政局", "太仓市民政局", "市民政局"],
        "level": ["county", "prefecture", "township"],
        "region": [["320585", 1999], ["320500", 1999], ["440300-FA01", 2009]],
    },
    "coding": {
        "weight": ["primary", "secondary"],
        "aspect": ["means", "goal", "effect"],
        "coder": ["", "一位编码者"],
        "coded_on": [None, "2016-05-01", "2016-12-31"],
    },
}
# No load takes an entry back.
STATUSES = FIELDS["achievement"]["status"]
CODING = {"achievement": ["2016-w01"], "mechanism": ["deliberation"]}
KEYS = {
    "achievement": {"code": "2016-w01"},
    "organization": {"name": "太仓市民政局"},
    "coding": CODING,
}


def saying():
    """{model: {field: value}}, of some fields."""
    return st.fixed_dictionaries(
        {
            model: st.fixed_dictionaries(
                {}, optional={name: st.sampled_from(choices) for name, choices in fields.items()}
            )
            for model, fields in FIELDS.items()
        }
    )


def file_saying(said):
    objects = year()
    for model, fields in said.items():
        objects = changed(objects, model, KEYS[model], **fields)
    return objects


def row(model):
    if model == "coding":
        return Coding.objects.get(achievement__code="2016-w01", mechanism__slug="deliberation")
    if model == "organization":
        return Organization.objects.get(slug="taicang-civil-affairs")
    return Achievement.objects.get(code="2016-w01")


def held():
    """{model: {field: value}} as the database has it, in the words of a file."""
    found = {}
    for model, fields in FIELDS.items():
        one = row(model)
        found[model] = {name: plain(getattr(one, name)) for name in fields}
    return found


def plain(value):
    if isinstance(value, Region):
        return list(value.natural_key())
    return value.isoformat() if hasattr(value, "isoformat") else value


def edit(said):
    """As staff do."""
    for model, fields in said.items():
        one = row(model)
        for name, value in fields.items():
            setattr(
                one, name, Region.objects.get_by_natural_key(*value) if name == "region" else value
            )
        one.full_clean()
        one.save()


def in_a_world_of_its_own(test):
    """Run each example in a transaction that is taken back."""

    def run(*args, **kwargs):
        with transaction.atomic():
            test(*args, **kwargs)
            transaction.set_rollback(True)

    return run


def expected(said_first, said_then, edited, base):
    """What the rule gives for every field; `base` is what the database held after the first load."""
    for model, fields in FIELDS.items():
        for name in fields:
            before = base[model][name]
            now = edited[model].get(name, before)
            file = file_value(said_then, model, name, base)
            takes = file is not SILENT and file != now and now == before
            if takes and not (name == "status" and STATUSES.index(file) < STATUSES.index(now)):
                now = file
            yield model, name, now


SILENT = object()


def file_value(said, model, name, base):
    for one in file_saying(said):
        if one["model"] == f"governance.{model}" and KEYS[model].items() <= one["fields"].items():
            return one["fields"].get(name, SILENT)
    raise AssertionError(model)


many = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.mark.django_db
@many
@given(saying(), saying(), saying())
def test_it_holds_for_every_field_of_a_record(first, then, edited):
    @in_a_world_of_its_own
    def example():
        load(file_saying(first))
        base = held()
        edit(edited)
        load(file_saying(then))
        found = held()
        for model, name, value in expected(first, then, edited, base):
            assert found[model][name] == value, (model, name)

    example()


@pytest.mark.django_db
@many
@given(saying(), saying(), saying())
def test_it_is_idempotent(first, then, edited):
    @in_a_world_of_its_own
    def example():
        load(file_saying(first))
        edit(edited)
        load(file_saying(then))
        before = record()
        assert load(file_saying(then)).changes == 0
        assert record() == before

    example()


def dropping():
    """What a file leaves out of the year, and what it has in addition."""
    return st.tuples(st.booleans(), st.booleans(), st.booleans())


def file_dropping(said, dropped):
    self_governance, its_evidence, second = dropped
    objects = file_saying(said)
    if self_governance:
        objects = without(objects, "coding", mechanism=["self-governance"])
    elif its_evidence:
        objects = [*objects, evidence("self-governance", "围坐夜话")]
    if second:
        objects = [*objects, coding("covenants"), evidence("covenants", "逐项商定")]
    return objects


@pytest.mark.django_db
@many
@given(saying(), dropping(), saying(), dropping())
def test_undoing_is_the_way_back_where_nobody_changed_anything(first, dropped, then, dropped_then):
    # What was public stays, as a draft: see test_undo_public.py.
    for said in (first, then):
        said["achievement"].pop("status", None)

    @in_a_world_of_its_own
    def example():
        empty = record()
        one = load(file_dropping(first, dropped))
        before = record()
        two = load(file_dropping(then, dropped_then))
        loading.undo(two.load)
        assert record() == before
        again = load(file_dropping(first, dropped))
        assert again.changes == 0
        loading.undo(again.load)
        loading.undo(one.load)
        assert record() == empty

    example()


@pytest.mark.django_db
@many
@given(saying(), saying(), saying())
def test_undoing_keeps_every_edit(first, then, edited):
    @in_a_world_of_its_own
    def example():
        load(file_saying(first))
        two = load(file_saying(then))
        loaded = held()
        edit(edited)
        loading.undo(two.load)
        found = held()
        for model, fields in edited.items():
            for name, value in fields.items():
                if value != loaded[model][name]:
                    assert found[model][name] == value, (model, name)

    example()
