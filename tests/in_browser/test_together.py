"""Two people at work, each in a browser of their own: on one form, and over one day."""

import json
import re

import pytest
from playwright.sync_api import expect

from ..helpers.pictures import PHOTO
from .conftest import PASSWORD
from .test_coding import choose, save

# {model: (a field that the colleague alone changes, one that both change)}
FORMS = {
    "region": ("name_en", "remark"),
    "organization": ("name_en", "short_name"),
    "mechanism": ("name_en", "definition"),
    "award": ("name_en", "description"),
    "awardyear": ("name_en", "edition"),
    "achievement": ("title_en", "grade"),
}
MAKE = f"""
import json
from django.contrib.auth.models import Group, User
from tests.helpers.unmet import unmet_entry, unmet_records
for name, family, given in (("lin", "林", "小满"), ("zhou", "周", "编"), ("wu", "吴", "审")):
    User.objects.create_user(
        name, password="{PASSWORD}", is_staff=True, last_name=family, first_name=given
    )
User.objects.filter(username="lin").update(is_superuser=True)
for name, group in (("zhou", "editor"), ("wu", "reviewer")):
    User.objects.get(username=name).groups.add(Group.objects.get(name=group))
made = {{model._meta.model_name: row.pk for model, row in unmet_records().items()}}
print(json.dumps(made | {{"achievement": unmet_entry(31).pk, "draft": unmet_entry(32).pk}}))
"""


@pytest.fixture(scope="session")
def address(own_site):
    return own_site


@pytest.fixture(scope="session")
def forms(manage):
    """{model: the address of the form of a record that the public never met}.

    There are accounts of lin, who may do everything, the editor zhou and the reviewer wu.
    """
    made = json.loads(manage("shell", "-v", "0", "-c", MAKE).decode().strip().rpartition("\n")[2])
    draft = made.pop("draft")
    found = {model: f"/admin/governance/{model}/{key}/change/" for model, key in made.items()}
    return found | {"draft": f"/admin/governance/achievement/{draft}/change/"}


def send(page):
    """Save, whatever comes of it."""
    with page.expect_navigation():
        page.locator("[name=_continue]").first.click()


def press(page, name):
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def refused(page):
    """The one sentence of what was not saved; it has the focus."""
    expect(page.locator("#faults")).to_be_focused()
    (sentence,) = page.locator("#faults li").all_inner_texts()
    return sentence


def test_two_people_lose_nothing_on_any_form(log_in, forms):
    mine, theirs = log_in(), log_in("lin")
    for model, (alone, both) in FORMS.items():
        mine.goto(forms[model])
        theirs.goto(forms[model])
        if model == "achievement":
            press(theirs, "发布")
        theirs.fill(f"#id_{alone}", "Talks at night")
        theirs.fill(f"#id_{both}", "乙")
        save(theirs)
        mine.fill(f"#id_{both}", "甲")
        send(mine)
        sentence, label = refused(mine), mine.inner_text(f"label[for=id_{both}]").strip(":：")
        assert re.search(
            f"^{label} 没有保存：.*林小满.* 20[0-9]{{2}}年.*:[0-9]{{2}} 已改为“乙”", sentence
        ), sentence
        held = [mine.input_value(f"#id_{name}") for name in (alone, both)]
        assert held == ["Talks at night", "甲"]
        # Now that both were seen, mine is taken, and theirs stays.
        save(mine)
        assert [mine.input_value(f"#id_{name}") for name in (alone, both)] == held
    assert mine.request.get("/achievements/2015-w31/").status == 200


def test_what_a_colleague_deletes_holds_up_no_save(log_in, forms):
    mine, theirs = log_in(), log_in("lin")
    mine.goto(forms["draft"])
    theirs.goto(forms["draft"])
    theirs.check("#id_codings-0-DELETE")
    save(theirs)
    mine.select_option("#id_codings-0-weight", "secondary")
    send(mine)
    assert re.search("林小满.* 20.* 删除了这一条，而这里改过它", refused(mine))
    save(mine)
    assert mine.input_value("#id_codings-0-weight") == "secondary"
    assert mine.input_value("#id_codings-0-words") == "逐项商定"
    # And a record as a whole.
    for model, form in forms.items():
        if model == "achievement":
            # It was public: nobody deletes it.
            continue
        both = FORMS.get(model, FORMS["achievement"])[1]
        mine.goto(form)
        mine.fill(f"#id_{both}", "丙")
        theirs.goto(form.replace("/change/", "/delete/"))
        with theirs.expect_navigation():
            theirs.locator("#content [type=submit]").click()
        send(mine)
        expect(mine.locator("#faults")).to_be_focused()
        assert re.search("没有保存：.*林小满.* 20.* 删除了", mine.inner_text("#faults h2"))
        assert "丙" in [one.input_value() for one in mine.locator("textarea").all()]
        with mine.expect_navigation():
            mine.locator(".submit-row [type=submit]").click()
        expect(mine.locator(".messagelist .success").first).to_be_visible()


def test_a_day_of_work_of_an_editor_and_a_reviewer_ends_in_public(log_in, forms):
    editor, reviewer = log_in("zhou"), log_in("wu")
    # Find.
    editor.goto("/admin/governance/achievement/")
    editor.fill("#searchbar", "三留守")
    with editor.expect_navigation():
        editor.keyboard.press("Enter")
    with editor.expect_navigation():
        editor.locator("#result_list tbody th a").click()
    entry, code = editor.url, editor.input_value("#id_code")
    # Correct.
    editor.fill("#id_title_en", "“Five homes”: easing three hardships of those left behind")
    # Code, by words of a coding that is there, and others that are in none.
    choose(editor, "公众参与实现建设民主化", "协商议事", "记为次要")
    # A picture.
    editor.locator("#images-group .add-row a").click()
    picture = {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": PHOTO}
    editor.set_input_files("#id_images-0-upload", picture)
    editor.fill("#id_images-0-alt", "老人在互助之家")
    editor.fill("#id_images-0-credit", "重庆市北碚区")
    # Propose: it is public, and nothing changes yet.
    editor.fill("#id_comment", "英文标题漏了五家")
    press(editor, "提交为提议")
    public = f"/achievements/{code}/"
    reader = reviewer.context.new_page()
    reader.goto(public)
    expect(reader.locator("figcaption")).to_have_count(0)
    # Be refused one's own acceptance.
    with editor.expect_navigation():
        editor.get_by_role("link", name="待定的提议").click()
    proposal = editor.url
    expect(editor.locator(".help")).to_contain_text("采纳须有发布权限")
    expect(editor.get_by_role("button", name="采纳", exact=True)).to_have_count(0)
    token = editor.locator(".moves [name=csrfmiddlewaretoken]").input_value()
    accept = proposal.replace("/change/", "/accept/")
    tried = editor.request.post(
        accept, form={"csrfmiddlewaretoken": token}, headers={"Referer": proposal}
    )
    assert tried.status == 403
    # Accept as the other.
    reviewer.goto(proposal)
    for words in ("周", "英文标题漏了五家", "“Five homes”", "公众参与实现建设民主化"):
        expect(reviewer.locator(".proposal")).to_contain_text(words)
    press(reviewer, "采纳")
    expect(reviewer.locator(".messagelist .success").first).to_be_visible()
    # See it in public.
    reader.goto(public)
    note = reader.locator(".notes li", has_text="协商议事")
    expect(note.locator("q")).to_have_text("公众参与实现建设民主化")
    expect(note).to_contain_text("待复核")
    expect(reader.locator("figcaption")).to_have_text("重庆市北碚区")
    reader.goto(f"/en{public}")
    expect(reader.locator("h1")).to_contain_text("easing three hardships")
    # Restore.
    reviewer.goto(entry.replace("/change/", "/history/"))
    latest = reviewer.locator(".history-lines > li").first
    for words in ("周编 提议", "吴审 采纳"):
        assert words in latest.inner_text()
    with reviewer.expect_navigation():
        latest.get_by_role("link", name="恢复这一处 英文标题").click()
    press(reviewer, "恢复")
    reader.goto(f"/en{public}")
    expect(reader.locator("h1")).not_to_contain_text("easing three hardships")
    expect(reader.locator("figcaption")).to_have_text("重庆市北碚区")
