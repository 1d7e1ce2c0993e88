"""Sites that earlier code made are upgraded; their loads are what they were."""

import ast
import json
from contextlib import ExitStack
from functools import cache

import pytest
import yaml

from .helpers import old_site
from .helpers.backups import sql
from .helpers.homes import Home, copied, database

# WHAT is done with the old site, in a process of its own; it prints JSON.
RUN = """
import json, sys
import django
django.setup()
from django.core.management import call_command
from tests.helpers import old_site
"""
FILL = "old_site.fill(sys.argv[1]); print(json.dumps('filled'))"
STORY = "call_command('rebuild_index', stdout=sys.stderr); print(json.dumps(old_site.story(sys.argv[1])))"
# An entry is deleted by the code of then, another is made by hand in the upgraded site and published,
# and the loads that made the first are undone.
DELETED = """
from django.db import connection
parts = ["achievementorganization", "settingevidence", "coding"]
gone = "(SELECT id FROM governance_achievement WHERE code = '2016-w01')"
with connection.cursor() as cursor:
    cursor.execute(f"DELETE FROM governance_evidence WHERE coding_id IN (SELECT id FROM governance_coding WHERE achievement_id IN {gone})")
    for part in parts:
        cursor.execute(f"DELETE FROM governance_{part} WHERE achievement_id IN {gone}")
    cursor.execute("DELETE FROM governance_achievement WHERE code = '2016-w01'")
call_command("migrate", verbosity=0)
"""
BY_HAND = """
from governance import index
from governance.models import Achievement, AwardYear, Load, Region
fields = {"tier": "winner", "rank": 2, "title": "“楼道茶馆”", "status": "published", "region": Region.objects.first()}
year = AwardYear.objects.get(code="2016")
index.update([Achievement.objects.create(code="2016-w02", award_year=year, **fields).pk])
for load in Load.objects.filter(scope="2016").order_by("-loaded_at"):
    call_command("undo_load", str(load.pk), stdout=sys.stderr)
print(json.dumps(list(Achievement.objects.filter(award_year=year).values_list("code", "status"))))
"""
NEXT_KEYS = """
from governance.loading.lookup import reserved
from governance.loading.schemas import MODELS
print(json.dumps({model.__name__: next(iter(reserved(model, 1))) for model in MODELS}))
"""
# Numbers, codes and keys of what is in the index, and all its bitmaps.
INDEX = """
from governance.models import IndexEntry, IndexState, Posting
rows = [list(IndexEntry.objects.order_by('pk').values_list('number', 'code', 'title', 'facets'))]
rows += [sorted((key, chunk, bytes(numbers).hex()) for key, chunk, numbers in Posting.objects.values_list('key', 'chunk', 'numbers'))]
print(json.dumps([*rows, list(IndexState.objects.values_list('shape', 'stale'))]))
"""
# What came since: {model: names of its fields}.
SINCE = {
    "governance.awardyear": ["award", "code", "edition", "first_published"],
    "governance.achievement": ["grade"],
    "governance.coding": ["reviewed_by", "reviewed_on"],
    "governance.evidence": ["field_en", "start_en", "end_en", "text_en"],
}


def run(home, what, argument=""):
    status, out, err = home.run("-c", RUN + what, argument)
    assert status == 0, err
    return json.loads(out)


@pytest.fixture(scope="session")
def sites(tmp_path_factory):
    """A function of a name of SITES: the Home of that site, as it was or migrated; each is made once."""
    with ExitStack() as stack:

        @cache
        def site(name, migrated):
            folder = tmp_path_factory.mktemp(name)
            if migrated:
                home = stack.enter_context(copied(site(name, ""), folder))
                home.manage("migrate", "--verbosity", "0")
            else:
                home = Home(folder, stack.enter_context(database(folder)))
                run(home, FILL, name)
            return home

        yield site


@pytest.fixture
def home(sites, request, tmp_path):
    """A copy of one of them."""
    name, _, migrated = request.param.partition(" ")
    with copied(sites(name, migrated), tmp_path) as home:
        home.name, home.site = name, old_site.read(name)
        yield home


def of_then(dumped):
    """The objects of a dump without what came since; None for None."""
    if dumped is None:
        return None
    objects = [one for one in yaml.safe_load(dumped) if one["model"] != "governance.award"]
    for one in objects:
        for name in SINCE.get(one["model"], ()):
            one["fields"].pop(name, None)
        if "award_year" in one["fields"]:
            one["fields"]["award_year"] = [str(one["fields"]["award_year"][0])]
    return objects


# Where its own code left public what an undone load had published: it is taken back now, and counted.
TAKEN_BACK = {("one_award", 5): {"changed": 1, "unchanged": 7, "kept": 8}, ("one_award", 6): {}}


def taken_back(counted, objects, **otherwise):
    for one in objects:
        if one["model"] == "governance.achievement":
            one["fields"]["status"] = "draft"
    return counted | otherwise, objects


@pytest.mark.parametrize("home", [f"{name} migrated" for name in old_site.SITES], indirect=True)
def test_its_loads_are_undone_loaded_again_and_merged_as_they_would_have_been(home):
    told, story = run(home, STORY, str(home.folder)), home.site["story"]
    assert [command for command, *_rest in told] == [command for command, *_rest in story]
    for number, ((_now, counts, dumped), (_then, *then)) in enumerate(
        zip(told, story, strict=True)
    ):
        then = then[0], of_then(then[1])
        if (home.name, number) in TAKEN_BACK:
            then = taken_back(*then, **TAKEN_BACK[home.name, number])
        assert (counts, of_then(dumped)) == then, number


@pytest.mark.parametrize("home", ["old_site migrated"], indirect=True)
def test_what_staff_have_edited_of_the_first_coding_stays_and_aliases_become_search_words(home):
    words = "Mechanism.objects.values_list('synonyms', 'search_words').get(slug='deliberation')"
    aliases = {one["slug"]: one["aliases"] for one in home.site["rows"]["Mechanism"]}
    assert home.value(words) == str(("", aliases["deliberation"]))
    sql(home, "UPDATE governance_mechanism SET search_words = '楼道公约' WHERE slug = 'covenants'")
    sql(home, "UPDATE governance_coding SET coder = '沈慧', weight = 'primary' WHERE id = 1")
    said = home.manage("prepare")
    now, kept, coding = home.values(
        words,
        "Mechanism.objects.values_list('search_words', flat=True).get(slug='covenants')",
        "Coding.objects.values_list('aspect', 'weight', 'coder', 'coded_on').get(pk=1)",
    )
    names, search_words = ast.literal_eval(now)
    assert "协商民主" in names.split("\n")
    assert "议事会" in search_words.split("\n")
    # What staff have changed since stays.
    assert "保留库中的 “楼道公约”" in said
    assert kept == "楼道公约"
    assert coding == "('goal', 'primary', '沈慧', datetime.date(2026, 11, 26))"


@pytest.mark.parametrize("home", ["old_site migrated"], indirect=True)
def test_what_it_had_published_is_known_and_not_changed_by_the_upgrade(home):
    days = "'first_published', 'modified', 'withdrawn'"
    since = f"[(code, *map(str, days)) for code, *days in Publication.objects.values_list('code', {days})]"
    migrated = home.value(since)
    assert migrated == "[('2015-w01', '2026-11-26', '2026-11-26', 'None')]"
    home.manage("rebuild_index")
    digest = "[len(digest) for digest in Publication.objects.values_list('digest', flat=True)]"
    assert home.values(since, digest) == [migrated, "[32]"]


@pytest.mark.parametrize("home", ["old_site"], indirect=True)
def test_prepare_upgrades_it_and_brings_what_the_program_has_now(home):
    said = home.calls(["prepare"], ["prepare"])
    assert "随程序附带的数据有更新：" in said
    for name in ("regions.json", "mechanisms.yaml", "2015.yaml"):
        assert said.count(f"已装入 {name}") == 1
    assert "未作改动" in said
    entry = "Achievement.objects.values_list('summary_en', 'title_en').get(code='2016-w01')"
    codings, english, published, shipped, loads, kept = home.values(
        "{one.mechanism.slug: one.coder for one in Coding.objects.filter(achievement__code='2015-w01')}",
        "Evidence.objects.values_list('text', 'text_en').get(pk=1)",
        "Achievement.objects.published().filter(award_year__year=2015).count()",
        "sorted(Load.objects.filter(shipped=True).values_list('name', flat=True))",
        "list(Load.objects.filter(state='loaded', scope='2016').values_list('pk', flat=True))",
        entry,
    )
    assert ast.literal_eval(codings) == dict.fromkeys(
        [
            *("self-governance", "power-lists-compacts"),
            *("oversight-evaluation", "multi-actor-collaboration"),
        ],
        "机器辅助编码",
    )
    assert ast.literal_eval(english) == (
        "提升自治能力",
        "strengthening the capacity for self-governance",
    )
    assert published == "20"
    assert shipped == str(sorted(["2015.yaml", "mechanisms.yaml", "regions.json"] * 2))
    assert kept == "('Neighbours talk in the courtyard.', 'Courtyard Talks')"
    home.calls(*(["undo_load", str(pk)] for pk in json.loads(loads)))
    assert home.value(entry) == "('Neighbours talk in the courtyard.', '')"


@pytest.mark.parametrize("home", ["one_award migrated"], indirect=True)
def test_what_was_one_award_becomes_the_first(home):
    assert home.values(
        "Award.objects.values_list('slug', 'prefix', 'name', 'winner_label').get()",
        "list(AwardYear.objects.values_list('code', 'year'))",
        "list(Achievement.objects.values_list('code', flat=True))",
        "sorted(LoadPart.objects.values_list('load', 'scope'))",
        "list(Load.objects.values_list('scope', flat=True))",
    ) == [
        "('community-governance-innovation', '', '奖', '十大创新成果')",
        "[('2016', 2016)]",
        "['2016-w01']",
        "[(1, ''), (1, '2016'), (2, ''), (2, '2016')]",
        "['2016', '2016']",
    ]


@pytest.mark.parametrize("home", ["one_award"], indirect=True)
def test_a_rebuild_changes_nothing_of_what_the_upgrade_left(home):
    home.manage("prepare")
    left = run(home, INDEX)
    assert [code for _number, code, *_rest in left[0]] == ["2016-w01"]
    home.manage("rebuild_index")
    assert run(home, INDEX) == left


@pytest.mark.parametrize("home", ["old_site"], indirect=True)
def test_no_entry_gets_the_key_of_one_that_was_deleted_before_the_upgrade(home):
    """Undoing the loads that made that one would take it for theirs."""
    assert run(home, DELETED + BY_HAND) == [["2016-w02", "published"]]


@pytest.mark.parametrize("home", ["one_award migrated"], indirect=True)
def test_no_table_of_the_record_forgets_in_an_upgrade_which_keys_it_has_given(home):
    keys = run(home, NEXT_KEYS)
    assert keys == dict.fromkeys(keys, 1001) | {"Award": 2, "AchievementImage": 1}
