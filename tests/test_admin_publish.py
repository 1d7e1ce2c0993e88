"""Publishing many entries at once, from the admin's list."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission

from governance import index
from governance.models import Achievement

pytestmark = pytest.mark.django_db


def told(response):
    return [str(one) for one in response.context["messages"]]


def publish_all(client, *achievements):
    fields = {"action": "publish_chosen", "_selected_action": [one.pk for one in achievements]}
    return client.post("/admin/governance/achievement/", fields, follow=True)


@pytest.fixture
def drafts(draft):
    """The draft, and another without a region."""
    other = Achievement.objects.get(pk=draft.pk)
    other.pk, other.code, other.rank, other.region = None, "2015-w13", 13, None
    other.save()
    return draft, other


def test_it_publishes_those_that_can_be(staff_client, client, drafts, monkeypatch):
    updates, update = [], index.update
    monkeypatch.setattr(index, "update", lambda pks: updates.append(pks) or update(pks))
    response = publish_all(staff_client, *drafts, Achievement.objects.get(code="2015-w01"))
    done, refused, lack = told(response)
    assert done == "已发布 1 项。"
    assert "2015-w12 已发布，但有标注没有编码者、英文没有写全" in lack
    assert refused.startswith("没有发布 2015-w13")
    assert refused.endswith("没有地区，不能发布")
    assert updates == [{drafts[0].pk}]
    statuses = [Achievement.objects.get(pk=one.pk).status for one in drafts]
    assert statuses == ["published", "draft"]
    assert client.get("/api/achievements/").json()["count"] == 21
    assert LogEntry.objects.get().object_id == str(drafts[0].pk)


def test_it_says_what_those_that_it_publishes_still_lack(staff_client, draft):
    draft.codings.get().delete()
    (_done, lack) = told(publish_all(staff_client, draft))
    assert lack.startswith(f"{draft.title} 2015-w12 已发布，但")
    assert "没有带依据的机制标注" in lack


def test_it_publishes_for_those_alone_who_may_change(client, draft):
    clerk = get_user_model().objects.create_user("clerk", password="夜话-2015", is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename="view_achievement"))
    client.force_login(clerk)
    publish_all(client, draft)
    draft.refresh_from_db()
    assert draft.status == "draft"
