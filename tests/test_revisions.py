"""What the public page says of changes: when and in what, and never by whom."""

import pytest

from governance import index, publishing
from governance.changes import recording
from governance.models import Achievement, ChangeKind
from showcase.entry.revisions import revisions

from .helpers.browser import send
from .test_leaks import FACES, shown

pytestmark = pytest.mark.django_db


def edit(client, entry, **fields):
    address = f"/admin/governance/achievement/{entry.pk}/change/"
    assert send(client, address, "achievement_form", **fields).status_code == 302


def told(entry):
    return [one.words for one in revisions(entry.code)]


@pytest.fixture
def w01():
    return Achievement.objects.get(code="2015-w01")


def test_it_begins_with_the_first_publication(staff_client, draft):
    edit(staff_client, draft, short_name="夜话")
    assert told(draft) == []
    publishing.move(ChangeKind.PUBLISH, [draft.pk], by=None)
    assert told(draft) == []
    edit(staff_client, draft, short_name="院落夜话", title_en="Courtyard talks")
    assert told(draft) == ["修订：简称、英文标题"]


def test_an_entry_that_was_public_when_the_history_began_tells_all_since(staff_client, w01):
    edit(staff_client, w01, title_en="Society and government")
    other = {"primary": "secondary", "secondary": "primary"}[w01.codings.first().weight]
    edit(staff_client, w01, **{"codings-0-weight": other})
    # Of one day one line.
    assert told(w01) == ["修订：英文标题、机制标注"]


def test_it_gives_reasons_of_taking_back_alone_and_what_changed_until_it_was_back(
    staff_client, w01
):
    publishing.take_back([w01.pk], "信息有误。")
    edit(staff_client, w01, grade="一等奖")
    with recording({w01.pk}, ChangeKind.PUBLISH, reason="沈晓已核对。"):
        Achievement.objects.filter(pk=w01.pk).update(status="published")
        index.update([w01.pk])
    assert told(w01) == ["重新公开，已修订：等次", "撤下：信息有误。"]


def test_what_only_moved_is_no_revision(w01):
    with recording({w01.pk}):
        Achievement.objects.filter(pk=w01.pk).update(pinyin="tai cang")
    assert told(w01) == []


def test_its_page_names_nobody(staff_client, staff, client, w01):
    staff.first_name, staff.last_name = "晓", "沈"
    staff.save()
    edit(staff_client, w01, title_en="Society and government")
    for prefix, words in (("", "修订：英文标题"), ("/en", "revised: English title")):
        html = client.get(f"{prefix}/achievements/2015-w01/").content.decode()
        assert words in html
        assert "沈晓" not in html
        assert "staff" not in html


@pytest.mark.parametrize("face", ["/api/achievements/2015-w01/", *FACES])
def test_no_face_gives_away_who_worked_or_why(client, staff, w01, face):
    with recording({w01.pk}, by=staff, reason="沈晓已核对。"):
        Achievement.objects.filter(pk=w01.pk).update(grade="一等奖")
        index.update([w01.pk])
    said = shown(client, face)
    assert "沈晓已核对".encode() not in said
    assert b"staff" not in said


def test_what_is_not_public_tells_nothing(draft, w01):
    publishing.take_back([w01.pk], "信息有误。")
    assert revisions("2015-w01") == revisions(draft.code) == revisions("2015-w99") == []
