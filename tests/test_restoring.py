"""Bringing back a field, an entry or a deleted draft, by the way that every load takes."""

import pytest

from governance import index, loading, publishing
from governance.changes import present_rows, recording
from governance.loading import Invalid, LoadError
from governance.loading.restoring import moment
from governance.models import Achievement, Change, ChangeKind, Coding, Mechanism
from governance.models.coding import relocate

from .helpers import years
from .helpers.browser import form_data, send
from .helpers.loads import said, staff_with

pytestmark = pytest.mark.django_db

LIST = "/admin/governance/achievement/"


def page(entry, view="change"):
    return f"{LIST}{entry.pk}/{view}/"


def edit(client, entry, **fields):
    """Save fields on the entry's page; the number of the Change."""
    assert send(client, page(entry), "achievement_form", **fields).status_code == 302
    return Change.objects.first().pk


def held(entry):
    """What an entry and its parts hold, by what tells them apart and not by primary keys."""
    rows = present_rows([entry.pk])[entry.pk]
    return {
        label: sorted((key, {**columns, "coding_id": 0}) for key, _pk, columns in some)
        for label, some in rows.items()
    }


def test_it_brings_back_the_whole_entry_with_its_parts(staff_client, draft):
    before = held(draft)
    number = edit(staff_client, draft, short_name="夜话") - 1
    coding = {"codings-0-words": "院落里围坐夜话", "codings-0-weight": "secondary"}
    edit(staff_client, draft, **coding)
    edit(staff_client, draft, summary=f"夏夜，{draft.summary}", setting="urban")
    edit(staff_client, draft, **{"codings-0-DELETE": "on"})
    edit(staff_client, draft, title="街坊百事堂", summary="收集民意。")
    assert loading.restore_entry(draft.pk, number).left == []
    assert held(draft) == before
    Achievement.objects.get(pk=draft.pk).full_clean()


def test_a_field_alone_comes_back_and_evidence_moves_with_it(staff_client, draft):
    number = edit(staff_client, draft, summary=f"夏夜，{draft.summary}", setting="urban") - 1
    loading.restore_entry(draft.pk, number, {"summary"})
    now = Achievement.objects.get(pk=draft.pk)
    assert (now.summary, now.setting) == (draft.summary, "urban")
    span = now.codings.get().evidence.get()
    assert now.summary[span.start : span.end] == span.text


def test_it_refuses_a_text_in_which_evidence_of_now_does_not_stand(staff_client, draft):
    edit(staff_client, draft, summary=f"夏夜，{draft.summary}")
    words = {"codings-0-words": "夏夜，居民晚饭后"}
    number = edit(staff_client, draft, **words)
    with pytest.raises(Invalid) as refusal:
        loading.restore_entry(draft.pk, number - 2, {"summary"})
    assert "“夏夜，居民晚饭后”是已有标注的依据" in str(refusal.value.problems[0])
    assert Change.objects.first().pk == number


def test_codings_alone_come_back_with_their_evidence(staff_client, draft):
    before = held(draft)
    number = edit(staff_client, draft, **{"codings-0-DELETE": "on"}) - 1
    edit(staff_client, draft, short_name="夜话")
    loading.restore_entry(draft.pk, number, {"coding"})
    after = held(draft)
    assert after["governance.evidence"] == before["governance.evidence"]
    assert Achievement.objects.get(pk=draft.pk).short_name == "夜话"


def test_it_moves_no_status_and_no_code(staff_client, draft, client):
    number = edit(staff_client, draft, short_name="夜话") - 1
    publishing.move(ChangeKind.PUBLISH, [draft.pk], by=None)
    loading.restore_entry(draft.pk, number)
    now = Achievement.objects.get(pk=draft.pk)
    assert (now.status, now.short_name) == ("published", "院落夜话")
    assert index.record("2015-w12")["short_name"] == "院落夜话"


def test_a_deleted_draft_comes_back_as_one(staff_client, draft):
    publishing.move(ChangeKind.SUBMIT, [draft.pk], by=None)
    before = held(draft)
    staff_client.post(page(draft, "delete"), {"post": "yes"})
    loading.restore_entry(draft.pk, Change.objects.first().pk - 1, reason="误删。")
    after = held(draft)
    before["governance.achievement"][0][1]["status"] = "draft"
    assert after == before
    assert Change.objects.first().reason == "误删。"


def test_a_code_that_another_entry_has_by_now_stays_with_it(staff_client, draft):
    staff_client.post(page(draft, "delete"), {"post": "yes"})
    Achievement.objects.create(
        code=draft.code, award_year=draft.award_year, tier="winner", rank=12, title="百事堂"
    )
    with pytest.raises(LoadError, match="2015-w12 现属另一项成果"):
        loading.restore_entry(draft.pk, Change.objects.first().pk - 1)


def test_a_rank_that_another_entry_has_by_now_stays_with_it(staff_client, draft):
    number = edit(staff_client, draft, rank="13") - 1
    other = Achievement.objects.create(
        code="2015-w14", award_year=draft.award_year, tier="winner", rank=12, title="百事堂"
    )
    (left,) = loading.restore_entry(draft.pk, number).left
    assert "原序号 13 现属另一成果" in left
    other.refresh_from_db()
    assert other.rank == 12


def test_parts_that_changed_places_come_back(draft):
    """Two codings that have taken each other's mechanism, which no row by row update could undo."""
    other = Mechanism.objects.get(slug="self-governance")
    with recording({draft.pk}):
        Coding.objects.create(achievement=draft, mechanism=other, weight="secondary")
    number, before = Change.objects.first().pk, held(draft)
    first, second = draft.codings.order_by("pk")
    with recording({draft.pk}):
        second.delete()
        mine = first.mechanism
        Coding.objects.filter(pk=first.pk).update(mechanism=other)
        Coding.objects.create(achievement=draft, mechanism=mine, weight="secondary")
    loading.restore_entry(draft.pk, number)
    assert held(draft) == before


def test_a_coding_that_got_another_mechanism_comes_back_with_its_evidence(staff_client, draft):
    before = held(draft)
    assert before["governance.evidence"]
    other = Mechanism.objects.get(slug="self-governance")
    number = edit(staff_client, draft, **{"codings-0-mechanism": other.pk})
    after = held(draft)
    for at, then in ((number - 1, before), (number, after)):
        loading.restore_entry(draft.pk, at)
        assert held(draft) == then


def test_nobody_knows_what_an_entry_was_before_it_was_there():
    years.load(years.year())
    entry = Achievement.objects.get(code="2016-w01")
    assert moment(entry.pk, 0) == {}
    with pytest.raises(LoadError, match="那时还没有这项成果"):
        loading.restore_entry(entry.pk, 0)


def test_what_a_load_has_changed_comes_back_with_moved_evidence(staff_client):
    years.load(years.year())
    entry = Achievement.objects.get(code="2016-w01")
    before, number = held(entry), Change.objects.first().pk
    longer = years.changed(
        years.year(),
        "achievement",
        {"code": "2016-w01"},
        summary="夏夜，" + years.SUMMARY,
        summary_offset=None,
    )
    years.load(years.without(longer, "evidence"))
    assert held(entry) != before
    loading.restore_entry(entry.pk, number)
    assert held(entry) == before


def test_its_page_says_what_was_and_what_became_of_it(staff_client, draft):
    edit(staff_client, draft, short_name="夜话")
    words = said(staff_client.get(page(draft, "history")))
    assert "编辑" in words
    assert "staff" in words
    assert "简称 原为 院落 夜话" in words
    assert "改为 夜话" in words
    edit(staff_client, draft, **{"codings-0-DELETE": "on"})
    words = said(staff_client.get(page(draft, "history")))
    assert "机制标注 协商议事 “逐项商定公共事务” 删去" in words


def test_its_page_shows_first_what_restoring_would_change(staff_client, draft):
    number = edit(staff_client, draft, short_name="夜话") - 1
    address = f"{page(draft, 'restore')}?number={number}&name=short_name"
    asked = staff_client.get(address)
    assert "改为 院落 夜话" in said(asked)
    draft.refresh_from_db()
    assert draft.short_name == "夜话"
    data = form_data(asked, "restore_form") | {"reason": "原名即如此。"}
    done = staff_client.post(page(draft, "restore"), data, follow=True)
    assert "已恢复。" in said(done)
    assert "原名即如此。" in said(done)
    draft.refresh_from_db()
    assert draft.short_name == "院落夜话"


def test_deleted_drafts_are_listed_and_come_back_from_their_page(staff_client, draft):
    staff_client.post(page(draft, "delete"), {"post": "yes"})
    assert "院落夜话" in said(staff_client.get(f"{LIST}deleted/"))
    words = said(staff_client.get(page(draft, "history")))
    assert "恢复为草稿" in words
    address = f"{page(draft, 'restore')}?number={Change.objects.first().pk - 1}"
    staff_client.post(page(draft, "restore"), form_data(staff_client.get(address), "restore_form"))
    assert Achievement.objects.filter(pk=draft.pk, status="draft").exists()
    assert "没有已删除的草稿" in said(staff_client.get(f"{LIST}deleted/"))


@pytest.mark.parametrize(
    ("permissions", "statuses"),
    [
        ([], (403, 403, 403)),
        (["view_achievement"], (200, 403, 200)),
        (["change_achievement"], (200, 200, 200)),
    ],
)
def test_who_may_look_may_not_restore(draft, permissions, statuses):
    with recording({draft.pk}):
        Achievement.objects.filter(pk=draft.pk).update(short_name="夜话")
    client = staff_with(*permissions)
    number = Change.objects.first().pk - 1
    for address, status in zip(
        (page(draft, "history"), f"{page(draft, 'restore')}?number={number}", f"{LIST}deleted/"),
        statuses,
        strict=True,
    ):
        assert client.get(address).status_code == status
    assert client.post(page(draft, "restore"), {"number": number}).status_code in (302, 403)
    now = Achievement.objects.get(pk=draft.pk).short_name
    assert (now == "院落夜话") == ("change_achievement" in permissions)


def test_an_address_that_names_nothing_is_not_found(staff_client, draft):
    assert staff_client.get(f"{LIST}999999/history/").status_code == 404
    for query in ("", "?number=x", "?number=-1"):
        assert staff_client.get(page(draft, "restore") + query).status_code == 404


def test_a_recording_sees_what_relocate_moves(draft):
    with recording({draft.pk}):
        before = {"summary": draft.summary, "title": draft.title}
        draft.summary = "夏夜，" + draft.summary
        draft.save()
        relocate(draft, before)
    number, now = Change.objects.first().pk, held(draft)
    loading.restore_entry(draft.pk, number - 1)
    assert held(draft) != now
    loading.restore_entry(draft.pk, number)
    assert held(draft) == now
