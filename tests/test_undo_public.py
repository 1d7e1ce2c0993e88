"""A load is undone after its entries were published: what was public is taken back, the rest goes."""

import pytest
from django.test import Client

from governance import index, loading
from governance.loading.recognizing import codes_of
from governance.models import Achievement, Organization, Publication

from .helpers.corrections import ADDED, FIRST, OTHER, SECOND, THIRD, YEAR, listed, load_list
from .helpers.loads import address, choose, load_year, newest, said, upload
from .helpers.new_year import ANNOUNCEMENT
from .helpers.years import record

pytestmark = pytest.mark.django_db


def publish(*codes):
    rows = Achievement.objects.filter(code__in=codes)
    assert rows.update(status="published") == len(codes)
    index.update(rows.values_list("pk", flat=True))


def page(code):
    return Client().get(f"/achievements/{code}/").status_code


def test_what_was_public_is_taken_back_and_the_rest_goes():
    report = load_list(FIRST, SECOND, THIRD)
    publish("2010-w02")
    assert page("2010-w02") == 200
    tried = loading.undo(report.load, dry_run=True)
    assert tried.published == ["2010-w02"]
    assert page("2010-w02") == 200
    undone = loading.undo(report.load)
    assert listed() == {"2010-w02": (2, SECOND[0], SECOND[2])}
    entry = Achievement.objects.get(code="2010-w02")
    assert entry.status == "draft"
    assert [one.name for one in entry.organizations.all()] == ["杭州市西湖区民政局"]
    assert (page("2010-w02"), page("2010-w01")) == (410, 404)
    assert Publication.objects.get(code="2010-w02").reason == "装入这一条的文件已撤销。"
    assert "“乙议事”：撤下：公众不再看到，原网址说明已撤下" in "\n".join(undone.lines())


def test_publishing_alone_keeps_nothing_that_was_never_public():
    before = record()
    report = load_list(FIRST, SECOND)
    Achievement.objects.filter(code="2010-w01").update(status="in_review")
    loading.undo(report.load)
    assert record() == before


def test_what_was_public_once_stays_though_it_is_a_draft_by_now():
    report = load_list(FIRST)
    publish("2010-w01")
    Achievement.objects.update(status="draft")
    index.update(Achievement.objects.values_list("pk", flat=True))
    loading.undo(report.load)
    assert listed() == {"2010-w01": (1, FIRST[0], FIRST[2])}
    assert page("2010-w01") == 410


def test_what_staff_have_worked_on_is_taken_back_with_their_work():
    report = load_list(FIRST)
    publish("2010-w01")
    Achievement.objects.filter(code="2010-w01").update(title_en="First")
    loading.undo(report.load)
    assert Achievement.objects.get(code="2010-w01").title_en == "First"
    assert page("2010-w01") == 410


def test_loaded_again_it_is_the_same_entry_and_can_be_published():
    report = load_list(FIRST, SECOND)
    publish("2010-w02")
    loading.undo(report.load)
    load_list(OTHER, SECOND, ADDED)
    assert {code: title for code, (_rank, title, _summary) in listed().items()} == {
        "2010-w01": OTHER[0],
        "2010-w02": SECOND[0],
        "2010-w03": ADDED[0],
    }
    publish("2010-w02")
    assert page("2010-w02") == 200


def test_a_code_that_was_public_is_given_to_nobody_else():
    load_list(FIRST, SECOND)
    publish("2010-w02")
    row = Achievement.objects.filter(code="2010-w02")
    row.update(status="draft")
    index.update(row.values_list("pk", flat=True))
    # As a raw deletion would, the loads forgotten with it.
    row.delete()
    newest().delete()
    texts = dict(zip(("title", "organization_text", "summary"), OTHER, strict=True))
    given = codes_of(str(YEAR), {"2010-w02": texts})
    assert given["2010-w02"].code == "2010-w03"
    again = codes_of(str(YEAR), {"2010-w05": texts | {"title": SECOND[0]}})
    assert again["2010-w05"].code == "2010-w02"


@pytest.mark.usefixtures("work_at_once")
def test_the_confirmation_says_which_are_taken_back(staff_client):
    load_year(staff_client, **{"2016-w03-region": "320106:1999"})
    publish("2016-w01", "2016-n02")
    words = said(staff_client.get(address(view="undo")))
    assert "删去 3 项条目 2016-w02 2016-w03 2016-n01" in words
    assert "撤下 2 项曾经公开的条目：公众不再看到，原网址说明已撤下 2016-w01 2016-n02" in words
    staff_client.post(address(view="undo"))
    assert (page("2016-w01"), page("2016-n02"), page("2016-w02")) == (410, 410, 404)


@pytest.mark.usefixtures("work_at_once")
def test_undoing_is_not_offered_where_it_would_change_nothing(staff_client):
    load_year(staff_client)
    first, link = newest(), "load-danger"
    assert link in staff_client.get(address()).content.decode()
    upload(staff_client, ANNOUNCEMENT)
    choose(staff_client, load="1")
    # It stands in the way of the first one, which is not offered before.
    assert link in staff_client.get(address()).content.decode()
    page_of_first = staff_client.get(address(first))
    assert link not in page_of_first.content.decode()
    assert f"请先撤销 #{newest().pk}" in said(page_of_first)
    staff_client.post(address(view="undo"))
    assert link in staff_client.get(address(first)).content.decode()


def test_a_body_that_a_public_entry_named_stays_though_none_names_it_now():
    report = load_list(FIRST, SECOND)
    publish("2010-w02")
    body = Organization.objects.get(name="杭州市西湖区民政局")
    entry = Achievement.objects.get(code="2010-w02")
    entry.organizations_in_order.all().delete()
    index.update({entry.pk})
    undone = loading.undo(report.load)
    assert Organization.objects.get(pk=body.pk).slug == body.slug
    assert Client().get(body.get_absolute_url()).status_code == 410
    assert "曾经公开，网址须长久有效" in "\n".join(undone.lines())
