"""What a load did or would do, as its pages show it: counts, and differences in whole words."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from governance.loading.report import COUNTED, Detail, ReportJSON, code_of, details_of
from governance.loading.schemas import LABELS, MODELS, SCHEMAS, Schema
from governance.words import first_difference, stretch

# Of a year of thousands, so many rows are enough to see what happened.
MOST = 500
# Longer texts are shown where they differ, with so many characters around it.
LONG, AROUND = 160, 14


def details_by_code(report: ReportJSON | None) -> defaultdict[str, list[Detail]]:
    """{code: the Details of it and of its parts}"""
    found = defaultdict(list)
    for detail in details_of(report):
        if detail.code:
            found[detail.code].append(detail)
    return found


@dataclass
class Section:
    """Differences of one kind, with the headings of their values."""

    heading: str
    words: str
    columns: list[str]
    details: Sequence["ShownDetail | AddedPart"]
    more: int = 0


def sections(
    details: Iterable[Detail],
    undo: bool = False,
    added: Sequence[tuple[str, list]] = (),
    may_take: bool = False,
) -> Iterator[Section]:
    """Details as Sections: what a person has to look at first. `added` are (model label, key)."""
    if undo:
        three = [_("装入时"), _("装入之前"), _("现在")]
    else:
        three = [_("上次装入"), _("这份文件"), _("库中")]
    for outcomes, heading, words, columns in (
        ({"conflicts"}, _("冲突"), _conflict_words(may_take), three),
        ({"kept"}, _("保留"), _("工作人员改过、用到的，保持库中所记。"), three),
        ({"absent"}, _("文件中缺"), "", three),
        ({"changed", "removed"}, _("改动"), "", [_("原为"), _("改为")]),
    ):
        found = [ShownDetail(each, len(columns)) for each in details if each.outcome in outcomes]
        if found:
            yield Section(heading, words, columns, found[:MOST], max(0, len(found) - MOST))
    if added:
        parts = [AddedPart(label, tuple(key)) for label, key in added[:MOST]]
        yield Section(_("增加"), "", [], parts, max(0, len(added) - MOST))


def _conflict_words(may_take: bool) -> str:
    kept = _("文件与工作人员各有改动，库中所记保持不变。")
    how = _("要采用文件的，请在下面勾选。") if may_take else _("要采用文件的，请打开条目改正。")
    return f"{kept} {how}" if get_language() == "en" else kept + how


@dataclass
class AddedPart:
    """A part that an entry of the record gets."""

    model: str
    key: tuple
    outcome = "created"
    field = ""

    @property
    def name(self) -> str:
        return LABELS[self.model].name(self.key)

    @property
    def code(self) -> str:
        return code_of(self.model, self.key)

    @property
    def sentence(self) -> str:
        return _("增加")


@dataclass
class ShownDetail:
    """A difference in whole words, where the report on a terminal cuts long ones."""

    detail: Detail
    columns: int

    @property
    def outcome(self) -> str:
        return self.detail.outcome

    @property
    def name(self) -> str:
        return LABELS[self.detail.model].name(self.detail.key)

    @property
    def code(self) -> str:
        return self.detail.code

    @property
    def field(self) -> str:
        """What the field is called; one that the model has no more, as the report of then has it."""
        field = LABELS[self.detail.model].fields.get(self.detail.field)
        return str(field.verbose_name) if field else self.detail.field

    @property
    def sentence(self) -> str:
        return "" if self.detail.field else self.detail.of_row()

    @property
    def values(self) -> list[str]:
        """What the last load, the file and the database say; of a change, before and after."""
        detail = self.detail
        if self.columns == 2:
            return differing([_shown(detail.database), _shown(detail.file)])
        return differing([_shown(value) for value in (detail.base, detail.file, detail.database)])


def _shown(value: Any) -> str:
    if value is None:
        return "—"
    if isinstance(value, list | tuple):
        return " / ".join(map(str, value))
    return _("（空）") if value == "" else str(value)


def differing(texts: list[str]) -> list[str]:
    """Long texts from where they begin to differ to where they end to, with a little around it."""
    if max(map(len, texts)) <= LONG:
        return texts
    long = [text for text in texts if len(text) > LONG // 2]
    head = max(first_difference(long) - AROUND, 0)
    tail = max(first_difference([text[::-1] for text in long]) - AROUND, 0)
    return [
        stretch(text, head, min(max(len(text) - tail, head), head + LONG)) if text in long else text
        for text in texts
    ]


class ShownReport:
    """What a load did, or would do, for its page."""

    headings = [label for label, _sentence in COUNTED.values()]

    def __init__(
        self, report: ReportJSON, added: Mapping[str, list[tuple[str, list]]] | None = None
    ) -> None:
        """`added` is as governance.intake's Outcomes have it."""
        self.report = report
        parts = [part for some in (added or {}).values() for part in some]
        self.sections = list(sections(details_of(report), report["undo"], parts))

    @property
    def rows(self) -> Iterator[tuple[Schema, list[int]]]:
        """(what, [how many were created, changed …]) of each model, in order."""
        models = self.report["models"]
        for model in MODELS:
            counts = models.get(SCHEMAS[model].label)
            if counts:
                yield SCHEMAS[model], [counts[name] for name in COUNTED]
