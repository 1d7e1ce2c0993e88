"""What the parser calls whole, loading accepts: announcements of every shape, and the one of 2015 damaged."""

import pytest
from hypothesis import HealthCheck, given, settings

from governance import loading
from governance.announcements import Unreadable
from governance.intake import parsing
from governance.intake.parse_report import problems
from governance.readable_yaml import dump

from .test_announcement_shapes import CASES, case
from .test_announcements import mutants

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def regions_once(monkeypatch):
    """The table of regions does not change from one document to the next."""
    table = parsing.region_table({})
    monkeypatch.setattr(parsing, "region_table", lambda first_years: table)


def loads_if_whole(name, content, year):
    """Whether it was whole; raises what loading says against it."""
    try:
        parsed = parsing.parse(name, content, year)
    except Unreadable:
        return False
    found = [sentence for one in parsed.years for sentence in problems(one)]
    if found or parsing.refusals(parsed, name):
        return False
    file = loading.FixtureFile("parsed.yaml", dump(parsed.fixture).encode())
    loading.load([file], dry_run=True)
    return True


def test_every_shape_that_is_whole_loads():
    whole = [name for name in CASES if loads_if_whole(f"{name}.txt", case(name)[0].encode(), None)]
    assert len(whole) > 40


@settings(
    max_examples=settings.default.max_examples // 2,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(content=mutants())
def test_every_mutant_of_2015_that_is_whole_loads(content):
    loads_if_whole("2015.txt", content, 2015)
