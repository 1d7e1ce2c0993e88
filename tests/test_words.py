"""How conditions are said in words, and in which language words are."""

import pytest
from django.utils import translation
from markupsafe import Markup, escape

from governance.words import all_of, any_of
from showcase.text import in_its_language, unbroken

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("language", "words", "either", "every"),
    [
        ("zh-hans", ["北京市"], "北京市", "北京市"),
        ("zh-hans", ["北京市", "江苏省"], "北京市或江苏省", "北京市，且江苏省"),
        (
            "zh-hans",
            ["北京市", "江苏省", "山东省"],
            "北京市、江苏省或山东省",
            "北京市，且江苏省，且山东省",
        ),
        ("en", ["Beijing", "Jiangsu"], "Beijing or Jiangsu", "Beijing, and Jiangsu"),
        ("en", ["A", "B", "C"], "A, B or C", "A, and B, and C"),
        ("en", [], "", ""),
    ],
)
def test_alternatives_and_conditions_differ_in_words(language, words, either, every):
    with translation.override(language):
        assert any_of(words) == either
        assert all_of(words) == every


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("“协商”, and Beijing", '“<span lang="zh-Hans">协商</span>”, and Beijing'),
        ("太仓 and 协商", '<span lang="zh-Hans">太仓</span> and <span lang="zh-Hans">协商</span>'),
        # What stands between Chinese words is theirs.
        ("苏州 协商，物业", '<span lang="zh-Hans">苏州 协商，物业</span>'),
        ("<b>社区</b>", '&lt;b&gt;<span lang="zh-Hans">社区</span>&lt;/b&gt;'),
        ("deliberation", "deliberation"),
    ],
)
def test_what_is_chinese_on_an_english_page_says_so(text, said):
    with translation.override("en"):
        assert in_its_language(text) == said
    with translation.override("zh-hans"):
        assert in_its_language(text) == escape(text)


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ("“居民提案”激活<b>", '<span class="whole">“居民提案”</span>激活&lt;b&gt;'),
        # What is marked among the words, or around them.
        (
            Markup('“<mark>居民</mark>提案<i class="n"></i>”激活“细胞”'),
            '<span class="whole">“<mark>居民</mark>提案<i class="n"></i>”</span>激活'
            '<span class="whole">“细胞”</span>',
        ),
        (Markup("<a>社区“六化”</a>"), '<a>社区<span class="whole">“六化”</span></a>'),
        # No element may end in another one, and none is opened for what has no end.
        (Markup("<a>社区“六</a>化”"), "<a>社区“六</a>化”"),
        (Markup("社区“<a>六化”模式</a>"), "社区“<a>六化”模式</a>"),
        ("社区“六化", "社区“六化"),
    ],
)
def test_quoted_words_of_a_heading_are_kept_together(html, kept):
    assert unbroken(html) == kept
