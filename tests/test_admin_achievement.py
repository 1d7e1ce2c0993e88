import re

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core import serializers
from django.urls import reverse
from django.utils.timezone import localdate

from governance.models import (
    Achievement,
    AwardYear,
    Coding,
    Evidence,
    Mechanism,
    Organization,
    Region,
    SettingEvidence,
)

from .helpers.browser import form_data, send, told

CODES = [f"2015-w{rank:02}" for rank in range(1, 12)] + [
    f"2015-n{rank:02}" for rank in range(1, 10)
]


def dump(*models):
    """Every row of these models, with keys, as text."""
    return [serializers.serialize("json", model.objects.order_by("pk")) for model in models]


def everything():
    return dump(
        *(Achievement, Achievement.organizations.through, Coding, Evidence, SettingEvidence),
        *(AwardYear, Mechanism, Organization),
    )


def page(record, view="change"):
    return reverse(f"admin:governance_{record._meta.model_name}_{view}", args=[record.pk])


def form_id(record):
    return f"{record._meta.model_name}_form"


def form_of(client, record):
    """The page's form as a browser would send it back."""
    return form_data(client.get(page(record)), form_id(record))


def save(client, record, **changes):
    """Change these fields of the form; the errors that come back, or None."""
    response = send(client, page(record), form_id(record), **changes)
    return None if response.status_code == 302 else errors(response)


def move(client, record, kind, comment=""):
    """Press one of the buttons of an entry's page; the page that follows."""
    fields = {"kind": kind, "comment": comment}
    return client.post(page(record, "move"), fields, follow=True)


def errors(response):
    found = dict(response.context["adminform"].form.errors)
    for inline in response.context["inline_admin_formsets"]:
        for form in inline.formset.forms:
            found |= {f"{form.prefix}-{name}": messages for name, messages in form.errors.items()}
    return {name: " ".join(messages) for name, messages in found.items()}


def spans(owner):
    return [(span.field, span.start, span.end, span.text) for span in owner.all()]


@pytest.fixture
def coding(draft):
    """The draft's coding, whose evidence is 逐项商定公共事务."""
    return draft.codings.get()


@pytest.mark.parametrize("code", CODES)
def test_it_alters_nothing_when_nothing_was_changed(staff_client, code):
    before = everything()
    assert save(staff_client, Achievement.objects.get(code=code)) is None
    assert everything() == before


def test_it_alters_no_space_and_no_line_break(staff_client, draft):
    draft.summary = "\n 居民夜话，\n逐项商定公共事务。 　\n"
    draft.title = "　“院落夜话” 项目 "
    draft.summary_en = "First line.\nSecond line."
    draft.save()
    start = draft.summary.index("夜话，\n逐项")
    draft.codings.get().evidence.create(
        field="summary", start=start, end=start + 6, text="夜话，\n逐项"
    )
    start = draft.summary.index("逐项")
    draft.codings.get().evidence.filter(text="逐项商定公共事务").update(start=start, end=start + 8)
    before = everything()
    assert save(staff_client, draft) is None
    assert everything() == before


def test_a_public_entry_keeps_a_region(staff_client, draft, publish):
    assert save(staff_client, draft, region="") is None
    draft.region = Region.objects.get(code="320585", valid_to=None)
    publish(draft)
    assert save(staff_client, draft, region="") == {"region": "已公开的成果须有地区。"}


@pytest.mark.parametrize("model", [AwardYear, Mechanism, Organization])
def test_it_alters_no_other_record_either(staff_client, model):
    before = everything()
    for record in model.objects.all()[:5]:
        assert save(staff_client, record) is None
    assert everything() == before


def test_it_alters_no_region(staff_client, taicang):
    before = dump(Region)
    assert save(staff_client, taicang) is None
    assert dump(Region) == before


def test_it_spells_a_changed_name_anew_but_keeps_a_written_pinyin(staff_client):
    mechanism = Mechanism.objects.get(name="协商议事")
    save(staff_client, mechanism, name="议事协商")
    mechanism.refresh_from_db()
    assert mechanism.pinyin == "yi shi xie shang"
    save(staff_client, mechanism, name="协商", pinyin="by hand")
    mechanism.refresh_from_db()
    assert mechanism.pinyin == "by hand"


def test_it_makes_an_achievement_with_all_that_belongs_to_it(staff_client, taicang):
    address = reverse("admin:governance_achievement_add")
    data = form_data(staff_client.get(address), "achievement_form") | {
        "code": "2015-w13",
        "award_year": AwardYear.objects.get(year=2015).pk,
        "tier": "winner",
        "rank": "13",
        "title": "“邻里茶馆”议事",
        "summary": "农村居民在茶馆议事。\r\n村干部当场答复。",
        "region": taicang.pk,
        "setting": "rural",
        "words": "农村居民",
        "organizations_in_order-TOTAL_FORMS": "1",
        "organizations_in_order-0-organization": Organization.objects.first().pk,
        "organizations_in_order-0-position": "1",
        "codings-TOTAL_FORMS": "1",
        "codings-0-mechanism": Mechanism.objects.get(name="协商议事").pk,
        "codings-0-weight": "primary",
        "codings-0-aspect": "means",
        "codings-0-words": "在茶馆议事\r\n\r\n议事。⏎村干部当场答复 ",
    }
    response = staff_client.post(address, data)
    assert response.status_code == 302, errors(response)
    made = Achievement.objects.get(code="2015-w13")
    assert made.status == "draft"
    assert made.summary == "农村居民在茶馆议事。\n村干部当场答复。"
    assert made.pinyin == "lin li cha guan yi shi"
    assert spans(made.setting_evidence) == [("summary", 0, 4, "农村居民")]
    assert spans(made.codings.get().evidence) == [
        ("summary", 4, 9, "在茶馆议事"),
        ("summary", 7, 18, "议事。\n村干部当场答复"),
    ]
    made.full_clean()


def test_it_signs_a_coding_that_it_changes(staff_client, staff, draft, coding):
    staff.first_name, staff.last_name = "小满", "林"
    staff.save()
    save(staff_client, draft, **{"codings-0-weight": "secondary"})
    coding.refresh_from_db()
    assert (coding.weight, coding.coder) == ("secondary", "林小满")
    assert coding.coded_on == localdate()


def test_it_signs_no_coding_that_it_leaves_alone(staff_client, draft, coding):
    save(staff_client, draft, short_name="夜话")
    coding.refresh_from_db()
    assert (coding.coder, coding.coded_on) == ("", None)


def test_it_computes_where_words_stand(staff_client, draft, coding):
    assert save(staff_client, draft, **{"codings-0-words": "议事项目\r\n 居民晚饭后 "}) is None
    assert spans(coding.evidence) == [
        ("title", 15, 19, "议事项目"),
        ("summary", 0, 5, "居民晚饭后"),
    ]
    coding.refresh_from_db()
    assert coding.coder == "staff"


def test_it_keeps_the_rows_of_unchanged_words(staff_client, draft, coding):
    kept = coding.evidence.get().pk
    save(staff_client, draft, **{"codings-0-words": "逐项商定公共事务\r\n围坐夜话"})
    assert coding.evidence.get(text="逐项商定公共事务").pk == kept
    assert coding.evidence.count() == 2


@pytest.mark.parametrize(
    ("words", "near"),
    [
        ("逐項商定公共事务", "逐项商定公共事务"),
        ("院落夜谈议事", "院落夜话”议"),
        ("水电", "也没有相近"),
    ],
)
def test_it_refuses_words_that_are_not_there(staff_client, draft, coding, words, near):
    found = save(staff_client, draft, **{"codings-0-words": words})
    assert f"“{words}”" in found["codings-0-words"]
    assert near in found["codings-0-words"]
    assert [span.text for span in coding.evidence.all()] == ["逐项商定公共事务"]


def test_it_refuses_a_coding_without_words(staff_client, draft, coding):
    assert set(save(staff_client, draft, **{"codings-0-words": " \r\n"})) == {"codings-0-words"}


@pytest.mark.parametrize("field", ["words", "codings-0-words"])
def test_it_refuses_a_line_break_without_words(staff_client, draft, coding, field):
    draft.summary += "\n此后每月一次。"
    draft.save()
    found = save(staff_client, draft, **{field: "逐项商定公共事务\r\n⏎"})
    assert set(found) == {field}
    assert "请写出原话" in found[field]
    assert spans(coding.evidence) == [("summary", 14, 22, "逐项商定公共事务")]


def test_it_offers_a_list_where_words_stand_twice(staff_client, draft, coding):
    # 夜话 is in the title once and in the summary once.
    data = form_of(staff_client, draft) | {"codings-0-words": "夜话"}
    response = staff_client.post(page(draft), data)
    assert "2 处" in errors(response)["codings-0-places"]
    offered = response.content.decode()
    assert "标题第 13 字：…江苏省太仓市沙溪镇“院落【夜话】”议事项目…" in offered
    assert "简介第 12 字：…居民晚饭后在院落里围坐【夜话】，逐项商定公共事务。…" in offered

    again = form_data(response, "achievement_form") | {"codings-0-places": ["2/2 夜话"]}
    assert staff_client.post(page(draft), again).status_code == 302
    assert spans(coding.evidence) == [("summary", 11, 13, "夜话")]

    again = form_of(staff_client, draft)
    assert again["codings-0-places"] == ["2/2 夜话"]
    again["codings-0-places"] = ["1/2 夜话", "2/2 夜话"]
    staff_client.post(page(draft), again)
    assert spans(coding.evidence) == [("title", 12, 14, "夜话"), ("summary", 11, 13, "夜话")]


def test_it_asks_again_when_words_stand_in_more_places_than_were_offered(
    staff_client, draft, coding
):
    words = {"codings-0-words": "夜话", "codings-0-places": ["2/2 夜话"]}
    found = save(staff_client, draft, summary=f"夜话里，{draft.summary}", **words)
    assert "3 处" in found["codings-0-places"]
    assert spans(coding.evidence) == [("summary", 14, 22, "逐项商定公共事务")]


def test_it_refuses_two_passages_that_begin_together(staff_client, draft):
    found = save(staff_client, draft, **{"codings-0-words": "逐项商定公共事务\r\n逐项商定"})
    assert "从同一处开始" in found["codings-0-words"]


def test_it_keeps_evidence_right_when_the_text_before_it_changes(staff_client, draft, coding):
    text = "每到夏天，" + draft.summary
    assert save(staff_client, draft, summary=text) is None
    span = coding.evidence.get()
    assert text[span.start : span.end] == span.text == "逐项商定公共事务"
    coding.refresh_from_db()
    assert coding.coder == ""


def test_it_signs_no_coding_whose_repeated_words_only_moved(staff_client, draft, coding):
    save(staff_client, draft, **{"codings-0-words": "夜话", "codings-0-places": ["2/2 夜话"]})
    Coding.objects.update(coder="林小满", coded_on="2020-01-02")
    text = "每到夏天，" + draft.summary
    assert save(staff_client, draft, summary=text) is None
    assert spans(coding.evidence) == [("summary", 16, 18, "夜话")]
    coding.refresh_from_db()
    assert (coding.coder, str(coding.coded_on)) == ("林小满", "2020-01-02")


def test_it_refuses_a_text_that_has_lost_its_evidence(staff_client, draft):
    found = save(staff_client, draft, summary="居民晚饭后围坐夜话。")
    assert "逐项商定公共事务" in found["summary"]


def test_it_takes_evidence_of_the_setting(staff_client, draft):
    assert save(staff_client, draft, words="沙溪镇") is None
    assert spans(draft.setting_evidence) == [("title", 6, 9, "沙溪镇")]
    assert save(staff_client, draft, words="") is None
    assert spans(draft.setting_evidence) == []


def test_it_does_not_publish_without_a_region(staff_client, draft):
    assert save(staff_client, draft, region="") is None
    response = move(staff_client, draft, "publish")
    *_before, refused = told(response)
    assert refused.endswith("没有地区，不能发布")
    draft.refresh_from_db()
    assert draft.status == "draft"


def test_it_says_what_a_published_achievement_still_lacks(staff_client, draft, coding):
    address = page(draft)
    other = ["英文没有写全", "没有全部在原文中定位"]
    (lack,) = warnings(move(staff_client, draft, "publish"))
    assert lack.endswith(f"已发布，但{'、'.join(['有标注没有编码者', *other])}。")
    draft.organizations.clear()
    coding.delete()
    response = send(staff_client, address, form_id(draft))
    (lack,) = warnings(staff_client.get(response.url))
    # It was public before it was saved.
    gaps = "、".join(["没有列出机构", "没有带依据的机制标注", *other])
    assert lack == f"这项成果已公开，还有所缺：{gaps}。"
    draft.refresh_from_db()
    assert draft.status == "published"
    assert warnings(move(staff_client, draft, "take_back", "尚缺依据。")) == []


def test_it_says_where_a_correction_leaves_the_document(staff_client):
    entry = Achievement.objects.get(code="2015-w01")
    found = save(staff_client, entry, organization_text="江苏省太仓市委")
    assert "与公告原文不同" in found["organization_text"]
    assert "清空" not in found["organization_text"]
    assert "请清空这一位置" in found["organization_text_offset"]
    wrong = {"organization_text": "江苏省太仓市委"}
    html = send(staff_client, page(entry), form_id(entry), **wrong).content.decode()
    # The section of places is folded no longer.
    assert "<summary>" not in html[: html.index("id_organization_text_offset")]


def warnings(response):
    return [str(said) for said in response.context["messages"] if said.level_tag == "warning"]


def test_it_names_in_chinese_what_is_there_twice(staff_client, draft, coding):
    data = form_of(staff_client, draft)
    for prefix, names in (
        ("codings", ["mechanism", "weight", "aspect", "words"]),
        ("organizations_in_order", ["organization", "position"]),
    ):
        data |= {f"{prefix}-1-{name}": data[f"{prefix}-0-{name}"] for name in names}
        data[f"{prefix}-TOTAL_FORMS"] = "2"
    response = staff_client.post(page(draft), data)
    said = [
        str(error)
        for inline in response.context["inline_admin_formsets"]
        for error in inline.formset.non_form_errors()
    ]
    assert len(said) == 2
    for sentence, label in zip(said, ("机构", "机制"), strict=True):
        assert label in sentence
        assert not re.search("[a-z]", sentence)


@pytest.mark.parametrize("gone", ["achievement", "coding"])
def test_it_deletes_with_all_that_belongs_to_it(staff_client, draft, coding, gone):
    if gone == "coding":
        assert save(staff_client, draft, **{"codings-0-DELETE": "on"}) is None
    else:
        assert staff_client.post(page(draft, "delete"), {"post": "yes"}).status_code == 302
        assert not Achievement.objects.filter(pk=draft.pk).exists()
    assert not Evidence.objects.filter(coding=coding.pk).exists()


def test_it_keeps_what_someone_may_not_change(client, draft, coding):
    """Someone who may change achievements, and only look at codings."""
    user = get_user_model().objects.create_user("editor", is_staff=True)
    user.user_permissions.set(
        Permission.objects.filter(codename__in=["change_achievement", "view_coding"])
    )
    client.force_login(user)
    assert save(client, draft, short_name="夜话") is None
    draft.refresh_from_db()
    assert draft.short_name == "夜话"
    assert spans(coding.evidence) == [("summary", 14, 22, "逐项商定公共事务")]
