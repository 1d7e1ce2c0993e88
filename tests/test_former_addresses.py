"""What the public met keeps its address: codes and slugs are fixed, and former ones lead on."""

from datetime import date

import pytest

from governance import index, publishing
from governance.models import (
    Achievement,
    Address,
    AwardYear,
    Mechanism,
    Organization,
    Publication,
    Region,
)

from .helpers.browser import send
from .helpers.pages import Page
from .helpers.years import changed, load, year
from .test_taking_back import REASON, edit, entry, page, told

pytestmark = pytest.mark.django_db

__all__ = ["entry"]


@pytest.mark.parametrize(
    "row",
    [
        lambda: Achievement.objects.get(code="2015-w06"),
        lambda: Organization.objects.get(name="太仓市人民政府"),
        lambda: Mechanism.objects.get(slug="deliberation"),
        lambda: Region.objects.get(code="320585", valid_to=None),
        lambda: Region.objects.get(code="320000", valid_to=None),
        lambda: AwardYear.objects.get(year=2015),
    ],
)
def test_what_the_public_met_is_not_deleted(staff_client, row):
    row = row()
    publishing.take_back(Achievement.objects.values_list("pk", flat=True), REASON)
    listed = f"/admin/governance/{row._meta.model_name}/"
    alone = staff_client.post(page(row, "delete"), {"post": "yes"}, follow=True)
    chosen = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    several = staff_client.post(listed, chosen, follow=True)
    for response in (alone, several):
        (sentence,) = told(response)
        assert sentence.startswith(f"没有删除：{row}")
        assert "网址须长久有效" in sentence
    assert type(row).objects.filter(pk=row.pk).exists()
    assert "deletelink" not in staff_client.get(page(row)).content.decode()


def test_what_it_never_met_is_deleted(staff_client, draft):
    chosen = {"action": "delete_selected", "_selected_action": [draft.pk], "post": "yes"}
    staff_client.post("/admin/governance/achievement/", chosen)
    assert not Achievement.objects.filter(pk=draft.pk).exists()


def test_what_an_entry_named_once_is_not_deleted(staff_client, entry):
    organization = entry.organizations.first()
    entry.organizations_in_order.all().delete()
    index.update([entry.pk])
    staff_client.post(page(organization, "delete"), {"post": "yes"})
    assert Organization.objects.filter(pk=organization.pk).exists()


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (lambda: Achievement.objects.get(code="2015-w06"), "code"),
        (lambda: Organization.objects.get(name="太仓市人民政府"), "slug"),
        (lambda: Mechanism.objects.get(slug="deliberation"), "slug"),
        (lambda: Region.objects.get(code="320585", valid_to=None), "code"),
        (lambda: AwardYear.objects.get(year=2015), "code"),
    ],
)
def test_codes_and_slugs_are_fixed_once_public(staff_client, row, field):
    row = row()
    before, model = getattr(row, field), row._meta.model_name
    response = send(staff_client, page(row), f"{model}_form", **{field: "2016"})
    assert response.status_code == 302
    row.refresh_from_db()
    assert getattr(row, field) == before
    # That of an award year is never edited: it is made of its award and its year.
    fixed = "已经公开，网址固定" in staff_client.get(page(row)).content.decode()
    assert fixed is (model != "awardyear")


def test_a_code_that_was_another_ones_is_not_taken(staff_client, entry, draft):
    publishing.take_back([entry.pk], REASON)
    entry.delete()
    changes = {"code": "2015-w06", "rank": "6"}
    response = send(staff_client, page(draft), "achievement_form", **changes)
    (sentence,) = response.context["adminform"].form.errors["code"]
    assert sentence == "这个网址曾属于另一条公开的记录，不能再用。"
    assert "2015-w06" in publishing.taken_codes("2015-w")
    assert draft.code not in publishing.taken_codes("2015-w")


def test_a_region_of_another_time_shares_its_code(staff_client, taicang):
    fields = {"code": "320585", "name": "太仓州", "valid_from": "2030", "level": "county"}
    fields |= {"parent": str(taicang.parent_id), "valid_to": "", "zone": "", "zone3": ""}
    response = send(staff_client, "/admin/governance/region/add/", "region_form", **fields)
    assert response.status_code == 302


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize(
    ("row", "field", "old", "new"),
    [
        (lambda: Achievement.objects.get(code="2015-w06"), "code", "2015-w06", "2015-w66"),
        (
            lambda: Organization.objects.get(name="太仓市人民政府"),
            *("slug", "taicang-municipal-peoples-government", "taicang-government"),
        ),
        (lambda: Mechanism.objects.get(slug="deliberation"), "slug", "deliberation", "consulting"),
        (lambda: Region.objects.get(code="320585", valid_to=None), "code", "320585", "320599"),
    ],
)
def test_a_former_address_leads_on(client, prefix, row, field, old, new):
    row = row()
    edit(row, **{field: new})
    section = f"{prefix}/{row._meta.model_name}s"
    # Of a list, which an entry alone may be reached from.
    kept = "?q=1" if isinstance(row, Achievement) else ""
    response = client.get(f"{section}/{old}/{kept}")
    assert (response.status_code, response["Location"]) == (301, f"{section}/{new}/{kept}")
    assert client.get(f"{section}/{new}/").status_code == 200
    assert Address.objects.filter(key=old).exists()


def test_a_former_code_is_accepted_by_the_api_and_in_filters(client):
    edit(Achievement.objects.get(code="2015-w06"), code="2015-w66")
    edit(Mechanism.objects.get(slug="deliberation"), slug="consulting")
    edit(
        Organization.objects.get(slug="taicang-municipal-peoples-government"),
        slug="taicang-government",
    )
    one = client.get("/api/achievements/2015-w06/").json()
    assert (one["code"], one["first_published"]) == ("2015-w66", "2026-11-26")
    for former, present in (
        ("mechanism=deliberation", "mechanism=consulting"),
        (
            "organization=taicang-municipal-peoples-government",
            "organization=taicang-government",
        ),
        (
            "mechanism=standardization&also=mechanism.deliberation",
            "mechanism=standardization&also=mechanism.consulting",
        ),
    ):
        found = client.get(f"/api/achievements/?{former}").json()
        assert found["count"] > 0
        assert found["results"] == client.get(f"/api/achievements/?{present}").json()["results"]
        html = Page(client, f"/achievements/?{former}&sort=title").html
        assert all(one in html for one in present.split("&"))
    assert client.get("/api/achievements/?mechanism=deliberating").status_code == 400


def test_a_renamed_entry_is_withdrawn_under_all_its_codes(client, entry):
    edit(entry, code="2015-w66")
    publishing.take_back([entry.pk], REASON)
    for code in ("2015-w66", "2015-w06"):
        gone = client.get(f"/achievements/{code}/", follow=True)
        # Chromium would show it for good, and an entry may come back.
        assert (gone.status_code, gone["Cache-Control"]) == (410, "no-cache")
    entry.delete()
    gone = client.get("/api/achievements/2015-w06/")
    assert (gone.status_code, gone.json()["reason"]) == (410, REASON)
    index.rebuild()
    assert client.get("/achievements/2015-w06/").status_code == 410


def test_a_rebuild_knows_a_renamed_entry(client, entry):
    Achievement.objects.filter(pk=entry.pk).update(code="2015-w66")
    index.rebuild()
    found = Publication.objects.get(code="2015-w66")
    assert (found.withdrawn, found.first_published) == (None, date(2026, 11, 26))
    assert Publication.objects.get(code="2015-w06").withdrawn is None
    assert client.get("/achievements/2015-w06/").status_code == 301


def test_a_fixture_may_name_former_codes_and_slugs():
    objects = year()
    load(changed(objects, "achievement", {"code": "2016-w01"}, status="published"))
    edit(Mechanism.objects.get(slug="deliberation"), slug="consulting")
    other = [
        *[one for one in objects if one["model"] in ("governance.awardyear",)],
        {
            "model": "governance.coding",
            "fields": {
                "achievement": ["2016-w02"],
                "mechanism": ["deliberation"],
                "weight": "primary",
            },
        },
    ]
    load(other)
    assert Achievement.objects.get(code="2016-w02").mechanisms.get().slug == "consulting"
