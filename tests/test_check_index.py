"""`manage.py check_index`: every damage is noticed, never answered by 500, and repaired."""

import time

import orjson
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F
from pyroaring import BitMap

from governance import index
from governance.index import state, triggers
from governance.index.checking import Damage
from governance.models import (
    Achievement,
    IndexEntry,
    IndexList,
    IndexState,
    Posting,
    StaffText,
    Status,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_heals(monkeypatch):
    """A thread would see nothing of the damage, which is not committed."""
    monkeypatch.setattr(index, "heal", lambda: None)


ENTRY = "2015-w01"


def row(code=ENTRY):
    return IndexEntry.objects.filter(code=code)


def posting(key):
    return Posting.objects.filter(key=key)


def numbers(key):
    return BitMap.deserialize(bytes(posting(key).get().numbers))


def write(key, bitmap):
    posting(key).update(numbers=bitmap.serialize())


def unreadable_posting():
    posting("t:社区").update(numbers=b"\x3a\x30\x00")


def too_few():
    write("t:社区", BitMap(numbers("t:社区")[1:]))


def too_many():
    write("t:社区", numbers("/all/"))


def exchanged():
    winners, nominees = numbers("/tier/winner"), numbers("/tier/nominee")
    write("/tier/winner", nominees)
    write("/tier/nominee", winners)


def lost_gram():
    posting("b:社区").delete()


def extra_posting():
    there = posting("b:社区").get()
    Posting.objects.create(key="b:太空", chunk=there.chunk, numbers=there.numbers)


def extra_chunk():
    Posting.objects.create(key="b:社区", chunk=1, numbers=BitMap([1 << 16]).serialize())


def differing_record():
    record = orjson.loads(bytes(row().get().record))
    row().update(record=orjson.dumps(record | {"title": "另一个标题"}))


def extra_row():
    there = row().get()
    there.pk, there.achievement_id, there.code = there.pk + 40, 999_999, "2015-w77"
    there.save(force_insert=True)


def staff_text():
    return StaffText.objects.filter(achievement__code=ENTRY)


DAMAGES = {
    "unreadable posting": (unreadable_posting, {Damage.POSTING_UNREADABLE}),
    "posting with entries too few": (too_few, {Damage.POSTING_DIFFERS}),
    "posting with entries too many": (too_many, {Damage.POSTING_DIFFERS}),
    "exchanged postings": (exchanged, {Damage.POSTING_DIFFERS}),
    "lost n-gram": (lost_gram, {Damage.POSTING_MISSING}),
    "posting too many": (extra_posting, {Damage.POSTING_EXTRA}),
    "posting of another chunk": (extra_chunk, {Damage.POSTING_EXTRA}),
    "card that is no JSON": (lambda: row().update(card=b'{"code": '), {Damage.ROW_DIFFERS}),
    "card of another shape": (lambda: row().update(card=b"{}"), {Damage.ROW_DIFFERS}),
    "record that is no JSON": (lambda: row().update(record=b"\xff\x00"), {Damage.ROW_DIFFERS}),
    "record of another shape": (lambda: row().update(record=b"[1]"), {Damage.ROW_DIFFERS}),
    "record that differs": (differing_record, {Damage.ROW_DIFFERS}),
    "missing row": (lambda: row().delete(), {Damage.ROW_MISSING}),
    "row too many": (extra_row, {Damage.ROW_EXTRA}),
    "row with another number": (
        lambda: row().update(number=F("number") + 50),
        {Damage.ROW_MISSING, Damage.ROW_EXTRA},
    ),
    "altered folded text": (lambda: row().update(body="太空"), {Damage.ROW_DIFFERS}),
    "altered keys": (lambda: row().update(facets="/all/"), {Damage.ROW_DIFFERS}),
    "lost state row": (lambda: IndexState.objects.all().delete(), {Damage.STATE}),
    "index of another release": (lambda: IndexState.objects.update(shape=7), {Damage.SHAPE}),
    "wrong digest": (lambda: IndexState.objects.update(digest="0" * 32), {Damage.DIGEST}),
    "lost numbers": (lambda: IndexList.objects.all().delete(), {Damage.LIST_MISSING}),
    "overlapping numbers": (
        lambda: IndexList.objects.filter(tier="nominee").update(base=F("base") - 1),
        {Damage.LIST_OVERLAPS},
    ),
    "lost text of staff": (lambda: staff_text().delete(), {Damage.STAFF_TEXT}),
    "altered text of staff": (lambda: staff_text().update(text="太空"), {Damage.STAFF_TEXT}),
    "text of staff too many": (
        lambda: StaffText.objects.create(achievement_id=999_999, text="太空"),
        {Damage.STAFF_TEXT},
    ),
    "lost trigger": (lambda: triggers.drop(connection), {Damage.TRIGGER}),
}
damages = pytest.mark.parametrize("damage", DAMAGES)


@pytest.fixture
def check_index(capsys):
    """Runs the command; returns what it says, and "1: " with the reason where it ends so."""

    def run(*arguments):
        try:
            call_command("check_index", *arguments)
        except CommandError as error:
            return f"{capsys.readouterr().out}1: {error}"
        return capsys.readouterr().out

    return run


def test_it_finds_a_whole_index_whole(check_index, client):
    assert client.get("/readyz").json()["checked"] is None
    entries, postings = IndexEntry.objects.count(), Posting.objects.count()
    assert check_index() == f"核对了 {entries} 项成果、{postings} 条倒排：完好。\n"
    ready = client.get("/readyz")
    assert ready.status_code == 200
    assert ready.json()["checked"]


@damages
def test_it_notices_and_repairs(damage, check_index, client):
    cause, kinds = DAMAGES[damage]
    digest = IndexState.objects.get().digest
    cause()
    found = check_index()
    assert {kind for kind in Damage if str(kind.label) in found} == kinds
    assert "1: 索引有损坏；请运行 manage.py check_index --repair。" in found
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["index"]) in [
        (503, "damaged"),
        (503, "stale"),
        (503, "missing"),
    ]
    repaired = check_index("--repair")
    assert repaired.endswith("完好。\n")
    assert client.get("/readyz").status_code == 200
    assert IndexState.objects.get().digest == digest
    assert "政社互动" in client.get(f"/achievements/{ENTRY}/").content.decode()


@pytest.mark.parametrize(
    ("damage", "sentence"),
    {
        "posting too many": "多出的倒排（1）：b:太空",
        "posting of another chunk": "多出的倒排（1）：b:社区（第 1 组）",
        "posting with entries too few": "倒排与成果库不符（1）：t:社区 (−1 +0)",
        "posting with entries too many": "倒排与成果库不符（1）：t:社区 (−0 +9)",
        "exchanged postings": "/tier/nominee (−9 +11)",
        "lost n-gram": "缺少的倒排（1）：b:社区",
        "record that differs": f"索引行与成果库不符（1）：{ENTRY} (record)",
        "missing row": f"缺少的索引行（1）：{ENTRY}",
        "row too many": "多出的索引行（1）：2015-w77",
        "lost text of staff": f"后台查找用的文字与成果库不符（1）：{ENTRY}",
        "text of staff too many": "后台查找用的文字与成果库不符（1）：#999999",
        "lost state row": "没有状态行（1）：governance_indexstate",
        "overlapping numbers": "名单的编号与后一个名单重叠，其余未核对（1）：2015 winner",
    }.items(),
)
def test_it_names_what_it_found(damage, sentence, check_index):
    DAMAGES[damage][0]()
    found = check_index()
    assert sentence in found
    names_postings = any(name in found for name in ("b:太空", "b:社区", "t:社区", "/tier/"))
    assert (
        "倒排的写法：t:、b:、e: 后面是标题、正文（简介与机构）、英文译文写到的字词" in found
    ) == names_postings


def test_it_notices_what_staff_do_not_find_of_a_draft(check_index):
    """Of which no public row and no posting tells."""
    drafts = Achievement.objects.filter(code=ENTRY)
    drafts.update(status=Status.DRAFT)
    index.update(drafts.values_list("pk", flat=True))
    assert check_index().endswith("完好。\n")
    staff_text().delete()
    assert ENTRY in check_index()
    assert check_index("--repair").endswith("完好。\n")
    assert staff_text().exists()


PAGES = [
    *("/", "/achievements/", "/achievements/?q=社区", "/achievements/?q=社区&sort=title"),
    *(f"/achievements/{ENTRY}/", "/achievements/2015-w02/", "/en/achievements/", "/years/2015/"),
    *("/achievements.csv", "/achievements.json", "/api/achievements/", "/feeds/achievements.atom"),
    *(f"/api/achievements/{ENTRY}/", "/analysis/?rows=tier&columns=field", "/oai?verb=Identify"),
    *("/achievements/?tier=winner", "/regions/320585/", "/mechanisms/deliberation/", "/readyz"),
    f"/compare/?code={ENTRY}&code=2015-w02",
]


@damages
def test_it_is_never_answered_by_500(damage, client):
    DAMAGES[damage][0]()
    client.raise_request_exception = False
    answers = {address: client.get(address) for address in PAGES}
    for address, answer in answers.items():
        assert answer.status_code in (200, 503), address
        b"".join(answer) if answer.streaming else answer.content


# That a record says something else a check alone can tell.
UNREADABLE = ["card that is no JSON", "card of another shape", "record that is no JSON"]


@pytest.mark.parametrize("damage", [*UNREADABLE, "record of another shape", "missing row"])
def test_a_row_that_cannot_be_read_is_answered_from_the_record(damage, client, caplog):
    whole = {address: client.get(address).content for address in (PAGES[1], PAGES[4], PAGES[10])}
    DAMAGES[damage][0]()
    damaged = {address: client.get(address).content for address in whole}
    assert {one for one in whole if damaged[one] != whole[one]} == set()
    assert "The index is damaged (the row of 2015-w01) and will be rebuilt." in caplog.messages
    assert client.get("/readyz").status_code == 503


@pytest.mark.parametrize("damage", ["unreadable posting", "record that is no JSON"])
def test_an_edit_of_what_is_damaged_is_saved(damage, publish, client):
    DAMAGES[damage][0]()
    entry = Achievement.objects.get(code=ENTRY)
    entry.title = "农村社区的政社互动"
    publish(entry)
    assert index.status() == "missing"
    index.repair()
    assert index.status() == "ready"
    assert "农村社区的政社互动" in client.get("/achievements/?q=农村社区").content.decode()
    assert not index.compare_with_record().faults


@pytest.fixture
def read_only():
    """From where it is called, the database can only be read, as a standby can."""

    def begin():
        with connection.cursor() as cursor:
            sqlite = connection.vendor == "sqlite"
            cursor.execute("PRAGMA query_only = 1" if sqlite else "SET TRANSACTION READ ONLY")

    yield begin
    if connection.vendor == "sqlite":
        # By itself: Django asks nothing more of a transaction that has failed.
        connection.connection.execute("PRAGMA query_only = 0")


def test_where_only_reading_is_allowed_nothing_is_mended(read_only, check_index, client):
    row().update(record=b"{")
    read_only()
    assert "政社互动" in client.get(f"/achievements/{ENTRY}/").content.decode()
    assert "2015-w01 (record)" in check_index()
    repaired = check_index("--repair")
    assert repaired.endswith("1: 数据库只能读取，没有修复；请在主库上运行 check_index --repair。")
    assert not IndexState.objects.get().faults


def test_staff_are_told_where_only_reading_is_allowed(read_only, staff_client):
    read_only()
    staff_client.raise_request_exception = False
    address = "/admin/governance/mechanism/add/"
    assert staff_client.get(address).status_code == 200
    sent = staff_client.post("/admin/logout/")
    assert (sent.status_code, sent["Retry-After"]) == (503, "5")


def test_whoever_is_refused_does_not_try_again_at_once(monkeypatch):
    begun = []
    monkeypatch.setattr(state.threading, "Thread", lambda **thread: begun.append(thread))
    monkeypatch.setattr(state, "_refused_until", time.monotonic() + 50)
    state.heal()
    assert begun == []
