"""What is written down of each act upon an entry: which rows it touched, by whom, when and why."""

import pytest
from django.contrib.auth import get_user_model

from governance import loading, publishing
from governance.changes import recording
from governance.models import Achievement, Change, ChangeKind, ChangePart, Coding, Load

from .helpers import years
from .helpers.browser import send
from .helpers.loads import newest

pytestmark = pytest.mark.django_db

ENTRY, CODING = "governance.achievement", "governance.coding"
EVIDENCE = "governance.evidence"


def page(entry):
    return f"/admin/governance/achievement/{entry.pk}/change/"


def only_part():
    """The one part of the one Change."""
    change = Change.objects.get()
    return change, change.parts.get().rows


def test_it_writes_down_what_a_save_changes(staff_client, staff, draft):
    send(staff_client, page(draft), "achievement_form", short_name="夜话")
    change, rows = only_part()
    assert (change.kind, change.by, change.name, change.reason) == ("edit", staff, "staff", "")
    before, after = {"short_name": "院落夜话"}, {"short_name": "夜话"}
    assert rows == {ENTRY: [[["2015-w12"], draft.pk, None, before, after]]}
    part = ChangePart.objects.get()
    assert (part.entry, part.code) == (draft.pk, "2015-w12")


def test_it_writes_down_evidence_that_moves_with_its_text(staff_client, draft):
    summary = f"夏夜，{draft.summary}"
    send(staff_client, page(draft), "achievement_form", summary=summary)
    _change, rows = only_part()
    ((key, _pk, _said, before, after),) = rows[EVIDENCE]
    assert key == ["2015-w12", "deliberation", "summary", after["start"]]
    assert after == {name: place + 3 for name, place in before.items()}


def test_it_writes_nothing_down_of_a_save_that_changes_nothing_or_is_refused(staff_client, draft):
    assert send(staff_client, page(draft), "achievement_form").status_code == 302
    assert send(staff_client, page(draft), "achievement_form", title="").status_code == 200
    assert not Change.objects.exists()


def test_it_writes_down_what_is_new_and_what_is_deleted(staff_client, draft):
    add = "/admin/governance/achievement/add/"
    fields = {"code": "2015-w13", "award_year": draft.award_year_id, "tier": "winner", "rank": "13"}
    send(staff_client, add, "achievement_form", title="街坊百事堂", **fields)
    new = Achievement.objects.get(code="2015-w13")
    _change, rows = only_part()
    ((_key, pk, _said, before, after),) = rows[ENTRY]
    assert (pk, before, after["title"], after["tier"]) == (new.pk, None, "街坊百事堂", "winner")
    Change.objects.all().delete()
    staff_client.post(f"/admin/governance/achievement/{draft.pk}/delete/", {"post": "yes"})
    _change, rows = only_part()
    assert rows[ENTRY][0][3]["summary"] == draft.summary
    assert rows[EVIDENCE][0][3]["text"] == "逐项商定公共事务"
    assert [row[4] for each in rows.values() for row in each] == [None] * 4


def test_each_move_of_a_status_is_a_change_with_its_comment(draft):
    for kind in ("submit", "return", "publish", "take_back"):
        publishing.move(ChangeKind(kind), [draft.pk], by=None, reason=f"{kind}的说明。")
    kinds = list(Change.objects.order_by("pk").values_list("kind", "reason"))
    assert [kind for kind, _reason in kinds] == ["submit", "return", "publish", "take_back"]
    assert all(reason == f"{kind}的说明。" for kind, reason in kinds)


def test_publishing_and_taking_back_many_are_one_change_each(staff_client, staff, draft):
    entries = [draft, Achievement.objects.get(code="2015-w01")]
    chosen = {"_selected_action": [one.pk for one in entries]}
    fields = {"action": "publish_chosen", "publishing": "1", "which": "all", **chosen}
    staff_client.post("/admin/governance/achievement/", fields)
    fields = {"action": "take_back_chosen", "taking_back": "1", "reason": "信息有误。", **chosen}
    staff_client.post("/admin/governance/achievement/", fields)
    back, published = Change.objects.all()
    assert (published.kind, published.by) == ("publish", staff)
    assert [part.code for part in published.parts.all()] == ["2015-w12"]
    assert (back.kind, back.reason, back.by) == ("take_back", "信息有误。", staff)
    assert sorted(part.code for part in back.parts.all()) == ["2015-w01", "2015-w12"]
    assert Achievement.objects.published().count() == 19


def test_finding_codings_right_is_an_edit_of_their_entries(staff_client, draft):
    chosen = {"action": "find_chosen_right", "_selected_action": [draft.codings.get().pk]}
    staff_client.post("/admin/governance/coding/", chosen)
    change, rows = only_part()
    assert change.kind == "edit"
    assert rows[CODING][0][4]["reviewed_by"] == "staff"


def test_a_load_points_at_what_it_created_and_has_what_it_changed(staff):
    years.load(years.year(), by=staff)
    change = Change.objects.get()
    assert (change.kind, change.load, change.by) == ("load", newest(), staff)
    assert [part.code for part in change.parts.all()] == ["2016-w01", "2016-w02"]
    part = change.parts.first()
    assert part.rows == {ENTRY: [[["2016-w01"], part.entry, None, None, {}]]}
    words = {"title_en": "Courtyard talks"}
    years.load(years.changed(years.year(), "achievement", {"code": "2016-w01"}, **words))
    second = Change.objects.first()
    assert (second.by, second.name) == (None, "")
    part = second.parts.get()
    assert part.rows == {ENTRY: [[["2016-w01"], part.entry, None, {"title_en": ""}, words]]}


def test_undoing_a_load_is_a_change_that_keeps_what_goes():
    years.load(years.year())
    loading.undo(Load.objects.get().pk)
    undone = Change.objects.first()
    assert (undone.kind, undone.load) == ("undo", Load.objects.get())
    first = undone.parts.get(code="2016-w01").rows
    assert first[ENTRY][0][3]["title"] == years.TITLE
    assert first[EVIDENCE][0][3]["text"] == years.WORDS


def test_a_trial_writes_nothing_down():
    years.load(years.year(), dry_run=True)
    assert not Change.objects.exists()


def test_it_outlives_the_account(staff_client, staff, draft):
    staff.first_name, staff.last_name = "晓", "沈"
    staff.save()
    send(staff_client, page(draft), "achievement_form", short_name="夜话")
    said = list(Change.objects.values("pk", "at", "kind", "name", "reason"))
    get_user_model().objects.get(pk=staff.pk).delete()
    assert list(Change.objects.values("pk", "at", "kind", "name", "reason")) == said
    assert said[0]["name"] == "沈晓"


def test_what_fails_leaves_no_change(draft):
    def fail():
        with recording({draft.pk}, ChangeKind.EDIT):
            Coding.objects.all().delete()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not Change.objects.exists()
    assert Coding.objects.exists()


def test_numbers_grow_from_one_act_to_the_next(draft):
    publishing.take_back([Achievement.objects.get(code="2015-w01").pk], "信息有误。")
    with recording({draft.pk}):
        Achievement.objects.filter(pk=draft.pk).update(short_name="夜话")
    last, first = Change.objects.all()
    assert first.pk < last.pk
    assert first.at < last.at
