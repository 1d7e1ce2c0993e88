"""What `publish_data` has made, as its users read it."""

import csv
import json
import os

from governance import index
from governance.models import Achievement
from showcase.data.packages.tables import PACKAGE_TABLES

TABLES = [table.name for table in PACKAGE_TABLES]


def newest(published):
    """The folder to which `latest` leads."""
    return published / os.readlink(published / "latest")


def rows(folder, name):
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def lines(folder):
    """The records of a package."""
    text = (folder / "records.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def everything(folder):
    """All that is there: {path: bytes}."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def retitle(code, title_en):
    """Another record."""
    Achievement.objects.filter(code=code).update(title_en=title_en)
    index.rebuild()
