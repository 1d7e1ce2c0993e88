"""Shipped data that have changed reach a site that has them, and nothing that people did is lost."""

import json
from importlib import import_module
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command

from governance import loading
from governance.models import Achievement, AwardYear, Coding, Load, Region

from .helpers.years import changed, coding, evidence, load, record, source, without, year
from .test_prepare import REGION, empty, run, small, static_root, write

__all__ = ["empty", "small", "static_root"]
pytestmark = pytest.mark.django_db

W01 = {"code": "2016-w01"}


@pytest.fixture
def site(empty, small):
    """A fresh site, whose program comes with the small year."""
    regions = REGION[:-1] + "".join(
        f""",{{"model": "governance.region", "fields": {{"code": "{code}", "name": "{name}",
        "level": "{level}", "parent": ["{parent}", 1999]}}}}"""
        for code, name, level, parent in (
            ("320500", "苏州市", "prefecture", "320000"),
            ("320585", "太仓市", "county", "320500"),
        )
    )
    write(small / "regions.json", regions + "]")
    (small / "awards/2015.yaml").unlink()
    ship(small, year())
    run()
    return small


def ship(folder, objects):
    """The program comes with another edition of the year."""
    (folder / "awards/2016.yaml").write_bytes(source(objects).content)


def first():
    return Achievement.objects.get(**W01)


def edition(**fields):
    return changed(year(), "achievement", W01, **fields)


def test_it_says_what_was_shipped(site):
    assert set(Load.objects.values_list("name", "shipped", "state")) == {
        ("regions.json", True, "loaded"),
        ("mechanisms.yaml", True, "loaded"),
        ("2016.yaml", True, "loaded"),
    }
    load(edition(title_en="Talks"))
    assert not Load.objects.first().shipped


def test_it_takes_what_the_program_has_corrected(site):
    ship(site, edition(title_en="Courtyard Talks", status="published"))
    said = run()
    assert "随程序附带的数据有更新：\n已装入 2016.yaml" in said
    assert "由 （空） 改为 “Courtyard Talks”" in said
    assert (first().title_en, first().status) == ("Courtyard Talks", "published")
    before = record(), Load.objects.count()
    assert "未作改动" in run()
    assert (record(), Load.objects.count()) == before


def test_what_staff_have_written_stays(site):
    Achievement.objects.filter(**W01).update(title_en="Talks at Night")
    Coding.objects.filter(mechanism__slug="self-governance").delete()
    ship(site, edition(title_en="Courtyard Talks", setting="rural"))
    said = run()
    assert "两边都改了：保留库中的 “Talks at Night”，文件为 “Courtyard Talks”" in said
    assert (first().title_en, first().setting) == ("Talks at Night", "rural")
    assert first().codings.count() == 1


def test_a_correction_loaded_in_between_stays(site):
    load(edition(title_en="Talks at Night"))
    # The older word, as it was shipped.
    ship(site, edition(title_en="", setting="rural"))
    assert "保留工作人员所改的 “Talks at Night”" in run()
    assert (first().title_en, first().setting) == ("Talks at Night", "rural")
    ship(site, edition(title_en="Courtyard Talks", setting="rural", summary_en="They talk."))
    said = run()
    assert "两边都改了：保留库中的 “Talks at Night”，文件为 “Courtyard Talks”" in said
    assert (first().title_en, first().summary_en) == ("Talks at Night", "They talk.")


def test_a_part_that_people_have_dropped_or_deleted_stays_away(site):
    people = without(without(year(), "evidence"), "coding", mechanism=["deliberation"])
    load([*people, coding("covenants")])
    Coding.objects.filter(mechanism__slug="covenants").delete()
    ship(site, [*edition(setting="rural"), coding("covenants")])
    run()
    assert first().setting == "rural"
    assert [one.mechanism.slug for one in first().codings.all()] == ["self-governance"]


def test_a_shipped_file_does_not_stand_between_two_loads_of_people(site):
    load(edition(title_en="Talks at Night"))
    ship(site, edition(title_en="", setting="rural", summary_en="They talk."))
    run()
    report = load(edition(title_en="Talks by Night", setting="rural", summary_en="They talk on."))
    assert {(one.outcome, one.field) for one in report.details} == {
        ("changed", "title_en"),
        ("changed", "summary_en"),
    }


def test_it_removes_a_part_that_the_program_has_dropped(site):
    load(edition(title_en="Talks at Night"))
    ship(site, without(without(year(), "evidence"), "coding", mechanism=["deliberation"]))
    run()
    assert [one.mechanism.slug for one in first().codings.all()] == ["self-governance"]
    ship(site, [*year(), evidence("self-governance", "围坐夜话")])
    run()
    assert first().codings.count() == 2


def test_an_undone_year_stays_away_until_it_is_asked_for(site):
    loading.undo(Load.objects.get(name="2016.yaml").pk)
    ship(site, edition(setting="rural"))
    path = site / "awards/2016.yaml"
    for _time in range(2):
        said = run()
        assert "未装入 2016.yaml" in said
        assert f"\n  python manage.py load_awards --shipped {path}\n" in said
    assert not AwardYear.objects.exists()
    call_command("load_awards", "--shipped", str(path), stdout=StringIO())
    assert first().setting == "rural"
    ship(site, edition(setting="urban"))
    assert "未装入" not in run()
    assert first().setting == "urban"


def test_an_update_that_was_undone_stays_away(site):
    ship(site, edition(setting="rural"))
    run()
    loading.undo(Load.objects.first().pk)
    assert "未装入 2016.yaml" in run()
    assert first().setting == "unstated"


def test_a_year_that_the_site_never_had_stays_away(site):
    (site / "awards/2016.yaml").rename(site / "awards/2017.yaml")
    ship(site, year())
    (site / "awards/2017.yaml").write_bytes(
        source(
            [
                {
                    "model": "governance.awardyear",
                    "fields": {
                        "year": 2017,
                        "name": "奖",
                        "document_title": "揭晓",
                        "text": "揭晓",
                    },
                }
            ]
        ).content
    )
    assert "未装入 2017.yaml" in run()
    assert not AwardYear.objects.filter(year=2017).exists()


def test_what_all_years_share_comes_along(site):
    more = """,{"model": "governance.region", "fields": {"code": "320583", "name": "昆山市",
    "level": "county", "parent": ["320500", 1999]}}]"""
    path = site / "regions.json"
    write(path, path.read_text(encoding="utf-8")[:-1] + more)
    assert "行政区划：新增 1，未变 3" in run()
    assert Region.objects.filter(code="320583").exists()


def test_a_file_that_cannot_be_merged_is_told_and_stops_nothing(site):
    ship(site, edition(summary="居民议事。", summary_offset=None))
    Achievement.objects.filter(**W01).update(title_en="Talks at Night")
    before = record()
    said = run()
    assert "未能并入 2016.yaml：2016.yaml" in said
    assert "静态文件：已就绪。" in said
    assert record() == before


def test_a_correction_that_the_program_takes_back_is_taken_back(site):
    ship(site, edition(title_en="Courtyard Talks"))
    run()
    before = (site / "awards/2016.yaml").read_bytes()
    ship(site, edition(title_en="A Slip"))
    run()
    (site / "awards/2016.yaml").write_bytes(before)
    assert "由 “A Slip” 改为 “Courtyard Talks”" in run()
    assert first().title_en == "Courtyard Talks"
    assert "未作改动" in run()


def test_a_shipped_file_that_people_loaded_first_is_its_base_all_the_same(site):
    load(edition(title_en="Courtyard Talks"))
    ship(site, edition(title_en="Courtyard Talks"))
    run()
    ship(site, edition(title_en="Talks in the Courtyard"))
    run()
    assert first().title_en == "Talks in the Courtyard"


def test_people_bring_back_by_a_load_what_they_removed_by_one(site):
    load(without(without(year(), "evidence"), "coding", mechanism=["deliberation"]))
    ship(site, edition(setting="rural"))
    run()
    assert first().codings.count() == 1
    load(edition(setting="rural"))
    assert first().codings.count() == 2


def test_a_file_that_is_gone_is_told_and_stops_nothing(site):
    (site / "mechanisms.yaml").unlink()
    ship(site, edition(setting="rural"))
    said = run()
    assert "未能并入 mechanisms.yaml" in said
    assert first().setting == "rural"


def test_a_site_that_has_undone_everything_stays_empty(site):
    for name in ("2016.yaml", "mechanisms.yaml", "regions.json"):
        loading.undo(Load.objects.get(name=name).pk)
    assert "未装入 2016.yaml" in run()
    assert not AwardYear.objects.exists()
    assert not Region.objects.exists()


@pytest.mark.parametrize(
    ("names", "shipped"),
    [
        (["regions.json", "mechanisms.yaml", "2015.yaml"], [0, 1, 2]),
        (["regions.json", "mechanisms.yaml", "2015.yaml", "2015.yaml"], [0, 1, 2]),
        (["2015.yaml", "regions.json", "mechanisms.yaml"], []),
        (["2015.yaml"], []),
    ],
)
def test_of_loads_before_those_that_filled_the_site_count_as_shipped(names, shipped):
    loads = [
        Load.objects.create(name=name, content=b"", digest=name, state="loaded") for name in names
    ]
    import_module("governance.migrations.0010_shipped_loads").note_shipped(apps, None)
    found = set(Load.objects.filter(shipped=True).values_list("pk", flat=True))
    assert found == {loads[number].pk for number in shipped}


def test_what_an_account_loaded_does_not_count_as_shipped(staff):
    for number, name in enumerate(("regions.json", "mechanisms.yaml", "2015.yaml")):
        by = staff if number == 2 else None
        Load.objects.create(name=name, content=b"", digest=name, state="loaded", by=by)
    import_module("governance.migrations.0010_shipped_loads").note_shipped(apps, None)
    assert not Load.objects.filter(shipped=True).exists()


def old_and_new(**fields):
    """A site of a program with the old row of 达濠区, then the program with the row of today."""
    rows = json.loads(REGION)
    for code, name, level, parent, since, until in (
        ("440000", "广东省", "province", None, 1999, None),
        ("440500", "汕头市", "prefecture", ["440000", 1999], 1999, None),
        ("440506", "达豪区", "county", ["440500", 1999], 1999, 2002),
        ("440512", "濠江区", "county", ["440500", 1999], 2003, None),
    ):
        row = {"code": code, "name": name, "level": level, "parent": parent}
        rows.append(
            {
                "model": "governance.region",
                "fields": row | {"valid_from": since, "valid_to": until, "pinyin": "x"},
            }
        )
    new = json.loads(json.dumps(rows))
    new[3]["fields"] |= fields
    return json.dumps(rows), json.dumps(new)


def test_a_site_gets_what_is_corrected_and_no_second_region(empty, small):
    old, new = old_and_new(name="达濠区", successor=["440512", 2003], remark="来源表误作“达豪区”。")
    write(small / "regions.json", old)
    run()
    before = Region.objects.get(code="440506").pk
    assert Region.objects.get(code="440506").successor is None
    write(small / "regions.json", new)
    assert "已装入 regions.json" in run()
    region = Region.objects.get(code="440506")
    assert (region.pk, region.name, region.successor.name) == (before, "达濠区", "濠江区")
    assert region.remark == "来源表误作“达豪区”。"
    assert Load.objects.filter(name="regions.json").count() == 2


def test_what_staff_have_written_of_a_region_stays(empty, small):
    old, new = old_and_new(name="达濠区", successor=["440512", 2003])
    write(small / "regions.json", old)
    run()
    Region.objects.filter(code="440506").update(name="达濠区（旧）")
    write(small / "regions.json", new)
    assert "两边都改了" in run()
    region = Region.objects.get(code="440506")
    assert (region.name, region.successor.name) == ("达濠区（旧）", "濠江区")
