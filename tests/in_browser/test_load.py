"""The road of a new award year in the admin, walked in a browser against the site as it is served.

On a site and a database of its own: the other tests only read theirs.
"""

import pytest
from django.apps import apps
from playwright.sync_api import expect

from governance.models import Address, Change, Load

from ..helpers.another_award import AWARD, DOCUMENT, EARLIER, YEAR_2023
from ..helpers.new_year import ANNOUNCEMENT, CORRECTED
from ..helpers.office import word
from .page_types import WIDTHS


@pytest.fixture(scope="session")
def address(own_site):
    return own_site


def upload(page, text, year=2016):
    page.goto("/admin/governance/load/add/")
    page.fill("#id_year", str(year))
    page.fill("#id_text", text)
    go(page, page.get_by_role("button", name="上传并读取"))
    # The page of work that goes on refreshes itself until this one is there.
    unfold(page)


def upload_file(page, name, content, year):
    page.goto("/admin/governance/load/add/")
    page.fill("#id_year", str(year))
    page.set_input_files("#id_file", {"name": name, "mimeType": "", "buffer": content})
    go(page, page.get_by_role("button", name="上传并读取"))
    unfold(page)


def arrive(page, selector):
    """Wait for the whole of a page that has this, whichever pages of work come before it."""
    page.wait_for_selector(selector)
    page.wait_for_load_state()


def unfold(page):
    """The preview, once it is there, with what needs nobody."""
    arrive(page, "#choices_form")
    folded = page.locator("details.load-fine:not([open]) > summary")
    if folded.count():
        folded.click()


def go(page, link_or_button):
    with page.expect_navigation():
        link_or_button.click()


def entry(page, code):
    return page.locator(f'[id="{code}"]')


def save_choices(page):
    go(page, page.get_by_role("button", name="保存选择"))
    unfold(page)


def load(page):
    go(page, page.get_by_role("button", name="装入为草稿"))
    arrive(page, "text=这一年度的条目")


def undo(page):
    go(page, page.get_by_role("link", name="撤销…"))
    go(page, page.get_by_role("button", name="撤销这次装入"))
    arrive(page, "text=撤销的结果")
    assert page.inner_text(".load-state") == "已撤销"


def edit_title(page, code, title):
    """As staff do: a title that is not the announcement's has no place in it."""
    page.goto(f"/admin/governance/achievement/?q={code}")
    go(page, page.locator("#result_list tbody th a"))
    page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
    page.fill("#id_title", title)
    page.fill("#id_title_offset", "")
    go(page, page.locator("[name=_save]").first)
    arrive(page, ".success")


def test_it_walks_from_an_announcement_to_drafts_and_back(log_in):
    page = log_in()
    upload(page, ANNOUNCEMENT)

    # What was read stands beside the source; what was not is said.
    assert page.locator(".load-row .load-card").count() == 5
    assert "没有读懂" in page.inner_text("#p12")
    assert "读到的却是 5 项" in page.inner_text(".load-warnings")
    assert "新增" in entry(page, "2016-w01").inner_text()
    assert "1 项：地区不止一个可能" in page.inner_text(".load-warnings")

    # Of several candidates none is chosen; a suggestion is a coding once it is accepted.
    assert entry(page, "2016-w03").get_by_label("暂不选定").is_checked()
    entry(page, "2016-w03").get_by_text("江苏省/南京市/鼓楼区").click()
    entry(page, "2016-w01").get_by_label("协商议事").check()
    save_choices(page)

    # Closing the browser half-way loses nothing.
    page.context.close()
    page = log_in()
    page.goto("/admin/governance/load/")
    go(page, page.locator("#result_list tbody tr", has_text="待装入").locator("th a"))
    unfold(page)
    organization = entry(page, "2016-w03").get_by_label("南京市鼓楼区人民政府", exact=True)
    assert organization.is_checked()
    assert entry(page, "2016-w01").get_by_label("协商议事").is_checked()

    load(page)
    first = page.url
    assert page.locator(".load-entries li").count() == 5
    assert page.request.get("/achievements/2016-w01/").status == 404
    assert page.request.get("/api/achievements/").json()["count"] == 20

    # Staff correct a title, then the issuer sends the announcement once more, corrected.
    edit_title(page, "2016-w02", "“红色物业”进社区")
    upload(page, CORRECTED)
    conflict = entry(page, "2016-w02").inner_text()
    for words in ("有冲突", "“红色物业”进小区", "“红色物业”进万家", "“红色物业”进社区"):
        assert words in conflict
    assert "有改动" in entry(page, "2016-n01").inner_text()
    assert "无变化" in entry(page, "2016-w01").inner_text()
    load(page)
    assert "“红色物业”进社区" in page.inner_text(".load-entries")
    assert "“红色物业”进万家" in page.locator("tr.load-conflicts").first.inner_text()

    # And back: all of it but what staff wrote.
    undo(page)
    page.goto(first)
    undo(page)
    assert page.locator(".load-entries li").count() == 1
    assert "“红色物业”进社区" in page.inner_text(".load-entries")


def test_it_keeps_choices_as_they_are_made(log_in):
    page = log_in()
    upload(page, ANNOUNCEMENT.replace("2016", "2018"), 2018)
    here = page.url
    entry(page, "2018-w01").get_by_label("协商议事").check()
    page.wait_for_selector("text=已随手保存")
    # Who types a region means it; names are offered.
    typed = entry(page, "2018-w03").locator("[name$=region_typed]")
    typed.click()
    page.wait_for_selector('#regions option[value="江苏省苏州市太仓市 320585"]', state="attached")
    typed.fill("太仓市")
    expect(entry(page, "2018-w03").get_by_label("其他")).to_be_checked()
    with page.expect_response("**/keep/**") as kept:
        typed.press("Tab")
    assert kept.value.status == 204
    page.wait_for_selector("text=已随手保存")
    page.context.close()
    page = log_in()
    page.goto(here)
    unfold(page)
    assert entry(page, "2018-w01").get_by_label("协商议事").is_checked()
    assert "江苏省苏州市太仓市 320585" in entry(page, "2018-w03").inner_text()


def test_it_asks_before_choices_are_lost(log_in):
    page = log_in()
    upload(page, ANNOUNCEMENT.replace("2016", "2019"), 2019)
    entry(page, "2019-w03").locator("[name$=region_typed]").fill("没有这个地方")
    page.keyboard.press("Tab")
    page.wait_for_selector("text=还没有保存")
    asked = []
    page.on("dialog", lambda dialog: asked.append(dialog.type) or dialog.accept())
    page.goto("/admin/governance/load/")
    assert asked == ["beforeunload"]


def test_it_needs_no_script(log_in):
    page = log_in(javascript=False)
    upload(page, ANNOUNCEMENT.replace("2016", "2017"), 2017)
    entry(page, "2017-w03").get_by_text("福建省/福州市/鼓楼区").click()
    save_choices(page)
    organization = entry(page, "2017-w03").get_by_label("福州市鼓楼区人民政府", exact=True)
    assert organization.is_checked()
    load(page)
    assert page.locator(".load-entries li").count() == 5
    undo(page)
    assert page.locator(".load-entries").count() == 0


def test_a_year_of_another_award_goes_from_its_document_to_the_public_and_back(log_in, manage):
    page = log_in()
    upload(page, EARLIER, 2023)
    load(page)
    earlier = page.url
    before = dump(manage)

    upload_file(page, "评选结果.docx", word(DOCUMENT), 2023)
    # A province as a heading leaves two of many 鼓楼区; each kind of doubt is told once.
    headings = page.locator(".load-need h2").all_inner_texts()
    assert headings == [
        "1 段没有读懂",
        "1 项：更正，还是新的成果",
        "1 项：地区不止一个可能",
        "1 项：有的文字不知是什么机构",
    ]
    assert "读到的却是" not in page.inner_text(".load-warnings")
    # Without an answer to what looks like another entry nothing is loaded.
    go(page, page.get_by_role("button", name="装入为草稿"))
    assert "已装入" not in page.inner_text(".load-state")
    settle(page)
    load(page)
    assert page.locator(".load-entries li").count() == 6
    assert page.request.get(f"/achievements/{YEAR_2023}-w01/").status == 404
    undo(page)
    assert dump(manage) == before

    upload_file(page, "评选结果.docx", word(DOCUMENT), 2023)
    settle(page)
    load(page)
    loaded = page.url
    publish(page, YEAR_2023)
    # What is corrected keeps its code, so the document's first takes none of the others'.
    codes = [f"{YEAR_2023}-w0{number}" for number in (7, 2, 1, 4, 5, 6)]
    addresses = [f"{start}/achievements/{code}/" for start in ("", "/api") for code in codes]
    assert {page.request.get(one).status for one in addresses} == {200}
    look_at_the_public_pages(page)

    for one in (loaded, earlier):
        page.goto(one)
        undo(page)
    assert {page.request.get(one).status for one in addresses} == {410}
    page.goto(addresses[3])
    assert "楼门自治" in page.inner_text("main")
    assert page.request.get("/api/achievements/").json()["count"] == 20


def dump(manage):
    """The record as the command prints it, and what was published of it; no loads, no index.

    Nor addresses: the page of a township, which needs no public entry, was there for a while.
    """
    models = apps.get_app_config("governance").get_models()
    left_out = {"governance.models.index", Load.__module__, Change.__module__}
    recorded = [one for one in models if one.__module__ not in left_out and one is not Address]
    return manage("dumpdata", *(model._meta.label for model in recorded))


def settle(page):
    """All that the document of the other award leaves to a person."""
    entry(page, f"{YEAR_2023}-w03").get_by_label("的更正").check()
    entry(page, f"{YEAR_2023}-w04").get_by_text("江苏省/徐州市/鼓楼区").click()
    save_choices(page)
    assert "徐州市鼓楼区民政局" in entry(page, f"{YEAR_2023}-w04").inner_text()


def publish(page, year):
    """All entries of an award year, by the list of entries."""
    page.goto(f"/admin/governance/achievement/?q={year}")
    page.check("#action-toggle")
    page.select_option("[name=action]", "publish_chosen")
    go(page, page.locator("[name=index]"))
    if page.get_by_label("连同有所缺的").count():
        page.get_by_label("连同有所缺的").check()
    go(page, page.locator("[name=publishing]"))
    assert f"互助 {YEAR_2023}-w05 已发布，但" in page.inner_text(".messagelist")


def look_at_the_public_pages(page):
    page.goto(f"/achievements/{YEAR_2023}-w04/")
    assert "二等奖" in page.inner_text("main")
    assert "徐州市" in page.inner_text("main")
    page.goto("/years/2023/")
    assert AWARD in page.inner_text("main")
    go(page, page.locator("main").get_by_role("link", name=AWARD).first)
    assert "《2023年度长三角社区治理优秀案例评选结果公告》" in page.inner_text("main")
    page.goto("/achievements/?q=夜话亭")
    assert "乡村“夜话亭”" in page.inner_text("main")
    assert page.request.get("/api/achievements/").json()["count"] == 26


@pytest.mark.parametrize("width", WIDTHS)
def test_it_never_scrolls_sideways(log_in, width):
    page = log_in(width=width)
    upload(page, ANNOUNCEMENT)
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) <= 0
