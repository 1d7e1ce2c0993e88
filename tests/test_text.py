import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.index.text import BORDER, _unified, fold, only_asks, stem, terms, unified
from showcase.text import unified_with_places

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("社區治理", "社区治理"),
        ("ｏ２ｏ", "o2o"),
        ("Ｏ２Ｏ", "o2o"),
        ("㈠", "一"),
        ("協商於民，協商為民", "协商于民 协商为民"),
        ("互聯網＋", "互联网+"),
        # Variants that no table of traditional characters has, and radicals from PDFs.
        ("淸单", "清单"),
        ("鄕村", "乡村"),
        ("戸籍効能", "户籍效能"),
        ("居⺠⾃治", "居民自治"),
        # What nobody sees.
        ("太\u200b仓\ufeff市\u00ad", "太仓市"),
        ("社\ufe00区\U000e0100", "社区"),
        ("か\u200b\u3099", "が"),
        # Marks are one blank, of whatever kind; within Latin words and numbers they stay.
        ("“六化”模式——（一）《办法》。", "六化模式 一 办法"),
        # Quotation marks beside a Chinese character are none.
        ("签订《双向协议》、实施“双向评估”等", "签订双向协议 实施双向评估等"),
        ("“1+10”基层‘法治’「德治」『围栏』", "1+10基层法治德治围栏"),
        ("the “five homes” project, 'o2o'\"app\"", "the five homes project o2o app"),
        ("2.5公里、12345热线，1,000人，5%", "2.5公里 12345热线 1,000人 5%"),
        ("People’s government", "people's government"),
        ("people´s, people‛s, peopleʻs", "people's people's people's"),
        ("self‑governance, Government–Society", "self governance government society"),
        ("协商。\n 物业", "协商\n物业"),
        # As pinyin is printed and typed.
        ("Tàicāng Lǘ Tɑ̀i", "taicang lu tai"),
    ],
)
def test_it_folds_script_width_and_case(text, folded):
    assert fold(text) == folded


CHARACTERS = st.text() | st.text("社協淸，。“”＋ｶﾞか゛\u3099\u0301\u200b\u00ad'’‑a1.Éé한ᄀ각ᅡ\n ")


@given(CHARACTERS)
def test_it_folds_piece_by_piece_as_it_would_fold_the_whole(text):
    assert unified(text) == _unified(text)
    assert fold(text) == BORDER.sub(_blank, unified(text)).strip()


def _blank(border):
    beside = border.string[: border.start()][-1:], border.string[border.end() :][:1]
    if set(border[0]) <= set("“”\"「」『』〝〞«»《》〈〉'") and any(
        "\u4e00" <= (char or "一") <= "\u9fff" for char in beside
    ):
        return ""
    return "\n" if "\n" in border[0] else " "


@given(CHARACTERS)
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


def test_no_character_leads_to_one_that_leads_on():
    for char in map(chr, range(0x110000)):
        assert unified(unified(char)) == unified(char), hex(ord(char))


@given(CHARACTERS)
def test_each_unified_character_knows_its_place(text):
    shown, places = unified_with_places(text)
    assert len(shown) == len(places)
    assert list(places) == sorted(places)
    for char, place in zip(shown, places, strict=True):
        assert char in unified(text[place]) or not text.isprintable() or len(shown) == len(text)


@given(st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)))
def test_a_compatibility_form_folds_as_its_plain_form(text):
    assert fold(unicodedata.normalize("NFKC", text)) == fold(text)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("政社互动、太仓。", ["政社互动", "太仓"]),
        ("_政社互动_太仓 snake_case", ["政社互动", "太仓", "snake", "case"]),
        ("《办法》【协商】（试行）", ["办法", "协商", "试行"]),
        ("『居民 提案』‘政社互动’", ["居民 提案", "政社互动"]),
        ("people’s self-governance 2015—w01", ["people's", "self governance", "2015 w01"]),
        ("2.5，1,000，o2o，app", ["2.5", "1,000", "o2o", "app"]),
        ("居⺠⾃治", ["居民自治"]),
        ('"“政社互动”开创新格局"', ["政社互动开创新格局"]),
        # Marks by themselves are no words.
        ("，", []),
        ("%_+ 😀《》", []),
        ("２０１５ 年太仓 二○一○年 2015 年度", ["2015年太仓", "二〇一〇年", "2015年度"]),
        ("社区 协商", ["社区", "协商"]),
        ("“协商于民，协商为民” 温江", ["协商于民 协商为民", "温江"]),
        ('"互联 社区"', ["互联 社区"]),
        ("「居民提案」", ["居民提案"]),
        ("社区　协商", ["社区", "协商"]),
        ("“没有收尾", ["没有收尾"]),
        ("  ", []),
        ("“”", []),
    ],
)
def test_terms_are_words_and_quoted_phrases(query, found):
    assert [term.text for term in terms(query)] == found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("volunteers", "volunteer"),
        ("policies", "policy"),
        ("committees", "committee"),
        ("people's", "people"),
        ("residents", "resident"),
        ("services", "service"),
    ],
)
def test_an_english_word_is_one_in_singular_and_plural(one, other):
    assert stem(one) == stem(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("policy", "police"), ("government", "governance"), ("app", "approach"), ("bus", "bu")],
)
def test_other_english_words_are_others(one, other):
    assert stem(one) != stem(other)


@pytest.mark.parametrize(
    "read_twice",
    [
        "地方有哪些",
        "哪里有什么",
        "哪儿有哪些社区",
        "能不能要不要",
        "做得好的案例谁",
        "什么样的人做了才能",
        "由谁叫做",
    ],
)
def test_a_long_question_is_told_at_once(read_twice):
    # Twice as long with each pair, if a text can be read in two ways: hours.
    before = time.process_time()
    assert not only_asks(read_twice * 24 + "协")
    assert time.process_time() - before < 1
    assert only_asks(read_twice * 24)
