"""What a load did or would do, as its pages show it: counts, and differences in whole words."""

from collections import defaultdict
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from governance.intake import is_derived
from governance.loading.report import Detail, UndoDetail
from governance.loading.schemas import LABELS, MODELS, SCHEMAS
from governance.models import Achievement
from governance.models.load import COUNTED

# Of a year of thousands, so many rows are enough to see what happened.
MOST = 500
# Longer texts are shown where they differ, with so many characters around it.
LONG, AROUND = 160, 14


def details_by_code(report):
    """{code: the Details of it and of its parts}"""
    found = defaultdict(list)
    for detail in details_of(report):
        if SCHEMAS[Achievement].label == detail.model or LABELS[detail.model].owner:
            found[detail.key[0]].append(detail)
    return found


def details_of(report):
    """The Details of a report that a person should see."""
    kind = UndoDetail if report and report["undo"] else Detail
    details = [
        kind(**each | {"key": tuple(each["key"])}) for each in (report or {}).get("details", ())
    ]
    in_conflict = {
        (one.model, one.key)
        for one in details
        if one.outcome == "conflicts" and not is_derived(one.field)
    }
    for one in details:
        # Places and pinyin go with the words; alone in conflict, they are all that there is to see.
        alone = one.outcome == "conflicts" and (one.model, one.key) not in in_conflict
        if alone or not is_derived(one.field):
            yield one


@dataclass
class Section:
    """Differences of one kind, with the headings of their values."""

    heading: str
    words: str
    columns: list
    details: list
    more: int = 0


def sections(details, undo=False, added=(), may_take=False):
    """Details as Sections: what a person has to look at first. `added` are [model label, key]."""
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
        found = [Added(label, tuple(key)) for label, key in added[:MOST]]
        yield Section(_("增加"), "", [], found, max(0, len(added) - MOST))


def _conflict_words(may_take):
    kept = _("文件与工作人员各有改动，库中所记保持不变。")
    how = _("要采用文件的，请在下面勾选。") if may_take else _("要采用文件的，请打开条目改正。")
    return f"{kept} {how}" if get_language() == "en" else kept + how


@dataclass
class Added:
    """A part that an entry of the record gets."""

    model: str
    key: tuple
    outcome = "created"
    field = ""

    @property
    def name(self):
        return LABELS[self.model].name(self.key)

    @property
    def code(self):
        return self.key[0]

    @property
    def sentence(self):
        return _("增加")


@dataclass
class ShownDetail:
    """A difference in whole words, where the report on a terminal cuts long ones."""

    detail: Detail
    columns: int

    @property
    def outcome(self):
        return self.detail.outcome

    @property
    def name(self):
        return LABELS[self.detail.model].name(self.detail.key)

    @property
    def code(self):
        """The code of the achievement of which it is, None for what is shared."""
        is_entry = self.detail.model == SCHEMAS[Achievement].label
        return self.detail.key[0] if is_entry or LABELS[self.detail.model].owner else None

    @property
    def field(self):
        fields = LABELS[self.detail.model].fields
        return fields[self.detail.field].verbose_name if self.detail.field else ""

    @property
    def sentence(self):
        return "" if self.detail.field else self.detail.of_row()

    @property
    def values(self):
        """What the last load, the file and the database say; of a change, before and after."""
        detail = self.detail
        if self.columns == 2:
            return differing([_shown(detail.database), _shown(detail.file)])
        return differing([_shown(value) for value in (detail.base, detail.file, detail.database)])


def _shown(value):
    if value is None:
        return "—"
    if isinstance(value, list | tuple):
        return " / ".join(map(str, value))
    return _("（空）") if value == "" else str(value)


def differing(texts):
    """Long texts from where they begin to differ to where they end to, with a little around it."""
    if max(map(len, texts)) <= LONG:
        return texts
    long = [text for text in texts if len(text) > LONG // 2]
    head = max(_alike(long) - AROUND, 0)
    tail = max(_alike([text[::-1] for text in long]) - AROUND, 0)
    return [_cut(text, head, tail) if text in long else text for text in texts]


def _alike(texts):
    """How many characters all of the texts have in common at their beginning."""
    columns = enumerate(zip(*texts, strict=False))
    return next((at for at, column in columns if len(set(column)) > 1), min(map(len, texts)))


def _cut(text, head, tail):
    end = max(len(text) - tail, head)
    kept = text[head:end]
    if len(kept) > LONG:
        kept, end = kept[:LONG], head + LONG
    return ("…" if head else "") + kept + ("…" if end < len(text) else "")


class Report:
    """What a load did, or would do, for its page."""

    headings = COUNTED.values()

    def __init__(self, report, added=None):
        """`added` is {code: [[model label, key], …]}."""
        self.report = report
        parts = [part for some in (added or {}).values() for part in some]
        self.sections = list(sections(list(details_of(report)), report["undo"], parts))

    @property
    def rows(self):
        """(what, [how many were created, changed …]) of each model, in order."""
        models = self.report["models"]
        for model in MODELS:
            counts = models.get(SCHEMAS[model].label)
            if counts:
                yield SCHEMAS[model], [counts[name] for name in COUNTED]
