"""Two people on one form: what either has done stays, or is asked about."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from governance.models import (
    Achievement,
    Award,
    AwardYear,
    Coding,
    Mechanism,
    Organization,
    Region,
)
from governance.models.coding import relocate

from .helpers.browser import form_data
from .helpers.pictures import BLUE, attach, encoded, upload
from .test_admin_achievement import errors, form_id, form_of, page, save, spans

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(staff_client):
    """A function that sends the form of a record as it was opened, with these changes."""

    class Opened:
        def __init__(self, record):
            self.record, self.form = record, form_of(staff_client, record)

        def send(self, **changes):
            response = staff_client.post(page(self.record), self.form | changes)
            if response.status_code == 200:
                self.form = form_data(response, form_id(self.record))
            return response

        def save(self, **changes):
            response = self.send(**changes)
            return None if response.status_code == 302 else errors(response)

    return Opened


def other_coding(draft):
    """Another coding of the draft, whose evidence is 公共事务: it stands behind the first."""
    coding = Coding.objects.create(
        achievement=draft,
        mechanism=Mechanism.objects.exclude(name="协商议事")[0],
        weight="secondary",
    )
    start = draft.summary.index("公共事务")
    coding.evidence.create(field="summary", start=start, end=start + 4, text="公共事务")
    return coding


def test_it_puts_nothing_back(opened, colleague, client, draft, publish):
    mine = opened(draft)
    publish(draft)
    save(colleague, draft, title_en="Courtyard Talks")
    assert mine.save(short_name="夜话") is None
    draft.refresh_from_db()
    assert (draft.status, draft.title_en, draft.short_name) == (
        "published",
        "Courtyard Talks",
        "夜话",
    )
    assert client.get("/achievements/2015-w12/").status_code == 200


def test_it_says_what_of_others_it_has_kept(opened, colleague, draft, staff_client):
    mine = opened(draft)
    save(colleague, draft, title_en="Courtyard Talks", **{"codings-0-weight": "secondary"})
    response = mine.send(short_name="夜话")
    (said,) = [
        str(one)
        for one in staff_client.get(response.url).context["messages"]
        if "也改过" in str(one)
    ]
    assert "林小满" in said
    assert "英文标题、机制标注" in said


# {model: (a field that one changes, its value, one that both change, the two values)}
FORMS = {
    Region: ("name_en", "Taicang", "remark", "甲", "乙"),
    Organization: ("name_en", "Bureau", "short_name", "甲局", "乙局"),
    Mechanism: ("name_en", "Talks", "definition", "甲", "乙"),
    Award: ("name_en", "Award", "description", "甲", "乙"),
    AwardYear: ("name_en", "Award", "edition", "第一批", "第二批"),
    Achievement: ("title_en", "Talks", "grade", "一等奖", "二等奖"),
}


@pytest.mark.parametrize("model", FORMS)
def test_it_loses_no_edit_of_any_record(opened, staff_client, colleague, draft, model):
    record = draft if model is Achievement else model.objects.last()
    alone, english, both, one, other = FORMS[model]
    assert save(staff_client, record, **{both: "从前"}) is None
    mine = opened(record)
    assert save(colleague, record, **{alone: english, both: one}) is None
    found = mine.save(**{both: other})
    assert set(found) == {both}
    assert f"已改为“{one}”" in found[both]
    assert "小满" in found[both]
    assert "20" in found[both]
    record.refresh_from_db()
    assert (getattr(record, alone), getattr(record, both)) == (english, one)
    assert (mine.form[alone], mine.form[both]) == ([english], [other])
    # Now that both were seen, mine is taken.
    assert mine.save() is None
    record.refresh_from_db()
    assert (getattr(record, alone), getattr(record, both)) == (english, other)


def test_it_takes_what_both_have_written_alike(opened, colleague, draft):
    mine = opened(draft)
    save(colleague, draft, grade="一等奖")
    assert mine.save(grade="一等奖", short_name="夜话") is None


def test_it_shows_relations_and_choices_by_their_names(opened, colleague, draft):
    suzhou, shanghai = (
        Region.objects.get(code=code, valid_to=None) for code in ("320500", "310117")
    )
    mine = opened(draft)
    save(colleague, draft, region=suzhou.pk, setting="urban")
    found = mine.save(region=shanghai.pk, setting="unstated")
    assert f"“{suzhou}”" in found["region"]
    assert "“城市”" in found["setting"]


def test_it_keeps_a_reading_that_another_has_corrected(opened, colleague, draft):
    mine = opened(draft)
    save(colleague, draft, pinyin="yuan luo ye hua")
    assert mine.save(title="沙溪镇“院落夜话”议事项目") is None
    draft.refresh_from_db()
    assert draft.pinyin == "yuan luo ye hua"


def test_it_asks_where_it_does_not_know_what_was_there(staff_client, draft):
    form = {
        name: one for name, one in form_of(staff_client, draft).items() if "initial-" not in name
    }
    response = staff_client.post(page(draft), form | {"short_name": "夜话"})
    assert "已改为“院落夜话”" in errors(response)["short_name"]


def test_it_lets_a_deleted_coding_go(opened, colleague, draft):
    mine = opened(draft)
    save(colleague, draft, **{"codings-0-DELETE": "on"})
    assert mine.save(title_en="Courtyard Talks") is None
    draft.refresh_from_db()
    assert draft.title_en == "Courtyard Talks"
    assert not draft.codings.exists()


def test_it_asks_about_a_deleted_coding_that_was_changed(opened, colleague, draft):
    mine = opened(draft)
    save(colleague, draft, **{"codings-0-DELETE": "on"})
    response = mine.send(**{"codings-0-weight": "secondary"})
    # Seen on the page, not only in the form.
    assert "删除了这一条，而这里改过它" in response.content.decode()
    assert "小满" in errors(response)["codings-0-__all__"]
    assert not draft.codings.exists()
    assert mine.save() is None
    coding = draft.codings.get()
    assert (coding.weight, spans(coding.evidence)) == (
        "secondary",
        [("summary", 14, 22, "逐项商定公共事务")],
    )


def test_it_joins_a_coding_that_both_have_added(opened, colleague, draft):
    mechanism = Mechanism.objects.exclude(name="协商议事")[0]
    new = {
        "codings-TOTAL_FORMS": "2",
        "codings-1-mechanism": mechanism.pk,
        "codings-1-weight": "secondary",
        "codings-1-aspect": "means",
        "codings-1-words": "公共事务",
    }
    mine = opened(draft)
    assert save(colleague, draft, **new) is None
    assert mine.save(**new) is None
    assert draft.codings.count() == 2
    draft.codings.get(mechanism=mechanism).delete()
    mine = opened(draft)
    assert save(colleague, draft, **new) is None
    found = mine.save(**new | {"codings-1-words": "商定公共事务", "codings-1-aspect": "goal"})
    assert set(found) == {"codings-1-words", "codings-1-aspect"}
    assert "“公共事务”" in found["codings-1-words"]


def test_it_shows_what_others_have_added_when_it_comes_back(opened, colleague, draft):
    mine = opened(draft)
    coding = other_coding(draft)
    save(colleague, draft, grade="一等奖")
    assert set(mine.save(grade="二等奖")) == {"grade"}
    assert mine.form["codings-1-id"] == [str(coding.pk)]
    assert mine.form["codings-1-words"] == ["公共事务"]
    assert mine.save() is None
    assert draft.codings.count() == 2


def test_it_deletes_nothing_that_was_changed_unseen(opened, colleague, draft):
    mine = opened(draft)
    save(colleague, draft, **{"codings-0-aspect": "effect"})
    found = mine.save(**{"codings-0-DELETE": "on"})
    assert "没有删除" in found["codings-0-__all__"]
    assert "方面" in found["codings-0-__all__"]
    assert draft.codings.get().aspect == "effect"
    assert mine.save(**{"codings-0-DELETE": "on"}) is None
    assert not draft.codings.exists()


def test_it_takes_moved_evidence_for_unchanged(opened, colleague, draft):
    save(colleague, draft, **{"codings-0-words": "夜话", "codings-0-places": ["2/2 夜话"]})
    mine = opened(draft)
    before = {"summary": draft.summary}
    draft.summary = f"夜话里，{draft.summary}"
    draft.save()
    relocate(draft, before)
    # What was the second place is the third by now.
    assert mine.save(**{"codings-0-words": "夜话\r\n逐项商定"}) is None
    coding = draft.codings.get()
    assert spans(coding.evidence) == [("summary", 15, 17, "夜话"), ("summary", 18, 22, "逐项商定")]


def test_it_judges_words_and_their_translation_as_one(opened, colleague, draft):
    save(colleague, draft, summary_en="They talk at night and decide.")
    mine = opened(draft)
    save(colleague, draft, **{"codings-0-words_en": "talk at night"})
    found = mine.save(**{"codings-0-words": "围坐夜话\r\n逐项商定公共事务"})
    assert set(found) == {"codings-0-words", "codings-0-words_en"}
    assert draft.codings.get().evidence.get().text_en == "talk at night"


def test_it_finds_nothing_right_that_was_not_seen(opened, colleague, draft):
    mine = opened(draft)
    save(colleague, draft, **{"codings-0-words": "围坐夜话"})
    assert "请看过现在的再标" in mine.save(**{"codings-0-reviewed": "on"})["codings-0-reviewed"]
    assert draft.codings.get().reviewed_on is None
    assert mine.save() is None


def test_it_replaces_no_picture_that_another_has_replaced(opened, colleague, draft, media):
    attach(draft)
    mine = opened(draft)
    blue, red = (upload(encoded(Image.new("RGB", (50, 50), one))) for one in (BLUE, (200, 0, 0)))
    assert save(colleague, draft, **{"images-0-upload": blue, "images-0-alt": "蓝色"}) is None
    found = mine.save(**{"images-0-upload": red, "images-0-credit": "沙溪镇"})
    assert set(found) == {"images-0-upload"}
    assert draft.images.get().width == 50
    # No file was chosen again: that of the other one stays.
    assert mine.save() is None
    picture = draft.images.get()
    assert (picture.alt, picture.credit) == ("蓝色", "沙溪镇")


def test_it_keeps_both_when_each_adds_an_organization(opened, colleague, draft):
    one, other = Organization.objects.exclude(achievements=draft)[:2]

    def added(organization):
        return {
            "organizations_in_order-TOTAL_FORMS": "2",
            "organizations_in_order-1-organization": organization.pk,
            "organizations_in_order-1-position": "2",
        }

    mine = opened(draft)
    assert save(colleague, draft, **added(one)) is None
    assert mine.save(**added(other)) is None
    assert draft.organizations.count() == 3


def test_it_merges_for_who_may_only_look_at_the_parts(client, colleague, draft):
    user = get_user_model().objects.create_user("editor", is_staff=True)
    user.user_permissions.set(
        Permission.objects.filter(codename__in=["change_achievement", "view_coding"])
    )
    client.force_login(user)
    form = form_of(client, draft)
    coding = other_coding(draft)
    save(colleague, draft, **{"codings-0-DELETE": "on"})
    assert client.post(page(draft), form | {"short_name": "夜话"}).status_code == 302
    assert draft.codings.get() == coding


# What one may do to the form of the draft: {field: its values}.
EDITS = {
    "short_name": ["夜话", "院落夜话", ""],
    "title_en": ["Talks", "Courtyard"],
    "grade": ["一等奖", "二等奖"],
    "setting": ["urban", "unstated"],
    "organizations_in_order-0-position": ["2", "3"],
    "codings-0-weight": ["secondary", "primary"],
    "codings-0-aspect": ["goal", "effect"],
    "codings-0-words": ["围坐夜话", "居民晚饭后"],
    "codings-0-DELETE": ["on"],
    "organizations_in_order-0-DELETE": ["on"],
}
PARTS = ("codings", "organizations_in_order")
edits = st.dictionaries(st.sampled_from(sorted(EDITS)), st.integers(0, 2), max_size=4).map(
    lambda chosen: {name: EDITS[name][place % len(EDITS[name])] for name, place in chosen.items()}
)


def stored(draft):
    """{field of the form: what the record holds}"""
    draft.refresh_from_db()
    found = {name: getattr(draft, name) for name in ("short_name", "title_en", "grade", "setting")}
    if link := draft.organizations_in_order.first():
        found["organizations_in_order-0-position"] = str(link.position)
    if coding := draft.codings.first():
        found |= {f"codings-0-{name}": getattr(coding, name) for name in ("weight", "aspect")}
        found["codings-0-words"] = coding.evidence.get().text
    return found


def changes(was, edit):
    """What an edit changes, without what it writes as it was; of a part that it deletes, that alone."""
    gone = {part for part in PARTS if f"{part}-0-DELETE" in edit}
    return {
        name: value
        for name, value in edit.items()
        if name.endswith("DELETE") or (was[name] != value and name.partition("-")[0] not in gone)
    }


def expected(was, mine, theirs, sent):
    """(the record afterwards, what is in question): the rule, without forms."""
    found, asked = dict(was), set()
    for part in PARTS:
        mark = f"{part}-0-DELETE"
        ours = {name for name in mine if name.startswith(part) and name != mark}
        # What both have made the same of it has been seen.
        seen = {name for name in theirs if sent.get(name) == theirs[name]}
        its = {name for name in theirs if name.startswith(part) and name != mark} - seen
        if (mark in theirs and ours) or (mark in mine and its):
            asked.add(part)
    for edit in (theirs, mine):
        found |= {name: value for name, value in edit.items() if not name.endswith("DELETE")}
    for name in mine.keys() & theirs.keys():
        if mine[name] != theirs[name]:
            asked.add(name)
    gone = [name for name in PARTS if f"{name}-0-DELETE" in mine.keys() | theirs.keys()]
    return {name: one for name, one in found.items() if name.partition("-")[0] not in gone}, asked


@pytest.fixture
def form(staff_client, draft):
    """What both open, before each example anew: it is taken back."""
    return form_of(staff_client, draft)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(mine=edits, theirs=edits)
def test_it_loses_nothing_of_any_two_edits(staff_client, colleague, draft, form, mine, theirs):
    with transaction.atomic():
        was = stored(draft)
        assert colleague.post(page(draft), form | theirs).status_code == 302
        between = stored(draft)
        response = staff_client.post(page(draft), form | mine)
        right, asked = expected(was, changes(was, mine), changes(was, theirs), mine)
        if asked:
            found = errors(response)
            assert {name for one in asked for name in found if name.startswith(one)} == set(found)
            assert all("小满" in sentence for sentence in found.values())
            assert stored(draft) == between
        else:
            assert response.status_code == 302, errors(response)
            assert stored(draft) == right
        assert draft.status == "draft"
        transaction.set_rollback(True)
