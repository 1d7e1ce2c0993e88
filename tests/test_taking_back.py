"""What was public is taken back with a reason: its address says so for good, and nothing else does."""

import re
from datetime import date
from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission

from governance import index, loading, publishing
from governance.models import (
    Achievement,
    ChangePart,
    Mechanism,
    Publication,
    Region,
)

from .helpers.browser import send, told
from .helpers.years import changed, edit, load, source, year
from .test_admin_achievement import move
from .test_leaks import FACES, whole

pytestmark = pytest.mark.django_db

# Said where nothing that was chosen is in a status for it.
UNSUITED = "没有改变：所选的成果已不在可以这样做的状态，可能有人先做了。"
REASON = "信息有误，核实后再发布。"
PUBLIC = changed(year(), "achievement", status="published")


@pytest.fixture
def entry():
    return Achievement.objects.get(code="2015-w06")


def page(row, view="change"):
    return f"/admin/governance/{row._meta.model_name}/{row.pk}/{view}/"


def test_it_is_taken_back_with_a_reason_alone(staff_client, client, entry):
    response = move(staff_client, entry, "take_back", "  ")
    assert told(response) == ["撤下已公开的成果，须写明原因。"]
    entry.refresh_from_db()
    assert entry.status == "published"
    assert told(move(staff_client, entry, "take_back", REASON)) == ["已撤下 1 项。"]
    entry.refresh_from_db()
    assert entry.status == "draft"
    gone = Publication.objects.get(code=entry.code)
    assert (gone.title, gone.reason) == (entry.title, REASON)
    assert gone.withdrawn is not None
    assert client.get("/achievements/2015-w06/").status_code == 410
    # It can be read where it may be published again.
    assert REASON in staff_client.get(page(entry)).content.decode()


def test_a_form_that_leaves_it_public_asks_for_nothing(staff_client, entry):
    assert send(staff_client, page(entry), "achievement_form", title_en="x").status_code == 302
    assert Publication.objects.get(code=entry.code).withdrawn is None


def test_a_form_moves_no_status(staff_client, entry, draft):
    assert send(staff_client, page(entry), "achievement_form", status="draft").status_code == 302
    assert (
        send(staff_client, page(draft), "achievement_form", status="published").status_code == 302
    )
    entry.refresh_from_db()
    draft.refresh_from_db()
    assert (entry.status, draft.status) == ("published", "draft")


def test_who_may_only_look_is_shown_the_entry(client, entry):
    user = get_user_model().objects.create_user("viewer", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client.force_login(user)
    assert client.get(page(entry)).status_code == 200
    publishing.take_back([entry.pk], REASON)
    assert REASON in client.get(page(entry)).content.decode()


def test_a_draft_goes_through_review(staff_client, draft):
    assert told(move(staff_client, draft, "submit")) == ["已送审 1 项。"]
    assert told(move(staff_client, draft, "return", "还缺依据。")) == ["已退回 1 项。"]
    assert told(move(staff_client, draft, "take_back", REASON)) == [UNSUITED]
    assert not Publication.objects.filter(code=draft.code).exists()
    kinds = ChangePart.objects.filter(entry=draft.pk).order_by("pk")
    said = kinds.values_list("change__kind", "change__reason", "change__name")
    assert list(said) == [("submit", "", "staff"), ("return", "还缺依据。", "staff")]


def test_several_are_taken_back_from_the_list(staff_client, entry, draft):
    other = Achievement.objects.get(code="2015-w07")
    chosen = {
        "action": "take_back_chosen",
        "_selected_action": [entry.pk, other.pk, draft.pk],
    }
    address = "/admin/governance/achievement/"
    asked = staff_client.post(address, chosen)
    html = asked.content.decode()
    assert (entry.title in html, draft.title in html) == (True, False)
    assert Achievement.objects.published().count() == 20
    empty = staff_client.post(address, chosen | {"taking_back": "撤下", "reason": "  "})
    assert "errorlist" in empty.content.decode()
    assert Achievement.objects.published().count() == 20
    done = staff_client.post(
        address, chosen | {"taking_back": "撤下", "reason": REASON}, follow=True
    )
    assert told(done) == ["已撤下 2 项。"]
    withdrawn = Publication.objects.exclude(withdrawn=None).values_list("code", "reason")
    assert set(withdrawn) == {("2015-w06", REASON), ("2015-w07", REASON)}
    assert set(Achievement.objects.exclude(status="published").values_list("code", "status")) == {
        ("2015-w06", "draft"),
        ("2015-w07", "draft"),
        (draft.code, "draft"),
    }
    assert LogEntry.objects.count() == 2
    nothing = staff_client.post(address, chosen, follow=True)
    assert told(nothing) == [UNSUITED]


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_its_page_says_title_day_and_reason_and_nothing_else_does(
    client, entry, prefix, monkeypatch
):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: date(2027, 5, 6))
    publishing.take_back([entry.pk], REASON)
    response = client.get(f"{prefix}/achievements/2015-w06/")
    assert response.status_code == 410
    html = response.content.decode()
    heading = f"<h1>{entry.title_en}</h1>" if prefix else f'<h1 lang="zh-Hans">{entry.title}</h1>'
    for said in (heading, REASON, "2027-05-06", "2015-w06", "noindex"):
        assert said in html
    for unsaid in (entry.summary, entry.title if prefix else entry.title_en):
        assert unsaid not in html
    for face in FACES:
        # Harvesters are told by a header of the code alone that it is no more.
        content = re.sub(
            rb'<header status="deleted">.*?</header>', b"", whole(client, face), flags=re.S
        )
        # The announcement itself stands on the page of its year, word for word.
        assert entry.title.encode() not in content or "/years/" in face, face
        assert b"2015-w06" not in content, face
        assert REASON.encode() not in content, face


def test_the_api_says_the_same(client, entry, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: date(2027, 5, 6))
    publishing.take_back([entry.pk], REASON)
    response = client.get("/api/achievements/2015-w06/")
    assert (response.status_code, response.json()) == (
        410,
        {
            "type": "about:blank",
            "title": "Gone",
            "status": 410,
            "detail": "这项成果曾经公开，现已撤下。",
            "code": "2015-w06",
            "entry_title": entry.title,
            "withdrawn": "2027-05-06",
            "reason": REASON,
        },
    )


def test_in_english_it_is_named_as_it_was_to_the_public(client, entry, publish):
    """Without an English title by the Chinese one; what a draft says since is nobody's."""
    was = entry.title_en
    publishing.take_back([entry.pk], REASON)
    edit(entry, status="draft", title_en="Never public")
    address = "/api/achievements/2015-w06/"
    assert client.get(address).json()["entry_title"] == entry.title
    english = client.get(address, headers={"accept-language": "en"}).json()
    assert english["entry_title"] == was != ""
    edit(entry, title_en="")
    publish(entry)
    publishing.take_back([entry.pk], REASON)
    html = client.get("/en/achievements/2015-w06/").content.decode()
    assert f'<h1 lang="zh-Hans">{entry.title}</h1>' in html
    assert (
        client.get(address, headers={"accept-language": "en"}).json()["entry_title"] == entry.title
    )


def test_a_site_of_before_names_what_is_public_in_english(entry):
    migration = import_module("governance.migrations.0027_english_titles")
    publishing.take_back([Achievement.objects.get(code="2015-w07").pk], REASON)
    # SQL took it back, of which the builder has not heard.
    Achievement.objects.filter(code="2015-w08").update(status="draft")
    Publication.objects.update(title_en="")
    migration.name_in_english(apps, None)
    named = dict(Publication.objects.exclude(title_en="").values_list("code", "title_en"))
    public = Achievement.objects.published().values_list("code", "title_en")
    assert named == dict(public)
    assert len(named) == 18


@pytest.mark.parametrize("method", ["get", "head"])
def test_what_never_was_public_is_not_found(client, draft, method):
    for address in (
        f"/achievements/{draft.code}/",
        f"/api/achievements/{draft.code}/",
        "/achievements/2015-w99/",
        "/organizations/shaxi-zhen-zhengfu/",
        "/years/2016/",
        "/mechanisms/none-such/",
        "/regions/999999/",
    ):
        assert getattr(client, method)(address).status_code == 404, address


def test_publishing_again_clears_it(client, entry, publish):
    first = Publication.objects.get(code=entry.code).first_published
    publishing.take_back([entry.pk], REASON)
    entry.refresh_from_db()
    publish(entry)
    again = Publication.objects.get(code=entry.code)
    assert (again.withdrawn, again.reason, again.first_published) == (None, "", first)
    assert client.get("/achievements/2015-w06/").status_code == 200


def test_to_who_asks_for_changes_what_comes_back_is_one(entry, publish, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: date(2027, 3, 1))
    assert not index.select(modified_since=date(2027, 3, 1))
    publishing.take_back([entry.pk], REASON)
    entry.refresh_from_db()
    publish(entry)
    again = index.select(modified_since=date(2027, 3, 1), sort="-modified")
    assert [record["code"] for record in again] == ["2015-w06"]
    assert not index.select(modified_since=date(2027, 3, 2))


def test_what_is_not_public_is_left_as_it_is(draft):
    Achievement.objects.filter(pk=draft.pk).update(status="in_review")
    publishing.take_back([draft.pk], REASON)
    draft.refresh_from_db()
    assert draft.status == "in_review"
    assert not Publication.objects.filter(code=draft.code).exists()


@pytest.mark.parametrize("behind", ["unpublished", "rebuilt", "deleted"])
def test_unpublished_behind_the_index_it_says_that_no_reason_is_known(client, entry, behind):
    if behind == "deleted":
        entry.delete()
    else:
        Achievement.objects.filter(pk=entry.pk).update(status="draft")
    if behind == "rebuilt":
        index.rebuild()
    html = client.get("/achievements/2015-w06/")
    assert html.status_code == 410
    assert html.content.decode().count("未说明") == (1 if behind == "rebuilt" else 2)
    index.rebuild()
    assert Publication.objects.get(code="2015-w06").withdrawn is not None
    assert client.get("/achievements/2015-w06/").status_code == 410


def test_the_pages_of_what_only_it_named_are_gone_and_not_lost(client):
    load(changed(PUBLIC, "awardyear", name_en=""))
    addresses = ("/years/2016/", "/organizations/taicang-civil-affairs/", "/achievements/2016-w02/")
    assert [client.get(address).status_code for address in addresses] == [200] * 3
    entries = Achievement.objects.filter(award_year__year=2016)
    publishing.take_back(entries.values_list("pk", flat=True), REASON)
    assert [client.get(address).status_code for address in addresses] == [410] * 3
    assert "太仓市民政局" not in client.get(addresses[1]).content.decode()
    assert client.get("/en/organizations/taicang-civil-affairs/").status_code == 410


def test_undoing_the_load_leaves_every_address(client):
    loaded = load(PUBLIC)
    loading.undo(loaded.load)
    for address in (
        "/years/2016/",
        "/organizations/taicang-civil-affairs/",
        "/achievements/2016-w01/",
        "/api/achievements/2016-w02/",
    ):
        assert client.get(address).status_code == 410, address


def test_a_fixture_never_takes_back(client):
    load(PUBLIC)
    for status, label in (("draft", "草稿"), ("in_review", "待审")):
        report = load(changed(PUBLIC, "achievement", status=status))
        kept = [str(one) for one in report.details if one.outcome == "kept"]
        assert len(kept) == 2
        assert f"文件中的状态为“{label}”，装入从不降低状态，保持现状" in kept[0]
        assert report.published == []
        assert client.get("/achievements/2016-w01/").status_code == 200
        load(PUBLIC)
    file = source(changed(PUBLIC, "achievement", status="draft"))
    file.taken = {("governance.achievement", ("2016-w01",), "status")}
    loading.load([file])
    assert Achievement.objects.get(code="2016-w01").status == "published"


@pytest.mark.parametrize("change", ["renamed", "deleted"])
@pytest.mark.parametrize(
    ("row", "field", "new"),
    [
        (lambda: Region.objects.get(code="320282", valid_to=None), "code", "320299"),
        (
            lambda: Mechanism.objects.create(
                slug="new", name="新", name_en="New", field="system", definition="x"
            ),
            *("slug", "newer"),
        ),
    ],
)
def test_a_page_that_no_entry_needed_is_not_lost_either(
    staff_client, client, row, field, new, change
):
    row = row()
    Mechanism.objects.filter(slug="new").update(definition_en="x", pinyin="xin")
    address = row.get_absolute_url()
    assert client.get(address).status_code == 200
    if change == "deleted":
        staff_client.post(page(row, "delete"), {"post": "yes"})
    else:
        send(staff_client, page(row), f"{row._meta.model_name}_form", **{field: new})
    assert client.get(address).status_code == {"deleted": 410, "renamed": 301}[change]
