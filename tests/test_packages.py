"""What a package of the whole database holds: its files, its tables, and nothing unpublished."""

import hashlib
import json
import sqlite3
import zipfile
from contextlib import closing
from datetime import date

import pytest
from django.test import RequestFactory

from governance import index
from governance.models import Achievement, Evidence, Mechanism, Region
from governance.publishing import take_back
from governance.records.fields import FIELDS
from showcase.data.packages.tables import PACKAGE_TABLES, SEVERAL
from showcase.data.records import open_records

from .helpers.packages import TABLES, everything, lines, newest, retitle, rows

pytestmark = pytest.mark.django_db

FILES = {
    *(f"{name}.csv" for name in TABLES),
    *("datapackage.json", "records.jsonl", "showcase.sqlite", "CHANGES.md", "LICENSE.md"),
    *("CITATION.cff", "SHA256SUMS", "published.json"),
}


def test_a_package_is_whole(publish_data, published):
    said = publish_data()
    folder = newest(published)
    assert folder.name == f"0.1.0-{index.current().digest}"
    assert said.startswith(f"发布了版本 {folder.name}：20 项成果")
    archive = f"community-governance-showcase-{folder.name}.zip"
    assert {path.name for path in folder.iterdir()} == FILES | {archive}
    summed = dict(
        reversed(line.split("  ")) for line in (folder / "SHA256SUMS").read_text().splitlines()
    )
    assert set(summed) == FILES - {"SHA256SUMS", "published.json"}
    with zipfile.ZipFile(folder / archive) as packed:
        assert packed.testzip() is None
        inside = {name.partition("/")[2]: packed.read(name) for name in packed.namelist()}
    for name, digest in summed.items():
        content = (folder / name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == digest
        assert inside[name] == content
    assert set(inside) == {*summed, "SHA256SUMS"}
    assert not list((published.parent / "publishing").iterdir())


def test_its_description_is_of_what_is_written(publish_data, published):
    publish_data()
    folder = newest(published)
    described = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert described["version"] == folder.name
    assert [one["name"] for one in described["resources"]] == TABLES
    content = {name: rows(folder, name) for name in TABLES}
    for resource in described["resources"]:
        schema, body = resource["schema"], content[resource["name"]]
        assert hashlib.sha256((folder / resource["path"]).read_bytes()).hexdigest() == (
            resource["hash"].removeprefix("sha256:")
        )
        assert list(body[0]) == [field["name"] for field in schema["fields"]]
        keys = [tuple(line[name] for name in schema["primaryKey"]) for line in body]
        assert len(keys) == len(set(keys))
        for field in schema["fields"]:
            for line in body:
                follows(line[field["name"]], field)
        for foreign in schema.get("foreignKeys", ()):
            other = foreign["reference"]
            there = {tuple(line[name] for name in other["fields"]) for line in content[other["resource"]]}  # fmt: skip
            for line in body:
                named = tuple(line[name] for name in foreign["fields"])
                assert named in there or not any(named), (resource["name"], named)


def follows(value, field):
    """Fails unless a cell is as Table Schema says."""
    rules = field["constraints"]
    if not value:
        assert not rules["required"], field
    elif field["type"] == "integer":
        assert str(int(value)) == value
    elif field["type"] == "date":
        assert date.fromisoformat(value).isoformat() == value
    assert not value or value in rules.get("enum", [value])
    assert field["title"]
    assert field["description"]


def test_the_database_is_typed_and_says_what_the_tables_say(publish_data, published):
    publish_data()
    folder, found = newest(published), list(index.select())
    with closing(sqlite3.connect(folder / "showcase.sqlite")) as made:
        made.execute("PRAGMA foreign_keys=ON")
        assert made.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert made.execute("PRAGMA foreign_key_check").fetchall() == []
        for name in TABLES:
            stored = made.execute(f"SELECT * FROM {name}").fetchall()
            written = [list(line.values()) for line in rows(folder, name)]
            assert [["" if one is None else str(one) for one in row] for row in stored] == written
        for statement in (
            "INSERT INTO links VALUES ('2015-w99', 'x', 1)",
            "UPDATE achievements SET tier = 'best'",
            "UPDATE achievements SET year = 'bald'",
            "UPDATE codings SET coded_on = '26.11.2026'",
            "UPDATE achievements SET title = NULL",
        ):
            with pytest.raises(sqlite3.IntegrityError):
                made.execute(statement)
        made.rollback()
        views = [name for (name,) in made.execute("SELECT name FROM sqlite_master WHERE type = 'view'")]  # fmt: skip
        counted = {name: made.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in views}  # fmt: skip
        means = made.execute("SELECT sum(means) FROM mechanism_counts").fetchone()[0]
    codings = [coding for record in found for coding in record["mechanisms"]]
    assert counted == {
        "coded_achievements": len(codings),
        "achievement_organizations": sum(len(record["organizations"]) for record in found),
        "mechanism_counts": Mechanism.objects.count(),
        "evidence_words": Evidence.objects.count(),
    }
    assert means == sum(coding["aspect"] == "means" for coding in codings)


def test_the_tables_say_what_the_records_say(publish_data, published, client):
    publish_data()
    folder = newest(published)
    found = lines(folder)
    api = client.get("/api/achievements/?page_size=100").json()["results"]
    for one in api:
        one["url"] = one["url"].removeprefix("http://testserver")
        one["links"] = {
            name: address.removeprefix("http://testserver")
            for name, address in one["links"].items()
        }
    assert found == api
    assert [line["code"] for line in rows(folder, "achievements")] == [one["code"] for one in found]
    spans = {
        (record["code"], coding["slug"], span["field"], span["start"]): span
        for record in found
        for coding in record["mechanisms"]
        for span in coding["evidence"]
    }
    body = rows(folder, "evidence")
    assert len(body) == len(spans)
    for line in body:
        span = spans[line["code"], line["mechanism"], line["field"], int(line["start"])]
        assert (line["text"], line["english_text"]) == (span["text"], span["english"]["text"])
    places = {(line["code"], line["valid_from"]): line for line in rows(folder, "regions")}
    pingshan = next(line for line in rows(folder, "achievements") if line["code"] == "2015-w07")
    place = places[pingshan["region_code"], pingshan["region_valid_from"]]
    assert place["name"] == "坪山新区"
    assert places[place["successor_code"], place["successor_valid_from"]]["name"] == "坪山区"


def test_every_field_of_a_record_is_a_column_or_stands_in_the_lines_alone():
    columns = {column.field.name for table in PACKAGE_TABLES for column in table.columns if column.below is not None}  # fmt: skip
    of_others = {"mechanisms.slug", "mechanisms.name", "mechanisms.name_en", "mechanisms.field"}
    # Regions lead to those above them and to what they became; means are codings.
    elsewhere = ("images.", "region.lineage.", "region.became.", "means.", "licence", "links.")
    for field in FIELDS:
        told = field.name in columns or field.name in of_others
        assert told != field.name.startswith(elsewhere), field.name
        assert field.source, field.name
    assert set(elsewhere) < set(SEVERAL)


def test_what_always_has_a_value_has_one(draft, publish):
    publish(draft)
    for record in open_records(index.select(), RequestFactory().get("/")):
        for field in FIELDS:
            beginning = field.name.startswith(("images.", "region.became.", "setting_evidence."))
            if not (field.missing or beginning or field.name in ("zone", "zone3")):
                values = field.values(record)
                assert values, field.name
                assert "" not in values, field.name


def test_a_formula_is_defused_in_csv_alone(publish_data, published):
    retitle("2015-w01", "=HYPERLINK(1)")
    publish_data()
    assert rows(newest(published), "achievements")[0]["title_en"] == "'=HYPERLINK(1)"
    assert lines(newest(published))[0]["title_en"] == "=HYPERLINK(1)"


def test_regions_are_those_that_entries_name(publish_data, published):
    publish_data()
    codes = {line["code"] for line in rows(newest(published), "regions")}
    assert {"320585", "320500", "320000"} < codes
    assert len(codes) < Region.objects.count() / 10


def test_equal_records_give_equal_bytes(publish_data, published, settings, tmp_path):
    publish_data()
    first = everything(newest(published))
    settings.DATA_DIR = tmp_path / "other"
    publish_data()
    assert everything(tmp_path / "other/published/latest/") == first


def test_addresses_begin_with_the_site(publish_data, published, settings):
    assert "没有设置 SITE_URL" in publish_data()
    assert lines(newest(published))[0]["url"] == "/achievements/2015-w01/"
    settings.SITE_URL = "https://governance.example.cn"
    retitle("2015-w02", "Another title")
    assert "SITE_URL" not in publish_data()
    folder = newest(published)
    assert lines(folder)[0]["url"] == "https://governance.example.cn/achievements/2015-w01/"
    cited = (folder / "CITATION.cff").read_text(encoding="utf-8")
    assert f'url: "https://governance.example.cn/data/{folder.name}/"' in cited
    assert f'version: "{folder.name}"' in cited


@pytest.mark.parametrize("status", ["draft", "in_review"])
def test_nothing_unpublished_is_in_it(publish_data, published, draft, publish, status):
    publish(draft, status)
    gone = Achievement.objects.get(code="2015-w02")
    Mechanism.objects.filter(slug="deliberation").update(
        example_code="2015-w02", example_words="范例的原话"
    )
    publish_data()
    older = newest(published)
    take_back([gone.pk], "评选单位要求撤下。")
    publish_data()
    folder = newest(published)
    words = [
        "院落夜话",
        "沙溪镇",
        "2015-w12",
        gone.title,
        gone.title_en,
        gone.summary[:20],
        "范例的原话",
    ]
    with zipfile.ZipFile(next(folder.glob("*.zip"))) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    files |= {path.name: path.read_bytes() for path in folder.iterdir()}
    for name, content in files.items():
        assert [word for word in words if word in content.decode(errors="replace")] == [], name
    # What was public on its day stays in the version of that day.
    assert gone.title in (older / "records.jsonl").read_text(encoding="utf-8")
