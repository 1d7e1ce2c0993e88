"""Runs of Lighthouse that are broken, and those that waver."""

import json
from subprocess import CompletedProcess

import pytest

from .lighthouse import __main__ as lighthouse

NO_START = CompletedProcess([], 1, "", "Something went wrong with recording … (NO_NAVSTART)")
NO_PAINT = CompletedProcess([], 1, "", "The page did not paint any content … (NO_FCP)")
WHOLE = CompletedProcess([], 0, json.dumps({"runWarnings": []}), "")


@pytest.fixture
def looks(monkeypatch):
    """A function: what Lighthouse will answer, one after another."""
    monkeypatch.setattr(lighthouse, "executable", lambda: "chromium")

    def looks(*answers):
        left = iter(answers)
        monkeypatch.setattr(lighthouse.subprocess, "run", lambda *_, **__: next(left))
        return lighthouse.look("http://127.0.0.1/", ["performance"])

    return looks


def test_it_looks_again_where_no_start_was_recorded_and_says_so(looks, capsys):
    assert looks(NO_START, NO_START, WHOLE) == {"runWarnings": []}
    assert "(NO_NAVSTART); attempt 3 of 3" in capsys.readouterr().out


@pytest.mark.parametrize("answers", [[NO_START] * 3, [NO_PAINT, WHOLE]])
def test_it_gives_up_after_three_and_on_anything_else_at_once(looks, answers):
    with pytest.raises(SystemExit, match="could not look at"):
        looks(*answers)


def test_it_takes_the_median():
    reports = [{"categories": {"seo": {"score": score}}} for score in (1, 0.83, 0.99)]
    assert lighthouse.middle(reports, "seo") == (99, [83, 99, 100])
