"""What is done with an upload, step by step; all but the first may take long and run in `background`."""

import hashlib
from pathlib import PurePath

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import loading
from governance.loading.addresses import address_by_now
from governance.loading.fixture import SUFFIXES
from governance.loading.running import Counter
from governance.models import Load, LoadKind, LoadState

from . import parsing
from .background import Progress, start
from .carried_choices import carried
from .choosing import (
    Choices,
    chosen,
    chosen_entries,
    fields_by_model,
    newly_coded,
    open_questions,
    recorded_codings,
    taken,
)
from .outcomes import outcomes
from .proposal import proposal_of, renew_recorded

TABLES = (".csv", ".xlsx", ".ods")
NOT_PENDING = gettext_lazy("这份文件已经不在待装入之列，请看它的现状。")


def bring(name: str, content: bytes, year: int | None, by: User) -> Load:
    """The pending Load of an upload: from here on it cannot get lost."""
    return Load.objects.create(
        name=name,
        content=content,
        digest=hashlib.sha256(content).hexdigest(),
        kind=_kind(name),
        year=year,
        by=by,
    )


def _kind(name: str) -> LoadKind:
    suffix = PurePath(name).suffix.lower()
    if suffix in SUFFIXES:
        return LoadKind.FIXTURE
    return LoadKind.TABLE if suffix in TABLES else LoadKind.DOCUMENT


def keep(pk: int, choices: Choices) -> bool:
    """Keep choices with a pending Load, beside those of its entries that were made before.

    False if it is pending no more: somebody has loaded it meanwhile.
    """
    with transaction.atomic():
        loads = Load.objects.only("choices").select_for_update()
        load = loads.filter(pk=pk, state=LoadState.PENDING).first()
        if load is None:
            return False
        before = load.choices or {"award": {}, "entries": {}}
        load.choices = {
            "award": before["award"] | choices["award"],
            "entries": before["entries"] | choices["entries"],
        }
        load.save(update_fields=["choices"])
    return True


def unanswered_entries(pk: int) -> list[str]:
    """Codes of the entries of a pending Load of which nobody has said yet whether they are new."""
    load = Load.objects.only("parsed", "choices").get(pk=pk)
    if not load.parsed or "entries" not in load.parsed:
        return []
    return open_questions(chosen_entries(load.parsed, load.choices).values())


def start_reading(pk: int, year: int | None, award: str = "") -> bool:
    """Read the upload as of a year, and of the award with this slug if one is given; rehearse its load.

    False if it is being worked on already.
    """
    return start(pk, lambda progress: _read(pk, year, award, progress))


def start_rehearsal(pk: int) -> bool:
    """Load with the choices of now, and take it back: what would happen."""
    return start(pk, lambda progress: _rehearse(_pending(pk), progress))


def start_loading(pk: int, by: User) -> bool:
    """Load with the choices of now, for good."""
    return start(pk, lambda progress: _load(_pending(pk), progress, by=by))


def rehearse_undoing(pk: int) -> loading.LoadReport:
    """The report of undoing a load, taken back; raises LoadError if it cannot be undone."""
    return loading.undo(pk, dry_run=True)


def start_undoing(pk: int, by: User) -> bool:
    """Take a load back, for good."""
    return start(pk, lambda progress: loading.undo(pk, by=by, progress=progress))


def _pending(pk: int) -> Load:
    """The Load, if nobody has loaded it since the work was asked for, in another window perhaps."""
    load = Load.objects.get(pk=pk)
    if load.state != LoadState.PENDING:
        raise loading.LoadError(NOT_PENDING)
    return load


def _read(pk: int, year: int | None, award: str, progress: Progress) -> None:
    """Read an upload as of a year.

    1. Forget what an earlier reading found, at once: of a document that cannot be read now,
       nothing is to be left.
    2. Parse it: its entries, every region and organization that each may mean, mechanisms that
       suggest themselves. A fixture says all that itself and is not parsed.
    3. Keep that as the proposal, and begin with the choices of before: those that were made for
       this upload when it was read as another year, else those of the last load of the year.
    4. Rehearse.
    """
    load = _pending(pk)
    load.year, load.scope, load.parsed, load.report = year, "", None, None
    load.save(update_fields=["year", "scope", "parsed", "report"])
    # The form of a document asks for its year.
    if load.kind != LoadKind.FIXTURE and year is not None:
        _propose(load, award, progress)
    _rehearse(load, progress)


def _propose(load: Load, award: str, progress: Progress) -> None:
    progress(_("读取 %(name)s") % {"name": load.name}, 0, None)
    tick = Counter(progress, _("识别机构与地区"), every=20)
    content = bytes(load.content)
    parsed = parsing.parse(load.name, content, load.year, award=award, candidates=True, tick=tick)
    load.scope = parsed.award.code
    load.parsed = proposal = proposal_of(parsed)
    load.choices = carried(load, proposal)
    load.save(update_fields=["scope", "parsed", "choices"])


def _rehearse(load: Load, progress: Progress) -> None:
    """Find out what loading would do.

    1. Forget the report of the last rehearsal: it may have been of other choices.
    2. Load, by the same road as for good, in a transaction that is taken back.
    3. Keep the report, for the preview.
    """
    load.report = None
    load.save(update_fields=["report"])
    try:
        report = _load(load, progress, by=load.by, dry_run=True)
    except loading.Invalid as error:
        doubts = [one.doubt for one in error.problems if one.doubt]
        if load.kind == LoadKind.FIXTURE and doubts:
            load.parsed = {"doubts": doubts}
            load.save(update_fields=["parsed"])
        raise
    load.report = report.as_json()
    load.save(update_fields=["report"])


def _load(
    load: Load, progress: Progress, *, by: User | None, dry_run: bool = False
) -> loading.LoadReport:
    """Load a pending Load, or try to.

    1. Read it again if the award that it proposes as new has another address by now: the entries
       that a person sees have the codes under which they are loaded.
    2. Apply the choices to the proposal: the fixture objects to be loaded.
    3. Merge them with the last load and the record (governance.loading).
    4. Keep with the Load what became of each entry.
    """
    for fields in fields_by_model(load.parsed)["award"] if load.parsed else ():
        if address_by_now(fields) != (fields["slug"], fields.get("prefix", "")):
            _propose(load, "", progress)
    source = _source(load, dry_run)
    (report,) = loading.load([source], progress=progress, by=by, dry_run=dry_run)
    load.parsed = (load.parsed or {}) | outcomes(report, source)
    load.save(update_fields=["parsed"])
    return report


def _source(load: Load, dry_run: bool) -> loading.FixtureFile:
    """What a pending Load brings, choices applied.

    A rehearsal takes for new what may be another entry: it shows what else there is to see. Of a
    fixture, choices are the codes of which a person is sure.
    """
    source = loading.FixtureFile(load.name, bytes(load.content), record=load, kind=load.kind)
    if load.kind == LoadKind.FIXTURE:
        source.sure = set(load.choices["entries"]) if load.choices else set()
    elif load.parsed is not None:
        renew_recorded(load.parsed, load.scope)
        entries = list(chosen_entries(load.parsed, load.choices).values())
        unsaid = [] if dry_run else open_questions(entries)
        coded = recorded_codings(newly_coded(entries))
        source.objects = chosen(load.parsed, load.choices, coded)
        source.taken = taken(entries)
        source.sure = {one.code_for_good for one in entries if one.code not in unsaid}
    return source
