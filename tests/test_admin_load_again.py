"""Load an award year in the admin: a document that comes once more, corrected or read otherwise."""

import pytest

from governance.models import Achievement, Coding, Load

from .helpers.browser import form_data
from .helpers.corrections import FIRST, SECOND, announcement, fixture, load_objects
from .helpers.loads import (
    address,
    card,
    choose,
    edit_title,
    load_year,
    newest,
    said,
    staff_with,
    upload,
)
from .helpers.new_year import ANNOUNCEMENT, CORRECTED

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("work_at_once")]

BODY, OTHER_BODY = "杭州市上城区民政局", "杭州市上城区小营街道办事处"


def organizations(code):
    entry = Achievement.objects.get(code=code)
    return {link.organization.name for link in entry.organizations_in_order.all()}


def ticked(client, name):
    return form_data(client.get(address()), "choices_form").get(name, [])


# Choices of an earlier load


def test_it_begins_with_the_choices_of_the_last_load(staff_client):
    load_year(staff_client, **{"2016-n01-organizations": [BODY]})
    page = upload(staff_client, CORRECTED)
    assert ticked(staff_client, "2016-n01-organizations") == [BODY]
    assert "沿用装入 #" in card(page, "2016-n01")
    assert "沿用装入 #" not in card(page, "2016-n02")
    choose(staff_client, load="1")
    assert organizations("2016-n01") == {BODY}
    # And those of the load after that.
    upload(staff_client, CORRECTED)
    assert ticked(staff_client, "2016-n01-organizations") == [BODY]


def test_it_knows_an_entry_again_that_has_another_number(staff_client):
    load_year(
        staff_client,
        **{"2016-w02-region_typed": "成都市武侯区", "2016-w03-region_typed": "太仓市"},
    )
    first = "1.“院落夜话”议事项目（江苏省太仓市沙溪镇人民政府）\n居民晚饭后在院落里围坐夜话，开展社区协商，逐项商定公共事务。\n"
    text = ANNOUNCEMENT.replace(first, "").replace("2.“红", "1.“红").replace("3.“楼", "2.“楼")
    upload(staff_client, text)
    choices = newest().choices["entries"]
    assert choices["2016-w02"]["region"].startswith("510107:")
    assert choices["2016-w03"]["region"].startswith("320585:")


def test_it_forgets_choices_for_another_organization_text(staff_client):
    load_year(staff_client, **{"2016-n01-organizations": [BODY]})
    upload(staff_client, CORRECTED.replace("上城区小营街道办事处", "上城区湖滨街道办事处"))
    assert len(ticked(staff_client, "2016-n01-organizations")) == 2


def test_it_accepts_no_mechanism_a_second_time(staff_client):
    load_year(staff_client, **{"2016-w01-mechanisms": ["deliberation"]})
    Coding.objects.filter(achievement__code="2016-w01").delete()
    load_year(staff_client, CORRECTED)
    assert not Coding.objects.filter(achievement__code="2016-w01").exists()


def test_it_shows_what_is_added(staff_client):
    load_year(staff_client, **{"2016-n01-organizations": [BODY]})
    upload(staff_client)
    page = choose(staff_client, **{"2016-n01-organizations": [BODY, OTHER_BODY]})
    words = card(page, "2016-n01")
    assert "有改动" in words
    assert f"成果机构 2016-n01 / {OTHER_BODY} 增加" in words
    assert BODY not in words.split("增加 ", 1)[1]
    done = choose(staff_client, load="1")
    assert f"成果机构 2016-n01 / {OTHER_BODY} 增加" in said(done)


def test_it_begins_with_all_choices_where_the_load_of_the_same_file_was_undone(staff_client):
    made = {
        "2016-n01-organizations": [BODY],
        "2016-w03-region": ["320106:1999"],
        "2016-w01-mechanisms": ["deliberation"],
    }
    load_year(staff_client, **made)
    staff_client.post(address(view="undo"), follow=True)
    assert newest().state == "undone"
    upload(staff_client)
    fields = form_data(staff_client.get(address()), "choices_form")
    assert {name: fields.get(name) for name in made} == made
    # Of another file nobody has chosen anything.
    upload(staff_client, CORRECTED)
    fields = form_data(staff_client.get(address()), "choices_form")
    assert "2016-w01-mechanisms" not in fields


# Read once more


def test_it_keeps_the_choices_when_it_reads_as_another_year(staff_client):
    upload(staff_client, ANNOUNCEMENT.replace("2016年度", ""), year=2017)
    choose(
        staff_client,
        **{
            "2017-n01-organizations": [BODY],
            "2017-w03-region": "320106:1999",
            "2017-w01-mechanisms": ["deliberation"],
            "award-issuer": "中国社区发展协会",
        },
    )
    page = staff_client.post(address(view="read"), {"year": 2016}, follow=True)
    fields = form_data(page, "choices_form")
    assert fields["2016-n01-organizations"] == [BODY]
    assert fields["2016-w03-region"] == ["320106:1999"]
    assert fields["2016-w01-mechanisms"] == ["deliberation"]
    assert fields["award-issuer"] == ["中国社区发展协会"]


YEARS = """中国社区治理十大创新成果（2013-2014）
2013年度十大创新成果
1.“邻里夜校”（浙江省宁海县人民政府）
2014年度十大创新成果
1.“板凳会”（江苏省太仓市人民政府）
"""


def test_choices_stay_with_their_entry_when_another_year_of_the_document_is_read(staff_client):
    upload(staff_client, YEARS, 2013)
    choose(staff_client, **{"2013-w01-short_name": "夜校", "2013-w01-tier": "nominee"})
    page = staff_client.post(address(view="read"), {"year": 2014}, follow=True)
    fields = form_data(page, "choices_form")
    assert fields["2014-w01-short_name"] == ["板凳会"]
    assert fields["2014-w01-tier"] == ["winner"]
    # Neither year: nothing is read, and nothing is lost.
    staff_client.post(address(view="read"), {"year": 2016})
    fields = form_data(
        staff_client.post(address(view="read"), {"year": 2013}, follow=True), "choices_form"
    )
    assert fields["2013-w01-short_name"] == ["夜校"]
    assert fields["2013-w01-tier"] == ["nominee"]


def test_choices_stay_with_their_entry_when_its_code_has_become_another_s(staff_client):
    one, other = (title.replace("议事", "夜话") for title in (FIRST[0], SECOND[0]))
    body = FIRST[1]
    listed = [(one, body, FIRST[2]), (other, body, SECOND[2])]
    upload(staff_client, announcement(*listed), 2010)
    waiting = newest()
    choose(staff_client, **{"2010-w01-short_name": "甲的简称"})
    before = form_data(staff_client.get(address()), "choices_form")
    # Somebody else loads the second entry by itself, and it gets the first code.
    load_objects(fixture(listed[1]))
    page = staff_client.post(address(waiting, "read"), {"year": 2010}, follow=True)
    fields = form_data(page, "choices_form")
    assert fields["2010-w02-short_name"] == ["甲的简称"]
    assert fields["2010-w01-short_name"] == ["乙夜话"]
    # A window in which the page of before stands still speaks of other entries.
    page = staff_client.post(address(waiting), before | {"load": "1"}, follow=True)
    assert "这份文件在别的窗口里重新读过，没有保存，也没有装入" in said(page)
    assert staff_client.post(address(waiting, "keep"), before).status_code == 409
    assert Load.objects.get(pk=waiting.pk).state == "pending"
    staff_client.post(address(waiting), fields | {"load": "1"})
    found = dict(
        Achievement.objects.filter(award_year__year=2010).values_list("title", "short_name")
    )
    assert found == {one: "甲的简称", other: "乙夜话"}


# Kept as they are made


def keep(client, page=1, **changes):
    fields = form_data(client.get(address(), {"page": page}), "choices_form")
    return client.post(f"{address(view='keep')}?page={page}", fields | changes)


def test_it_keeps_a_choice_without_a_rehearsal(staff_client):
    upload(staff_client)
    report = newest().report
    assert keep(staff_client, **{"2016-n01-organizations": [BODY]}).status_code == 204
    assert ticked(staff_client, "2016-n01-organizations") == [BODY]
    assert newest().report == report
    assert newest().state == "pending"


def test_it_keeps_nothing_that_is_wrong(staff_client):
    upload(staff_client)
    assert keep(staff_client, **{"2016-w03-region_typed": "999999"}).status_code == 422
    assert newest().choices is None


def test_it_keeps_for_those_alone_who_may_load(staff_client):
    upload(staff_client)
    fields = form_data(staff_client.get(address()), "choices_form")
    assert staff_with("view_load").post(address(view="keep"), fields).status_code == 403
    assert staff_client.get(address(view="keep")).status_code == 405
    choose(staff_client, load="1")
    assert staff_client.post(address(view="keep"), fields).status_code == 409


def test_it_says_that_choices_are_kept(staff_client):
    upload(staff_client)
    assert "选择已保存。" in said(choose(staff_client))


# The file's words


@pytest.fixture
def conflict(staff_client, work_at_once):
    """The page of a correction of what staff have corrected otherwise."""
    load_year(staff_client)
    edit_title(staff_client, "2016-w02", "“红色物业”进社区")
    return upload(staff_client, CORRECTED)


def test_it_takes_the_words_of_the_file_where_a_person_says_so(staff_client, conflict):
    assert "要采用文件的，请在下面勾选。" in card(conflict, "2016-w02")
    page = choose(staff_client, **{"2016-w02-take": ["title"]})
    words = card(page, "2016-w02")
    assert "有改动" in words
    assert "标题 “红色物业”进社区 “红色物业”进万家" in words
    # It can be given back, and taken again.
    assert "有冲突" in card(choose(staff_client, **{"2016-w02-take": []}), "2016-w02")
    choose(staff_client, load="1", **{"2016-w02-take": ["title"]})
    entry = Achievement.objects.get(code="2016-w02")
    assert (entry.title, entry.pinyin[:8]) == ("“红色物业”进万家", "hong se ")
    assert entry.award_year.text[entry.title_offset :].startswith(entry.title)
    staff_client.post(address(view="undo"))
    entry.refresh_from_db()
    assert (entry.title, entry.title_offset) == ("“红色物业”进社区", None)


@pytest.mark.usefixtures("conflict")
def test_it_takes_them_for_those_alone_who_may_edit(staff_client):
    loader = staff_with("view_load", "add_load")
    page = loader.get(address())
    assert "请打开条目改正" in card(page, "2016-w02")
    choose(loader, load="1", **{"2016-w02-take": ["title"]})
    assert Achievement.objects.get(code="2016-w02").title == "“红色物业”进社区"
