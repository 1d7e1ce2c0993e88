"""What readers say is wrong with an entry."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core import signing
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from governance.models import Achievement, ErrorReport
from showcase.entry import reporting

from .helpers.browser import form_data
from .helpers.pages import Page

pytestmark = pytest.mark.django_db

ADDRESS = "/achievements/2015-w01/report/"
FORM = "application/x-www-form-urlencoded"
TEXT = "机构应为太仓市人民政府：见《人民日报》2015年7月的报道。"


@pytest.fixture
def send(client):
    """A function that sends the form as somebody who took a minute over it; changes of its fields."""

    def send(address=ADDRESS, opened=60, **fields):
        page = Page(client, address)
        assert page.response["Cache-Control"].startswith("max-age=0, no-cache, no-store")
        past = timezone.now() - timedelta(seconds=opened)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(signing.time, "time", past.timestamp)
            moment = reporting.ReportForm.opening()
        sender = fields.pop("sender", "192.0.2.7")
        sent = {"text": TEXT, "contact": "", "homepage": "", "opened": moment} | fields
        # As a browser: of a Chinese character it makes nine bytes.
        return client.post(address, urlencode(sent), FORM, REMOTE_ADDR=sender)

    return send


def test_an_entry_leads_to_it(client):
    assert ("报告错误", ADDRESS) in Page(client, "/achievements/2015-w01/").links
    english = Page(client, "/en/achievements/2015-w01/report/")
    assert english.heading == "Report a mistake"
    assert "2015-w01" in english.html


def test_it_is_stored_and_its_reader_gets_its_number(client, send):
    response = send(contact="读者 yuedu@example.cn")
    report = ErrorReport.objects.get()
    assert (report.code, report.text) == ("2015-w01", TEXT)
    assert report.contact == "读者 yuedu@example.cn"
    assert response["Location"] == f"{ADDRESS}?number={report.pk}"
    assert f"已收到，编号 {report.pk}。" in Page(client, response["Location"]).html


def test_it_sets_no_cookie_and_asks_for_none(client, send):
    assert send().status_code == 302
    assert not client.cookies


@pytest.mark.parametrize(
    "fields",
    [
        {"homepage": "https://spam.example"},
        {"opened": 1},
        {"opened": 25 * 60 * 60},
    ],
)
def test_what_a_machine_sends_is_not_taken_and_what_is_written_stays(send, fields):
    response = send(**fields)
    assert response.status_code == 400
    html = response.content.decode()
    assert "未能接收" in html
    assert TEXT in html
    assert not ErrorReport.objects.exists()


def test_a_forged_moment_is_not_taken(client):
    sent = {"text": TEXT, "opened": "report:1a2b3c:forged"}
    assert client.post(ADDRESS, sent).status_code == 400
    assert not ErrorReport.objects.exists()


def test_as_much_as_the_page_lets_one_write_is_taken(send):
    written, contact = "太仓市人民政府。\r\n" * 400, "读" * 150
    assert send(text=written, contact=contact).status_code == 302
    assert ErrorReport.objects.get().text == written.strip()


@pytest.mark.parametrize("text", ["", "  \n", "\u3000\u200b\u202e", "长" * 4001])
def test_nothing_or_too_much_is_said_beside_its_field(send, text):
    html = send(text=text).content.decode()
    assert 'id="text-error"' in html
    assert not ErrorReport.objects.exists()


def test_it_shows_what_was_written_as_text(send):
    html = send(opened=1, text="<script>alert(1)</script>", contact='"><b>').content.decode()
    assert "<script>alert" not in html
    assert '"><b>' not in html


def test_one_sender_and_all_together_are_bounded(send, monkeypatch):
    monkeypatch.setattr(reporting, "MOST_OF_ONE", 2)
    monkeypatch.setattr(reporting, "MOST", 3)
    assert [send().status_code for _ in range(3)] == [302, 302, 429]
    assert send(sender="192.0.2.8").status_code == 302
    assert send(sender="192.0.2.9").status_code == 429
    ErrorReport.objects.update(sent_at=timezone.now() - timedelta(days=1))
    assert send().status_code == 302


def test_who_sent_it_is_a_hash_that_is_forgotten_after_a_day(send, admin_client):
    send()
    report = ErrorReport.objects.get()
    assert len(report.sender) == 64
    assert "192.0.2.7" not in str(vars(report))
    ErrorReport.objects.update(sent_at=timezone.now() - timedelta(days=1))
    admin_client.get("/admin/governance/errorreport/")
    report.refresh_from_db()
    assert report.sender == ""


def test_the_sender_behind_a_proxy_is_who_asked_the_proxy(client, send):
    client.defaults["HTTP_X_FORWARDED_FOR"] = "203.0.113.5, 192.0.2.7"
    send(sender="127.0.0.1")
    client.defaults["HTTP_X_FORWARDED_FOR"] = "192.0.2.8"
    send(sender="192.0.2.7")
    assert ErrorReport.objects.values("sender").distinct().count() == 1


def test_more_than_64_kilobytes_are_not_read(client):
    response = client.post(ADDRESS, {"text": "长" * 22_000})
    assert response.status_code == 413


@pytest.mark.parametrize("code", ["2015-w99", "2016-w01"])
def test_there_is_none_for_an_entry_that_is_not_public(client, code):
    assert client.get(f"/achievements/{code}/report/").status_code == 404
    assert client.post(f"/achievements/{code}/report/", {"text": TEXT}).status_code == 404


def test_a_draft_has_none(client, draft):
    assert client.get(f"/achievements/{draft.code}/report/").status_code == 404


def test_other_methods_and_addresses_stay_closed(client):
    assert client.put(ADDRESS).status_code == 405
    assert client.post("/achievements/2015-w01/").status_code == 405
    assert client.post("/fr/achievements/2015-w01/report/").status_code == 405


def test_staff_answer_it_in_the_list(send, admin_client):
    send()
    report = ErrorReport.objects.get()
    listed = admin_client.get("/admin/governance/errorreport/")
    assert f">{report.pk}</a>" in listed.content.decode()
    assert report.text in listed.content.decode()
    entry = Achievement.objects.get(code="2015-w01")
    link = f'<a href="/admin/governance/achievement/{entry.pk}/change/">2015-w01</a>'
    assert link in listed.content.decode()
    page = admin_client.get(f"/admin/governance/errorreport/{report.pk}/change/").content.decode()
    assert link in page
    answer = {"form-0-note": "已按公告改正，并已回信。", "form-0-handled": "on", "_save": "1"}
    sent = form_data(listed, "changelist-form") | answer
    assert admin_client.post("/admin/governance/errorreport/", sent).status_code == 302
    report.refresh_from_db()
    assert (report.note, report.handled) == ("已按公告改正，并已回信。", True)
    assert admin_client.get("/admin/governance/errorreport/add/").status_code == 403


def test_saving_the_list_asks_no_more_for_many_than_for_few(admin_client):
    address, counts = "/admin/governance/errorreport/", []
    for many in (2, 30):
        ErrorReport.objects.all().delete()
        ErrorReport.objects.bulk_create(
            ErrorReport(code="2015-w01", text=f"市名有误，第 {number} 处") for number in range(many)
        )
        sent = form_data(admin_client.get(address), "changelist-form")
        sent |= {"form-1-note": "已按公告改正。", "_save": "1"}
        with CaptureQueriesContext(connection) as queries:
            assert admin_client.post(address, sent).status_code == 302
        counts.append(len(queries))
        assert ErrorReport.objects.get(note="已按公告改正。").pk == int(sent["form-1-id"][0])
    assert counts[0] == counts[1]


def test_a_report_that_is_gone_is_said(admin_client):
    address = "/admin/governance/errorreport/"
    gone = ErrorReport.objects.create(code="2015-w01", text="市名有误")
    sent = form_data(admin_client.get(address), "changelist-form") | {"_save": "1"}
    ErrorReport.objects.create(code="2015-w01", text="另有一处")
    gone.delete()
    assert admin_client.post(address, sent | {"form-0-note": "好"}).status_code == 200
    assert not ErrorReport.objects.filter(note="好").exists()


def test_staff_mark_several_at_once(send, admin_client):
    send()
    number = ErrorReport.objects.get().pk
    asked = {"action": "mark_handled", "_selected_action": [number]}
    admin_client.post("/admin/governance/errorreport/", asked)
    assert ErrorReport.objects.get().handled
    wrong = {"action": "mark_handled", "_selected_action": ["abc"]}
    assert admin_client.post("/admin/governance/errorreport/", wrong).status_code == 400


def test_the_page_of_the_entry_says_to_staff_alone_that_one_is_open(send, client, admin_client):
    send()
    entry = Achievement.objects.get(code="2015-w01")
    page = f"/admin/governance/achievement/{entry.pk}/change/"
    link = "/admin/governance/errorreport/?code=2015-w01&amp;handled__exact=0"
    assert f'<a href="{link}">有 1 份待处理</a>' in admin_client.get(page).content.decode()
    clerk = get_user_model().objects.create_user("clerk", is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename="change_achievement"))
    client.force_login(clerk)
    assert "待处理" not in client.get(page).content.decode()
    client.logout()
    assert "待处理" not in client.get("/achievements/2015-w01/").content.decode()
    ErrorReport.objects.update(handled=True)
    assert "待处理" not in admin_client.get(page).content.decode()


def test_it_begins_with_the_mechanism_whose_status_was_followed(client):
    html = client.get("/achievements/2015-w01/report/?mechanism=self-governance").content.decode()
    assert ">机制“居民（村民）自治”：</textarea>" in html
    # Of another entry's, or of none, nothing is said.
    for other in ("deliberation", "x" * 5000):
        html = client.get(f"/achievements/2015-w01/report/?mechanism={other}").content.decode()
        assert "></textarea>" in html


@pytest.mark.parametrize("number", ["999999", "1" * 5000, "0", "-1", "１", "x"])
def test_a_link_cannot_claim_a_receipt(client, number):
    response = client.get("/achievements/2015-w01/report/", {"number": number})
    assert response.status_code == 200
    assert "已收到" not in response.content.decode()
