"""A harvester, a reader of feeds, a caller of the API and a validator of packages find what the site says."""

import csv
import json
import os
import re
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path
from urllib.request import urlopen

import feedparser
import pytest
from frictionless import Package
from sickle import Sickle, oaiexceptions

SITE = os.environ["SITE"]
HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
FEED = f"{SITE}/feeds/achievements.atom?tier=nominee"


def staff(*words):
    subprocess.run([*os.environ["STAFF"].split(), *words], cwd=ROOT, check=True)


def get(path):
    with urlopen(SITE + path) as answer:
        return answer.read()


def codes(query=""):
    return {json.loads(line)["code"] for line in get(f"/achievements.jsonl{query}").splitlines()}


def code_of(identifier):
    return identifier.rpartition(":")[2]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_harvester_gets_everything_by_tokens(method):
    sickle = Sickle(f"{SITE}/oai", http_method=method)
    records = list(sickle.ListRecords(metadataPrefix="oai_dc"))
    found = [code_of(record.header.identifier) for record in records]
    assert len(found) == len(set(found)) > 100
    assert set(found) == codes()
    one = sickle.GetRecord(metadataPrefix="oai_dc", identifier=records[0].header.identifier)
    assert one.metadata == records[0].metadata
    assert one.metadata["identifier"] == [f"{SITE}/achievements/{found[0]}/"]
    assert sickle.Identify().deletedRecord == "persistent"
    assert [one.metadataPrefix for one in sickle.ListMetadataFormats()] == ["oai_dc"]


def test_a_harvester_gets_sets():
    sickle = Sickle(f"{SITE}/oai")
    specs = [one.setSpec for one in sickle.ListSets()]
    assert {"year:2015", "tier:nominee", "province:320000"} <= set(specs)
    for spec, query in [("tier:nominee", "?tier=nominee"), ("province:320000", "?region=320000")]:
        headers = sickle.ListIdentifiers(metadataPrefix="oai_dc", set=spec)
        assert {code_of(header.identifier) for header in headers} == codes(query)


@pytest.mark.parametrize(
    ("error", "verb", "arguments"),
    [
        ("BadArgument", "ListRecords", {}),
        ("BadArgument", "ListRecords", {"metadataPrefix": "oai_dc", "from": "gestern"}),
        ("CannotDisseminateFormat", "ListRecords", {"metadataPrefix": "marc21"}),
        ("IdDoesNotExist", "GetRecord", {"metadataPrefix": "oai_dc", "identifier": "x:y"}),
        ("NoRecordsMatch", "ListRecords", {"metadataPrefix": "oai_dc", "set": "tier:none"}),
        ("BadResumptionToken", "ListRecords", {"resumptionToken": "x"}),
    ],
)
def test_a_harvester_is_told_each_error(error, verb, arguments):
    with pytest.raises(getattr(oaiexceptions, error)):
        getattr(Sickle(f"{SITE}/oai"), verb)(**arguments)


def test_a_wrong_verb_is_told():
    said = Sickle(f"{SITE}/oai").harvest(verb="Steal").xml
    assert [one.get("code") for one in said.iter("{*}error")] == ["badVerb"]


def test_a_harvester_hears_what_was_taken_back():
    staff("take_back", "2015-w119")
    sickle = Sickle(f"{SITE}/oai")
    records = sickle.ListRecords(metadataPrefix="oai_dc")
    gone = [code_of(one.header.identifier) for one in records if one.header.deleted]
    assert gone == ["2015-w119"]
    records = sickle.ListRecords(metadataPrefix="oai_dc", ignore_deleted=True)
    assert {code_of(one.header.identifier) for one in records} == codes()


def test_a_reader_of_feeds_knows_an_entry_again():
    before = feedparser.parse(FEED)
    assert not before.bozo
    assert before.version == "atom10"
    assert {code_of(entry.id) for entry in before.entries} == codes("?tier=nominee")
    assert feedparser.parse(FEED, etag=before.etag).status == 304
    staff("edit", "2015-n09")
    after = feedparser.parse(FEED, etag=before.etag)
    assert after.status == 200
    assert code_of(after.entries[0].id) == "2015-n09"
    assert {entry.id for entry in after.entries} == {entry.id for entry in before.entries}
    assert after.entries[0].updated_parsed > before.entries[0].updated_parsed
    english = feedparser.parse(FEED.replace("/feeds", "/en/feeds"))
    assert english.feed.language == "en"
    assert {entry.id for entry in english.entries} == {entry.id for entry in before.entries}


def test_the_api_is_as_its_schema_says(tmp_path):
    calls = int(os.environ.get("PEERS_CALLS", "200"))
    # The long profile also makes what lies at every border, and follows links.
    phases, examples = ("coverage,fuzzing,stateful", 50) if calls > 1000 else ("fuzzing", 20)
    command = [
        Path(sys.executable).with_name("schemathesis"),
        *("--config-file", HERE / "schemathesis.toml"),
        *("run", f"{SITE}/api/schema/", "--phases", phases, "--max-examples", str(examples)),
        *("--generation-deterministic", "--no-color", "--warnings", "off"),
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(re.search(r"(\d+) generated", done.stdout)[1]) >= calls


def test_a_validator_accepts_the_package_and_refuses_another_code(tmp_path):
    name = json.loads(get("/files/latest/datapackage.json"))["version"]
    whole = get(f"/files/latest/community-governance-showcase-{name}.zip")
    zipfile.ZipFile(BytesIO(whole)).extractall(tmp_path)
    (description,) = tmp_path.rglob("datapackage.json")
    assert Package(str(description)).validate().valid
    table = description.with_name("codings.csv")
    lines = list(csv.reader(table.open(encoding="utf-8-sig", newline="")))
    place = lines[0].index("code")
    lines[1][place] = "2015-w9999"
    with table.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(lines)
    report = Package(str(description)).validate()
    assert not report.valid
    assert "foreign-key" in {error.type for task in report.tasks for error in task.errors}
