"""Reviewing: a coding is found right by a person, until somebody changes what was judged."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils.timezone import localdate

from governance import index
from governance.models import Achievement, Coding

from .test_admin_achievement import coding, form_of, page, save

__all__ = ["coding"]
pytestmark = pytest.mark.django_db
CODINGS = reverse("admin:governance_coding_changelist")
ENTRIES = reverse("admin:governance_achievement_changelist")


def review(row):
    row.refresh_from_db()
    return row.reviewed_by, row.reviewed_on


@pytest.fixture
def reviewed(coding):
    Coding.objects.filter(pk=coding.pk).update(reviewed_by="沈慧", reviewed_on="2026-12-01")
    return coding


def test_one_coding_is_found_right_on_the_page_of_its_entry(staff_client, draft, coding):
    assert save(staff_client, draft, **{"codings-0-reviewed": "on"}) is None
    assert review(coding) == ("staff", localdate())
    assert coding.coder == "", "to review is not to code"
    assert f"● staff {localdate()}" in staff_client.get(page(draft)).content.decode()
    data = form_of(staff_client, draft)
    assert data.pop("codings-0-reviewed")
    staff_client.post(page(draft), data)
    assert review(coding) == ("", None)
    assert "○ 待复核" in staff_client.get(page(draft)).content.decode()


@pytest.mark.parametrize(
    "change",
    [
        {"codings-0-weight": "secondary"},
        {"codings-0-aspect": "goal"},
        {"codings-0-words": "逐项商定"},
        {"codings-0-words": "逐项商定公共事务\r\n围坐夜话"},
    ],
)
def test_what_changes_the_judgement_clears_the_review(staff_client, draft, reviewed, change):
    assert save(staff_client, draft, **change) is None
    assert review(reviewed) == ("", None)
    assert reviewed.coder == "staff"


def test_nothing_else_clears_it(staff_client, draft, reviewed):
    draft.summary_en = "They settle public affairs one by one."
    draft.save()
    before = review(reviewed)
    for changes in (
        {"short_name": "夜话"},
        {"codings-0-words_en": "settle public affairs"},
        {"summary": f"每到夏天，{draft.summary}"},
    ):
        assert save(staff_client, draft, **changes) is None
        assert (review(reviewed), reviewed.coder) == (before, ""), changes
    assert reviewed.evidence.get().text_en == "settle public affairs"


def test_nobody_reviews_what_they_change_in_the_same_breath(staff_client, draft, coding):
    changes = {"codings-0-weight": "secondary", "codings-0-reviewed": "on"}
    assert "请先保存" in save(staff_client, draft, **changes)["codings-0-reviewed"]
    assert review(coding) == ("", None)


def test_a_list_of_codings_is_found_right_and_the_public_sees_it(staff_client):
    entry = Achievement.objects.get(code="2015-w06")
    first, *others = entry.codings.order_by("pk")
    data = {"action": "find_chosen_right", "_selected_action": [first.pk]}
    response = staff_client.post(CODINGS, data, follow=True)
    assert "1 条标注复核无误。" in response.content.decode()
    assert review(first) == ("staff", localdate())
    assert all(review(other) == ("", None) for other in others)
    said = {one["slug"]: one["reviewed_by"] for one in index.record("2015-w06")["mechanisms"]}
    assert said[first.mechanism.slug] == "staff"
    assert set(said.values()) == {"", "staff"}
    assert LogEntry.objects.first().object_id == str(entry.pk)


def test_a_whole_entry_is_found_right_and_earlier_reviews_stay(staff_client):
    entry = Achievement.objects.get(code="2015-w06")
    first = entry.codings.first()
    Coding.objects.filter(pk=first.pk).update(reviewed_by="沈慧", reviewed_on="2026-12-01")
    data = {"action": "find_chosen_right", "_selected_action": [entry.pk]}
    staff_client.post(ENTRIES, data)
    assert set(entry.codings.values_list("reviewed_by", flat=True)) == {"沈慧", "staff"}
    assert Coding.objects.exclude(achievement=entry).filter(reviewed_on=None).exists()
    again = staff_client.post(ENTRIES, data, follow=True)
    assert "0 条标注复核无误。" in again.content.decode()


def test_what_waits_for_a_review_can_be_listed(staff_client):
    entry = Achievement.objects.get(code="2015-w06")
    entry.codings.update(reviewed_by="沈慧", reviewed_on="2026-12-01")
    one = Coding.objects.filter(achievement__code="2015-w05").first()
    Coding.objects.filter(pk=one.pk).update(reviewed_by="沈慧", reviewed_on="2026-12-01")

    def listed(address, review):
        return set(staff_client.get(f"{address}?review={review}").context["cl"].queryset)

    done = {*entry.codings.all(), one}
    assert listed(CODINGS, "reviewed") == done
    assert listed(CODINGS, "pending") == set(Coding.objects.all()) - done
    assert listed(ENTRIES, "reviewed") == {entry}
    assert listed(ENTRIES, "pending") == set(Achievement.objects.exclude(pk=entry.pk))


def test_an_action_on_rows_that_are_none_is_refused(staff_client):
    data = {"action": "find_chosen_right", "_selected_action": ["1 OR 1"]}
    assert staff_client.post(CODINGS, data).status_code == 400


def test_who_may_not_change_codings_finds_none_right(client, django_user_model):
    user = django_user_model.objects.create_user("reader", is_staff=True)
    user.user_permissions.add(*Permission.objects.filter(codename__startswith="view_"))
    client.force_login(user)
    for address, row in ((CODINGS, Coding), (ENTRIES, Achievement)):
        data = {"action": "find_chosen_right", "_selected_action": [row.objects.first().pk]}
        client.post(address, data)
    assert not Coding.objects.exclude(reviewed_on=None).exists()


# English words


@pytest.fixture
def translated(draft, coding):
    draft.title_en = "Courtyard Talks"
    draft.summary_en = "After supper residents talk. They settle public affairs one by one."
    draft.save()
    return draft


def english(row):
    return [span.words_in("_en") for span in row.evidence.order_by("start")]


def test_english_words_go_line_by_line_with_those_of_the_original(staff_client, translated, coding):
    words = {
        "codings-0-words": "居民晚饭后\r\n围坐夜话\r\n逐项商定公共事务",
        "codings-0-words_en": "After supper\r\n\r\n settle public affairs",
    }
    assert save(staff_client, translated, **words) is None
    summary = translated.summary_en
    start = summary.index("settle")
    assert english(coding) == [
        ("summary_en", "After supper", 0, 12),
        ("", "", None, None),
        ("summary_en", "settle public affairs", start, start + 21),
    ]
    shown = form_of(staff_client, translated)
    assert shown["codings-0-words_en"] == ["After supper\r\n\r\nsettle public affairs"]
    assert save(staff_client, translated, **{"codings-0-words_en": "Courtyard"}) is None
    assert english(coding)[0] == ("title_en", "Courtyard", 0, 9)
    assert english(coding)[2] == ("", "", None, None)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("settle private affairs", "英文译文中没有“settle private affairs”这一字句；最相近的是"),
        ("s", "“s”在英文译文中有"),
        ("settle public affairs\r\none by one", "英文依据的行数多于依据"),
    ],
)
def test_it_says_what_is_wrong_with_english_words(
    staff_client, translated, coding, words, sentence
):
    found = save(staff_client, translated, **{"codings-0-words_en": words})
    assert sentence in found["codings-0-words_en"]
    assert english(coding) == [("", "", None, None)]


def test_they_move_with_the_translation_and_are_asked_for_when_it_loses_them(
    staff_client, translated, coding
):
    assert save(staff_client, translated, **{"codings-0-words_en": "settle public affairs"}) is None
    later = "In courtyards they settle public affairs one by one."
    assert save(staff_client, translated, summary_en=later) is None
    assert english(coding) == [("summary_en", "settle public affairs", 19, 40)]
    found = save(staff_client, translated, summary_en="They decide together.")
    assert "英文译文中没有" in found["codings-0-words_en"]
    both = {"summary_en": "They decide together.", "codings-0-words_en": "decide together"}
    assert save(staff_client, translated, **both) is None
    assert english(coding) == [("summary_en", "decide together", 5, 20)]
