"""Who may do what: the groups, the table in the docs, and every role at every address."""

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, Permission

from governance.roles import GROUPS, make_groups

pytestmark = pytest.mark.django_db

# {row of the table: the permissions that it takes}
ROWS = {
    "look at everything that the admin has of the record": {"view_achievement", "view_load"},
    "add, change and delete entries that are not public, with organizations, codings and pictures": {
        *("add_achievement", "change_achievement", "delete_achievement", "add_coding"),
        *("change_achievementimage", "delete_achievementorganization"),
    },
    "submit an entry, return it": {"change_achievement"},
    "change a public entry, accept or refuse proposals": {
        *("change_achievement", "publish_achievement", "view_proposedchange"),
    },
    "publish, take back": {"publish_achievement"},
    "add and change organizations": {"add_organization", "change_organization"},
    "add and change awards, award years, regions, mechanisms": {
        *("add_award", "change_awardyear", "change_region", "change_mechanism"),
    },
    "load a file, undo a load, as far as nothing public changes": {"add_load", "undo_load"},
    "load a file that changes public entries, undo such a load": {
        *("add_load", "undo_load", "publish_achievement"),
    },
    "delete organizations, awards, award years, regions, mechanisms that the public never met": {
        *("delete_organization", "delete_region"),
    },
    "find codings right (复核无误) of entries that are not public": {"change_coding"},
    "find codings right of public entries": {"change_coding", "publish_achievement"},
    "answer reports of mistakes": {"change_errorreport"},
    "add and change accounts and groups": {"add_user", "change_group"},
}


def table():
    """{row: {group: whether it says yes}} of the docs."""
    text = (settings.BASE_DIR / "docs/people.md").read_text(encoding="utf-8")
    lines = [line.strip("|") for line in text.splitlines() if line.startswith("|")]
    head, _rule, *rows = [[cell.strip() for cell in line.split("|")] for line in lines]
    return {
        name: dict(zip(head[1:], (one == "yes" for one in said), strict=True))
        for name, *said in rows
    }


def test_it_does_what_the_docs_say():
    said = table()
    assert said.keys() == ROWS.keys() | {"propose a change to a public entry"}
    for group, held in GROUPS.items():
        for row, needed in ROWS.items():
            assert said[row][group] == (needed <= held), (row, group)
        proposes = "change_achievement" in held and "publish_achievement" not in held
        assert said["propose a change to a public entry"][group] == proposes


def test_it_has_the_groups_from_the_first_migration_on():
    for name, codenames in GROUPS.items():
        held = Group.objects.get(name=name).permissions.values_list("codename", flat=True)
        assert set(held) == codenames


def test_it_touches_no_group_that_there_is():
    group = Group.objects.get(name="editor")
    group.permissions.set(Permission.objects.filter(codename="view_achievement"))
    Group.objects.get(name="loader").delete()
    make_groups()
    assert group.permissions.count() == 1
    assert Group.objects.get(name="loader").permissions.count() == len(GROUPS["loader"])
