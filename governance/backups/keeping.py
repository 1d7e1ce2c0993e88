"""Which backups there are, which of them stay, and when the last one was made."""

import json
import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.utils import timezone

DAILY, WEEKLY, MONTHLY = 7, 4, 12
TIME = "%Y-%m-%dT%H-%M-%S"
NAME = re.compile(r"governance-(\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d)\.zip")


class Kept(NamedTuple):
    """A backup that was made and read back: `made` is a time in ISO 8601, `size` in bytes."""

    path: Path
    made: str
    size: int
    digest: str

    @property
    def time(self) -> datetime:
        return datetime.fromisoformat(self.made)


def file_name(made: datetime) -> str:
    return f"governance-{timezone.localtime(made).strftime(TIME)}.zip"


def note_backup(kept: Kept) -> None:
    """Remember the last backup that succeeded, wherever it lies."""
    draft = _note().with_suffix(".draft")
    draft.write_text(json.dumps(kept._asdict(), default=str), encoding="utf-8")
    draft.replace(_note())


def last_backup() -> Kept | None:
    """The last backup that succeeded; None if there never was one."""
    try:
        told = json.loads(_note().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return Kept(**told | {"path": Path(told["path"])})


def prune(folder: Path) -> list[Path]:
    """Delete the backups of a folder but the last of each of the last seven days, four weeks and twelve
    months that have any; returns those deleted. Other files stay.
    """
    found = {path: time for path in folder.iterdir() if (time := _time_of(path))}
    stay = to_keep(found.values())
    gone = sorted(path for path, time in found.items() if time not in stay)
    for path in gone:
        path.unlink()
    return gone


def to_keep(times: Iterable[datetime]) -> set[datetime]:
    """Those of some times that stay."""
    stay: set[datetime] = set()
    newest = sorted(times, reverse=True)
    for number, period in ((DAILY, "%Y-%m-%d"), (WEEKLY, "%G-%V"), (MONTHLY, "%Y-%m")):
        last: dict[str, datetime] = {}
        for time in newest:
            last.setdefault(time.strftime(period), time)
        stay.update(list(last.values())[:number])
    return stay


def _time_of(path: Path) -> datetime | None:
    named = NAME.fullmatch(path.name)
    return datetime.strptime(named[1], TIME) if named else None


def _note() -> Path:
    return settings.DATA_DIR / "backup.json"
