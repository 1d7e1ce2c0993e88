import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from governance.models import Achievement, Coding
from governance.models.coding import relocate

BEFORE = "居民议事，社区搭台；居民评事，社区兜底。"


@pytest.fixture
def coding(draft):
    """The draft's coding, with each 社区 of BEFORE as evidence."""
    Achievement.objects.filter(pk=draft.pk).update(summary=BEFORE)
    coding = draft.codings.get()
    coding.evidence.all().delete()
    for start in (5, 15):
        coding.evidence.create(field="summary", start=start, end=start + 2, text="社区")
    return coding


def rewrite(coding, summary):
    """Change the summary; where the evidence stands then."""
    achievement = coding.achievement
    achievement.refresh_from_db()
    before = {"title": achievement.title, "summary": achievement.summary}
    achievement.summary = summary
    achievement.save()
    relocate(achievement, before)
    return [span.start for span in Coding.objects.get(pk=coding.pk).evidence.all()]


def test_it_leaves_evidence_before_a_change(coding):
    assert rewrite(coding, BEFORE + "皆大欢喜。") == [5, 15]


def test_it_moves_all_when_something_is_put_first(coding):
    # By ten characters: the first now stands where the second stood.
    assert rewrite(coding, "每月初一，十里八乡，" + BEFORE) == [15, 25]


def test_it_moves_only_what_stands_behind_a_change(coding):
    assert rewrite(coding, BEFORE.replace("居民评事", "全体居民评事")) == [5, 17]


def test_it_moves_back_when_something_is_taken_away(coding):
    assert rewrite(coding, BEFORE.replace("居民议事，", "")) == [0, 10]


def test_it_goes_with_the_text_around_when_a_further_repeat_is_put_in(coding):
    assert rewrite(coding, BEFORE.replace("搭台", "搭台、社区唱戏")) == [5, 20]


def test_it_takes_two_for_one_when_one_of_two_is_gone(coding):
    assert rewrite(coding, BEFORE.replace("，社区兜底", "")) == [5]


def test_it_moves_evidence_of_the_setting(coding):
    achievement = coding.achievement
    achievement.setting_evidence.create(field="summary", start=0, end=2, text="居民")
    rewrite(coding, "农村" + BEFORE)
    assert achievement.setting_evidence.get().start == 2


def test_it_keeps_the_rows(coding):
    before = set(coding.evidence.values_list("pk", flat=True))
    rewrite(coding, "每月，" + BEFORE)
    assert set(coding.evidence.values_list("pk", flat=True)) == before


def test_it_keeps_the_longer_of_two_that_come_to_begin_together(coding):
    coding.evidence.create(field="summary", start=10, end=14, text="居民评事")
    coding.evidence.create(field="summary", start=0, end=2, text="居民")
    rewrite(coding, "社区搭台；居民评事，社区兜底。")
    assert "居民评事" in coding.evidence.values_list("text", flat=True)
    assert coding.evidence.filter(start=5).count() == 1


def test_it_refuses_a_text_without_the_words(coding):
    with pytest.raises(ValidationError, match="社区"):
        rewrite(coding, "居民议事，邻里搭台。")


@given(
    before=st.text(alphabet="社区居民，", min_size=2, max_size=30),
    put_in=st.text(alphabet="村茶馆。\n", max_size=10),
    data=st.data(),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
def test_it_follows_every_span_around_what_was_put_in(coding, before, put_in, data):
    start = data.draw(st.integers(0, len(before) - 1))
    end = data.draw(st.integers(start + 1, len(before)))
    place = data.draw(
        st.sampled_from([place for place in range(len(before) + 1) if not start < place < end])
    )
    coding.evidence.all().delete()
    coding.evidence.create(field="summary", start=start, end=end, text=before[start:end])
    Achievement.objects.filter(pk=coding.achievement_id).update(summary=before)

    moved = rewrite(coding, before[:place] + put_in + before[place:])

    assert moved == [start + len(put_in) if place <= start else start]
