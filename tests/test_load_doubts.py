"""An entry that only looks like another: a person says whether it is, and no address is passed on."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from governance import loading
from governance.intake import parsing
from governance.loading.likeness import EntryWords, Likeness, likeness
from governance.loading.recognizing import free_codes, recorded
from governance.models import Achievement
from governance.readable_yaml import dump

from .helpers.corrections import announcement, fixture, listed, load_list, load_objects
from .helpers.loads import address, card, choose, file, newest, said, upload

pytestmark = pytest.mark.django_db

WISH = ("“微心愿”圆梦行动", "四川省成都市锦江区民政局", "锦江区征集居民心愿，由党员和商户认领。")
SORTING = ("垃圾分类“绿色账户”", WISH[1], "家庭分类投放可以积分，积分在社区商店里换日用品。")
TALK = ("“六化”工作法", "江苏省太仓市人民政府", "居民晚饭后在院落里围坐夜话，逐项商定公共事务。")
BRAND = (
    "农村社区“六化”建设",
    "贵州省遵义市播州区民政局",
    "给每个自然村配一名干部，修路、改厕、治水。",
)
NAMESAKE = (TALK[0], *BRAND[1:])
HALF = ("夜间议事厅", "北京市西城区民政局", "居民晚饭后在院落里围坐，由楼门院长请来律师讲法。")
NEW = ("“时间银行”", "浙江省杭州市上城区民政局", "志愿者存下服务的时间，日后兑换照料。")


def words(entry, short_name=""):
    texts = dict(zip(("title", "organization_text", "summary"), entry, strict=True))
    return EntryWords.of(texts | {"short_name": short_name})


@pytest.mark.parametrize(
    ("other", "how"),
    [
        (TALK, Likeness.ALL),
        (("六化」工作法", *TALK[1:]), Likeness.ALL),
        ((TALK[0], "太仓市人民政府", "另一篇简介，讲的是物业与业主。"), Likeness.TITLE_AND_MORE),
        ((TALK[0], "", ""), Likeness.TITLE),
        ((TALK[0], BRAND[1], "居民晚饭后在院落里夜话，商定事务。"), Likeness.TITLE_AND_MORE),
        (("院落夜话", BRAND[1], TALK[2].replace("晚饭", "早饭")), Likeness.SUMMARY),
        (NAMESAKE, Likeness.DOUBTFUL),
        (HALF, Likeness.DOUBTFUL),
        (("街坊“百事堂”", *TALK[1:2], NEW[2]), Likeness.DOUBTFUL),
        (NEW, Likeness.NONE),
        (("“另一项”", "", ""), Likeness.NONE),
    ],
)
def test_it_knows_an_entry_by_its_words(other, how):
    assert likeness(words(TALK), words(other)) is how
    assert likeness(words(other), words(TALK)) is how


def test_a_brand_is_no_proof():
    assert likeness(words(TALK, "六化"), words(BRAND, "六化")) is Likeness.DOUBTFUL
    assert likeness(words(TALK), words(BRAND)) is Likeness.NONE


def test_nothing_follows_from_a_few_characters():
    first = ("“甲办法”", "山东省滨州市民政局", "说明。")
    second = ("“乙办法”", "河南省巩义市民政局", "说明。")
    assert likeness(words(first), words(second)) is Likeness.NONE


@pytest.mark.parametrize("other", [SORTING, NAMESAKE, BRAND, HALF], ids=lambda entry: entry[0])
def test_the_shell_refuses_what_is_in_doubt_with_both_texts(other, tmp_path):
    before = WISH if other is SORTING else TALK
    load_list(before)
    document = tmp_path / "公告.txt"
    document.write_text(announcement(NEW, other), encoding="utf-8")
    report = StringIO()
    with pytest.raises(CommandError):
        call_command("parse_announcement", document, year=2010, stdout=report, stderr=report)
    text = report.getvalue()
    assert f"本库里是2010-w01 {before[0]}（{before[1]}）{before[2][:20]}" in text
    assert f"{other[0]}（{other[1]}）{other[2][:20]}" in text
    shifted = parsing.parse("a.txt", announcement(other).encode(), 2010).fixture
    for one in shifted:
        one["fields"] = {
            name: "2010-w01"
            if value == "2010-w02"
            else ["2010-w01"]
            if value == ["2010-w02"]
            else value
            for name, value in one["fields"].items()
        }
    with pytest.raises(loading.Invalid) as error:
        load_objects(shifted)
    (problem,) = error.value.problems
    assert before[2][:20] in problem.sentence
    assert other[2][:20] in problem.sentence
    assert listed()["2010-w01"] == (1, before[0], before[2])


def test_the_shell_takes_it_for_new_or_corrected_where_a_person_is_sure(tmp_path):
    load_list(WISH)
    objects = fixture(WISH, SORTING)
    path = tmp_path / "2010.yaml"
    path.write_text(dump(objects), encoding="utf-8")
    call_command("load_awards", path, stdout=StringIO())
    assert {code: title for code, (_rank, title, _summary) in listed().items()} == {
        "2010-w01": WISH[0],
        "2010-w02": SORTING[0],
    }
    other = (HALF[0], SORTING[1], "街道每月请律师讲法，居民自己点题。")
    text = dump(fixture(WISH, other))
    path.write_text(text.replace("2010-w03", "2010-w02"), encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("load_awards", path, stdout=StringIO(), stderr=StringIO())
    call_command("load_awards", path, sure=["2010-w02"], stdout=StringIO())
    assert listed()["2010-w02"][1] == HALF[0]
    # What was said once is known: the same file again changes nothing, and asks nothing.
    assert load_objects(fixture(WISH, other)).changes == 0


def test_a_new_entry_of_a_body_that_is_accounted_for_is_new():
    load_list(WISH)
    load_list(WISH, SORTING)
    assert [title for _rank, title, _summary in listed().values()] == [WISH[0], SORTING[0]]


def test_what_shares_nothing_is_new_without_a_question():
    load_list(WISH, TALK)
    load_list(NEW)
    assert listed()["2010-w03"][1] == NEW[0]


@pytest.fixture
def asked(staff_client, work_at_once):
    """The page of a document that has another entry of a body that the record knows."""
    load_list(WISH)
    return upload(staff_client, announcement(SORTING, NEW), year=2010)


@pytest.mark.usefixtures("asked")
def test_the_preview_asks_and_does_not_load_before_it_is_answered(staff_client):
    page = choose(staff_client, load="1")
    assert "请先回答下列各项是更正还是新的成果：2010-w03" in said(page)
    assert newest().state == "pending"
    words = card(page, "2010-w03")
    assert "是库中 2010-w01 的更正" in words
    assert WISH[2] in words
    assert listed() == {"2010-w01": (1, WISH[0], WISH[2])}


@pytest.mark.parametrize("answer", ["2010-w01", "new"])
@pytest.mark.usefixtures("asked")
def test_the_answer_decides_about_the_address(staff_client, answer):
    page = choose(staff_client, **{"2010-w03-same": answer})
    code = "2010-w01" if answer == "2010-w01" else "2010-w03"
    assert ("有改动" if answer == "2010-w01" else "新增") in card(page, "2010-w03")
    choose(staff_client, load="1")
    assert Achievement.objects.get(code=code).title == SORTING[0]
    assert Achievement.objects.filter(title=WISH[0]).exists() == (answer == "new")
    assert Achievement.objects.get(title=NEW[0]).code == "2010-w02"
    # The same document once more asks nothing.
    again = upload(staff_client, announcement(SORTING, NEW), year=2010)
    assert "是更正，还是新的成果" not in said(again)


@pytest.mark.usefixtures("work_at_once")
def test_an_address_is_given_to_one_entry_alone(staff_client):
    load_list(WISH)
    other = ("“绿色账户”进家门", WISH[1], "小学生教家长怎样分类。")
    upload(staff_client, announcement(SORTING, other), year=2010)
    page = choose(staff_client, **{"2010-w02-same": "2010-w01", "2010-w03-same": "2010-w01"})
    assert "另一条也选了 2010-w01" in said(page)
    assert newest().choices is None


@pytest.mark.usefixtures("work_at_once")
def test_a_fixture_in_doubt_is_answered_in_the_admin(staff_client):
    load_list(WISH, SORTING)
    other = (HALF[0], SORTING[1], "街道每月请律师讲法，居民自己点题。")
    text = dump(fixture(WISH, other)).replace("2010-w03", "2010-w02")
    page = upload(staff_client, "", None, file=file(text, "2010.yaml"))
    assert "分不清是更正还是新的成果" in said(page)
    assert re.findall(r'name="sure" value="([^"]+)"', page.content.decode()) == ["2010-w02"]
    # Nothing else that is sent is taken for an answer, and without one it is not loaded.
    for sent in ({"sure": ["2010-w01"]}, {"load": "1"}):
        page = staff_client.post(address(), sent, follow=True)
        assert "分不清是更正还是新的成果" in said(page)
        assert listed()["2010-w02"][1] == SORTING[0]
    page = staff_client.post(address(), {"sure": ["2010-w02"]}, follow=True)
    assert "有改动 1" in said(page)
    choose(staff_client, load="1")
    assert (newest().state, listed()["2010-w02"][1]) == ("loaded", HALF[0])


@pytest.mark.usefixtures("work_at_once")
def test_the_preview_lists_what_the_record_has_besides(staff_client):
    load_list(WISH, TALK)
    page = upload(staff_client, announcement(WISH), year=2010)
    assert "库中有 1 项是这份文件没有的，保持不变： 2010-w02" in said(page)
    assert "是这份文件没有的" not in said(upload(staff_client, announcement(WISH, TALK), year=2010))


@pytest.mark.usefixtures("asked")
def test_the_question_is_asked_in_english(staff_client):
    page = said(staff_client.get(f"/en{address()}"))
    assert "A correction, or a new innovation?" in page


def test_no_code_is_given_twice():
    load_list(WISH, TALK)
    Achievement.objects.get(code="2010-w02").delete()
    load_list(WISH, NEW)
    assert set(listed()) == {"2010-w01", "2010-w03"}
    assert next(free_codes("2010-w", recorded(2010))) == "2010-w04"
