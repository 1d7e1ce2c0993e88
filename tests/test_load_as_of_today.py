"""Loads of before a column was added, renamed or dropped: they are undone, loaded again and merged as ever.

The tables are today's; what is turned back is what loads have stored, as they would have stored it then.
"""

import copy

import pytest

from governance import loading
from governance.loading import history
from governance.loading.history import Renamed
from governance.models import Achievement, AwardYear, LoadPart, Organization

from .helpers.years import changed, load, record, without, year

pytestmark = pytest.mark.django_db

W01 = {"code": "2016-w01"}
ENTRY, ORGANIZATION = "governance.achievement", "governance.organization"
# Columns that nobody had then; the year says nothing of them.
NEW = {
    ENTRY: ["title_en", "summary_en", "status", "setting", "marker"],
    ORGANIZATION: ["name_en"],
    "governance.awardyear": ["issuer", "source_url", "retrieved_on"],
    "governance.coding": ["aspect", "coder", "coded_on"],
    "governance.achievementorganization": ["position"],
}


def stored_as(turn):
    """Turn what loads have stored back: `turn(label, key, columns)` gives the columns of then."""
    for part in LoadPart.objects.all():
        part.rows = {
            label: [
                [key, pk, *(values and turn(label, values) for values in rest)]
                for key, pk, *rest in rows
            ]
            for label, rows in part.rows.items()
        }
        part.save()


def before_columns_were_added():
    stored_as(
        lambda label, values: {name: values[name] for name in values.keys() - {*NEW.get(label, ())}}
    )


def before_columns_were_renamed(monkeypatch):
    then = {"short_name": "nickname", "region_id": "place_id"}
    stored_as(lambda label, values: {then.get(name, name): value for name, value in values.items()})
    now = {old: new for new, old in then.items()}
    renamed = dict.fromkeys([ENTRY, ORGANIZATION], Renamed(columns=now))
    monkeypatch.setattr(history, "RENAMED", renamed)


def before_columns_were_dropped():
    stored_as(lambda label, values: values | {"medal": "甲", "medal_id": None})


def before_keys_were_changed(monkeypatch):
    """Organizations were known by their slugs then, award years by a text."""
    slug, name = "taicang-civil-affairs", "太仓市民政局"
    old = {name: slug, "2016": "2016年度"}
    for part in LoadPart.objects.all():
        for label in (ORGANIZATION, "governance.awardyear"):
            for row in part.rows.get(label, ()):
                row[0] = [old[row[0][0]]]
        for row in part.rows.get("governance.achievementorganization", ()):
            row[0] = [row[0][0], slug]
        part.save()
    now = {slug: name, "2016年度": "2016"}
    key = Renamed(key=lambda key: tuple(now.get(item, item) for item in key))
    labels = [ORGANIZATION, "governance.awardyear", "governance.achievementorganization"]
    monkeypatch.setattr(history, "RENAMED", dict.fromkeys(labels, key))


@pytest.fixture(params=["added", "renamed", "dropped", "keys", "all"])
def turn_back(request, monkeypatch):
    def turn():
        if request.param in ("added", "all"):
            before_columns_were_added()
        if request.param in ("dropped", "all"):
            before_columns_were_dropped()
        if request.param in ("renamed", "all"):
            before_columns_were_renamed(monkeypatch)
        if request.param == "keys":
            before_keys_were_changed(monkeypatch)

    return turn


def second_edition():
    """Changes the first entry and the organization, drops a coding with its evidence."""
    objects = changed(year(), "achievement", W01, short_name="夜话", rank=3)
    objects = changed(objects, "organization", short_name="民政局", region=["320500", 1999])
    objects = without(objects, "evidence")
    return without(objects, "coding", mechanism=["deliberation"])


def stored():
    return copy.deepcopy(list(LoadPart.objects.order_by("pk").values_list("pk", "rows")))


def test_it_undoes_them(turn_back):
    empty = record()
    one = load(year())
    between = record()
    two = load(second_edition())
    turn_back()
    loading.undo(two.load)
    assert record() == between
    loading.undo(one.load)
    assert record() == empty


def test_it_loads_the_same_file_again(turn_back):
    load(year())
    load(second_edition())
    turn_back()
    before = record(), stored()
    report = load(second_edition(), dry_run=True)
    assert (report.changes, report.total("conflicts"), report.total("kept")) == (0, 0, 0)
    assert (record(), stored()) == before


def test_it_merges_a_file_into_what_they_left(turn_back):
    load(year())
    turn_back()
    Achievement.objects.filter(**W01).update(short_name="院落夜话（太仓）")
    told = stored()
    objects = changed(second_edition(), "achievement", W01, title_en="Courtyard Talks", medal=None)
    del objects[2]["fields"]["medal"]
    report = load(objects)
    said = {(one.outcome, one.key[0], one.field) for one in report.details}
    assert said == {
        ("conflicts", "2016-w01", "short_name"),
        ("changed", "2016-w01", "rank"),
        ("changed", "2016-w01", "title_en"),
        ("changed", "太仓市民政局", "short_name"),
        ("changed", "太仓市民政局", "region"),
        ("removed", "2016-w01", ""),
    }
    assert Achievement.objects.get(**W01).title_en == "Courtyard Talks"
    assert Organization.objects.get(name="太仓市民政局").region.code == "320500"
    assert stored()[: len(told)] == told


def test_it_keeps_what_staff_deleted_away(turn_back):
    load(year())
    turn_back()
    Achievement.objects.get(code="2016-w02").delete()
    Organization.objects.get(name="太仓市民政局").achievement_links.all().delete()
    report = load(year())
    assert {(one.outcome, one.key) for one in report.details} == {
        ("kept", ("2016-w02",)),
        ("kept", ("2016-w01", "太仓市民政局")),
    }


def test_a_load_of_a_model_that_is_gone_is_undone():
    loaded = load(year())
    for part in LoadPart.objects.all():
        part.rows["governance.medal"] = [[["甲"], 7, {"name": "甲"}, None, {}]]
        part.save()
    loading.undo(loaded.load)
    assert not AwardYear.objects.filter(year=2016).exists()
