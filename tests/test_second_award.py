"""A real list of another award, from the text to published entries: the vote of Zhuhai in 2020."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse

from governance import loading
from governance.models import Achievement, Award, AwardYear, Load

from .helpers.browser import send
from .helpers.loads import choose, newest, said, upload
from .helpers.pages import Page
from .helpers.years import record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("work_at_once")]

LIST = Path(__file__).parent / "data" / "zhuhai_2020.txt"
CODE = "zhsyshzl-2020"
NAME = "珠海市域社会治理创新项目培育行动"


def entries():
    return Achievement.objects.filter(award_year__code=CODE).order_by("rank")


def parsed(path):
    """The file into which the list is parsed, by the command."""
    call_command("parse_announcement", LIST, year=2020, output=path, verbosity=0)
    return path


def test_it_is_loaded_as_drafts_dumped_and_taken_back(tmp_path):
    before = record()
    call_command("load_awards", str(parsed(tmp_path / "2020.yaml")), stdout=StringIO())
    assert [entry.status for entry in entries()] == ["draft"] * 13
    (award,) = Award.objects.exclude(prefix="")
    assert (award.name, award.year_code(2020)) == (NAME, CODE)
    dumped = tmp_path / "dumped.yaml"
    call_command("dump_awards", CODE, output=dumped, verbosity=0)
    file = loading.FixtureFile(dumped.name, dumped.read_bytes())
    (report,) = loading.load([file], dry_run=True)
    assert report.changes == 0
    call_command("undo_load", str(Load.objects.order_by("pk").last().pk), stdout=StringIO())
    assert record() == before


def test_a_person_finishes_it_in_the_admin(staff_client, client):
    page = upload(staff_client, LIST.read_text(encoding="utf-8"), 2020)
    assert f"按新奖项读入，编号以 {CODE} 开头" in said(page)
    choose(staff_client, load="1", **{"award-issuer": "中共珠海市委政法委员会"})
    assert (newest().state, newest().scope) == ("loaded", CODE)
    assert entries().count() == 13
    assert {entry.region.code for entry in entries()} == {"440400"}
    assert AwardYear.objects.get(code=CODE).issuer == "中共珠海市委政法委员会"

    award = Award.objects.get(years__code=CODE)
    change = reverse("admin:governance_award_change", args=[award.pk])
    page = staff_client.get(change).content.decode()
    # The codes of its entries begin with it.
    assert 'name="prefix"' not in page
    words = {"nominee_label": "入围项目", "nominee_label_en": "Shortlisted project"}
    assert send(staff_client, change, "award_form", **words).status_code == 302

    chosen = {"action": "publish_chosen", "_selected_action": [one.pk for one in entries()]}
    chosen |= {"publishing": "1", "which": "all"}
    staff_client.post("/admin/governance/achievement/", chosen, follow=True)
    assert entries().published().count() == 13
    html = client.get(award.get_absolute_url()).content.decode()
    assert f"<h1>{NAME}</h1>" in html
    assert "入围项目</span>" in html
    listed = Page(client, f"/achievements/?award={award.slug}")
    assert listed.heading == f"{NAME}： 13 项"
    assert "珠海市“海心花”社会心理健康咨询平台" in listed.html
    assert Page(client, "/achievements/").heading == "全部成果： 33 项"
    assert Page(client, f"/achievements/{CODE}-n09/", status=200)
