"""PostgreSQL stops, hangs up or restarts beneath a site that is served as it is."""

import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from urllib.parse import quote

import pytest

from ..helpers.browser import form_data
from ..helpers.outage import served, wait

# What readers and staff wait for at most, and what a busy machine adds.
READER, STAFF, MARGIN = 4, 10, 1.5
# For how long it is asked while the database is away.
SECONDS = float(os.environ.get("CHAOS_SECONDS", "2"))

# Each worker has answered these.
ASKED = [
    "/",
    "/achievements/?region=320000",
    "/en/achievements/2015-w01/",
    "/api/achievements/",
    "/analysis.json?rows=mechanism&columns=zone",
]
numbers = count()


def new():
    """Addresses for which nobody has asked."""
    query = f"?q={quote('协商')}{next(numbers)}"
    return [f"/achievements/{query}", f"/en/achievements/{query}", f"/api/achievements/{query}"]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with served(tmp_path_factory.mktemp("site")) as running:
        running.home.environment["DJANGO_SUPERUSER_PASSWORD"] = "夜话-2015"
        account = ["--no-input", "--username", "staff", "--email", "staff@example.org"]
        running.home.manage("createsuperuser", *account)
        yield running


@pytest.fixture(autouse=True)
def whole(site):
    """Each test begins with a site that answers everything, and a log of its own."""
    wait(lambda: site.ask("/readyz").status == 200)
    site.ask_everyone(ASKED)
    site.log.write_text("")


def whole_again(site):
    """Everything is answered, two seconds after the database is back."""
    time.sleep(2)
    again = site.ask_each([*ASKED, *new(), "/readyz"] * 4)
    assert {(answer.status, answer.headers["Age"]) for answer in again} == {(200, None)}
    assert max(answer.seconds for answer in again) < 1


def kept(answer):
    return answer.status == 200 and int(answer.headers["Age"]) < SECONDS + 60


def refused(answer):
    return answer.status == 503 and int(answer.headers["Retry-After"]) > 0


def test_a_stopped_server_keeps_nobody_waiting(site):
    with site.server.stopped():
        with ThreadPoolExecutor(8) as pool:
            first = list(pool.map(site.ask, [*ASKED, *new()]))
        assert max(answer.seconds for answer in first) < READER + MARGIN
        assert all(map(kept, first[: len(ASKED)]))
        assert all(map(refused, first[len(ASKED) :]))
        # By now each worker knows.
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            asked, others = site.ask_each(ASKED), site.ask_each(new())
            assert all(map(kept, asked))
            assert all(map(refused, others))
            probes = site.ask_each(["/healthz", "/readyz", "/robots.txt"])
            assert [probe.status for probe in probes] == [200, 503, 200]
            assert max(answer.seconds for answer in (*asked, *others, *probes)) < 1
    assert "数据库暂时没有应答" in others[0].text
    assert "The database does not answer" in others[1].text
    assert json.loads(others[2].text) == {
        "type": "about:blank",
        "title": "Service Unavailable",
        "status": 503,
        "detail": "数据库暂时没有应答，请稍后再试。",
    }
    whole_again(site)
    # Each worker says when it begins and when it ends.
    said = [line.split(":")[0].split(" after ")[0] for line in site.said()]
    assert set(said) == {"The database is away", "The database is back"}
    assert len(said) <= 4, said


def test_a_stopped_backend_is_given_up(site):
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(site.ask, new() * 30))
    backends = site.server.backends()
    # Those of several threads of a worker.
    assert len(backends) > 4
    with site.server.stopped(*backends):
        answers = site.ask_each([*ASKED, *new()] * 4)
        assert all(kept(one) or refused(one) for one in answers if one.seconds > 1)
        assert max(answer.seconds for answer in answers) < READER + MARGIN
        # One in each worker waits; then its other connections are made anew.
        assert sum(answer.seconds > 1 for answer in answers) <= 2
        whole_again(site)


def test_nobody_notices_that_idle_connections_are_cut(site):
    for pid in site.server.backends():
        site.server.sql(f"SELECT pg_terminate_backend({pid})")
    answers = site.ask_each([*ASKED, *new()] * 4)
    assert {(answer.status, answer.headers["Age"]) for answer in answers} == {(200, None)}
    assert site.said() == []


SHOWN = """
import django; django.setup()
from django.db import connection
from governance.postgresql import base
if {limited}:
    base._limit({{"PATH_INFO": "/"}})
with connection.cursor() as cursor:
    for name in ("lock_timeout", "statement_timeout"):
        cursor.execute(f"SHOW {{name}}")
        print(*cursor.fetchone())
"""


@pytest.mark.parametrize(("limited", "shown"), [(True, ["8s", "9s"]), (False, ["0", "0"])])
def test_only_requests_are_given_up_by_the_server(site, limited, shown):
    status, out, err = site.home.run("-c", SHOWN.format(limited=limited))
    assert (status, out.split(), err) == (0, shown, "")


WAITING = "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock'"


def test_who_is_cut_while_waiting_is_told_so(site):
    with (
        site.server.holding("LOCK TABLE governance_indexentry"),
        ThreadPoolExecutor(1) as pool,
    ):
        answer = pool.submit(site.ask, "/achievements/2015-n02/")
        wait(lambda: site.server.sql(WAITING))
        site.server.sql(f"SELECT pg_terminate_backend(pid) FROM ({WAITING}) AS one")
        assert refused(answer.result())
    (line,) = site.said()
    assert line.startswith("/achievements/2015-n02/: ")
    assert "terminating connection" in line
    whole_again(site)


def test_a_restart_keeps_nobody_waiting(site):
    with site.server.down():
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            asked, others = site.ask_each(ASKED), site.ask_each(new())
            assert all(map(kept, asked))
            assert all(map(refused, others))
            assert site.ask("/healthz").status == 200
            assert max(answer.seconds for answer in (*asked, *others)) < 1
    whole_again(site)


def test_it_is_tried_once_a_second_by_one_thread_of_a_worker(site):
    with site.server.down(), site.server.another() as tries:
        # By now each worker knows.
        site.ask_each(new() * 8)
        began, before = time.monotonic(), len(tries)
        with ThreadPoolExecutor(8) as pool:
            while time.monotonic() < began + 2:
                assert all(map(refused, pool.map(site.ask, new() * 4)))
        seconds, found = time.monotonic() - began, len(tries) - before
        assert 2 * (seconds - 1) <= found <= 2 * (seconds + 1)
    whole_again(site)


@pytest.fixture
def staff(site):
    """Somebody who is signed in, by cookies."""
    visitor = site.visitor()
    form = form_data(site.ask("/admin/login/", visitor=visitor), "login-form")
    fields = form | {"login": ["staff"], "password": ["夜话-2015"]}
    site.ask("/admin/login/", visitor=visitor, data=fields)
    return visitor


CHANGE = "/admin/governance/achievement/1/change/"
TITLES = "SELECT short_name, title_en FROM governance_achievement WHERE id = 1"


def test_staff_yield_to_a_lock_and_keep_their_sentence(site, staff):
    fields = form_data(site.ask(CHANGE, visitor=staff), "achievement_form")
    fields |= {"short_name": ["夜话"]}
    before = site.server.sql(TITLES)
    with site.server.holding("UPDATE governance_achievement SET title_en = 'other'"):
        answer = site.ask(CHANGE, visitor=staff, data=fields)
        assert refused(answer)
        assert answer.seconds < STAFF + MARGIN
        assert "这次改动没有保存" in answer.text
        # It is no failure of the database.
        assert site.ask(new()[0]).status == 200
    (line,) = site.said()
    assert line.startswith(f"{CHANGE}: ")
    assert "lock timeout" in line
    assert site.server.sql(TITLES) == before
    assert site.ask(CHANGE, visitor=staff, data=fields).status == 200
    assert site.server.sql(TITLES)[0][0] == "夜话"


def test_what_staff_save_meanwhile_is_not_saved_by_half(site, staff):
    fields = form_data(site.ask(CHANGE, visitor=staff), "achievement_form")
    fields |= {"short_name": ["院落夜话"], "title_en": ["Evening talks"]}
    before = site.server.sql(TITLES)
    with (
        ThreadPoolExecutor(1) as pool,
        # The row is changed; then the index waits.
        site.server.holding("LOCK TABLE governance_indexstate"),
    ):
        answer = pool.submit(site.ask, CHANGE, visitor=staff, data=fields)
        wait(lambda: site.server.sql(WAITING))
        with site.server.stopped(*(pid for (pid,) in site.server.sql(WAITING))):
            assert refused(answer.result())
            assert answer.result().seconds < STAFF + MARGIN
            assert "请先查看改动是否已保存" in answer.result().text
    assert site.server.sql(TITLES) == before
    whole_again(site)
