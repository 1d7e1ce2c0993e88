"""The table of fields says all that records have, and nothing else."""

from typing import get_args, get_type_hints

import pytest
from django.test import RequestFactory
from django.utils import translation

from governance import index
from governance.records.fields import CODING, FIELDS, fields_named, names
from showcase.data.records import OpenRecord, open_records

SHAPES = {str: "text", int: "number"}


def leaves(shape, path=""):
    """{path: the types that may stand there} of the shape of a record."""
    found = {}
    for name, hint in get_type_hints(shape).items():
        parts = [part for part in get_args(hint) or [hint] if part is not type(None)]
        (inner,) = get_args(parts[0]) or parts
        if hasattr(inner, "__annotations__"):
            found |= leaves(inner, f"{path}{name}.")
        else:
            found[f"{path}{name}"] = (inner, type(None) in get_args(hint))
    return found


def test_it_has_each_field_once_and_no_other():
    told = [field.name for field in FIELDS if not field.read]
    assert len(told) == len(set(told))
    assert set(told) == set(leaves(OpenRecord))


def test_its_types_are_those_of_the_record():
    shapes = leaves(OpenRecord)
    for field in FIELDS:
        if not field.read:
            inner, may_be_missing = shapes[field.name]
            assert field.type == SHAPES[inner] or (field.type == "date" and inner is str), field
            if may_be_missing:
                assert field.type in ("number", "date"), field


@pytest.mark.django_db
def test_what_records_have_is_in_it_and_closed_values_are_its_own():
    records = list(open_records(index.select(), RequestFactory().get("/")))
    for field in FIELDS:
        for record in records:
            for value in field.values(record):
                assert isinstance(value, int if field.type == "number" else str)
                assert not (field.choices and value and value not in field.choices.values), field


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_two_fields_are_called_alike_in_one_table(language):
    with translation.override(language):
        flat = [str(field.label) for field in FIELDS if field.flat]
        codings = [str(one.label) for one in FIELDS if one.name.startswith(CODING)]
        assert len(flat) == len(set(flat))
        assert len(codings) == len(set(codings))
        assert all(str(field.meaning) and str(field.label) for field in FIELDS)


def test_a_branch_chooses_its_fields():
    assert [field.name for field in fields_named(["title", "award", "title"])] == [
        *("title", "award.slug", "award.name", "award.name_en")
    ]
    assert {"region", "region.lineage", "region.lineage.code", "means.service"} <= set(names())
