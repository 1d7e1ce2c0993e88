"""What is done with an upload, step by step; all but the first may take long and run in `work`."""

import hashlib
from pathlib import PurePath

from django.db import transaction
from django.utils.translation import gettext as _

from governance import loading, parsing
from governance.loading.fixture import SUFFIXES
from governance.loading.running import Counter
from governance.models import Load, LoadKind

from .choosing import chosen, newly_coded, recorded_codings
from .proposal import proposal_of
from .work import start

TABLES = (".csv", ".xlsx", ".ods")


def bring(name, content, year, by):
    """The pending Load of an upload: from here on it cannot get lost."""
    return Load.objects.create(
        name=name,
        content=content,
        digest=hashlib.sha256(content).hexdigest(),
        kind=_kind(name),
        year=year,
        by=by,
    )


def _kind(name):
    suffix = PurePath(name).suffix.lower()
    if suffix in SUFFIXES:
        return LoadKind.FIXTURE
    return LoadKind.TABLE if suffix in TABLES else LoadKind.DOCUMENT


def keep(pk, choices):
    """Keep choices with a pending Load, beside those of its entries that were made before."""
    with transaction.atomic():
        load = Load.objects.only("choices").select_for_update().get(pk=pk)
        before = load.choices or {"award": {}, "entries": {}}
        load.choices = {
            "award": before["award"] | choices["award"],
            "entries": before["entries"] | choices["entries"],
        }
        load.save(update_fields=["choices"])


def start_reading(pk, year):
    """Read the upload as of a year, and rehearse its load; False if it is being worked on already."""
    return start(pk, lambda progress: _read(pk, year, progress))


def start_rehearsal(pk):
    """Load with the choices of now, and take it back: what would happen."""
    return start(pk, lambda progress: _rehearse(Load.objects.get(pk=pk), progress))


def start_loading(pk, by):
    return start(pk, lambda progress: _load(Load.objects.get(pk=pk), progress, by=by))


def start_undoing(pk, by):
    return start(pk, lambda progress: loading.undo(pk, by=by, progress=progress))


def _read(pk, year, progress):
    load = Load.objects.get(pk=pk)
    load.year, load.parsed, load.report = year, None, None
    # At once: a document that cannot be read leaves nothing of an earlier reading.
    load.save(update_fields=["year", "parsed", "report"])
    if load.kind != LoadKind.FIXTURE:
        progress(_("读取 %(name)s") % {"name": load.name}, 0, None)
        tick = Counter(progress, _("识别机构与地区"), every=20)
        parsed = parsing.parse(load.name, load.content, year, candidates=True, tick=tick)
        load.parsed = proposal_of(parsed)
        load.save(update_fields=["parsed"])
    _rehearse(load, progress)


def _rehearse(load, progress):
    load.report = None
    load.save(update_fields=["report"])
    report = _load(load, progress, by=load.by, dry_run=True)
    load.parsed = (load.parsed or {}) | {"marks": marks(report)}
    load.report = report.as_json()
    load.save(update_fields=["parsed", "report"])


def _load(load, progress, **options):
    (report,) = loading.load([source_of(load)], progress=progress, **options)
    return report


def source_of(load):
    """What a pending Load brings, choices applied."""
    objects = None
    if load.kind != LoadKind.FIXTURE:
        coded = recorded_codings(newly_coded(load.choices))
        objects = chosen(load.parsed, load.choices, coded)
    return loading.Source(load.name, bytes(load.content), objects, record=load, kind=load.kind)


def marks(report):
    """{code: new, changed, unchanged or conflict} of a LoadReport, each entry with all its parts."""
    found, worst = {}, ["unchanged", "changed", "new", "conflict"]
    in_words = {
        (one.model, one.key) for one in report.details if one.field and not is_derived(one.field)
    }
    for (label, key), outcome in report.outcomes.items():
        if code := _code(label, key):
            is_new = outcome == "created" and label == "governance.achievement"
            # An entry of which only the place in the document moved says what it said.
            same = outcome == "unchanged" or (outcome == "changed" and (label, key) not in in_words)
            mark = "new" if is_new else "unchanged" if same else "changed"
            found[code] = max(found.get(code, mark), mark, key=worst.index)
    for detail in report.details:
        code = _code(detail.model, detail.key)
        if code and detail.outcome == "conflicts":
            found[code] = "conflict"
    return found


def is_derived(field):
    """Whether a field follows from others: a place in the document, a reading."""
    return field == "pinyin" or field.endswith("_offset")


def _code(label, key):
    """The code of the achievement of which a row is a part, "" for other rows."""
    return key[0] if label in PARTS else ""


PARTS = {
    f"governance.{model}"
    for model in (
        *("achievement", "achievementorganization", "coding"),
        *("evidence", "settingevidence", "achievementimage"),
    )
}
