"""What a load did, or would do, in words and as JSON."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.models import Achievement

from .problems import shown
from .shapes import LABELS, MODELS, SHAPES

# What is done to rows: each row that the file says is counted once, and each that it takes away.
ROWS = ("created", "changed", "unchanged", "removed")
# What is left as it was though the file says otherwise: each difference is counted. A row that
# staff deleted, and one that the file no longer has, is one difference.
DIFFERENCES = ("kept", "conflicts", "absent")


REASONS = {
    "unplaced": gettext_lazy("文字不再在公告原文的原处，原文位置已清空，请核对"),
    "outranked": gettext_lazy("原序号 %(before)s 现属另一成果，排到其后，改为 %(now)s"),
    "loaded": gettext_lazy("其后的装入 %(words)s 也有它，保持现状"),
    "used": gettext_lazy("%(words)s 仍用到它，保持现状"),
    "part": gettext_lazy("所属成果保留，随之保留"),
    "deleted": gettext_lazy("已被工作人员删除，不再恢复"),
    "remade": gettext_lazy("工作人员已另建，保持现状"),
    "homeless": gettext_lazy("所属或所指的已不在库中，未能恢复"),
}


@dataclass(frozen=True)
class Detail:
    """One difference: `outcome` is changed, removed, kept, conflicts or absent.

    `field` is empty for a row as a whole. `base`, `file` and `database` are JSON values, None
    where nothing is known. `reason` is one of REASONS, for a row that is kept for another reason
    than that staff have changed it; `words` are who uses it.
    """

    outcome: str
    model: str
    key: tuple
    field: str = ""
    base: object = None
    file: object = None
    database: object = None
    reason: str = ""
    words: str = ""

    def as_json(self):
        return vars(self) | {"key": list(self.key)}

    def __str__(self):
        shape = LABELS[self.model]
        name = shape.name(self.key)
        if not self.field:
            return f"{name}：{self.of_row()}"
        values = {
            "database": shown(self.database),
            "file": shown(self.file),
            "base": _("未知") if self.base is None else shown(self.base),
        }
        return f"{name} · {shape.fields[self.field].verbose_name}：{self.of_field() % values}"

    def of_row(self):
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

    def of_field(self):
        return {
            "changed": _("由 %(database)s 改为 %(file)s"),
            "kept": _("保留工作人员所改的 %(database)s（文件未改，仍为 %(file)s）"),
            "conflicts": _(
                "两边都改了：保留库中的 %(database)s，文件为 %(file)s，上次装入为 %(base)s"
            ),
        }[self.outcome]


class UndoDetail(Detail):
    """A difference that undoing finds: `base` is what the load wrote, `file` what was there before."""

    def of_row(self):
        return super().of_row() if self.reason else _("装入之后有人改过，保持现状")

    def of_field(self):
        if self.outcome == "changed":
            return _("恢复为 %(file)s")
        return _("装入之后又改为 %(database)s，予以保留（装入时为 %(base)s）")


def settled(key, before, after, kind=Detail):
    """The Details of an entry of which `settling` has changed columns from `before` to `after`."""
    label = SHAPES[Achievement].label
    if "rank" in before:
        yield kind(
            *("kept", label, key),
            base=before["rank"],
            database=after["rank"],
            reason="outranked",
        )
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
    counts: dict = field(default_factory=dict)
    details: list = field(default_factory=list)
    # {(model label, key): one of ROWS}, for a page that shows every entry; not in the JSON.
    outcomes: dict = field(default_factory=dict)

    def count(self, shape, outcome, key):
        """Count a row; counted again, it is what was said last."""
        if before := self.outcomes.get((shape.label, key)):
            self.counts[shape.label][before] -= 1
        self._add(shape.label, outcome)
        self.outcomes[shape.label, key] = outcome

    def add(self, detail):
        """Count a difference, or add the details of a row that is counted anyway."""
        self.details.append(detail)
        if detail.outcome in DIFFERENCES:
            self._add(detail.model, detail.outcome)

    def _add(self, label, outcome):
        counts = self.counts.setdefault(label, dict.fromkeys((*ROWS, *DIFFERENCES), 0))
        counts[outcome] += 1

    def total(self, outcome):
        return sum(counts[outcome] for counts in self.counts.values())

    @property
    def changes(self):
        """How many rows were created, changed or removed."""
        return self.total("created") + self.total("changed") + self.total("removed")

    def as_json(self):
        return {
            "load": self.load,
            "file": self.name,
            "digest": self.digest,
            "dry_run": self.dry_run,
            "undo": self.undo,
            "totals": {outcome: self.total(outcome) for outcome in (*ROWS, *DIFFERENCES)},
            "models": self.counts,
            "details": [detail.as_json() for detail in self.details],
        }

    def lines(self):
        """The report as sentences."""
        yield self._head()
        for model in MODELS:
            counts = self.counts.get(SHAPES[model].label)
            if counts:
                yield f"  {SHAPES[model]}：{_counted(counts)}"
        for detail in self.details:
            yield f"  - {detail}"

    def _head(self):
        values = {"name": self.name, "load": self.load}
        if self.undo:
            dry, done = _("试撤销 %(name)s（未作改动）："), _("已撤销装入 #%(load)s %(name)s：")
        else:
            dry, done = _("试装入 %(name)s（未作改动）："), _("已装入 %(name)s，记为 #%(load)s：")
        return (dry if self.dry_run else done) % values


def _counted(counts):
    words = {
        "created": _("新增 %(count)s"),
        "changed": _("更改 %(count)s"),
        "unchanged": _("未变 %(count)s"),
        "removed": _("删除 %(count)s"),
        "kept": _("保留 %(count)s 处"),
        "conflicts": _("冲突 %(count)s 处"),
        "absent": _("文件中缺 %(count)s"),
    }
    return "，".join(words[name] % {"count": count} for name, count in counts.items() if count)
