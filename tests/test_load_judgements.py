"""English words of evidence, and reviews: what a load brings of them, and what it makes untrue."""

import copy

import pytest

from governance import loading
from governance.models import Achievement, Coding, Evidence, Mechanism

from .helpers.years import WORDS, changed, coding, evidence, load, problems, record, year

pytestmark = pytest.mark.django_db

W01 = {"code": "2016-w01"}
SUMMARY = "After supper residents sit together and settle public affairs one by one."
ENGLISH = "settle public affairs"
DELIBERATION = {"mechanism": ["deliberation"]}


def english(words=ENGLISH, text=SUMMARY, start=None):
    start = text.index(words) if start is None else start
    return {
        "field_en": "summary_en",
        "start_en": start,
        "end_en": start + len(words),
        "text_en": words,
    }


def translated(summary=SUMMARY, **fields):
    objects = changed(year(), "achievement", W01, summary_en=summary)
    return changed(objects, "evidence", **(fields or english(text=summary)))


def span():
    return Evidence.objects.get(coding__achievement__code="2016-w01", text=WORDS)


def words():
    row = span()
    return row.field_en, row.start_en, row.end_en, row.text_en


def stands(row):
    text = getattr(row.source, row.field_en)
    return text[row.start_en : row.end_en] == row.text_en


def test_it_takes_the_words_with_their_place():
    load(translated())
    assert words() == ("summary_en", 40, 40 + len(ENGLISH), ENGLISH)
    load(translated())
    assert load(translated()).changes == 0


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"start_en": 39, "end_en": 60}, "原文中“settle public affairs”的起止是 40–61，不是 39–60"),
        (
            {"text_en": "settle private affairs"},
            "英文译文中没有“settle private affairs”这一字句；最相近",
        ),
        ({"text_en": "郊区"}, "英文译文中没有“郊区”这一字句，也没有相近的。"),
        ({"text_en": ""}, "英文依据须写全：字句、出处、起、止。"),
        ({"field_en": ""}, "英文依据须写全"),
        ({"end_en": None}, "英文依据须写全"),
        ({"field_en": "title_en"}, "英文译文中没有"),
        ({"field_en": "summary"}, "是否指“summary_en”"),
    ],
)
def test_it_says_what_is_wrong_with_them(fields, sentence):
    assert any(sentence in problem for problem in problems(translated(**(english() | fields)))), (
        problems(translated(**(english() | fields)))
    )


def test_a_new_translation_comes_with_its_own_places():
    load(translated())
    later = "In courtyards, after supper, they settle public affairs one by one."
    load(translated(later))
    assert words()[1] == later.index(ENGLISH)
    assert stands(span())


def test_a_wrong_place_in_a_new_translation_is_the_files_mistake():
    load(translated())
    (found,) = problems(translated("In courtyards they settle public affairs.", **english()))
    assert "英文字句" in found


def test_in_a_translation_of_staff_the_words_are_looked_for():
    load(year())
    own = "Every evening, " + SUMMARY
    Achievement.objects.filter(**W01).update(summary_en=own)
    load(translated())
    assert words()[1] == own.index(ENGLISH)
    assert Achievement.objects.get(**W01).summary_en == own


def test_words_that_staff_have_rewritten_stay_away_and_are_told():
    load(year())
    Achievement.objects.filter(**W01).update(summary_en="They decide together.")
    report = load(translated())
    assert words() == ("", None, None, "")
    told = [one for one in report.lines() if "英文依据已清空" in one]
    assert len(told) == 1
    assert load(translated()).changes == 0


def test_words_of_staff_that_a_new_translation_lacks_are_dropped_and_come_back_with_undoing():
    load(changed(year(), "achievement", W01, summary_en=SUMMARY))
    own = Coding.objects.get(achievement__code="2016-w01", mechanism__slug="self-governance")
    own.evidence.create(field="summary", start=0, end=2, text="居民", **english("residents"))
    moved = Coding.objects.create(
        achievement=own.achievement,
        mechanism=Mechanism.objects.get(slug="covenants"),
        weight="primary",
    )
    moved.evidence.create(field="summary", start=0, end=2, text="居民", **english("one by one"))
    before = record()
    report = load(changed(year(), "achievement", W01, summary_en="They settle it one by one."))
    assert own.evidence.get().text_en == ""
    assert own.evidence.get().text == "居民"
    assert stands(Evidence.objects.get(coding=moved))
    assert any("已没有它的英文字句" in line for line in report.lines())
    # The next edition lacks them as well, and does not take them for its own.
    load(changed(year(), "achievement", W01, summary_en="They settle it one by one.", rank=9))
    assert (own.evidence.count(), moved.evidence.count()) == (1, 1)
    loading.undo(report.load + 1)
    loading.undo(report.load)
    assert record() == before


@pytest.fixture
def reviewed():
    load(year())
    codings = Coding.objects.filter(achievement__code="2016-w01")
    codings.update(reviewed_by="沈慧", reviewed_on="2026-12-01")
    return codings.get(mechanism__slug="deliberation")


def review(row):
    row.refresh_from_db()
    return row.reviewed_by, str(row.reviewed_on)


REVIEWED, NONE = ("沈慧", "2026-12-01"), ("", "None")


def rewritten():
    objects = copy.deepcopy(year())
    (one,) = [each for each in objects if each["model"] == "governance.evidence"]
    one["fields"] |= evidence("deliberation", WORDS[:4])["fields"]
    return objects


@pytest.mark.parametrize(
    ("objects", "left"),
    [
        (changed(year(), "coding", DELIBERATION, weight="secondary"), NONE),
        (changed(year(), "coding", DELIBERATION, aspect="goal"), NONE),
        ([*year(), evidence("deliberation", "围坐夜话")], NONE),
        (rewritten(), NONE),
        (changed(year(), "coding", DELIBERATION, coder="李敏", coded_on="2026-11-26"), REVIEWED),
        (changed(year(), "achievement", W01, summary_en=SUMMARY), REVIEWED),
    ],
)
def test_a_review_holds_for_what_the_reviewer_saw(reviewed, objects, left):
    before = record()
    report = load(objects)
    assert review(reviewed) == left
    told = [line for line in report.lines() if "原复核（沈慧 2026-12-01）随之清除" in line]
    assert len(told) == (left == NONE)
    other = Coding.objects.get(achievement__code="2016-w01", mechanism__slug="self-governance")
    assert review(other) == REVIEWED
    loading.undo(report.load)
    assert record() == before


def test_a_file_may_say_that_the_new_weight_was_reviewed(reviewed):
    weighed = {"weight": "secondary", "reviewed_by": "沈慧", "reviewed_on": "2026-12-01"}
    load(changed(year(), "coding", DELIBERATION, **weighed))
    assert review(reviewed) == REVIEWED


def test_a_review_comes_with_a_file_and_goes_with_undoing():
    load(year())
    report = load(
        changed(year(), "coding", DELIBERATION, reviewed_by="沈慧", reviewed_on="2026-12-01")
    )
    row = Coding.objects.get(achievement__code="2016-w01", mechanism__slug="deliberation")
    assert review(row) == REVIEWED
    loading.undo(report.load)
    assert review(row) == NONE


def test_a_coding_that_staff_have_reviewed_is_not_dropped_with_the_file(reviewed):
    objects = [
        one for one in year() if one["model"] not in ("governance.coding", "governance.evidence")
    ]
    report = load([*objects, coding("self-governance", weight="secondary")])
    assert review(reviewed) == REVIEWED
    assert report.total("conflicts") == 1
