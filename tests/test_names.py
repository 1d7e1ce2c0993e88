"""Holds that a search for a name leads home: what other modules import is defined once."""

import ast
from collections import defaultdict
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.once

PACKAGES = ("governance", "showcase")
# Django and its tools find these by their names, in each place that has one.
NAMED_BY_DJANGO = {"Command", "Migration"}


def sources(root):
    """{path: syntax tree} of the product's own modules, migrations aside."""
    return {
        path: ast.parse(path.read_text(encoding="utf-8"))
        for package in PACKAGES
        for path in sorted(Path(root, package).rglob("*.py"))
        if "migrations" not in path.parts
    }


def defined_twice(root):
    """Classes, and functions that some module imports by name, with more than one home."""
    homes, classes, imported = defaultdict(set), set(), set()
    for path, tree in sources(root).items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef | ast.FunctionDef) and node.name[0] != "_":
                homes[node.name].add(path)
                if isinstance(node, ast.ClassDef):
                    classes.add(node.name)
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                imported |= {alias.name for alias in node.names}
    return {
        name
        for name, paths in homes.items()
        if len(paths) > 1 and name in classes | imported and name not in NAMED_BY_DJANGO
    }


def test_it_defines_each_name_once():
    assert defined_twice(settings.BASE_DIR) == set()


def test_it_finds_what_is_defined_twice(tmp_path):
    files = {
        "governance/plans.py": "class Plan: ...\ndef plan(): ...\ndef other(): ...\nLAST = 1",
        "governance/loading/plan.py": "class Plan: ...\ndef plan(): ...\ndef other(): ...\nLAST = 1",
        "showcase/views.py": "from governance.plans import plan, LAST",
    }
    for name, text in files.items():
        Path(tmp_path, name).parent.mkdir(parents=True, exist_ok=True)
        Path(tmp_path, name).write_text(text, encoding="utf-8")
    assert defined_twice(tmp_path) == {"Plan", "plan"}
