import pytest

from governance.pinyin import reading

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("name", "syllables"),
    [
        ("太仓市", "tai cang shi"),
        ("长宁区", "chang ning qu"),
        ("长子县", "zhang zi xian"),
        ("朝阳区", "chao yang qu"),
        ("单县", "shan xian"),
        ("巴彦淖尔市", "bayannur shi"),
        (
            "中国共产党南京市六合区委员会",
            "zhong guo gong chan dang nan jing shi lu he qu wei yuan hui",
        ),
    ],
)
def test_place_names_are_read_as_their_people_read_them(name, syllables):
    assert reading(name, place=True) == syllables


def test_a_title_is_read_as_plain_text_without_punctuation():
    assert reading("单位“o2o”，成效") == "dan wei o2o cheng xiao"
