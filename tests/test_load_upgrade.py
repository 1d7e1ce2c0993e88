"""Sites that earlier code made are upgraded; their loads are what they were."""

import ast
import json

import pytest
import yaml

from .helpers import old_site
from .helpers.homes import Home, database

# WHAT is done with the old site, in a process of its own; it prints JSON.
RUN = """
import json, sys
import django
django.setup()
from django.core.management import call_command
from tests.helpers import old_site
"""
FILL = "old_site.fill(sys.argv[1]); print(json.dumps('filled'))"
STORY = "print(json.dumps(old_site.story(sys.argv[1])))"
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
print(json.dumps("deleted"))
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


@pytest.fixture
def home(tmp_path, request):
    with database(tmp_path) as url:
        home = Home(tmp_path, url)
        run(home, FILL, request.param)
        home.name, home.site = request.param, old_site.read(request.param)
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


@pytest.mark.parametrize("home", old_site.SITES, indirect=True)
def test_its_loads_are_undone_loaded_again_and_merged_as_they_would_have_been(home):
    home.manage("migrate", "--verbosity", "0")
    home.manage("rebuild_index")
    told, story = run(home, STORY, str(home.folder)), home.site["story"]
    assert [command for command, *_rest in told] == [command for command, *_rest in story]
    for number, ((_now, counts, dumped), (_then, *then)) in enumerate(
        zip(told, story, strict=True)
    ):
        then = then[0], of_then(then[1])
        if (home.name, number) in TAKEN_BACK:
            then = taken_back(*then, **TAKEN_BACK[home.name, number])
        assert (counts, of_then(dumped)) == then, number


@pytest.mark.parametrize("home", ["old_site"], indirect=True)
def test_what_staff_have_edited_of_the_first_coding_stays_and_aliases_become_search_words(home):
    words = "Mechanism.objects.values_list('synonyms', 'search_words').get(slug='deliberation')"
    aliases = {one["slug"]: one["aliases"] for one in home.site["rows"]["Mechanism"]}
    home.manage("migrate", "--verbosity", "0")
    assert home.value(words) == str(("", aliases["deliberation"]))
    home.value("Mechanism.objects.filter(slug='covenants').update(search_words='楼道公约')")
    home.value("Coding.objects.filter(pk=1).update(coder='沈慧', weight='primary')")
    said = home.manage("prepare")
    names, search_words = ast.literal_eval(home.value(words))
    assert "协商民主" in names.split("\n")
    assert "议事会" in search_words.split("\n")
    # What staff have changed since stays.
    assert "保留库中的 “楼道公约”" in said
    kept = "Mechanism.objects.values_list('search_words', flat=True).get(slug='covenants')"
    assert home.value(kept) == "楼道公约"
    said = "Coding.objects.values_list('aspect', 'weight', 'coder', 'coded_on').get(pk=1)"
    assert home.value(said) == "('goal', 'primary', '沈慧', datetime.date(2026, 11, 26))"


@pytest.mark.parametrize("home", ["old_site"], indirect=True)
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


@pytest.mark.parametrize("home", ["old_site"], indirect=True)
def test_prepare_upgrades_it_and_brings_what_the_program_has_now(home):
    said = home.manage("prepare")
    assert "随程序附带的数据有更新：" in said
    for name in ("regions.json", "mechanisms.yaml", "2015.yaml"):
        assert f"已装入 {name}" in said
    assert "未作改动" in home.manage("prepare")
    codings = "{one.mechanism.slug: one.coder for one in Coding.objects.filter(achievement__code='2015-w01')}"
    assert ast.literal_eval(home.value(codings)) == dict.fromkeys(
        [
            *("self-governance", "power-lists-compacts"),
            *("oversight-evaluation", "multi-actor-collaboration"),
        ],
        "机器辅助编码",
    )
    english = "Evidence.objects.values_list('text', 'text_en').get(pk=1)"
    assert ast.literal_eval(home.value(english)) == (
        "提升自治能力",
        "strengthening the capacity for self-governance",
    )
    assert (
        home.value("Achievement.objects.published().filter(award_year__year=2015).count()") == "20"
    )
    shipped = "sorted(Load.objects.filter(shipped=True).values_list('name', flat=True))"
    names = ["2015.yaml", "mechanisms.yaml", "regions.json"]
    assert home.value(shipped) == str(sorted(names * 2))
    entry = "Achievement.objects.values_list('summary_en', 'title_en').get(code='2016-w01')"
    assert home.value(entry) == "('Neighbours talk in the courtyard.', 'Courtyard Talks')"
    loads = "list(Load.objects.filter(state='loaded', scope='2016').values_list('pk', flat=True))"
    for pk in json.loads(home.value(loads)):
        home.manage("undo_load", str(pk))
    assert home.value(entry) == "('Neighbours talk in the courtyard.', '')"


@pytest.mark.parametrize("home", ["one_award"], indirect=True)
def test_what_was_one_award_becomes_the_first(home):
    home.manage("migrate", "--verbosity", "0")
    award = "Award.objects.values_list('slug', 'prefix', 'name', 'winner_label').get()"
    assert home.value(award) == "('community-governance-innovation', '', '奖', '十大创新成果')"
    assert home.value("list(AwardYear.objects.values_list('code', 'year'))") == "[('2016', 2016)]"
    assert home.value("list(Achievement.objects.values_list('code', flat=True))") == "['2016-w01']"
    scopes = "sorted(LoadPart.objects.values_list('load', 'scope'))"
    assert home.value(scopes) == "[(1, ''), (1, '2016'), (2, ''), (2, '2016')]"
    assert home.value("list(Load.objects.values_list('scope', flat=True))") == "['2016', '2016']"


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
    run(home, DELETED)
    home.manage("migrate", "--verbosity", "0")
    assert run(home, BY_HAND) == [["2016-w02", "published"]]


@pytest.mark.parametrize("home", ["one_award"], indirect=True)
def test_no_table_of_the_record_forgets_in_an_upgrade_which_keys_it_has_given(home):
    home.manage("migrate", "--verbosity", "0")
    keys = run(home, NEXT_KEYS)
    assert keys == dict.fromkeys(keys, 1001) | {"Award": 2, "AchievementImage": 1}
