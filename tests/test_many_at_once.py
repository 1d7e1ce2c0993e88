"""Publishing and taking back many entries: shown first, one change, undone by one click."""

import pytest

from governance import index
from governance.models import Achievement, Change, ChangePart, Publication
from governance.publishing import undo_move

from .helpers.browser import form_data
from .helpers.loads import said, staff_with
from .helpers.years import changed, load, year

pytestmark = pytest.mark.django_db

LIST = "/admin/governance/achievement/"
REASON = "信息有误。"


@pytest.fixture
def drafts():
    """Two drafts of a year, of which the second has no coding; and one without a region."""
    objects = changed(year(), "achievement", setting="urban")
    load(
        changed(
            objects, "achievement", {"code": "2016-w01"}, title_en="Courtyard", summary_en="Talks"
        )
    )
    other = Achievement.objects.get(code="2016-w02")
    other.pk, other.code, other.rank, other.region = None, "2016-w03", 3, None
    other.marker_offset = other.title_offset = other.summary_offset = None
    other.save()
    return Achievement.objects.filter(award_year__year=2016)


def ask(client, entries, action="publish_chosen", **more):
    chosen = {"action": action, "_selected_action": [entry.pk for entry in entries]}
    return client.post(f"{LIST}?award_year__id__exact={entries[0].award_year_id}", chosen | more)


def statuses():
    rows = Achievement.objects.filter(award_year__year=2016).order_by("code")
    return [row.status for row in rows]


def send(client, response, **more):
    data = form_data(response, "publish_form") | {"publishing": "1"} | more
    return client.post(LIST, data, follow=True)


def test_it_shows_first_what_is_complete_what_lacks_and_what_cannot_be(staff_client, drafts):
    entries = list(drafts)
    words = said(ask(staff_client, entries))
    assert statuses() == ["draft"] * 3
    assert "2016-w02 街坊“百事堂” 没有列出机构、没有带依据的机制标注" in words
    assert "不能发布 1" in words
    assert not ChangePart.objects.exclude(change__kind="load").exists()


def test_it_publishes_all_that_can_be_as_one_change(staff_client, drafts):
    asked = ask(staff_client, list(drafts))
    done = send(staff_client, asked, which="all")
    assert statuses() == ["published", "published", "draft"]
    assert "没有发布 2016-w03" in said(done)
    change = Change.objects.get(kind="publish")
    assert sorted(part.code for part in change.parts.all()) == ["2016-w01", "2016-w02"]


def test_by_itself_it_offers_what_is_complete(staff_client, drafts):
    Achievement.objects.filter(code="2016-w03").delete()
    asked = ask(staff_client, list(drafts))
    offered = form_data(asked, "publish_form")["which"]
    assert offered == ["complete"] or "齐全" not in said(asked)


def test_a_whole_list_is_asked_for_as_such(staff_client, drafts):
    asked = ask(staff_client, list(drafts), select_across="1", index="0")
    data = form_data(asked, "publish_form")
    assert (data["select_across"], len(data["_selected_action"])) == (["1"], 1)
    address = f"{LIST}?award_year__id__exact={drafts[0].award_year_id}"
    staff_client.post(address, data | {"publishing": "1", "which": "all"})
    assert statuses() == ["published", "published", "draft"]


def test_one_click_undoes_it(staff_client, client, drafts):
    send(staff_client, ask(staff_client, list(drafts)), which="all")
    change = Change.objects.get(kind="publish")
    assert f"改动 #{change.pk}：发布 2 项" in said(staff_client.get(LIST))
    done = staff_client.post(f"/admin/governance/change/{change.pk}/undo/", follow=True)
    assert "已撤销 2 项。" in said(done)
    assert statuses() == ["draft"] * 3
    undone = Change.objects.get(kind="undo")
    assert undone.undoes == change
    assert client.get("/achievements/2016-w01/").status_code == 410
    assert Publication.objects.get(code="2016-w01").reason == "误发布，已撤回。"
    assert "撤销这次改动" not in said(staff_client.get(LIST))


def test_one_click_undoes_a_taking_back(staff_client, client):
    entries = list(Achievement.objects.filter(code__in=["2015-w01", "2015-w02"]))
    ask(staff_client, entries, "take_back_chosen", taking_back="1", reason=REASON)
    change = Change.objects.get(kind="take_back")
    assert client.get("/achievements/2015-w01/").status_code == 410
    page = said(staff_client.get(f"/admin/governance/change/{change.pk}/change/"))
    assert "撤销这次改动" in page
    staff_client.post(f"/admin/governance/change/{change.pk}/undo/")
    assert Achievement.objects.published().count() == 20
    assert index.record("2015-w01") is not None


def test_what_was_moved_again_stays(staff_client, drafts):
    send(staff_client, ask(staff_client, list(drafts)), which="all")
    change = Change.objects.get(kind="publish")
    ask(staff_client, [drafts[0]], "take_back_chosen", taking_back="1", reason=REASON)
    done, refused = undo_move(change, by=None)
    assert len(done) == 1
    assert list(refused.values()) == [["其后状态又有变动，保持现状。"]]
    assert statuses() == ["draft"] * 3


def test_who_may_not_publish_may_not_undo(staff_client, drafts):
    send(staff_client, ask(staff_client, list(drafts)), which="all")
    change = Change.objects.get(kind="publish")
    clerk = staff_with("view_achievement", "change_achievement", "view_change")
    assert clerk.post(f"/admin/governance/change/{change.pk}/undo/").status_code == 403
    assert "撤销这次改动" not in said(clerk.get(f"/admin/governance/change/{change.pk}/change/"))
    assert statuses() == ["published", "published", "draft"]


def test_only_a_move_is_undone_so(staff_client, drafts):
    loaded = Change.objects.get(kind="load")
    assert staff_client.post(f"/admin/governance/change/{loaded.pk}/undo/").status_code == 404
