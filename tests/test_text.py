import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.index.text import _simplified, fold, terms


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("社區治理", "社区治理"),
        ("ｏ２ｏ", "o2o"),
        ("Ｏ２Ｏ", "o2o"),
        ("㈠", "(一)"),
        ("協商於民，協商為民", "协商于民,协商为民"),
        ("互聯網＋", "互联网+"),
    ],
)
def test_it_folds_script_width_and_case(text, folded):
    assert fold(text) == folded


@given(st.text() | st.text("社協，。＋ｶﾞか゛\u3099\u0301Éé한ᄀ각"))
def test_it_folds_piece_by_piece_as_it_would_fold_the_whole(text):
    whole = unicodedata.normalize("NFKC", text).casefold()
    assert fold(text) == whole.translate(_simplified())


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)))
def test_a_compatibility_form_folds_as_its_plain_form(text):
    assert fold(unicodedata.normalize("NFKC", text)) == fold(text)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("社区 协商", ["社区", "协商"]),
        ("“协商于民，协商为民” 温江", ["协商于民，协商为民", "温江"]),
        ('"互联 社区"', ["互联 社区"]),
        ("「居民提案」", ["居民提案"]),
        ("社区　协商", ["社区", "协商"]),
        ("“没有收尾", ["没有收尾"]),
        ("  ", []),
        ("“”", []),
    ],
)
def test_terms_are_words_and_quoted_phrases(query, found):
    assert terms(query) == found
