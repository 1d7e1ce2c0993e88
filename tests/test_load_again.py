"""A year that is loaded again and again: each file is compared with the last one, not with the first."""

import ast

import pytest
from django.apps import apps
from django.conf import settings

from governance import loading
from governance.models import Achievement, Load

from .helpers import corrections
from .helpers.corrections import FIRST, SECOND, THIRD, differences, listed, load_list

pytestmark = pytest.mark.django_db

ALL = ("kept", "conflicts", "absent")


def mended(entry, summary):
    return (*entry[:2], summary)


def test_a_document_can_be_corrected_again_and_again():
    third = mended(THIRD, "上城区建立议事新制度。")
    load_list(FIRST, SECOND, THIRD)
    load_list(FIRST, SECOND, third)
    report = load_list(mended(FIRST, "江干区普遍建立议事制度。"), SECOND, third)
    assert differences(report, "changed", *ALL) == [
        ("changed", ("2010",), "text"),
        ("changed", ("2010-w01",), "summary"),
    ]
    assert [summary for _rank, _title, summary in listed().values()] == [
        "江干区普遍建立议事制度。",
        SECOND[2],
        "上城区建立议事新制度。",
    ]


def test_going_back_to_an_earlier_document_is_a_change_of_the_file():
    load_list(FIRST, SECOND)
    load_list(FIRST, mended(SECOND, "西湖区设立议事制度。"))
    report = load_list(FIRST, SECOND)
    assert differences(report, *ALL) == []
    assert differences(report, "changed")[-1] == ("changed", ("2010-w02",), "summary")
    assert listed()["2010-w02"] == (2, SECOND[0], SECOND[2])


def test_it_is_compared_with_what_was_loaded_last_whenever_that_was_uploaded():
    waiting = Load.objects.create(name="2010.txt", content=b"2010", kind="document", year=2010)
    load_list(FIRST, SECOND)
    objects = corrections.fixture(FIRST, mended(SECOND, "西湖区设立议事制度。"))
    (late,) = loading.load([loading.FixtureFile("2010.txt", b"2010", objects, record=waiting)])
    report = load_list(FIRST, SECOND)
    assert differences(report, *ALL) == []
    loading.undo(report.load)
    with pytest.raises(loading.LoadError, match=f"请先撤销 #{late.load}"):
        loading.undo(Load.objects.get(state="loaded", name="2010.yaml").pk)
    loading.undo(late.load)
    assert listed()["2010-w02"] == (2, SECOND[0], SECOND[2])


def test_a_load_that_was_undone_is_as_if_it_had_not_been():
    load_list(FIRST, SECOND)
    second = load_list(FIRST, mended(SECOND, "西湖区设立议事制度。"))
    loading.undo(second.load)
    report = load_list(FIRST, mended(SECOND, "西湖区完善议事制度。"))
    assert differences(report, *ALL) == []
    assert listed()["2010-w02"][2] == "西湖区完善议事制度。"


def test_what_staff_changed_is_kept_through_many_loads():
    load_list(FIRST, SECOND)
    load_list(FIRST, mended(SECOND, "西湖区设立议事制度。"))
    Achievement.objects.filter(code="2010-w02").update(summary="我改的。", summary_offset=None)
    report = load_list(
        mended(FIRST, "江干区普遍建立议事制度。"), mended(SECOND, "西湖区设立议事制度。")
    )
    assert differences(report, *ALL) == [("kept", ("2010-w02",), "summary")]
    report = load_list(FIRST, mended(SECOND, "西湖区完善议事制度。"))
    assert differences(report, *ALL) == [("conflicts", ("2010-w02",), "summary")]
    assert listed()["2010-w02"][2] == "我改的。"


def test_nothing_is_ordered_by_a_relation():
    """`order_by("load")` follows the ordering of Load, "load_id" does not."""
    relations = {
        field.name
        for model in apps.get_app_config("governance").get_models()
        for field in model._meta.fields
        if field.is_relation and field.related_model._meta.ordering
    }
    found = []
    for package in ("governance", "showcase"):
        for path in (settings.BASE_DIR / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "order_by":
                    for name in node.args:
                        last = str(getattr(name, "value", "")).lstrip("-").rpartition("__")[2]
                        if last in relations:
                            found.append(f"{path.name}: {last}")
    assert found == []
