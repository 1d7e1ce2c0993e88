"""What tests of announcements share: the region table as rows, and the record of 2015 as objects."""

import csv
import json
from functools import cache

import yaml
from django.conf import settings

from governance.announcements.places.regions import RegionTable
from governance.models.region import region_code

FIXTURES = settings.BASE_DIR / "fixtures"


def rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def region_table():
    regions = json.loads((FIXTURES / "regions.json").read_text(encoding="utf-8"))
    townships = rows(FIXTURES / "townships.csv")
    return RegionTable(
        [each["fields"] for each in regions],
        [(row["code"], row["name"]) for row in townships],
        region_code,
    )


@cache
def record_of_2015():
    """{model: fields of its objects} of the curated fixture."""
    objects = {}
    text = (FIXTURES / "awards" / "2015.yaml").read_text(encoding="utf-8")
    for each in yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
        objects.setdefault(each["model"].removeprefix("governance."), []).append(each["fields"])
    return objects
