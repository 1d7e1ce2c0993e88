"""Publishing many entries at once, from the admin's list."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client

from governance import index
from governance.models import Achievement, ChangePart

from .helpers.browser import told
from .test_admin_achievement import move, page, save

pytestmark = pytest.mark.django_db


def publish_all(client, *achievements):
    fields = {"action": "publish_chosen", "_selected_action": [one.pk for one in achievements]}
    fields |= {"publishing": "1", "which": "all"}
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
    monkeypatch.setattr(index, "update", lambda pks, **why: updates.append(pks) or update(pks))
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


@pytest.mark.parametrize("again", [publish_all, lambda *all: move(*all, "publish")])
def test_whoever_publishes_second_is_told_that_somebody_was_first(staff_client, draft, again):
    publish_all(staff_client, draft)
    (said,) = told(again(staff_client, draft))
    assert said == "没有改变：所选的成果已不在可以这样做的状态，可能有人先做了。"


def test_it_says_what_those_that_it_publishes_still_lack(staff_client, draft):
    draft.codings.get().delete()
    (_done, lack) = told(publish_all(staff_client, draft))
    assert lack.startswith(f"{draft.title} 2015-w12 已发布，但")
    assert "没有带依据的机制标注" in lack


def test_it_publishes_for_those_alone_who_may_publish(client, draft):
    clerk = get_user_model().objects.create_user("clerk", password="夜话-2015", is_staff=True)
    clerk.user_permissions.set(
        Permission.objects.filter(codename__in=["view_achievement", "change_achievement"])
    )
    client.force_login(clerk)
    publish_all(client, draft)
    draft.refresh_from_db()
    assert draft.status == "draft"


def test_it_says_in_the_history_where_one_alone_changed_and_published(staff_client, draft):
    save(staff_client, draft, title_en="Courtyard Talks", comment="补上译名")
    move(staff_client, draft, "publish", "已核对")
    publishing, edit = ChangePart.objects.filter(entry=draft.pk).order_by("-pk")
    assert edit.change.reason == "补上译名"
    assert publishing.change.reason == "已核对\n只有一人有发布权限：发布者也是最后改动的人。"


def test_it_takes_four_eyes_where_there_are_two_who_may(staff_client, draft):
    get_user_model().objects.create_superuser("other")
    save(staff_client, draft, title_en="Courtyard Talks")
    *_others, refused = told(move(staff_client, draft, "publish"))
    assert "须由另一位有发布权限的人发布" in refused
    other = Client()
    other.force_login(get_user_model().objects.get(username="other"))
    # To submit is no change, nor is what was done before it was last public.
    move(staff_client, draft, "submit")
    assert told(move(other, draft, "publish"))[0] == "已发布 1 项。"
    move(other, draft, "take_back", "重复收录")
    assert told(move(staff_client, draft, "publish"))[0] == "已发布 1 项。"


def test_what_the_public_reads_is_named_so(staff_client, draft, publish):
    label = '<label for="id_move_comment">%s</label>'
    assert label % "这一步的附言" in staff_client.get(page(draft)).content.decode()
    publish(draft)
    assert label % "撤下原因（公开）" in staff_client.get(page(draft)).content.decode()
