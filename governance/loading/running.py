"""Loading files: one transaction, one turn, one report each."""

from contextlib import contextmanager

from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from governance import index
from governance.models import Load, LoadState

from .history import remember
from .planning import Plan
from .problems import Invalid, LoadError, Problems, first_few
from .schemas import MODELS

# How long one load waits for another, or for a person's change, in seconds.
WAIT = 30


def load(sources, *, by=None, dry_run=False, progress=lambda words, done, total: None):
    """Merge FixtureFiles into the record, each on top of the one before; returns a LoadReport for each.

    All of them or none, the index included. A dry run does the same and takes it back. `by` is
    the user who loads, None on the command line. `progress` is told what is being done, and how
    many rows of how many are.
    Raises Invalid with every problem of every file, LoadError when the database cannot do it.
    """
    reports, problems, promised, touched = [], Problems(), {}, set()
    with one_turn():
        for source in sources:
            plan = Plan(
                source, promised, Counter(progress, _("核对 %(name)s") % {"name": source.name})
            )
            problems += source.problems
            if problems:
                promised |= plan.promises()
                continue
            touched |= _write(plan, by, progress)
            reports.append(plan.report)
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


def _write(plan, by, progress):
    source = plan.source
    record = source.record or Load(kind=source.kind, name=source.name, content=source.content)
    if source.record:
        record = Load.objects.select_for_update().get(pk=source.record.pk)
        if record.state != LoadState.PENDING:
            raise LoadError(_("装入 #%(load)s 已不在待装入之列。") % {"load": record.pk})
    touched = plan.changes.write(Counter(progress, _("写入 %(name)s") % {"name": source.name}))
    record.digest, record.by = source.digest, by
    record.state, record.loaded_at = LoadState.LOADED, timezone.now()
    record.year = record.year or plan.year
    record.save()
    plan.report.load = record.pk
    record.report = plan.report.as_json()
    record.save(update_fields=["report"])
    plan.finish()
    remember(record, plan.done)
    return touched


def follow(touched, reports, progress):
    """Bring the index after what was written."""
    if not any(report.changes for report in reports):
        return
    progress(_("编索引"), 0, len(touched))
    if index.status() == "ready":
        index.update(touched)
    else:
        index.rebuild()


class Counter:
    """Tells `progress` of rows done; cheap to call for each of them."""

    def __init__(self, progress, words, every=500):
        self.progress, self.words, self.every = progress, words, every
        self.done, self.told = 0, 0

    def __call__(self, rows=1):
        self.done += rows
        if self.done - self.told >= self.every:
            self.told = self.done
            self.progress(self.words, self.done, None)


@contextmanager
def one_turn():
    """A transaction in which nobody else writes the record, so that no edit comes in between.

    Readers go on. On PostgreSQL staff edits and other loads wait; SQLite has one writer anyway.
    """
    committing = False
    try:
        with transaction.atomic():
            _lock()
            yield
            committing = True
    except (DatabaseError, InterfaceError) as error:
        raise LoadError(fault(error, committing)) from error


def _lock():
    if connection.vendor == "postgresql":
        tables = ", ".join(model._meta.db_table for model in [*MODELS, Load])
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{WAIT}s'")
            cursor.execute(f"LOCK TABLE {tables} IN SHARE ROW EXCLUSIVE MODE")


def fault(error, committing=False):
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
