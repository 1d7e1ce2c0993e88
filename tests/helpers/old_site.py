"""Small sites as the main of before a migration made them, and a story told with them by either code.

Each file of SITES holds a site's rows, and what its own code answered to the story. In a checkout of
the commit that is named there, with an empty folder for the data:

    DATA_DIR=/tmp/empty PYTHONPATH=. python …/tests/helpers/old_site.py NAME > …/tests/data/NAME.json

`old_site` has three regions, three mechanisms and an entry of 2015, from the fixtures of then and by
`prepare`; 2016 in two editions, by `load_awards`; and an edit of staff. `one_award` has the two editions
alone, over the regions and mechanisms, and staff have published its entry.
"""

import json
import sys
from contextlib import suppress
from datetime import date
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml
from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction

# {name: (commit, last migration)}
SITES = {
    "old_site": ("5d3235b", "0009_index_rows_by_number"),
    "one_award": ("ce2cd93", "0012_unpublished_at_once"),
}
MODELS = [
    *("Region", "Mechanism", "Organization", "AwardYear", "Achievement", "AchievementOrganization"),
    *("Coding", "Evidence", "SettingEvidence", "Load", "LoadPart"),
]
REGIONS, MECHANISMS = (
    ("320000", "320500", "320585"),
    ("deliberation", "self-governance", "covenants"),
)


def story(folder):
    """[(command, what its report counts or None, the year 2016 afterwards or None)] of undoing, loading
    again, merging a third edition and undoing all; taken back at the end."""
    told = []
    with transaction.atomic():
        for command, argument in (
            ("undo_load", last),
            ("load_awards", lambda: edition(folder, 2)),
            ("load_awards", lambda: edition(folder, 3)),
            *[("undo_load", last)] * 3,
            ("load_awards", lambda: edition(folder, 1)),
        ):
            out = StringIO()
            call_command(command, argument(), stdout=out)
            told.append((command, counts(), dumped()))
        transaction.set_rollback(True)
    return told


def loads():
    return apps.get_model("governance", "Load").objects


def last():
    return str(loads().filter(state="loaded").order_by("loaded_at").last().pk)


def counts():
    """What the report of the last load or undoing counts."""
    load = max(loads().all(), key=lambda one: max(filter(None, (one.loaded_at, one.undone_at))))
    return (load.undo_report or load.report)["totals"]


def dumped():
    out = StringIO()
    with suppress(Exception):
        call_command("dump_awards", "2016", stdout=out)
    return out.getvalue() or None


def edition(folder, number):
    """The path of a fixture of 2016: first, corrected, and corrected once more."""
    title, summary = "“院落夜话”议事项目", "居民晚饭后在院落里围坐夜话，逐项商定公共事务。"
    text = f"2016年度揭晓\n1. {title}\n{summary}\n"
    said = {"title_en": "", "setting": "unstated", "short_name": "院落夜话"}
    codings = ["deliberation", "self-governance"]
    if number > 1:
        said = said | {"title_en": "Courtyard Talks", "setting": "rural"}
        codings = codings[:1]
    if number > 2:
        said |= {"short_name": "夜话", "title_en": "Courtyard Talks at Night"}
        codings = ["covenants", *codings]
    place = {"title_offset": text.index(title), "summary_offset": text.index(summary)}
    fields = {"code": "2016-w01", "award_year": [2016], "tier": "winner", "rank": 1, "title": title}
    fields |= {"summary": summary, "region": ["320585", 1999], **place, **said}
    words = {"field": "summary", "start": summary.index("逐项"), "text": "逐项商定公共事务"}
    words["end"] = words["start"] + len(words["text"])
    year = {"year": 2016, "name": "奖", "document_title": "2016年度揭晓", "text": text}
    kinds = {"name": "太仓市民政局", "short_name": "太仓市民政局", "slug": "taicang-civil-affairs"}
    kinds |= {"kind": "department", "level": "county", "region": ["320585", 1999]}
    objects = [
        ("organization", kinds),
        ("awardyear", year),
        ("achievement", fields),
        (
            "achievementorganization",
            {"achievement": ["2016-w01"], "organization": ["太仓市民政局"]},
        ),
    ]
    for slug in codings:
        coding = {"achievement": ["2016-w01"], "mechanism": [slug], "weight": "primary"}
        objects += [("coding", coding), ("evidence", {"coding": ["2016-w01", slug], **words})]
    path = Path(folder, f"2016-{number}.json")
    rows = [{"model": f"governance.{model}", "fields": fields} for model, fields in objects]
    path.write_text(json.dumps(rows), encoding="utf-8")
    return str(path)


def read(name):
    """The site of this name: {"rows": {model: [row]}, "story": what `story` told}."""
    path = Path(__file__).parent.parent / "data" / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8"))


def make(name):
    """What `read` gives, of the old code, in which this is run."""
    from django.conf import settings

    with TemporaryDirectory() as folder:
        (ours,) = settings.FIXTURE_DIRS
        settings.FIXTURE_DIRS = [Path(folder)]
        shipped(Path(ours), Path(folder))
        if name == "old_site":
            call_command("prepare", stdout=StringIO())
        else:
            call_command("loaddata", "regions", "mechanisms", verbosity=0)
        for number in (1, 2):
            call_command("load_awards", edition(folder, number), stdout=StringIO())
        entry = apps.get_model("governance", "Achievement").objects.get(code="2016-w01")
        entry.summary_en = "Neighbours talk in the courtyard."
        entry.status = "draft" if name == "old_site" else "published"
        entry.save()
        rows = {name: list(apps.get_model("governance", name).objects.values()) for name in MODELS}
        for load in rows["Load"]:
            load["name"] = Path(load["name"]).name
        return {"rows": rows, "story": story(folder)}


def shipped(ours, folder):
    """What then came with the program, made small."""
    regions = json.loads((ours / "regions.json").read_text(encoding="utf-8"))
    few = [one for one in regions if one["fields"]["code"] in REGIONS]
    (folder / "regions.json").write_text(json.dumps(few), encoding="utf-8")
    mechanisms = yaml.safe_load((ours / "mechanisms.yaml").read_text(encoding="utf-8"))
    write(
        folder / "mechanisms.yaml",
        [one for one in mechanisms if one["fields"]["slug"] in MECHANISMS],
    )
    named = ("太仓市人民政府", "中国共产党太仓市委员会")
    objects = [
        one
        for one in yaml.safe_load((ours / "awards" / "2015.yaml").read_text(encoding="utf-8"))
        if one["model"] == "governance.awardyear"
        or one["fields"].get("name") in named
        or one["fields"].get("code") == "2015-w01"
        or (
            one["fields"].get("achievement", one["fields"].get("coding", [""]))[0] == "2015-w01"
            and not {*one["fields"].get("mechanism", []), *one["fields"].get("coding", [])[1:]}
            - {*MECHANISMS}
        )
    ]
    (folder / "awards").mkdir()
    write(folder / "awards" / "2015.yaml", objects)


def write(path, objects):
    path.write_text(yaml.safe_dump(objects, allow_unicode=True), encoding="utf-8")


def plain(value):
    if isinstance(value, bytes):
        return value.decode()
    return value.isoformat() if isinstance(value, date) else str(value)


def fill(name):
    """The tables as they were then, with the rows of the site."""
    from django.db.migrations.executor import MigrationExecutor

    site, before = read(name), ("governance", SITES[name][1])
    call_command("migrate", *before, verbosity=0)
    old = MigrationExecutor(connection).loader.project_state(before).apps
    with transaction.atomic():
        for name in MODELS:
            model = old.get_model("governance", name)
            for row in site["rows"][name]:
                if name == "Load":
                    row["content"] = row["content"].encode()
                model(**row).save(force_insert=True)
        with connection.cursor() as cursor:
            for name in MODELS:
                # Beyond the rows that were removed as well: they come back under their numbers.
                table = old.get_model("governance", name)._meta.db_table
                if connection.vendor == "postgresql":
                    cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), 1000)", [table])
                else:
                    cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
                    cursor.execute("INSERT INTO sqlite_sequence VALUES (%s, 1000)", [table])


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "governance.settings")
    import django

    django.setup()
    call_command("migrate", verbosity=0)
    json.dump(make(sys.argv[1]), sys.stdout, ensure_ascii=False, indent=1, default=plain)
