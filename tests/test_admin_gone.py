"""A row that a colleague deletes while its form is open: what was typed into it is not lost."""

import pytest

from governance.models import (
    Achievement,
    Award,
    AwardYear,
    Coding,
    Mechanism,
    Organization,
    Region,
)

from .helpers.browser import form_data
from .helpers.loads import said, staff_with
from .helpers.pictures import PHOTO, upload
from .helpers.unmet import unmet_records
from .test_admin_achievement import form_of, move, page, spans

pytestmark = pytest.mark.django_db


def delete(client, record):
    assert client.post(page(record, "delete"), {"post": "yes"}).status_code == 302
    assert not type(record).objects.filter(pk=record.pk).exists()


def again(response, button):
    """What the button of the page that came back would send."""
    return form_data(response, "gone_form") | {button: "1"}


def test_it_keeps_what_was_typed_into_an_entry_and_restores_it_with_that(
    staff_client, colleague, draft
):
    form = form_of(staff_client, draft)
    mechanism = Mechanism.objects.exclude(name="协商议事")[0]
    delete(colleague, draft)
    typed = {
        "title_en": "Courtyard Talks",
        "codings-TOTAL_FORMS": "2",
        "codings-0-words": "围坐夜话",
        "codings-1-mechanism": mechanism.pk,
        "codings-1-weight": "secondary",
        "codings-1-aspect": "goal",
        "codings-1-words": "公共事务",
    }
    response = staff_client.post(page(draft), form | typed)
    assert response.status_code == 410
    words = said(response)
    assert "没有保存" in words
    assert "林小满" in words
    for one in ("Courtyard Talks", "围坐夜话", "公共事务", str(mechanism), "目标"):
        assert one in words
    # What was not changed is in the history, and is not repeated.
    assert draft.summary not in words
    assert not Achievement.objects.filter(pk=draft.pk).exists()
    assert staff_client.post(page(draft), again(response, "_restore")).status_code == 302
    draft.refresh_from_db()
    assert (draft.title_en, draft.short_name) == ("Courtyard Talks", "院落夜话")
    found = {str(one.mechanism): spans(one.evidence) for one in draft.codings.all()}
    assert [words for ((*_place, words),) in found.values()] == ["围坐夜话", "公共事务"]


@pytest.mark.parametrize("model", [Region, Organization, Mechanism, Award, AwardYear])
def test_it_makes_another_record_anew_with_what_was_typed(staff_client, colleague, model):
    record = unmet_records()[model]
    form = form_of(staff_client, record)
    delete(colleague, record)
    response = staff_client.post(page(record), form | {"name_en": "New one"})
    assert response.status_code == 410
    assert "New one" in said(response)
    assert "小满" in said(response)
    added = staff_client.post(
        page(record).replace(f"{record.pk}/change", "add"), again(response, "_save")
    )
    assert added.status_code == 302
    assert model.objects.filter(name_en="New one").count() == 1


def test_it_needs_no_page_where_nothing_was_typed(staff_client, colleague, draft):
    form = form_of(staff_client, draft)
    delete(colleague, draft)
    assert staff_client.post(page(draft), form).status_code == 302
    assert staff_client.post(page(draft, "delete"), {"post": "yes"}).status_code == 302


def test_it_says_that_a_chosen_file_goes(staff_client, colleague, draft, media):
    form = form_of(staff_client, draft)
    delete(colleague, draft)
    picture = {"images-TOTAL_FORMS": "1", "images-0-upload": upload(PHOTO), "images-0-alt": "院落"}
    words = said(staff_client.post(page(draft), form | picture))
    assert "院落" in words
    assert "选过的文件请重新选择" in words


def test_it_brings_back_nothing_for_who_may_not_add(colleague, draft):
    client = staff_with("view_achievement", "change_achievement")
    form = form_of(client, draft)
    delete(colleague, draft)
    response = client.post(page(draft), form | {"title_en": "Courtyard Talks"})
    assert "Courtyard Talks" in said(response)
    assert "_restore" not in response.content.decode()
    assert client.post(page(draft), again(response, "_restore")).status_code == 403
    assert not Achievement.objects.filter(pk=draft.pk).exists()


def test_it_keeps_what_was_typed_where_the_code_is_anothers_by_now(staff_client, colleague, draft):
    form = form_of(staff_client, draft)
    delete(colleague, draft)
    other = Achievement.objects.create(
        code=draft.code, award_year=draft.award_year, tier="winner", rank=12, title="百事堂"
    )
    response = staff_client.post(page(draft), form | {"title_en": "Courtyard Talks"})
    response = staff_client.post(page(draft), again(response, "_restore"))
    assert response.status_code == 410
    assert "2015-w12 现属另一项成果" in said(response)
    assert "Courtyard Talks" in said(response)
    other.refresh_from_db()
    assert other.title == "百事堂"


def test_it_saves_as_ever_what_a_colleague_has_restored_meanwhile(staff_client, colleague, draft):
    form = form_of(staff_client, draft)
    delete(colleague, draft)
    response = staff_client.post(page(draft), form | {"title_en": "Courtyard Talks"})
    sent = again(response, "_restore")
    assert staff_client.post(page(draft), sent).status_code == 302
    assert staff_client.post(page(draft), sent | {"short_name": "夜话"}).status_code in (200, 302)
    assert Coding.objects.filter(achievement=draft).count() == 1
    move(staff_client, draft, "submit")
