"""Mechanisms suggested from an entry's own words, with the words that speak for them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import suggestions
from governance.announcements.suggesting import CodedEntry, Suggester
from governance.models import Coding

VOCABULARY = {
    "deliberation": ["协商议事", "社区协商", "议事会"],
    "time-banking": ["时间银行", "time bank"],
    "property-management": ["物业管理", "物业"],
}


def suggested(texts, coded=()):
    """{mechanism: [(field, words), …]}"""
    return {
        each.mechanism: [(span.field, span.text) for span in each.spans]
        for each in Suggester(VOCABULARY, coded).suggest(texts)
    }


def test_it_suggests_by_names_and_aliases_the_longest_words_first():
    texts = {"title": "“捆绑式”物业管理", "summary": "成立小区议事会，由物业与居民商定。"}
    assert suggested(texts) == {
        "property-management": [("title", "物业管理"), ("summary", "物业")],
        "deliberation": [("summary", "议事会")],
    }


def test_it_finds_words_in_either_script_and_width_and_shows_them_as_written():
    suggestions = Suggester(VOCABULARY).suggest(
        {"title": "㈠社區協商與ＴＩＭＥ ＢＡＮＫ", "summary": ""}
    )
    spans = {each.mechanism: each.spans[0] for each in suggestions}
    assert (spans["deliberation"].start, spans["deliberation"].end) == (1, 5)
    assert spans["deliberation"].text == "社區協商"
    assert spans["deliberation"].because == "社区协商"
    assert spans["time-banking"].text == "ＴＩＭＥ ＢＡＮＫ"


def test_it_finds_latin_names_only_as_words():
    assert suggested({"title": "overtime banking", "summary": ""}) == {}


def coded(summary, **evidence):
    return CodedEntry({"title": "", "summary": summary}, evidence)


def test_it_suggests_by_wording_that_two_entries_had_as_evidence():
    earlier = [
        coded("楼院里居民围坐夜话，商定事务。", deliberation=["居民围坐夜话"]),
        coded("居民围坐夜话成为习惯。", deliberation=["居民围坐夜话"]),
        coded("当地居民增多。"),
    ]
    (suggestion,) = Suggester(VOCABULARY, earlier).suggest({"summary": "村民围坐夜话，自治有方。"})
    (span,) = suggestion.spans
    assert suggestion.mechanism == "deliberation"
    assert (span.text, span.start, span.because) == ("民围坐夜话", 1, "")
    assert (span.shown, span.seen) == (2, 2)


def test_it_does_not_suggest_by_what_one_entry_or_too_few_of_many_had():
    once = [coded("居民围坐夜话。", deliberation=["围坐夜话"])]
    assert suggested({"summary": "围坐夜话"}, once) == {}
    rare = [coded("社区好。", deliberation=["社区"])] * 2 + [coded("社区美。")] * 3
    assert suggested({"summary": "社区新"}, rare) == {}


def test_it_forgets_mechanisms_that_the_vocabulary_no_longer_has():
    earlier = [CodedEntry({"summary": "围坐夜话"}, {"gone": ["围坐夜话"]})] * 2
    assert suggested({"summary": "围坐夜话"}, earlier) == {}


@pytest.fixture(scope="module")
def suggester():
    entries = suggestions.coded_entries()
    return Suggester(suggestions.vocabulary(), entries.values())


@given(
    text=st.text(
        alphabet=st.sampled_from("社區区协商議事㈠Ａ物业，。 Party building网格"), max_size=60
    )
)
@settings(deadline=None)
def test_its_spans_are_the_words_at_their_places(suggester, text):
    for suggestion in suggester.suggest({"title": text, "summary": text}):
        for span in suggestion.spans:
            assert span.start < span.end
            assert text[span.start : span.end] == span.text


def test_it_is_measured_without_the_entry_that_is_asked_about():
    names = {"deliberation": ["协商"]}
    entries = {
        f"2015-w0{rank}": coded(text, deliberation=["围坐夜话"], other=["别的"])
        for rank, text in enumerate(["围坐夜话，别的", "围坐夜话，别的"], start=1)
    }
    assert suggestions.scores(names, entries) == (0, 0, 4)
    entries["2015-w03"] = coded("围坐夜话")
    # Each coded entry leaves one other behind, which is too few; the third sees both.
    assert suggestions.scores(names, entries) == (1, 0, 4)


@pytest.mark.django_db
def test_it_reports_precision_and_recall_on_the_coding_of_2015():
    names, entries = suggestions.vocabulary(), suggestions.coded_entries()
    suggested, right, coded = suggestions.scores(names, entries)
    assert coded == Coding.objects.count()
    table = suggestions.tables()
    assert (
        f"| both | {suggested} | {right} | {right / suggested:.0%} | {right / coded:.0%} |" in table
    )
    # Of so many codings far fewer would be right by chance; a fall below half means that it broke.
    assert right / suggested > 0.5
    assert right / coded > 0.5
