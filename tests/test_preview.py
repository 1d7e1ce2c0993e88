"""What is not public, as its page would look: for staff alone, and kept by nobody."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission

from governance import publishing
from governance.models import Achievement
from showcase import answers

from .helpers.pages import Page

pytestmark = pytest.mark.django_db

WORDS = ("院落夜话", "逐项商定公共事务")


def address(entry, prefix=""):
    return f"{prefix}/admin/preview/{entry.pk}/"


@pytest.mark.parametrize("status", ["draft", "in_review"])
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_it_shows_a_draft_as_its_page_with_a_banner(staff_client, draft, publish, status, prefix):
    publish(draft, status)
    page = Page(staff_client, address(draft, prefix))
    assert all(word in page.html for word in WORDS)
    assert 'class="preview" role="status"' in page.html
    assert ("is not public" if prefix else "未公开") in page.html
    assert f'href="{prefix}/admin/governance/achievement/{draft.pk}/change/"' in page.html
    assert 'id="mechanisms"' in page.html
    assert '<meta name="robots" content="noindex">' in page.html
    assert not any(f"/achievements/{draft.code}" in href for _text, href in page.links)


def test_it_shows_one_without_a_region(staff_client, draft):
    draft.region = None
    draft.save()
    page = Page(staff_client, address(draft))
    assert all(word in page.html for word in WORDS)
    assert "未选定" in page.html


def test_it_shows_what_was_taken_back(staff_client):
    entry = Achievement.objects.get(code="2015-w01")
    publishing.take_back([entry.pk], "核对中。")
    assert "政社互动" in Page(staff_client, address(entry)).html


def test_it_leads_from_what_is_public_to_its_page(staff_client):
    entry = Achievement.objects.get(code="2015-w01")
    assert staff_client.get(address(entry)).url == "/achievements/2015-w01/"


def test_the_admin_leads_there(staff_client, draft):
    for page in ("", f"{draft.pk}/change/"):
        html = staff_client.get(f"/admin/governance/achievement/{page}").content.decode()
        assert f'href="{address(draft)}"' in html


def nobody(client):
    return client


def reader_with_account(client):
    client.force_login(get_user_model().objects.create_user("reader"))
    return client


def staff_without_permission(client):
    clerk = get_user_model().objects.create_user("clerk", is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename="view_region"))
    client.force_login(clerk)
    return client


@pytest.mark.parametrize("who", [nobody, reader_with_account, staff_without_permission])
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_nobody_else_sees_anything(client, draft, who, prefix):
    answer = who(client).get(address(draft, prefix))
    assert answer.status_code == (403 if who is staff_without_permission else 302)
    assert not any(word in answer.content.decode() for word in WORDS)


def test_whoever_may_change_or_view_entries_sees_it(client, draft):
    for may in ("view", "change"):
        user = get_user_model().objects.create_user(may, is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename=f"{may}_achievement"))
        client.force_login(user)
        assert client.get(address(draft)).status_code == 200


def test_nothing_keeps_it(staff_client, client, draft, monkeypatch):
    monkeypatch.setattr(answers, "MOST", 32 << 20)
    answer = staff_client.get(address(draft))
    assert "no-store" in answer["Cache-Control"]
    assert "private" in answer["Cache-Control"]
    assert "ETag" not in answer
    client.logout()
    assert client.get(address(draft)).status_code == 302
    assert client.get(draft.get_absolute_url()).status_code == 404
    assert "院落夜话" not in client.get("/achievements/").content.decode()
