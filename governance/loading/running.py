"""Loading files and undoing loads: one transaction, one turn, one report each."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from django.contrib.auth.models import User
from django.db import DatabaseError, InterfaceError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from governance import index
from governance.batches import batched
from governance.changes import take_turn
from governance.models import Achievement, Load, LoadPart, LoadState
from governance.models.fields import NaturalKeyModel
from governance.roles import may_publish, may_publish_own

from .fixture import FixtureFile, read_fixture
from .history import SHARED, models_in, said_so_far, since
from .lookup import Rows
from .planning import plan
from .problems import Invalid, LoadError, Problems, first_few
from .report import LoadReport
from .schemas import Key, Schema
from .undoing import plan_undo
from .writing import Plan, write

# Told what is being done, and how many rows of how many, or of an unknown number, are.
Progress = Callable[[str, int, int | None], None]


def _untold(words: str, done: int, total: int | None) -> None:
    """Progress of which nobody wants to hear."""


def load(
    files: Iterable[FixtureFile],
    *,
    by: User | None = None,
    dry_run: bool = False,
    progress: Progress = _untold,
) -> list[LoadReport]:
    """Merge files into the record, each on top of the one before; returns a LoadReport for each.

    All of them or none, the index included. A dry run does the same and takes it back. `by` is
    the user who loads, None on the command line; what they may not publish stays a draft.
    Raises Invalid with every problem of every file, LoadError when the database cannot do it, or when
    public entries would change that are not for this user to change.

    1. Wait for the turn. 2. Plan each file and write it, so that the next one finds it written;
    once a file has problems, only plan, to find those of the others. 3. Bring the index after.
    4. Take everything back that is not to stay.
    """
    reports, problems, touched = [], Problems(), set()
    promised: dict[tuple[Schema, Key], NaturalKeyModel] = {}
    publishes = may_publish_own(by)
    with one_turn():
        for file in files:
            record = _record_of(file)
            found = _plan_of(replace(file, publishes=publishes), promised, progress)
            problems.extend(found.problems)
            if problems:
                promised |= found.promises
                continue
            if not dry_run:
                refuse_public(found.report, by)
            words = _("写入 %(name)s") % {"name": file.name}
            touched |= write(found, record, by, Counter(progress, words))
            reports.append(found.report)
        if not problems:
            follow(touched, reports, progress)
        if problems or dry_run:
            transaction.set_rollback(True)
    if problems:
        raise Invalid(problems)
    for report in reports:
        report.dry_run = dry_run
        report.load = None if dry_run else report.load
    return reports


def problems_of(file: FixtureFile) -> Problems:
    """What `load` would find wrong with a file as things stand; nothing is written."""
    return _plan_of(file, {}, _untold).problems


def refuse_public(report: LoadReport, by: User | None) -> None:
    """Raise LoadError if this changes public entries, and is not for `by` to do. Ask before writing."""
    if may_publish(by):
        return
    public = sorted(report.published)
    for some in batched(report.touching):
        rows = Achievement.objects.published().filter(code__in=some)
        public += sorted(rows.values_list("code", flat=True))
    if public:
        sentence = _(
            "会改动已公开的成果 %(codes)s，须由有发布权限的人来做；未作任何改动，文件仍在。"
        )
        raise LoadError(sentence % {"codes": first_few(public)})


def _record_of(file: FixtureFile) -> Load:
    """The Load under which a file will be kept: the pending one, or another."""
    if file.record is None:
        return Load(
            kind=file.kind,
            shipped=file.shipped,
            name=file.name,
            content=file.content,
            digest=file.digest,
        )
    record = Load.objects.select_for_update().get(pk=file.record.pk)
    if record.state != LoadState.PENDING:
        raise LoadError(_("装入 #%(load)s 已不在待装入之列。") % {"load": record.pk})
    return record


def _plan_of(
    file: FixtureFile, promised: dict[tuple[Schema, Key], NaturalKeyModel], progress: Progress
) -> Plan:
    fixture = read_fixture(file)
    base = known = said_so_far(fixture.scopes())
    if file.shipped:
        base = said_so_far(fixture.scopes(), shipped=True)
        # A row that people have loaded and deleted is known all the same, and stays away.
        known = {schema: base[schema] | rows for schema, rows in known.items()}
    tick = Counter(progress, _("核对 %(name)s") % {"name": file.name})
    return plan(fixture, base, Rows(known, promised), tick)


def undo(
    pk: int,
    *,
    by: User | None = None,
    dry_run: bool = False,
    progress: Progress = _untold,
) -> LoadReport:
    """Take the Load with this primary key back; returns a LoadReport.

    Rows that it created go, unless staff have changed them, added to them or named them since, or a
    later load has said them too; an entry stays or goes with all its parts. To publish an entry is no
    change; but one that was ever public stays, and is taken back from the public. Values that it changed
    and rows that it removed come back, unless somebody has changed them since.
    Raises LoadError if there is no such load, if it does not stand, if a later one of the same year
    does or if public entries would change that are not for `by` to change, Invalid if what would be
    left is not valid.
    """
    with one_turn():
        undone = _standing(pk)
        words = _("撤销 %(name)s") % {"name": undone.name}
        found = plan_undo(undone, Counter(progress, words))
        if found.problems:
            raise Invalid(found.problems)
        if not dry_run:
            refuse_public(found.report, by)
        # Before it is written: afterwards the index still has what is taken back.
        ready = index.status() == "ready"
        touched = write(found, undone, by, Counter(progress, words))
        if ready:
            index.update(touched, named=True, reason=_("装入这一条的文件已撤销。"))
        else:
            follow(touched, [found.report], progress)
        if dry_run:
            transaction.set_rollback(True)
    found.report.dry_run = dry_run
    return found.report


def obstacle(pk: int) -> str:
    """The sentence why a load cannot be undone as things stand, "" if it can: seen without trying.

    What trying finds besides, `undo(pk, dry_run=True)` tells.
    """
    try:
        with transaction.atomic():
            _standing(pk)
    except LoadError as error:
        return str(error)
    return ""


def is_waited_for(pk: int) -> bool:
    """Whether an earlier load of the same award year can be undone only after this one."""
    own = LoadPart.objects.filter(load=pk).exclude(scope=SHARED)
    earlier = LoadPart.objects.filter(load__state=LoadState.LOADED, load_id__lt=pk)
    return earlier.filter(scope__in=own.values("scope")).exists()


def _standing(pk: int) -> Load:
    load = Load.objects.without_content().select_for_update().filter(pk=pk).first()
    if load is None:
        raise LoadError(_("没有装入 #%(load)s。") % {"load": pk})
    if load.state != LoadState.LOADED:
        raise LoadError(
            _("装入 #%(load)s 现为“%(state)s”，不能撤销。")
            % {"load": pk, "state": load.get_state_display()}
        )
    if later := _later_of_the_same(load):
        raise LoadError(
            _("其后还装入过同一内容，请先撤销 %(later)s，再撤销 #%(load)s。")
            % {"later": "、".join(f"#{one}" for one in later), "load": pk}
        )
    return load


def _later_of_the_same(load: Load) -> list[int]:
    """Later loads that stand, of a year that this one has too, the last first.

    What all years share does not count: a later year keeps what it names, and says so. Only a load
    of nothing else waits for another such load.
    """
    parts, own = since(load), list(load.parts.all())
    years = {part.scope for part in own} - {SHARED}
    if years:
        found = list(parts.filter(scope__in=years))
    else:
        models = {model for part in own for model in models_in(part)}
        alone = parts.exclude(load__parts__scope__gt=SHARED)
        found = [part for part in alone if models & models_in(part)]
    return list({part.load_id: part for part in sorted(found, key=lambda part: -part.pk)})


def follow(touched: set[int], reports: Iterable[LoadReport], progress: Progress) -> None:
    """Bring the index after what was written."""
    if not any(report.changes for report in reports):
        return
    progress(_("编索引"), 0, len(touched))
    if index.status() == "ready":
        # A file may bring regions and mechanisms.
        index.update(touched, named=True)
    else:
        index.rebuild()


class Counter:
    """Tells `progress` of rows done; cheap to call for each of them."""

    def __init__(self, progress: Progress, words: str, every: int = 500) -> None:
        self.progress, self.words, self.every = progress, words, every
        self.done, self.told = 0, 0

    def __call__(self, rows: int = 1) -> None:
        self.done += rows
        if self.done - self.told >= self.every:
            self.told = self.done
            self.progress(self.words, self.done, None)


@contextmanager
def one_turn() -> Iterator[None]:
    """A transaction in which nobody else writes the record, so that no edit comes in between.

    Readers go on. On PostgreSQL staff edits and other loads wait; SQLite has one writer anyway.
    """
    committing = False
    try:
        with transaction.atomic():
            take_turn()
            yield
            committing = True
    except (DatabaseError, InterfaceError) as error:
        raise LoadError(fault(error, committing)) from error


def fault(error: Exception, committing: bool = False) -> str:
    """The sentence for what the database could not do."""
    if isinstance(error, ProtectedError):
        return _("要删除的仍有%(rows)s用到，未作任何改动。") % {
            "rows": first_few(error.protected_objects)
        }
    said = str(error).strip()
    if any(words in said for words in ("database is locked", "lock timeout", "deadlock detected")):
        sentence = _(
            "另有装入或编辑正在写数据库，等候已久；未作任何改动，请稍后再试。（%(error)s）"
        )
    elif "disk is full" in said or "No space left" in said or "disk I/O error" in said:
        sentence = _("磁盘已满或不能写，未作任何改动；请腾出空间后再试。（%(error)s）")
    elif committing:
        sentence = _(
            "提交时数据库出错，装入可能已经完成，也可能没有，但不会只有一半；"
            "请再运行一次，已有的不会重复。（%(error)s）"
        )
    elif "connection" in said:
        sentence = _("与数据库的连接断了，未作任何改动；请检查数据库后再试。（%(error)s）")
    else:
        sentence = _("数据库拒绝了写入，未作任何改动。（%(error)s）")
    return sentence % {"error": said}
