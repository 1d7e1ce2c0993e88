"""Load an award year in the admin: what is public, what of it changes at once, and tiers."""

import pytest

from governance.models import Achievement
from governance.readable_yaml import dump

from .helpers.loads import address, card, choose, edit_title, file, load_year, newest, said, upload
from .helpers.new_year import ANNOUNCEMENT, CORRECTED
from .helpers.years import year as fixture_year

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("work_at_once")]

AT_ONCE = "已发布：装入后公众立即看到改动"


@pytest.fixture
def published(staff_client, publish, work_at_once):
    """A loaded year of which one entry that was mended, and one that was not, are public."""
    load_year(staff_client)
    for code in ("2016-w01", "2016-n01"):
        publish(Achievement.objects.get(code=code))


def test_it_shows_the_tier_of_each_entry_and_counts_them(staff_client):
    page = upload(staff_client)
    assert "十大创新成果 3 · 提名成果 2 归类不对？请在条目里改“评选结果”。" in said(page)
    assert 'name="2016-w02-tier"' in page.content.decode()
    assert "十大创新成果 第 2 项" in card(page, "2016-w02")
    assert "提名成果 第 1 项" in card(page, "2016-n01")


def test_it_says_that_the_setting_is_not_read(staff_client):
    assert "城乡不从文件里读：新条目先记为“未说明”" in said(upload(staff_client))


@pytest.mark.usefixtures("published")
def test_it_marks_public_entries_that_change_at_once(staff_client):
    page = upload(staff_client, CORRECTED)
    assert "有 1 项已经发布，装入后公众立即看到改动： 2016-n01" in said(page)
    assert AT_ONCE in card(page, "2016-n01")
    assert AT_ONCE not in card(page, "2016-w01")
    assert AT_ONCE not in card(page, "2016-w02")
    assert "装入：新条目为草稿，1 项公开条目立即更改" in said(page)
    assert "装入为草稿" not in said(page)
    done = choose(staff_client, load="1")
    assert "改动的条目中有 1 项是公开的，公众已能看到： 2016-n01" in said(done)
    # None is new.
    assert "新条目" not in said(done)


def test_it_marks_no_entry_that_keeps_what_staff_wrote(staff_client, publish):
    load_year(staff_client)
    publish(Achievement.objects.get(code="2016-w02"))
    edit_title(staff_client, "2016-w02", "“红色物业”进社区")
    page = upload(staff_client, CORRECTED)
    assert "有冲突" in card(page, "2016-w02")
    assert AT_ONCE not in card(page, "2016-w02")
    assert "已经发布" not in said(page)


def test_it_promises_drafts_where_all_are(staff_client):
    page = upload(staff_client)
    assert "装入为草稿" in said(page)
    assert "已经发布" not in said(page)
    done = choose(staff_client, load="1")
    assert "新条目中有 5 项还没有发布，公众看不到" in said(done)


@pytest.mark.parametrize(("status", "public"), [("published", True), ("draft", False)])
def test_it_says_that_a_fixture_publishes(staff_client, status, public):
    objects = fixture_year()
    for each in objects:
        if each["model"] == "governance.achievement" and each["fields"]["code"] == "2016-w02":
            each["fields"]["status"] = status
    page = upload(staff_client, text="", year="", file=file(dump(objects), "2016.yaml"))
    sentence = "有 1 项已经发布，装入后公众立即看到改动： 2016-w02"
    assert (sentence in said(page)) is public
    done = staff_client.post(address(), {"load": "1"}, follow=True)
    assert (Achievement.objects.get(code="2016-w02").status == "published") is public
    assert f"新条目中有 {1 if public else 2} 项还没有发布" in said(done)


def test_it_marks_by_what_was_loaded_and_not_by_what_was_tried(staff_client):
    load_year(staff_client, **{"2016-n01-organizations": ["杭州市上城区民政局"]})
    bodies = ["杭州市上城区民政局", "杭州市上城区小营街道办事处"]
    page = upload(staff_client, ANNOUNCEMENT)
    assert "无变化 5" in said(page)
    choose(staff_client, load="1", **{"2016-n01-organizations": bodies})
    assert newest().parsed["marks"]["2016-n01"] == "changed"
