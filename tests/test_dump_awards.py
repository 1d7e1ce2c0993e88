from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.core.management import CommandError, call_command

from governance import loading
from governance.models import Achievement, AwardYear, Mechanism, Region

from .helpers.years import load, record, year

pytestmark = pytest.mark.django_db

SHIPPED = settings.FIXTURE_DIRS[0] / "awards" / "2015.yaml"


def test_it_dumps_2015_as_it_ships_but_for_the_comment():
    shipped = SHIPPED.read_text(encoding="utf-8")
    comment = "".join(line for line in shipped.splitlines(True) if line.startswith("#"))
    assert comment + loading.dump_year("2015") == shipped


def test_loading_it_changes_nothing_and_dumping_again_gives_the_same_bytes():
    Achievement.objects.filter(code="2015-w01").update(
        title_en="Edited: “yes” # no", status="draft"
    )
    text = loading.dump_year("2015")
    before = record()
    (report,) = loading.load([loading.FixtureFile("2015.yaml", text.encode())])
    totals = report.as_json()["totals"]
    assert totals | {"unchanged": 0} == dict.fromkeys(totals, 0)
    assert record() == before
    assert loading.dump_year("2015") == text


def test_it_carries_the_whole_year_to_an_empty_place():
    made = load(year())
    text = loading.dump_year("2016")
    loading.undo(made.load)
    loading.load([loading.FixtureFile("2016.yaml", text.encode())])
    assert loading.dump_year("2016") == text
    AwardYear.objects.get(year=2016).full_clean()


def test_it_carries_what_an_installation_lacks():
    load(year())
    township = Region.objects.create(
        code="320585107",
        path="320585107",
        name="沙溪镇",
        level="township",
        parent=Region.objects.get(code="320585", valid_to=None),
    )
    Achievement.objects.filter(code="2016-w01").update(region=township)
    mine = Mechanism.objects.create(slug="courtyard-talks", field="participation", name="院落夜话")
    Achievement.objects.get(code="2016-w02").codings.create(mechanism=mine, weight="primary")
    objects = yaml.safe_load(loading.dump_year("2016"))
    assert [(one["model"], one["fields"]["name"]) for one in objects[:3]] == [
        ("governance.region", "沙溪镇"),
        ("governance.mechanism", "院落夜话"),
        ("governance.organization", "太仓市民政局"),
    ]


def test_plain_loaddata_still_reads_it(tmp_path):
    load(year())
    path = tmp_path / "2016.yaml"
    call_command("dump_awards", "2016", output=path, verbosity=0)
    before = record()
    call_command("loaddata", str(path), verbosity=0)
    assert record() == before
    assert loading.dump_year("2016") == path.read_text(encoding="utf-8")


def test_dumpdata_and_loaddata_carry_the_history_of_loads(tmp_path):
    load(year())
    path = tmp_path / "all.json"
    call_command("dumpdata", "governance.load", "governance.loadpart", output=path, verbosity=0)
    call_command("loaddata", str(path), verbosity=0)
    assert load(year()).as_json()["totals"]["unchanged"] == 8


def test_it_writes_to_the_terminal(capsys):
    call_command("dump_awards", "2015")
    assert capsys.readouterr().out == loading.dump_year("2015")


def test_it_writes_a_file_whole(tmp_path, capsys):
    path = tmp_path / "2015.yaml"
    call_command("dump_awards", "2015", output=path)
    assert path.read_bytes().decode() == loading.dump_year("2015")
    assert f"已写入 {path}。" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == [path]


def test_it_says_which_years_there_are():
    with pytest.raises(CommandError, match="库中没有编号为 2014 的年度；有：2015。"):
        call_command("dump_awards", "2014")


def test_it_says_that_it_cannot_write(tmp_path):
    path = Path(tmp_path, "none", "2015.yaml")
    with pytest.raises(CommandError, match=r"写不了文件 .*：No such file or directory"):
        call_command("dump_awards", "2015", output=path)
