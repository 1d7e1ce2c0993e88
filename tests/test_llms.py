"""/llms.txt and the documents tell scripts and assistants what there is; all that they name answers."""

import csv
import re

import pytest
from django.conf import settings

from governance.models import Achievement
from showcase.data.faces import FACES
from showcase.query.form import NARROWING, PAGING, fields

pytestmark = pytest.mark.django_db

HOST = "http://testserver"


def text_of(client, prefix=""):
    response = client.get(f"{prefix}/llms.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    return response.content.decode()


def worked(client, prefix):
    """The answers to the worked queries."""
    part = text_of(client, prefix).split("\n## ")[4]
    addresses = re.findall(rf"^  {HOST}(/\S+)$", part, re.M)
    return [client.get(address) for address in addresses]


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_each_worked_query_answers(client, prefix):
    found, codings, table = worked(client, prefix)
    assert found.json()["count"] == 1
    for one in found.json()["results"]:
        assert "协商" in one["title"] + one["summary"]
        assert one["region"]["path"].startswith("32")
        assert one["mechanisms"][0]["evidence"][0]["text"]
    rows = list(csv.DictReader(codings.content.decode("utf-8-sig").splitlines()))
    winners = Achievement.objects.published().filter(tier="winner")
    assert {row["code"] for row in rows} <= set(winners.values_list("code", flat=True))
    assert any(row["mechanisms.aspect"] == "means" for row in rows)
    assert all(row["mechanisms.evidence.text"] for row in rows)
    assert table.json()["version"] == found.json()["version"]


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_address_answers(client, prefix):
    for address in re.findall(rf"{HOST}(/[^\s)]*[\w/])", text_of(client, prefix)):
        assert client.get(address).status_code == 200, address


@pytest.mark.parametrize("document", ["docs/api.md", "README.md", "README.zh-CN.md"])
def test_the_examples_of_the_documents_answer(client, document):
    text = (settings.BASE_DIR / document).read_text(encoding="utf-8")
    examples = re.findall(r"""["']http://127\.0\.0\.1:8000(/[^"']*)["']""", text)
    assert examples
    for address in examples:
        assert client.get(address).status_code == 200, address


def test_it_names_every_parameter_value_and_file(client):
    text = text_of(client)
    named = re.findall(r"^- `(\w+)`", text, re.M)
    # Of a list as a file; pages of it are the API's.
    assert set(named) == set(fields(PAGING | NARROWING)) - {"page"}
    assert set(re.findall(r"`([-\w]+)`", text)) >= {"winner", "deliberation", "northeast", "-year"}
    for face in FACES:
        assert f"{HOST}/{'codings.csv' if face == 'codings' else f'achievements.{face}'}\n" in text


def test_it_says_how_to_cite_the_state_that_it_describes(client):
    text = text_of(client, "/en")
    digest = client.get("/api/achievements/").json()["version"]
    assert f"data version: {digest}" in text
    assert re.search(rf"\[DS/OL\]\. V[\d.]+-{digest}\. .*{HOST}/en/\.\n", text)
    # Plain text, no HTML.
    assert "CC BY 4.0" in text
    assert not re.search("&#?[a-z0-9]+;|<", text)
