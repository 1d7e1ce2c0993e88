"""docs/threats.md says which test holds what: they are there."""

import ast
import re

import pytest
from django.conf import settings

pytestmark = pytest.mark.once

TEXT = (settings.BASE_DIR / "docs/threats.md").read_text(encoding="utf-8")
LINES = re.findall(r"^\| (V\d+) \| (.+) \|$", TEXT, re.M)
# The chapters of ASVS 4.0.3 but for the first, which is about how one designs.
CHAPTERS = {f"V{number}" for number in range(2, 15)}


def names_in(module):
    path = settings.BASE_DIR / "tests" / f"{module}.py"
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_each_line_is_held_by_tests_that_are_there():
    for _chapter, line in LINES:
        held = re.findall(r"`([\w/]+)::(test_\w+)`", line.rpartition(" | ")[2])
        assert held, line
        for module, name in held:
            assert name in names_in(module), f"{module} has no {name}"


def test_each_chapter_has_a_line():
    assert {chapter for chapter, _line in LINES} == CHAPTERS


def test_it_says_what_is_left_to_the_operator():
    left = TEXT.split("## What is left to the operator")[1]
    for setting in ("HTTPS", "TRUSTED_PROXIES", "REQUIRE_SECOND_FACTOR", "LOG_ADDRESSES"):
        assert f"`{setting}" in left
