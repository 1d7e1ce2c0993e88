"""What of an announcement needs a person, by kind: one explanation for all entries of a kind."""

from collections.abc import Iterable
from typing import NamedTuple, cast

from django.utils.translation import gettext_lazy

from governance.intake import ChosenEntry, is_unasked
from governance.loading.report import Detail
from governance.models import Achievement

LONGEST_NAME = cast(int, Achievement._meta.get_field("short_name").max_length)


class Need(NamedTuple):
    """A kind: what it is called, why a person is needed, and what settles it."""

    heading: object
    words: object


# In the order in which they are shown; an entry stands under the first that it needs.
NEEDS = {
    "identity": Need(
        gettext_lazy("更正，还是新的成果"),
        gettext_lazy(
            "与库中某项相似，文字不足以断定。编号即网址，给定后不再改：请逐项回答，答完才能装入。"
        ),
    ),
    "ambiguous": Need(
        gettext_lazy("地区不止一个可能"),
        gettext_lazy("同名的地区有几个，没有代为选定：请逐项选择。不选也可装入，地区留空。"),
    ),
    "nowhere": Need(
        gettext_lazy("找不到地区"),
        gettext_lazy(
            "没有写机构，或所写的里面没有行政区划表认得的地名：请填写地区的名称或代码。不填也可装入，地区留空。"
        ),
    ),
    "area": Need(
        gettext_lazy("功能区始于哪一年"),
        gettext_lazy("国标区划表里没有的功能区，装入时成为地区：请填它的首年，一处填了处处有效。"),
    ),
    "name": Need(
        gettext_lazy("简称太长"),
        gettext_lazy("引号里的文字太长，不像简称：请改短或清空，改好才能装入。"),
    ),
    "body": Need(
        gettext_lazy("有的文字不知是什么机构"),
        gettext_lazy(
            "地区只取到认得的一级，请核对，不对的另选；认不出的机构原文照留，请在装入后补。"
        ),
    ),
    "year": Need(
        gettext_lazy("地名与年度不合"),
        gettext_lazy("按区划表，这一年没有文中的地名：请核对年度，或另选地区。"),
    ),
    "conflict": Need(
        gettext_lazy("文件与人工所改不同"),
        gettext_lazy("库中所记保持不变；要采用文件的，请勾选。"),
    ),
}


def need_of(choice: ChosenEntry, details: Iterable[Detail]) -> str:
    """For which of the NEEDS a person has to look at an entry, "" for none.

    By what was read and not by what was chosen: who settles one thing finds the next where it was.
    """
    entry = choice.entry
    found = {
        "identity": bool(choice.look_alikes),
        "ambiguous": len(entry["candidates"]) > 1 and not entry["recorded"],
        "nowhere": not entry["candidates"],
        "area": any(is_unasked(one["region"]) for one in entry["candidates"]),
        "name": len(choice.proposed_name) > LONGEST_NAME,
        "body": bool(entry["leftovers"]),
        "year": bool(entry.get("doubts")),
        "conflict": bool(choice.take) or any(one.outcome == "conflicts" for one in details),
    }
    return next((need for need in NEEDS if found[need]), "")


def is_settled(need: str, choice: ChosenEntry) -> bool:
    """Whether a person has chosen what an entry needed; what is only to be looked at never is."""
    return {
        "identity": choice.same is not None,
        "ambiguous": bool(choice.region),
        "nowhere": bool(choice.region),
        "area": bool(choice.region),
        "name": len(choice.fields["short_name"]) <= LONGEST_NAME,
        "conflict": bool(choice.take),
    }.get(need, False)
