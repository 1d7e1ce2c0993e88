"""The schema of the API is kept in the repository, and is what a site says."""

import hashlib
import json
import re

import pytest
import yaml
from django.conf import settings

pytestmark = pytest.mark.django_db

KEPT = settings.BASE_DIR / "docs/openapi.yaml"
MADE = "manage.py spectacular --lang en --validate --file docs/openapi.yaml"


def structure(node):
    """The schema without its words."""
    if isinstance(node, list):
        return [structure(one) for one in node]
    if not isinstance(node, dict):
        return node
    words = {"description", "title"}
    return {
        name: structure(value)
        for name, value in node.items()
        if not (name in words and isinstance(value, str))
    }


def kept():
    return yaml.safe_load(KEPT.read_text(encoding="utf-8"))


def test_the_kept_schema_is_what_a_site_says(client):
    said = client.get("/api/schema/", headers={"Accept-Language": "en"})
    assert said["Content-Type"] == "application/vnd.oai.openapi+json"
    assert said.json() == kept(), f"Make it anew: {MADE}"


def test_a_change_of_the_schema_has_its_line_in_the_changelog():
    written = json.dumps(structure(kept()), sort_keys=True).encode()
    digest = hashlib.sha256(written).hexdigest()[:12]
    changelog = (settings.BASE_DIR / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"`{digest}`" in changelog, (
        f"What the API takes or gives has changed: say how in CHANGELOG.md, and name {digest} as the"
        " state of docs/openapi.yaml. Fields are added, never renamed, removed or retyped."
    )


def test_it_says_every_address_and_every_parameter(client):
    schema = kept()
    assert schema["openapi"] == "3.1.0"
    links = client.get("/api/").json()["links"]
    for name in links.keys() - {"schema", "docs"}:
        assert f"/api/{name}/" in schema["paths"]
    (told,) = schema["paths"]["/api/achievements/"].values()
    by_name = {one["name"]: one["schema"] for one in told["parameters"]}
    assert {"q", "region", "code", "modified_since", "select", "page_size", "also"} <= set(by_name)
    assert by_name["zone"]["items"]["enum"] == ["east", "central", "west", "northeast", "none"]
    assert by_name["page_size"] == {"type": "integer", "minimum": 1, "maximum": 100}
    assert by_name["page"]["maximum"] == 999_999_999
    assert all(one["allowEmptyValue"] for one in told["parameters"])


def test_it_is_said_in_the_language_of_the_reader(client):
    answer = client.get("/api/schema/").json()
    title = answer["components"]["schemas"]["OpenRecord"]["properties"]["title"]
    assert title["title"] == "标题"
    told = answer["paths"]["/api/regions/{code}/"]["get"]["description"]
    assert told == "地区，各在一段年份里；同一代码先后可以指几个地区。"
    assert client.get("/api/schema/?lang=en").status_code == 400


def test_the_page_of_the_api_runs_nothing_but_files_of_ours(client):
    page = client.get("/api/docs/").content.decode()
    assert not re.search("<style|<script>| style=|http", page)
    for address in re.findall('(?:src|href)="([^"]+)"', page):
        assert address.startswith(("/static/", "/api/docs/?script"))
    script = client.get("/api/docs/?script=")
    assert script["Content-Type"] == "application/javascript"
    assert "/api/schema/" in script.content.decode() or "../schema/" in script.content.decode()
