"""What a load did, or would do, in words and as JSON."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self, TypedDict, cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.batches import batched
from governance.changes import is_derived
from governance.models import Achievement, Evidence, Status

from .labels import Wording
from .problems import first_few
from .schemas import LABELS, MODELS, SCHEMAS, Schema

# One vocabulary for the terminal, the pages and the JSON: {name in JSON: (what a page calls it, a
# sentence with its number)}, in the order in which it is said.
# What is done to rows: each row that the file says is counted once, and each that it takes away.
ROWS = {
    "created": (gettext_lazy("新增"), gettext_lazy("新增 %(count)s")),
    "changed": (gettext_lazy("更改"), gettext_lazy("更改 %(count)s")),
    "unchanged": (gettext_lazy("未变"), gettext_lazy("未变 %(count)s")),
    "removed": (gettext_lazy("删除"), gettext_lazy("删除 %(count)s")),
}
# What is left as it was though the file says otherwise: each difference is counted. A row that
# staff deleted, and one that the file no longer has, is one difference.
DIFFERENCES = {
    "kept": (gettext_lazy("保留"), gettext_lazy("保留 %(count)s 处")),
    "conflicts": (gettext_lazy("冲突"), gettext_lazy("冲突 %(count)s 处")),
    "absent": (gettext_lazy("文件中缺"), gettext_lazy("文件中缺 %(count)s")),
}
COUNTED = ROWS | DIFFERENCES
# What becomes of an entry with all its parts, the one that comes last in the list before others.
MARKS = {
    "unchanged": (gettext_lazy("无变化"), gettext_lazy("无变化 %(count)s 项")),
    "changed": (gettext_lazy("有改动"), gettext_lazy("有改动 %(count)s 项")),
    "removed": (gettext_lazy("删除"), gettext_lazy("删除 %(count)s 项")),
    "new": (gettext_lazy("新增"), gettext_lazy("新增 %(count)s 项")),
    "conflict": (gettext_lazy("有冲突"), gettext_lazy("有冲突 %(count)s 项")),
}
_MARKS_OF_UNDOING = MARKS | {"unchanged": (gettext_lazy("保留"), gettext_lazy("保留 %(count)s 项"))}

REASONS = {
    "unplaced": gettext_lazy("文字不再在公告原文的原处，原文位置已清空，请核对"),
    "outranked": gettext_lazy("原序号 %(before)s 现属另一成果，排到其后，改为 %(now)s"),
    "untranslated": gettext_lazy("英文译文中已没有它的英文字句，英文依据已清空，请核对"),
    "unreviewed": gettext_lazy("字句、分量或方面已变，原复核（%(words)s）随之清除"),
    "loaded": gettext_lazy("其后的装入 %(words)s 也有它，保持现状"),
    "lower": gettext_lazy(
        "文件中的状态为“%(words)s”，装入从不降低状态，保持现状；要撤下，请在后台写明原因"
    ),
    "unpublished": gettext_lazy(
        "文件中的状态为“已发布”；发布须由有发布权限、且不是最后改动它的人来做，没有随装入发布"
    ),
    "used": gettext_lazy("%(words)s 仍用到它，保持现状"),
    "public": gettext_lazy("曾经公开，网址须长久有效，不删去"),
    "withdrawn": gettext_lazy("撤下：公众不再看到，原网址说明已撤下"),
    "part": gettext_lazy("所属成果保留，随之保留"),
    "deleted": gettext_lazy("已被工作人员删除，不再恢复"),
    "remade": gettext_lazy("工作人员已另建，保持现状"),
    "homeless": gettext_lazy("所属或所指的已不在库中，未能恢复"),
}


class DetailJSON(TypedDict):
    """A Detail as a kept report has it."""

    outcome: str
    model: str
    key: list
    field: str
    base: Any
    file: Any
    database: Any
    reason: str
    words: str


class ReportJSON(TypedDict):
    """A LoadReport as `load_awards --json` prints it and a Load keeps it."""

    load: int | None
    file: str
    digest: str
    dry_run: bool
    undo: bool
    totals: dict[str, int]
    models: dict[str, dict[str, int]]
    entries: dict[str, int]
    published: list[str]
    details: list[DetailJSON]


@dataclass(frozen=True)
class Detail:
    """One difference: `outcome` is changed, removed, kept, conflicts or absent.

    `field` is empty for a row as a whole. `base`, `file` and `database` are JSON values, None
    where nothing is known. `reason` is one of REASONS, for a row that is kept for another reason
    than that staff have changed it; `words` are who uses it, or without a reason those of a span.
    """

    outcome: str
    model: str
    key: tuple
    field: str = ""
    base: Any = None
    file: Any = None
    database: Any = None
    reason: str = ""
    words: str = ""

    def as_json(self) -> DetailJSON:
        return cast(DetailJSON, vars(self) | {"key": list(self.key)})

    @classmethod
    def of_json(cls, kept: DetailJSON) -> Self:
        values: dict[str, Any] = {**kept, "key": tuple(kept["key"])}
        return cls(**values)

    def __str__(self) -> str:
        return self.sentence(Wording([self]))

    def sentence(self, wording: Wording) -> str:
        shape = LABELS[self.model]
        name = wording.row(shape, self.key, "" if self.reason else self.words)
        if not self.field:
            return f"{name}：{self.of_row()}"
        field = shape.fields[self.field]
        base, file, database = wording.values(field, self.base, self.file, self.database)
        values = {
            "database": database,
            "file": file,
            "base": _("未知") if self.base is None else base,
        }
        return f"{name} · {field.verbose_name}：{self.of_field() % values}"

    @property
    def code(self) -> str:
        """The code of the entry of which it is, "" for what is shared."""
        return code_of(self.model, self.key)

    def of_row(self) -> str:
        if self.reason:
            return REASONS[self.reason] % {
                "words": self.words,
                "before": self.base,
                "now": self.database,
            }
        return {
            "removed": _("删除；文件中已没有，工作人员也未改过"),
            "kept": _("工作人员所删，保持现状"),
            "conflicts": _("文件与工作人员各有改动，保持库中现状"),
            "absent": _("上次装入有，本文件没有；保留在库中，要删请在后台删除"),
        }[self.outcome]

    def of_field(self) -> str:
        return {
            "changed": _("由 %(database)s 改为 %(file)s"),
            "kept": _("保留工作人员所改的 %(database)s（文件未改，仍为 %(file)s）"),
            "conflicts": _(
                "两边都改了：保留库中的 %(database)s，文件为 %(file)s，上次装入为 %(base)s"
            ),
        }[self.outcome]


class UndoDetail(Detail):
    """A difference that undoing finds: `base` is what the load wrote, `file` what was there before."""

    def of_row(self) -> str:
        return super().of_row() if self.reason else _("装入之后有人改过，保持现状")

    def of_field(self) -> str:
        if self.outcome == "changed":
            return _("由 %(database)s 恢复为 %(file)s")
        return _("装入之后又改为 %(database)s，予以保留（装入时为 %(base)s）")


def settled(
    shape: Schema,
    key: tuple,
    before: dict[str, Any],
    after: dict[str, Any],
    kind: type[Detail] = Detail,
) -> Iterator[Detail]:
    """The Details of a row of which `settling` has changed columns from `before` to `after`."""
    label = shape.label
    if "reviewed_on" in before:
        words = f"{before['reviewed_by']} {before['reviewed_on']}".strip()
        yield kind("kept", label, key, reason="unreviewed", words=words)
        return
    if shape.model is Evidence:
        if after.get("text_en") == "":
            yield kind("kept", label, key, reason="untranslated")
        return
    if "rank" in before:
        base, database = before["rank"], after["rank"]
        yield kind("kept", label, key, base=base, database=database, reason="outranked")
    if None in after.values():
        yield kind("kept", label, key, reason="unplaced")


@dataclass
class LoadReport:
    """`counts` is {model label: {one of ROWS or DIFFERENCES: how many}}; `load` is the Load's id."""

    name: str
    digest: str
    dry_run: bool = False
    undo: bool = False
    load: int | None = None
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    details: list[Detail] = field(default_factory=list)
    # {(model label, key): one of ROWS}, for a page that shows every entry; not in the JSON.
    outcomes: dict[tuple[str, tuple], str] = field(default_factory=dict)
    # Codes of the entries that change before the eyes of the public as soon as this is done.
    published: list[str] = field(default_factory=list)

    def count(self, shape: Schema, outcome: str, key: tuple) -> None:
        """Count a row; counted again, it is what was said last."""
        if before := self.outcomes.get((shape.label, key)):
            self.counts[shape.label][before] -= 1
        self._add(shape.label, outcome)
        self.outcomes[shape.label, key] = outcome

    def add(self, detail: Detail) -> None:
        """Count a difference, or add the details of a row that is counted anyway."""
        self.details.append(detail)
        if detail.outcome in DIFFERENCES:
            self._add(detail.model, detail.outcome)

    def _add(self, label: str, outcome: str) -> None:
        counts = self.counts.setdefault(label, dict.fromkeys(COUNTED, 0))
        counts[outcome] += 1

    @property
    def entries(self) -> dict[str, int]:
        """{one of MARKS: how many entries}"""
        counts = dict.fromkeys(MARKS, 0)
        for mark in self.marks.values():
            counts[mark] += 1
        return counts

    def total(self, outcome: str) -> int:
        return sum(counts[outcome] for counts in self.counts.values())

    @property
    def changes(self) -> int:
        """How many rows were created, changed or removed."""
        return self.total("created") + self.total("changed") + self.total("removed")

    @cached_property
    def marks(self) -> dict[str, str]:
        """{code: one of MARKS}, each entry with its parts; what only moved in the document is unchanged."""
        in_conflict = {one.code for one in self.details if one.outcome == "conflicts"} - {""}
        return self.entry_changes | dict.fromkeys(in_conflict, "conflict")

    @property
    def entry_changes(self) -> dict[str, str]:
        """The marks but for conflicts, beside which an entry may change as well."""
        in_words = {
            (one.model, one.key)
            for one in self.details
            if one.outcome == "changed" and not is_derived(one.field)
        }
        found: dict[str, str] = {}
        worst = list(MARKS)
        for (label, key), outcome in self.outcomes.items():
            if code := code_of(label, key):
                mark = _mark(label, outcome, (label, key) in in_words)
                found[code] = max(found.get(code, mark), mark, key=worst.index)
        return found

    @property
    def changing(self) -> list[str]:
        """Codes of the entries of the record that change or go."""
        changes = self.entry_changes.items()
        return [code for code, mark in changes if mark in ("changed", "removed")]

    @property
    def touching(self) -> set[str]:
        """Codes of the entries of the record of which any row is written, if only in its place."""
        written = (row for row, outcome in self.outcomes.items() if outcome != "unchanged")
        return {code_of(label, key) for label, key in written} - {""}

    def note_published(self) -> None:
        """Find what the public would see change at once; to be asked before anything is written."""
        found = {
            one.code
            for one in self.details
            if one.field == "status" and one.outcome == "changed" and one.file == Status.PUBLISHED
        }
        for some in batched(self.changing):
            rows = Achievement.objects.filter(code__in=some)
            found.update(rows.published().values_list("code", flat=True))
        self.published = sorted(found)

    def as_json(self) -> ReportJSON:
        return {
            "load": self.load,
            "file": self.name,
            "digest": self.digest,
            "dry_run": self.dry_run,
            "undo": self.undo,
            "totals": {outcome: self.total(outcome) for outcome in COUNTED},
            "models": self.counts,
            "entries": self.entries,
            "published": self.published,
            "details": [detail.as_json() for detail in self.details],
        }

    def lines(self) -> Iterator[str]:
        """The report as sentences."""
        yield self._head()
        if self.published:
            yield _("  其中 %(count)s 项成果已公开，公开页随之改变：%(codes)s") % {
                "count": len(self.published),
                "codes": first_few(self.published),
            }
        if any(self.entries.values()):
            yield _("  成果逐项计，连同机构与标注：%(counts)s") % {
                "counts": _counted(self.entries, _MARKS_OF_UNDOING if self.undo else MARKS)
            }
        yield _("  逐行计，只移动了原文位置的也算更改：")
        for model in MODELS:
            counts = self.counts.get(SCHEMAS[model].label)
            if counts and any(counts.values()):
                yield f"  {SCHEMAS[model]}：{_counted(counts, COUNTED)}"
        yield from self._differences()

    def _differences(self) -> Iterator[str]:
        told = worth_telling(self.details)
        wording = Wording(told)
        for detail in told:
            yield f"  - {detail.sentence(wording)}"
        if left := len(self.details) - len(told):
            yield _("  - 另有 %(count)s 处原文位置或拼音随之改变") % {"count": left}

    def _head(self) -> str:
        values = {"name": self.name, "load": self.load}
        if self.undo:
            dry, done = _("试撤销 %(name)s（未作改动）："), _("已撤销装入 #%(load)s %(name)s：")
        else:
            dry, done = _("试装入 %(name)s（未作改动）："), _("已装入 %(name)s，记为 #%(load)s：")
        return (dry if self.dry_run else done) % values


def worth_telling(details: Iterable[Detail]) -> list[Detail]:
    """Those that a person should see: places and readings follow from words that are told anyway."""
    details = list(details)
    in_conflict = {
        (one.model, one.key)
        for one in details
        if one.outcome == "conflicts" and not is_derived(one.field)
    }
    return [
        one
        for one in details
        if not is_derived(one.field)
        # Alone in conflict, a place or a reading is all that there is to see.
        or (one.outcome == "conflicts" and (one.model, one.key) not in in_conflict)
    ]


def details_of(report: ReportJSON | None) -> list[Detail]:
    """The Details of a report that was kept as JSON, those worth telling; none of None."""
    if report is None:
        return []
    kind = UndoDetail if report["undo"] else Detail
    return worth_telling(map(kind.of_json, report["details"]))


def code_of(label: str, key: tuple) -> str:
    """The code of the entry of which a row is a part, "" for what is shared."""
    shape = LABELS[label]
    return key[0] if shape.model is Achievement or shape.owner else ""


def _mark(label: str, outcome: str, in_words: bool) -> str:
    is_entry = label == SCHEMAS[Achievement].label
    if outcome == "created":
        return "new" if is_entry else "changed"
    if outcome == "removed":
        return "removed" if is_entry else "changed"
    return "changed" if outcome == "changed" and in_words else "unchanged"


def _counted(counts: dict[str, int], vocabulary: Mapping[str, tuple]) -> str:
    """ "新增 1，更改 2": what there is of each."""
    return "，".join(
        vocabulary[name][1] % {"count": count} for name, count in counts.items() if count
    )
