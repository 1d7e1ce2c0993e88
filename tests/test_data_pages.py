"""The pages of the versions of the whole database, and the codebook of the data."""

import html
import json
import re

import pytest

from governance.records.fields import FIELDS
from showcase.data.packages.tables import PACKAGE_TABLES

from .helpers.packages import newest, retitle
from .helpers.pages import Page
from .test_heads import Head

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]


def files_of(page):
    return [href for _text, href in page.links if href.startswith("/files/")]


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_before_any_version_it_says_so(client, prefix):
    page = Page(client, f"{prefix}/data/")
    assert files_of(page) == []
    assert ("还没有发布过版本" if not prefix else "No version has been published yet") in page.html
    latest = client.get(f"{prefix}/data/latest/")
    assert (latest.status_code, latest["Location"]) == (302, f"{prefix}/data/")


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_versions_are_listed_the_newest_first(client, publish_data, published, prefix):
    publish_data()
    first = newest(published).name
    retitle("2015-w01", "Another title")
    publish_data()
    second = newest(published).name
    page = Page(client, f"{prefix}/data/")
    listed = [href for text, href in page.links if text in (first, second)]
    assert listed == [f"{prefix}/data/{name}/" for name in (second, second, first)]
    for href in files_of(page):
        assert (published / href.removeprefix("/files/")).is_file(), href
    assert f"V{second}. " in page.html
    latest = client.get(f"{prefix}/data/latest/")
    assert (latest.status_code, latest["Location"]) == (302, f"{prefix}/data/{second}/")
    older = Page(client, f"{prefix}/data/{first}/")
    assert (second, f"{prefix}/data/{second}/") in older.links


def test_a_page_of_a_version_is_never_one_that_was_kept(client, publish_data):
    """Its files change without the record."""
    before = client.get("/data/")
    publish_data()
    after = client.get("/data/", headers={"if-none-match": before.get("ETag", "*")})
    assert after.status_code == 200
    assert after.content != before.content


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_version_has_its_files_and_how_to_cite_it(client, publish_data, published, prefix):
    publish_data()
    folder = newest(published)
    page = Page(client, f"{prefix}/data/{folder.name}/")
    found = {href.rpartition("/")[2] for href in files_of(page)}
    assert found == {path.name for path in folder.iterdir()} - {"published.json"}
    assert len(files_of(page)) == len(found)
    cited = re.search(r'id="citation">(.*?)</p>', page.html)[1]
    assert f"V{folder.name}. " in cited
    assert cited.endswith(f"http://testserver{prefix}/data/{folder.name}/.")


def test_a_withdrawn_version_says_why(client, publish_data, published):
    publish_data()
    name = newest(published).name
    publish_data("--withdraw", name, "--reason", "含有<b>不应</b>公开的姓名。")
    for prefix in ("", "/en"):
        page = Page(client, f"{prefix}/data/{name}/", status=410)
        assert html.escape("含有<b>不应</b>公开的姓名。") in page.html.replace('<span lang="zh-Hans">', "").replace("</span>", "")  # fmt: skip
        assert files_of(page) == []
        assert '<meta name="robots" content="noindex">' in page.html
        assert "不应" in Page(client, f"{prefix}/data/").html
    assert client.get("/data/latest/")["Location"] == "/data/"


@pytest.mark.parametrize(
    "name",
    [
        *("0.1.0-000000000000", "0.1.0", "published.json", "..%2fpublishing", ".latest"),
        *("a" * 300, "0.1.0-%00"),
    ],
)
def test_what_is_no_version_has_no_page(client, publish_data, published, name):
    publish_data()
    assert client.get(f"/data/{name}/").status_code == 404


def test_search_engines_learn_where_the_files_are(client, publish_data, published):
    publish_data()
    folder = newest(published)
    for address, identifier in (
        ("/", folder.name),
        (f"/data/{folder.name}/", f"http://testserver/data/{folder.name}/"),
    ):
        head = Head(client, address)
        (node,) = [one for one in head.data["@graph"] if one["@type"] == "Dataset"]
        assert node["identifier"] == identifier
        assert node["dateModified"] == "2026-11-26"
        for one in node["distribution"]:
            path = one["contentUrl"].removeprefix("http://testserver/files/")
            assert (published / path).stat().st_size == int(one["contentSize"])
        assert {one["encodingFormat"] for one in node["distribution"]} >= {
            *("text/csv", "application/zip", "application/vnd.sqlite3"),
        }
    # What reference managers save.
    assert head.meta["z:itemType"] == "dataset"
    assert head.meta["DC.identifier"] == f"http://testserver/data/{folder.name}/"


def test_without_a_version_the_data_set_has_no_files(client):
    (node,) = [one for one in Head(client, "/").data["@graph"] if one["@type"] == "Dataset"]
    assert "distribution" not in node
    assert node["dateModified"]


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_codebook_has_every_field_and_every_column(client, prefix):
    page = Page(client, f"{prefix}/about/data/")
    shown = page.html
    for field in FIELDS:
        part = re.search(rf'<div id="{re.escape(field.name)}">(.*?)</div>', shown, re.S)[1]
        for value in field.choices.values if field.choices else ():
            assert f"<code>{value}</code>" in part
        assert not prefix or not re.search("[一-鿿]{5}", part), part
    for table in PACKAGE_TABLES:
        part = shown.split(f'id="table-{table.name}"><code>')[1].split("</section>")[0]
        for column in table.columns:
            assert f"<code>{column.name}</code>" in part, (table.name, column.name)
    # Each place that the page itself leads to is there.
    for anchor in re.findall(r'href="#([^"]+)"', shown):
        assert shown.count(f'id="{anchor}"') == 1, anchor


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("page", ["/", "/about/", "/achievements/"])
def test_the_data_are_found_from_every_page(client, page, prefix):
    assert f"{prefix}/data/" in [href for _text, href in Page(client, prefix + page).links]


def test_the_sitemap_has_them(client):
    shown = client.get("/sitemap-pages.xml").content.decode()
    assert "http://testserver/data/<" in shown
    assert "http://testserver/about/data/<" in shown


def test_the_description_of_a_package_says_what_the_codebook_says(client, publish_data, published):
    publish_data()
    described = json.loads((newest(published) / "datapackage.json").read_text(encoding="utf-8"))
    shown = html.unescape(Page(client, "/about/data/").html)
    for resource in described["resources"]:
        for field in resource["schema"]["fields"]:
            assert field["title"].partition(" / ")[0] in shown
