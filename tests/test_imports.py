"""Holds the lines of who may import whom, by reading the imports of every file."""

import ast
from graphlib import CycleError, TopologicalSorter
from itertools import chain, permutations, product
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.once

# Each row may import those above it, never those below it, nor its neighbours in the row.
GOVERNANCE = [
    ["governance.querysets"],
    [
        *("governance.batches", "governance.pinyin", "governance.readable_yaml"),
        *("governance.roles", "governance.words"),
    ],
    ["governance.models"],
    ["governance.changes", "governance.facet_table", "governance.images"],
    ["governance.facets"],
    ["governance.records"],
    ["governance.index"],
    ["governance.publishing", "governance.backups"],
    ["governance.loading"],
    ["governance.intake"],
    ["governance.admin", "governance.management", "governance.accounts"],
]
# In `announcements`: the shapes of a reading, then files, then what is read of them.
ANNOUNCEMENTS = [
    ["governance.announcements.readings"],
    ["governance.announcements.files"],
    ["governance.announcements.entries", "governance.announcements.places"],
    ["governance.announcements.suggesting"],
    ["governance.announcements.award"],
]
SHOWCASE = [
    ["showcase.text"],
    ["showcase.links"],
    ["showcase.answers"],
    ["showcase.citing", "showcase.query"],
    ["showcase.html"],
    ["showcase.entry", "showcase.tables", "showcase.data"],
    ["showcase.views", "showcase.api", "showcase.management"],
]


def upward(rows):
    """(who, may not import what) of rows of which each may import those above it."""
    for number, row in enumerate(rows):
        yield from permutations(row, 2)
        yield from product(row, chain(*rows[number + 1 :]))


# (who, may not import what), each with all that is below it.
LINES = [
    *upward(GOVERNANCE),
    *upward(ANNOUNCEMENTS),
    *upward(SHOWCASE),
    ("governance", "showcase"),
    ("governance", "tests"),
    ("showcase", "tests"),
    ("showcase.views", "showcase.views"),
    ("governance.announcements", "django"),
    ("governance.announcements", "governance"),
    ("governance.index", "governance.announcements"),
    ("governance.loading", "governance.announcements"),
    ("governance.template_messages", "governance"),
]
# The reader of announcements is handed everything but its own modules; what all views stand on is no
# view itself.
ALLOWED = {
    "governance.announcements": "governance.announcements",
    "showcase.views": "showcase.views.base",
}


def files(root, module):
    path = root.joinpath(*module.split("."))
    return [*path.parent.glob(f"{path.name}.py"), *sorted(path.rglob("*.py"))]


def imports(path, root):
    """Dotted names of all that a file imports, relative ones resolved; of `from a import b`, a.b."""
    package = path.relative_to(root).parent.parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) + 1 - node.level] if node.level else ()
            module = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{module}.{alias.name}" for alias in node.names)


def below(name, module):
    return f"{name}.".startswith(f"{module}.")


def crossings(root):
    """Each import that crosses a line, as "file imports name"."""
    return sorted(
        {
            f"{path.relative_to(root).as_posix()} imports {name}"
            for who, what in LINES
            for path in files(root, who)
            for name in imports(path, root)
            if below(name, what) and not below(name, ALLOWED.get(who, "-"))
        }
    )


def test_it_crosses_no_line():
    assert crossings(settings.BASE_DIR) == []


def graph(root):
    """{module: modules of ours that it imports}; a package is not held for what its parts import."""
    found = {}
    for package in ("governance", "showcase"):
        for path in sorted(Path(root, package).rglob("*.py")):
            name = ".".join(path.relative_to(root).with_suffix("").parts)
            found[name.removesuffix(".__init__")] = set(imports(path, root))
    return {
        name: {home(target, found) for target in targets if not below(name, home(target, found))}
        for name, targets in found.items()
    }


def home(target, modules):
    """The module that an imported name stands in, or the name itself if it is none of ours."""
    while target not in modules and "." in target:
        target = target.rpartition(".")[0]
    return target


def circle(root):
    """The modules of one circle of imports, or None."""
    try:
        TopologicalSorter(graph(root)).prepare()
    except CycleError as error:
        return error.args[1]
    return None


def test_it_runs_in_no_circle():
    assert circle(settings.BASE_DIR) is None


def test_it_finds_a_circle(tmp_path):
    write(tmp_path, "governance/models/region.py", "from governance.index import text")
    write(tmp_path, "governance/index/text.py", "from ..models.region import Region")
    assert set(circle(tmp_path)) == {"governance.models.region", "governance.index.text"}


@pytest.mark.parametrize("layer", ["governance.querysets", "governance.models", "showcase.views"])
def test_it_finds_the_files_of(layer):
    names = {
        name
        for path in files(settings.BASE_DIR, layer)
        for name in imports(path, settings.BASE_DIR)
    }
    assert any(below(name, "django") for name in names)


@pytest.mark.parametrize(
    ("file", "line", "crossing"),
    [
        ("governance/records/making.py", "from showcase.query import form", "showcase.query.form"),
        ("governance/pinyin.py", "from .words import listed", "governance.words.listed"),
        (
            "governance/announcements/files/docx.py",
            "from ..places import x",
            "governance.announcements.places.x",
        ),
        ("showcase/text.py", "from . import links", "showcase.links"),
        ("showcase/query/form.py", "from showcase.html import heads", "showcase.html.heads"),
        (
            "showcase/entry/evidence.py",
            "from showcase.tables import notes",
            "showcase.tables.notes",
        ),
        (
            "showcase/data/sitemaps.py",
            "from showcase.views.base import Page",
            "showcase.views.base.Page",
        ),
        ("governance/models/region.py", "def f():\n    import showcase", "showcase"),
        (
            "governance/models/region.py",
            "from ..records import region_record",
            "governance.records",
        ),
        ("governance/querysets.py", "from .models import Region", "governance.models.Region"),
        ("governance/querysets.py", "from . import models", "governance.models"),
        ("showcase/views/years.py", "from .regions import RegionView", "showcase.views.regions"),
        ("showcase/views/years.py", "from . import regions", "showcase.views.regions"),
        ("showcase/query/form.py", "from tests.conftest import draft", "tests.conftest.draft"),
        ("governance/announcements/text.py", "import django", "django"),
        ("governance/announcements/text.py", "from ..models import Region", "governance.models"),
    ],
)
def test_it_finds_a_crossing(tmp_path, file, line, crossing):
    write(tmp_path, file, line)
    (found,) = crossings(tmp_path)
    assert found.startswith(f"{file} imports {crossing}")


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("governance/announcements/text.py", "from .words import fold"),
        ("governance/settings.py", 'INSTALLED_APPS = ["showcase"]'),
        ("governance/models/region.py", "import showcases"),
        ("showcase/views/years.py", "from governance.models import AwardYear"),
    ],
)
def test_it_lets_other_imports_pass(tmp_path, file, line):
    write(tmp_path, file, line)
    assert crossings(tmp_path) == []


def write(root, file, text):
    path = Path(root, file)
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
