"""A site whose database is a read-only standby answers the public, and writes nothing."""

import json

from django.urls import URLPattern, resolve

from showcase import urls, urls_without_language
from showcase.api import urls as api_urls

from ..helpers.homes import Home
from ..helpers.outage import own_server, wait
from ..helpers.standby import standby_of

CODES = "code=2015-w01&code=2015-w02"
LISTS = ["csv", "xlsx", "docx", "json", "jsonl", "bib", "ris", "csl.json"]
PAGES = [
    *(
        "/",
        "/about/",
        "/about/coding/",
        "/about/data/",
        "/data/",
        "/data/latest/",
        "/data/0.1.0-0/",
    ),
    *("/achievements/", "/achievements/?q=协商", "/achievements/?q=没有这个&sort=title"),
    *("/achievements/2015-w01/", "/achievements/2015-w01.ris", "/achievements/2015-w01/report/"),
    *(f"/achievements.{face}" for face in LISTS),
    *("/codings.csv", "/feeds/achievements.atom", "/regions/", "/regions/320585/", "/mechanisms/"),
    *("/mechanisms/deliberation/", "/organizations/", "/organizations/no/", "/years/"),
    *("/years/2015/", "/years/2015-x/", "/awards/", "/awards/no/", "/llms.txt", "/opensearch.xml"),
    *(f"/compare/?{CODES}", f"/compare.docx?{CODES}", "/analysis/?rows=tier&columns=field"),
    "/analysis.json?rows=tier&columns=field",
]
OTHERS = [
    *("/healthz", "/readyz", "/robots.txt", "/sitemap.xml", "/sitemap-achievements.xml"),
    *("/qr-code.svg?of=/achievements/2015-w01/", "/oai?verb=ListRecords&metadataPrefix=oai_dc"),
    *("/media/images/no/320.webp", "/api/", "/api/achievements/", "/api/achievements/2015-w01/"),
    *("/api/codings/", "/api/facets/", "/api/analysis/?rows=tier", "/api/regions/"),
    *("/api/regions/320585/", "/api/mechanisms/", "/api/mechanisms/deliberation/"),
    *("/api/organizations/", "/api/organizations/no/", "/api/years/", "/api/years/2015/"),
    *("/api/awards/", "/api/awards/no/", "/api/schema/", "/api/docs/"),
]
ADDRESSES = [*PAGES, *(f"/en{page}" for page in PAGES), *OTHERS]
ASK = """
import django, json, sys, time; django.setup()
from unittest.mock import patch
from django.test import Client
from showcase.entry.reporting import ReportForm

client, local = Client(raise_request_exception=False), {"Host": "localhost"}
# As somebody who took a minute over it.
with patch("time.time", return_value=time.time() - 60):
    report = {"text": "机构应为太仓市人民政府。", "opened": ReportForm.opening()}
answers = {}
for address in json.loads(sys.argv[1]):
    answer = client.get(address, headers=local)
    b"".join(answer) if answer.streaming else answer.content
    answers[address] = answer.status_code
person = {"login": "staff", "password": "wrong"}
answers["sign-in"] = client.post("/admin/login/", person, headers=local).status_code
answers["report"] = client.post("/achievements/2015-w01/report/", report, headers=local).status_code
print(json.dumps(answers))
"""


def test_every_public_address_is_asked_for():
    routes = [*urls.urlpatterns, *urls_without_language.urlpatterns, *api_urls.urlpatterns]
    public = [route for route in routes if not str(route.pattern).startswith("admin/")]
    names = {route.name or route.callback for route in public if isinstance(route, URLPattern)}
    matches = [resolve(address.partition("?")[0]) for address in (*PAGES, *OTHERS)]
    assert {match.url_name or match.func for match in matches} == names


def test_the_public_reads_from_it_and_nothing_is_written(tmp_path):
    with own_server() as primary:
        home = Home(tmp_path, primary.url)
        home.manage("prepare")
        digest = home.value("IndexState.objects.get().digest")
        with standby_of(primary) as standby:
            reader = Home(tmp_path, standby.url)
            assert reader.value("IndexState.objects.get().digest") == digest
            # What a start does finds nothing to do.
            reader.manage("prepare")
            status, out, err = reader.run("-c", ASK, json.dumps(ADDRESSES))
            answers = json.loads(out.splitlines()[-1])
            assert {one: at for one, at in answers.items() if at >= 500 or at == 400} == {
                "report": 503,
                "sign-in": 503,
            }
            assert answers["/readyz"] == 200
            # Who would have it mended is told where.
            primary.sql("UPDATE governance_indexentry SET record = '{' WHERE code = '2015-w01'")
            wait(
                lambda: (
                    standby.sql(
                        "SELECT record = '{' FROM governance_indexentry WHERE code = '2015-w01'"
                    )
                    == [(True,)]
                )
            )
            status, out, err = reader.run("-c", ASK, json.dumps(["/achievements/2015-w01/", "/"]))
            assert json.loads(out.splitlines()[-1])["/achievements/2015-w01/"] == 200
            status, out, err = reader.run("manage.py", "check_index", "--repair")
            assert status == 1
            assert "2015-w01" in out
            assert "数据库只能读取" in err
            assert home.manage("check_index", "--repair").endswith("完好。\n")
            wait(lambda: reader.run("manage.py", "check_index")[0] == 0)


def test_the_standby_takes_over(tmp_path):
    with own_server() as primary, standby_of(primary) as standby:
        hosts = ",".join(str(server.data.parent) for server in (primary, standby))
        one = standby.url.partition("?")[0]
        home = Home(tmp_path, f"{one}?host={hosts}&target_session_attrs=read-write")
        home.manage("migrate")
        wait(lambda: standby.sql("SELECT to_regclass('governance_indexstate')") != [(None,)])
        with primary.down():
            assert home.run("manage.py", "rebuild_index")[0] == 1
            standby.sql("SELECT pg_promote()")
            assert "索引已重建" in home.manage("rebuild_index")
