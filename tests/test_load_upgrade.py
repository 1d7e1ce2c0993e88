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


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("upgrade")
    with database(folder) as url:
        home = Home(folder, url)
        run(home, FILL)
        home.manage("migrate", "--verbosity", "0")
        home.manage("rebuild_index")
        yield home


def test_its_loads_are_undone_loaded_again_and_merged_as_they_would_have_been(home):
    told = run(home, STORY)
    assert [command for command, *_rest in told] == [command for command, *_rest in SITE["story"]]
    for number, (now, then) in enumerate(zip(told, SITE["story"], strict=True)):
        assert now == then, number
