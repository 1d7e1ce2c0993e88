"""Coding in the admin: words are taken in the text, by mouse, touch or keys, and a mechanism chosen."""

import re

import pytest
from playwright.sync_api import expect

from ..helpers.pictures import PHOTO

TITLE = "“院落夜话”议事项目"
SUMMARY = (
    "居民晚饭后在院落里围坐夜话，逐项商定公共事务；村民小组订立邻里公约，"
    "志愿者结对照料独居老人，议定事项张榜公示。"
)
# What a person does at most for a mechanism.
MOST_ACTS, MOST_KEYS = 4, 15
MAKE = f"""
from governance import index
from governance.models import Achievement, AwardYear, Region
made = Achievement.objects.create(
    code="2015-w%02d" % (12 + Achievement.objects.filter(rank__gt=11).count()),
    award_year=AwardYear.objects.get(code="2015"), tier="winner",
    rank=12 + Achievement.objects.filter(rank__gt=11).count(),
    title="{TITLE}", summary="{SUMMARY}", setting="rural",
    region=Region.objects.get(code="320585", valid_to=None),
)
index.update({{made.pk}})
print(made.pk)
"""
# Django's own scripts make the form ready in a timer, before which a quick hand already works.
LATE = """
const real = setTimeout
window.setTimeout = (act, wait = 0, ...more) => real(act, wait + 300, ...more)
"""
# Where words stand on the screen: the middle of their first and behind their last character.
PLACES = """([words, where]) => {
    const walk = document.createTreeWalker(document.querySelector(where), NodeFilter.SHOW_TEXT)
    const letters = []
    for (let node = walk.nextNode(); node; node = walk.nextNode())
        for (let at = 0; at < node.length; at += 1) letters.push([node, at])
    const text = letters.map(([node, at]) => node.data[at]).join('')
    const rect = ([node, at]) => {
        const range = document.createRange()
        range.setStart(node, at)
        range.setEnd(node, at + 1)
        return range.getBoundingClientRect()
    }
    const start = text.indexOf(words)
    const first = rect(letters[start]), last = rect(letters[start + words.length - 1])
    const middle = (one) => one.top + one.height / 2
    return [[first.left + 1, middle(first)], [last.right - 1, middle(last)]]
}"""


@pytest.fixture(scope="session")
def address(own_site):
    return own_site


@pytest.fixture
def entry(address, manage):
    """The address of the form of a draft without codings."""
    key = manage("shell", "-v", "0", "-c", MAKE).decode().strip().rpartition("\n")[2]
    return f"/admin/governance/achievement/{key}/change/"


CARDS = "#codings-group .inline-related:not(.empty-form)"


def save(page):
    with page.expect_navigation():
        page.locator("[name=_continue]").first.click()
    page.wait_for_selector(".messagelist .success")


def expect_codings(page, *wanted):
    """That the form has these (mechanism, weight, aspect, words), and no others."""
    expect(page.locator(CARDS)).to_have_count(len(wanted))
    for number, (name, weight, aspect, words) in enumerate(wanted):
        card = page.locator(CARDS).nth(number)
        mechanism = card.locator("select[name^=codings][name$=-mechanism] option:checked")
        expect(mechanism).to_have_text(name)
        expect(card.locator("[name^=codings][name$=-weight]")).to_have_value(weight)
        expect(card.locator("[name^=codings][name$=-aspect]")).to_have_value(aspect)
        expect(card.locator("textarea[name^=codings][name$='-words']")).to_have_value(words)


def marked(page):
    """The words that are marked in the text as evidence."""
    return "".join(page.locator("#desk-text .ev").all_inner_texts())


CODED = [
    ("协商议事", "primary", "means", "逐项商定公共事务"),
    ("居民公约与村规民约", "secondary", "means", "订立邻里公约"),
    ("重点群体关爱服务", "secondary", "goal", "照料独居老人"),
]


@pytest.mark.parametrize("width", ["phone", "desktop"])
def test_it_codes_by_selecting_words_in_four_acts_each(log_in, entry, width):
    page = log_in(width=width)
    page.goto(entry)
    page.locator("#codings-group").scroll_into_view_if_needed()
    for name, weight, aspect, words in CODED:
        acts = 0
        select(page, words)
        acts += 1
        choice = page.get_by_role("region", name="这些字句说明哪个机制？")
        expect(choice.locator("q")).to_have_text(words)
        # The text is still in sight, beside the choice.
        expect(page.locator("#desk-text")).to_be_in_viewport()
        press = "tap" if width == "phone" else "click"
        getattr(choice.get_by_role("option", name=name), press)()
        acts += 1
        # What the codebook says stands beside it.
        rules = choice.locator(".desk-rules article:visible h4")
        expect(rules).to_have_text(re.compile(f"^{name}"))
        if aspect != "means":
            getattr(choice.get_by_label("目标"), press)()
            acts += 1
        label = {"primary": "记为主要", "secondary": "记为次要"}[weight]
        getattr(choice.get_by_role("button", name=label), press)()
        acts += 1
        assert acts <= MOST_ACTS
        expect(choice).to_be_hidden()
    expect_codings(page, *CODED)
    save(page)
    expect_codings(page, *CODED)
    assert marked(page) == "".join(words for *_, words in CODED)
    expect(page.locator("#desk-text .number")).to_have_count(3)


def test_it_codes_whole_clauses_by_fifteen_keys_each(log_in, entry):
    page = log_in()
    page.add_init_script(LATE)
    page.goto(entry)
    # The first begins at the top of the page, and each where the one before ended.
    pressed = [
        "Tab Tab Enter ArrowDown ArrowRight Enter x s y s Enter Enter",
        "ArrowRight Space Enter j m g y Enter Enter",
        "ArrowRight ArrowRight Enter c j w g Enter Enter",
    ]
    for keys in pressed:
        assert len(keys.split()) <= MOST_KEYS
        for key in keys.split():
            page.keyboard.press(key)
    expect(page.locator("#desk-text")).to_be_focused()
    expect_codings(
        page,
        ("协商议事", "secondary", "means", "逐项商定公共事务"),
        ("居民公约与村规民约", "secondary", "means", "村民小组订立邻里公约"),
        ("村（居）务公开", "secondary", "means", "议定事项张榜公示"),
    )


def test_it_takes_several_clauses_and_adjusts_them(log_in, entry):
    page = log_in()
    page.goto(entry)
    text = page.locator("#desk-text")
    text.focus()
    for key in ("ArrowDown", "Space", "ArrowRight", "Space"):
        page.keyboard.press(key)
    taken = page.get_by_role("region", name="这些字句说明哪个机制？").locator("q")
    expect(taken).to_have_text("居民晚饭后在院落里围坐夜话，逐项商定公共事务")
    for key in ("Shift+ArrowLeft", "Shift+ArrowLeft", "Shift+ArrowDown"):
        page.keyboard.press(key)
    expect(taken).to_have_text("民晚饭后在院落里围坐夜话，逐项商定公共")
    page.keyboard.press("Escape")
    expect(taken).to_be_hidden()
    expect(text).to_be_focused()


def test_it_extends_a_coding_and_asks_nobody_which_place(log_in, entry):
    page = log_in()
    page.goto(entry)
    choose(page, "夜话", "协商议事", "记为主要")
    choose(page, "逐项商定", "协商议事", "添入已有的标注")
    expect_codings(page, ("协商议事", "primary", "means", "夜话\n逐项商定"))
    save(page)
    # 夜话 stands in the title too, which nobody selected.
    expect(page.locator(".desk-title .ev")).to_have_count(0)
    assert marked(page) == "夜话逐项商定"
    # Longer words take the place of those within them.
    choose(page, "围坐夜话", "协商议事", "添入已有的标注")
    save(page)
    expect_codings(page, ("协商议事", "primary", "means", "围坐夜话\n逐项商定"))


def select(page, words, where=".desk-summary"):
    page.locator(where).scroll_into_view_if_needed()
    first, last = page.evaluate(PLACES, [words, where])
    page.mouse.move(*first)
    page.mouse.down()
    page.mouse.move(*last, steps=4)
    page.mouse.up()


def choose(page, words, mechanism, button):
    select(page, words)
    page.locator("#desk-list").get_by_text(mechanism, exact=True).click()
    page.get_by_role("button", name=button).click()
    card = page.locator(CARDS, has=page.locator(f"option:checked:text-is('{mechanism}')"))
    expect(card.locator("textarea[name$='-words']")).to_have_value(re.compile(words))


ENGLISH = (
    "After supper they talk, settle public matters one by one. Groups agree on rules, one by one."
)


def test_it_takes_the_words_of_the_translation_by_selecting_them(log_in, entry):
    page = log_in()
    page.goto(entry)
    page.fill("#id_summary_en", ENGLISH)
    choose(page, "逐项商定公共事务", "协商议事", "记为次要")
    choose(page, "订立邻里公约", "居民公约与村规民约", "记为次要")
    choice = page.get_by_role("region", name="这些译文是哪句依据的？")
    english = page.locator("textarea[name^=codings][name$='-words_en']:not([name*=__prefix__])")
    # Two acts.
    select(page, "settle public matters", "[data-field=summary_en]")
    expect(choice.locator("q")).to_have_text("settle public matters")
    choice.get_by_role("button", name="逐项商定公共事务").click()
    expect(choice).to_be_hidden()
    # And five keys: the clause "Groups agree on rules" of the one before the last.
    page.locator("#desk-text").focus()
    for key in ("End", "ArrowLeft", "Enter", "Tab", "Enter"):
        page.keyboard.press(key)
    words = ["settle public matters", "Groups agree on rules"]
    for number, one in enumerate(words):
        expect(english.nth(number)).to_have_value(one)
    # What stands twice would be asked for by the server; it is said here.
    select(page, "one by one", "[data-field=summary_en]")
    expect(choice).to_contain_text("不止一处")
    page.keyboard.press("Escape")
    save(page)
    assert sorted(one.input_value() for one in english.all()) == sorted(words)
    expect(page.locator("[data-field=summary_en] .ev")).to_have_text(words)


def test_it_takes_the_words_of_the_setting_by_selecting_them(log_in, entry):
    page = log_in()
    page.goto(entry)
    select(page, "村民小组")
    choice = page.get_by_role("region", name="这些字句说明哪个机制？")
    choice.get_by_label("或是说明城乡").select_option("urban_and_rural")
    choice.get_by_role("button", name="记为城乡依据").click()
    # It stands in the title and in the summary, and the summary was meant.
    select(page, "议")
    choice.get_by_role("button", name="记为城乡依据").click()
    expect(page.locator("#id_words")).to_have_value("村民小组\n议")
    save(page)
    expect(page.locator("#id_setting")).to_have_value("urban_and_rural")
    expect(page.locator("#id_words")).to_have_value("村民小组\n议")
    expect(page.locator("#id_places input:checked")).to_have_value("2/2 议")
    expect_codings(page)


def test_it_offers_what_the_words_suggest(log_in, entry):
    page = log_in()
    page.goto(entry)
    suggested = page.get_by_role("region", name="建议的机制")
    suggested.get_by_role("button", name="居民公约与村规民约").click()
    page.get_by_role("button", name="记为次要").click()
    expect_codings(page, ("居民公约与村规民约", "secondary", "means", "订立邻里公约"))
    expect(suggested.get_by_role("button", name="居民公约与村规民约")).to_be_hidden()


def test_it_says_what_is_wrong_and_loses_no_picture(log_in, entry):
    page = log_in()
    page.goto(entry)
    page.get_by_role("link", name="添加另一个 图片").or_(
        page.locator("#images-group .add-row a")
    ).first.click()
    page.set_input_files(
        "#id_images-0-upload", {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": PHOTO}
    )
    page.locator("[name=_continue]").first.click()
    faults = page.locator("#faults")
    expect(faults).to_be_focused()
    faults.get_by_role("link", name="替代文字").first.click()
    expect(page.locator("#id_images-0-alt")).to_be_focused()
    page.keyboard.insert_text("居民围坐")
    page.fill("#id_images-0-credit", "沙溪镇")
    save(page)
    assert page.locator("#images-0 img").get_attribute("src").startswith("/media/images/")
    expect(page.locator("#id_images-0-credit")).to_be_focused()


# A picture that nobody sends: the page is there, and is not loaded.
HELD = """
if (location.pathname.endsWith("/change/")) {
    addEventListener("DOMContentLoaded", () => { new Image().src = "/held.png" })
}
"""


def test_who_works_before_all_is_loaded_is_neither_called_away_nor_forgotten(log_in, entry):
    page, held, asked = log_in(), [], []
    page.route("**/held.png", lambda route: held.append(route))
    page.add_init_script(HELD)
    with page.expect_request("**/held.png"):
        page.goto(entry, wait_until="domcontentloaded")
    page.fill("#id_short_name", "夜话")
    loaded(page, held)
    page.on("dialog", lambda dialog: asked.append(dialog.type) or dialog.accept())
    page.goto("/admin/governance/achievement/")
    assert asked == ["beforeunload"]
    page.goto(entry, wait_until="domcontentloaded")
    page.fill("#id_title", "")
    with page.expect_request("**/held.png"):
        page.locator("[name=_continue]").first.click()
    page.wait_for_selector("#faults")
    page.locator("#id_title").press("x")
    loaded(page, held)
    expect(page.locator("#id_title")).to_be_focused()


def loaded(page, held):
    with page.expect_event("load"):
        held[-1].abort()


def test_it_asks_before_what_is_not_saved_is_left(log_in, entry):
    page = log_in()
    page.goto(entry)
    asked = []
    page.on("dialog", lambda dialog: asked.append(dialog.type) or dialog.accept())
    page.goto("/admin/governance/achievement/")
    assert asked == []
    page.goto(entry)
    page.fill("#id_short_name", "夜话")
    page.goto("/admin/governance/achievement/")
    assert asked == ["beforeunload"]
