"""The digest says what the public record is: the same record has the same one, however it came about."""

import hashlib
import json
import re

import orjson
import pytest
from django.db import connection

from governance import index, loading
from governance.index.digests import digest_of
from governance.models import Achievement, IndexState, Organization
from governance.records import Records

from .helpers.pages import Page
from .helpers.years import changed, edit, load, source, year

pytestmark = pytest.mark.django_db


def digest():
    return IndexState.objects.get().digest


def worked_out():
    """The digest as the decision says it, from the records themselves."""
    total = 0
    for record in Records().of(list(Achievement.objects.published())):
        values = {name: value for name, value in record.items() if name != "url"}
        text = json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        total += int.from_bytes(hashlib.sha256(text.encode()).digest())
    return f"{total % 2**128:032x}"


def test_that_of_an_entry_is_the_end_of_the_sha_256_of_its_canonical_bytes():
    record = orjson.dumps({"title": "政社互动", "url": "/achievements/x/", "rank": 1})
    assert digest_of(record) == "deffdadf65370847c8f00b3993b807e6"


def test_it_is_the_sum_of_the_digests_of_all_public_records():
    assert digest() == worked_out()


def test_a_rebuild_leaves_it_and_gives_another_version():
    before, version = digest(), index.version()
    index.rebuild()
    assert (digest(), index.version() == version) == (before, False)


def test_it_comes_back_with_the_record(draft, publish):
    seen = [digest()]
    publish(draft)
    seen.append(digest())
    organization = Organization.objects.get(name="太仓市人民政府")
    edit(organization, short_name="太仓市府")
    assert digest() == worked_out()
    seen.append(digest())
    edit(organization, short_name="太仓市人民政府")
    assert digest() == seen[1]
    publish(draft, "in_review")
    assert digest() == seen[0]
    assert len(set(seen)) == 3


def test_the_order_of_edits_does_not_matter(draft, publish):
    first, second = Achievement.objects.filter(code__in=["2015-w01", "2015-n02"])
    before = [first.summary, second.summary]

    def in_order(*rows):
        for row in rows:
            edit(row, title_en=f"{row.code} anew")
        publish(draft)
        return digest()

    def back():
        publish(draft, "draft")
        for row, title in zip((first, second), english, strict=True):
            edit(row, title_en=title)

    english = first.title_en, second.title_en
    one = in_order(first, second)
    back()
    assert [first.summary, second.summary] == before
    assert in_order(second, first) == one == worked_out()


def test_the_edit_of_a_draft_changes_nothing(draft):
    before = digest(), index.version()
    edit(draft, title="又一个标题")
    assert (digest(), index.version()) == before


def test_loads_and_their_undoing_lead_there_and_back():
    objects = changed(year(), "achievement", status="published")
    before = digest()
    first = load(objects)
    loaded = digest()
    assert loaded == worked_out()
    second = load(changed(objects, "achievement", {"code": "2016-w01"}, short_name="院落夜话"))
    assert digest() == worked_out() not in (before, loaded)
    loading.undo(second.load)
    assert digest() == loaded
    loading.undo(first.load)
    assert digest() == before


def test_a_load_that_is_tried_changes_nothing():
    before = digest()
    loading.load([source(changed(year(), "achievement", status="published"))], dry_run=True)
    assert digest() == before


def test_no_host_and_no_address_is_in_it(client, settings):
    before = digest()
    settings.SITE_URL = "https://governance.example.cn"
    index.rebuild()
    assert digest() == before


def test_what_sql_changed_is_in_it_after_a_rebuild():
    with connection.cursor() as cursor:
        cursor.execute("UPDATE governance_achievement SET rank = 99 WHERE code = '2015-w11'")
    before = digest()
    index.rebuild()
    assert digest() == worked_out() != before


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_its_first_twelve_digits_are_what_is_cited_and_sent(client, prefix):
    cited = digest()[:12]
    for address in ("/achievements/?tier=winner", "/about/", "/analysis/?rows=field&columns=zone3"):
        page = Page(client, prefix + address)
        assert re.search(r"\b[0-9a-f]{12}\b", page.response.context_data["citation"])[0] == cited
    data = Page(client, f"{prefix}/").html
    assert f'"version":"{cited}"' in data
    for address in (
        "/api/achievements/",
        "/api/achievements/?q=无此词",
        "/analysis.json?rows=field",
    ):
        assert client.get(address).json()["version"] == cited


def test_nothing_shows_the_version_by_which_answers_are_kept(client):
    version = f"{index.version():x}"[:8]
    for address in ("/", "/about/", "/achievements/2015-w01/", "/analysis/", "/api/achievements/"):
        assert version not in client.get(address).content.decode()
