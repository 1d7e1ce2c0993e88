"""Holds that docs/house.md is of the code: its picture, its list of rooms, its arrows."""

import re
from collections import Counter
from graphlib import TopologicalSorter
from itertools import chain

import pytest
from django.conf import settings

from .test_imports import ANNOUNCEMENTS, GOVERNANCE, LINES, SHOWCASE, below, graph

pytestmark = pytest.mark.once

ROOT = settings.BASE_DIR
HOUSE = (ROOT / "docs/house.md").read_text(encoding="utf-8")
PICTURE = re.search(r"```mermaid\n(.*?)```", HOUSE, re.S)[1]
FRAME = set(re.findall(r"`(\w+)`", HOUSE.split("nobody imports them:")[1].split(".")[0]))


def room(module):
    """The room of a module, or None of what is no room: the package itself, what Django asks for."""
    package, *inner = module.split(".")
    if package not in ("governance", "showcase") or not inner or inner[0] in FRAME:
        return None
    size = 2 if inner[0] == "announcements" else 1
    return ".".join([package, *inner[:size]])


def arrows():
    """{room: rooms that it imports}, of the code."""
    found = {}
    for module, targets in graph(ROOT).items():
        if room(module):
            found.setdefault(room(module), set()).update(filter(None, map(room, targets)))
    return {name: targets - {name} for name, targets in found.items()}


def led_to(name, found):
    """All that the arrows of a room lead to, over several steps too."""
    return found[name].union(*(led_to(target, found) for target in found[name]))


def reduced(found):
    """The arrows without those where a longer way leads to the same room."""
    return {
        name: {
            target
            for target in targets
            if not any(target in led_to(other, found) for other in targets)
        }
        for name, targets in found.items()
    }


def names():
    """{name in the picture: room}; rooms of both packages that end in one name are called in full."""
    ends = Counter(name.rpartition(".")[2] for name in arrows())
    return {
        name.rpartition(".")[2]
        if ends[name.rpartition(".")[2]] == 1
        else name.replace(".", "_"): name
        for name in arrows()
    }


def drawn():
    """{room: rooms that its arrows in the picture lead to}."""
    called, found = names(), {}
    for line in PICTURE.splitlines()[1:]:
        if not re.match(r" *(subgraph|end)\b", line):
            name, _, targets = line.strip().partition(" --> ")
            targets = {called[target] for target in targets.split(" & ") if target}
            for room in (called[name], *targets):
                found.setdefault(room, set())
            found[called[name]] |= targets
    return found


def test_the_rooms_stand_in_no_circle():
    list(TopologicalSorter(arrows()).static_order())


def test_the_picture_has_every_room_and_every_arrow():
    assert drawn() == reduced(arrows())


@pytest.mark.parametrize("package", ["governance", "showcase"])
def test_the_picture_draws_a_room_in_its_package(package):
    inside = PICTURE.split(f"subgraph {package}\n")[1].split("\n    end")[0]
    called = names()
    found = {called[name] for name in re.findall(r"\w+", inside) if name in called}
    mine = {name for name in arrows() if below(name, package)}
    assert found == mine


def test_the_list_has_a_sentence_for_every_room():
    listed = re.findall(r"^- `((?:governance|showcase)/\S+)` (.*)$", HOUSE, re.M)
    for path, sentence in listed:
        assert (ROOT / path).is_dir() if path.endswith("/") else (ROOT / path).is_file(), path
        assert re.fullmatch(r"[^.]+(\.\w[^.]*)*\.", sentence), sentence
    found = [path.removesuffix("/").removesuffix(".py").replace("/", ".") for path, _ in listed]
    assert sorted(found) == sorted(arrows())


def test_what_is_no_room_is_there_for_django():
    modules = {name.split(".")[1] for name in graph(ROOT) if "." in name}
    assert modules >= FRAME
    for module, targets in graph(ROOT).items():
        for target in targets:
            package, _, name = target.partition(".")
            if package in ("governance", "showcase") and name.split(".")[0] in FRAME:
                assert module.split(".")[1] in FRAME, f"{module} imports {target}"


def test_every_room_has_its_line_in_the_test_of_imports():
    held = {*chain(*GOVERNANCE, *ANNOUNCEMENTS, *SHOWCASE), *(who for who, _ in LINES)}
    assert set(arrows()) <= held
