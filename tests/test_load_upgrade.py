"""A site that the main of before migration 0010 made is upgraded; its loads are what they were."""

import json

import pytest

from .helpers.homes import Home, database
from .helpers.old_site import PATH

SITE = json.loads(PATH.read_text(encoding="utf-8"))

# DO is what is done with the old site, in a process of its own; it prints JSON.
RUN = """
import json, sys
import django
django.setup()
from django.core.management import call_command
from tests.helpers import old_site
site = json.loads(old_site.PATH.read_text(encoding="utf-8"))
"""
FILL = "old_site.fill(site); print(json.dumps('filled'))"
STORY = "print(json.dumps(old_site.story(sys.argv[1])))"


def run(home, what):
    status, out, err = home.run("-c", RUN + what, str(home.folder))
    assert status == 0, err
    return json.loads(out)


# Columns that its own code did not know.
NEW = ("    first_published: null\n",)


def _as_then(told):
    command, counted, dumped = told
    for line in NEW:
        dumped = dumped and dumped.replace(line, "")
    return [command, counted, dumped]


@pytest.fixture
def home(tmp_path):
    with database(tmp_path) as url:
        home = Home(tmp_path, url)
        run(home, FILL)
        yield home


def test_its_loads_are_undone_loaded_again_and_merged_as_they_would_have_been(home):
    home.manage("migrate", "--verbosity", "0")
    home.manage("rebuild_index")
    told = run(home, STORY)
    assert [command for command, *_rest in told] == [command for command, *_rest in SITE["story"]]
    for number, (now, then) in enumerate(zip(told, SITE["story"], strict=True)):
        assert _as_then(now) == then, number


def test_what_it_had_published_is_known_and_not_changed_by_the_upgrade(home):
    days = "'first_published', 'modified', 'withdrawn'"
    since = f"[(code, *map(str, days)) for code, *days in Publication.objects.values_list('code', {days})]"
    home.manage("migrate", "--verbosity", "0")
    migrated = home.value(since)
    assert migrated == "[('2015-w01', '2026-11-26', '2026-11-26', 'None')]"
    home.manage("rebuild_index")
    assert home.value(since) == migrated
    digest = "[len(digest) for digest in Publication.objects.values_list('digest', flat=True)]"
    assert home.value(digest) == "[32]"


def test_prepare_upgrades_it_and_brings_what_the_program_has_now(home):
    said = home.manage("prepare")
    assert "随程序附带的数据有更新：" in said
    for name in ("regions.json", "mechanisms.yaml", "2015.yaml"):
        assert f"已装入 {name}" in said
    assert "未作改动" in home.manage("prepare")
    assert (
        home.value("Achievement.objects.published().filter(award_year__year=2015).count()") == "20"
    )
    shipped = "sorted(Load.objects.filter(shipped=True).values_list('name', flat=True))"
    names = ["2015.yaml", "mechanisms.yaml", "regions.json"]
    assert home.value(shipped) == str(sorted(names * 2))
    entry = "Achievement.objects.values_list('summary_en', 'title_en').get(code='2016-w01')"
    assert home.value(entry) == "('Neighbours talk in the courtyard.', 'Courtyard Talks')"
    loads = "list(Load.objects.filter(state='loaded', year=2016).values_list('pk', flat=True))"
    for pk in json.loads(home.value(loads)):
        home.manage("undo_load", str(pk))
    assert home.value(entry) == "('Neighbours talk in the courtyard.', '')"
