"""Loads that are killed, meet each other, or lose their database: the record is as before or as after."""

import json
from pathlib import Path

import pytest
from django.db import DatabaseError

from governance.loading.running import fault

from .helpers.homes import POSTGRESQL, Home, database
from .helpers.years import changed, entry, year

KILLS = 12

# Of what was public, undoing leaves drafts and addresses; the next load is to find neither.
FORGET = """
import django
django.setup()
from governance.models import Achievement, Address, AwardYear, Load, Publication

def forget():
    Achievement.objects.filter(award_year__code="2016").delete()
    AwardYear.objects.filter(code="2016").delete()
    Load.objects.filter(scope="2016").delete()
    for rows in (Address.objects.filter(key__startswith="2016"), Publication.objects.filter(code__startswith="2016")):
        rows.delete()
"""

# Loads in a child of its own, again and again, that is killed a little later each time: by a timer of the
# processor's time that it has had, of which a load needs as much on a busy machine.
KILLING = f"""{FORGET}
import json, os, signal, sys
from django.core.management import call_command
from django.db import connection, connections
from governance import index, loading
from governance.models import AwardYear, Load

def load(seconds=0):
    connections.close_all()
    child = os.fork()
    if not child:
        signal.setitimer(signal.ITIMER_PROF, seconds)
        call_command("load_awards", sys.argv[1], stdout=open(os.devnull, "w"))
        connections.close_all()
        os._exit(0)
    _child, status, used = os.wait4(child, 0)
    assert status in (0, signal.SIGPROF), status
    return used.ru_utime + used.ru_stime

def state():
    connection.check_constraints()
    loaded = Load.objects.filter(state="loaded", name=sys.argv[1]).first()
    assert index.status() == "ready", index.status()
    if AwardYear.objects.filter(year=2016).exists():
        assert loaded and loading.dump_year("2016") == whole and index.select(year=["2016"]).count() == count
        loading.undo(loaded.pk)
        forget()
        return "after"
    assert loaded is None and index.select(year=["2016"]).count() == 0
    return "before"

took = load()
whole, count = loading.dump_year("2016"), index.select(year=["2016"]).count()
states = [state()]
kills = int(sys.argv[2])
for number in range(kills):
    load(took * 1.1 * (number + 0.5) / kills)
    states.append(state())
print(json.dumps(states))
"""

# As the command, with an accident in the middle of writing: ACCIDENT is a line of Python.
ACCIDENT = """
import sys
import django
django.setup()
from django.core.management import execute_from_command_line
from django.db import connection
from governance.loading import writing
write = writing.write_rows

def accident(*arguments):
    with connection.cursor() as cursor:
        exec(sys.argv[1])
    return write(*arguments)

writing.write_rows = accident
execute_from_command_line(["manage.py", "load_awards", sys.argv[2]])
"""

# As the command, but it waits for a second only.
IMPATIENT = """
import sys
import django
django.setup()
from django.core.management import execute_from_command_line
from django.db import connection
from governance import changes
changes.WAIT = 1
connection.settings_dict["OPTIONS"]["timeout" if connection.vendor == "sqlite" else "application_name"] = 1
execute_from_command_line(["manage.py", "load_awards", sys.argv[1]])
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("faults")
    with database(folder) as url:
        home = Home(folder, url)
        home.manage("prepare")
        yield home


def many(count):
    """The year with so many published entries more, each with a coding and its evidence."""
    objects = changed(year(), "achievement", status="published")
    for rank in range(3, count + 3):
        code = f"2016-w{rank:02}"
        objects += [
            entry(
                code,
                rank,
                f"第{rank}项创新",
                f"第{rank}个社区的居民逐项商定公共事务。",
                status="published",
            ),
            {
                "model": "governance.coding",
                "fields": {
                    "achievement": [code],
                    "mechanism": ["deliberation"],
                    "weight": "primary",
                },
            },
        ]
    return objects


def test_a_killed_load_leaves_all_or_nothing(home):
    files = sorted(path for path in home.folder.rglob("*") if "sqlite3" not in path.name)
    path = home.file(many(100), "2016.json")
    status, out, err = home.run("-c", KILLING, path, str(KILLS))
    assert status == 0, err
    states = json.loads(out)
    assert states[0] == "after"
    assert states[1:].count("before") >= KILLS // 2, states
    Path(path).unlink()
    assert sorted(path for path in home.folder.rglob("*") if "sqlite3" not in path.name) == files


def test_two_loads_at_once_are_as_one_after_the_other(home):
    first = {"code": "2016-w01"}
    one = home.file(changed(many(60), "achievement", first, title_en="One"), "one.json")
    two = home.file(
        changed(many(60), "achievement", first, title_en="Two", setting="rural"), "two.json"
    )
    both = [home.start("manage.py", "load_awards", path) for path in (one, two)]
    said = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    held = home.value("Achievement.objects.values_list('title_en', 'setting').get(code='2016-w01')")
    assert held in ("('One', 'rural')", "('Two', 'rural')")
    assert home.value("Achievement.objects.filter(award_year__year=2016).count()") == "62"
    for pk in json.loads(
        home.value(
            "list(Load.objects.filter(state='loaded', scope='2016').values_list('pk', flat=True))"
        )
    ):
        home.manage("undo_load", str(pk))
    assert home.value("Achievement.objects.published().count()") == "20"
    withdrawn = "Publication.objects.filter(code__startswith='2016-', withdrawn__isnull=False)"
    assert home.value(f"{withdrawn}.count()") == "62"
    status, _out, err = home.run("-c", f"{FORGET}\nforget()")
    assert status == 0, err
    assert home.value("Achievement.objects.count()") == "20"


def test_it_says_that_somebody_else_is_writing(home):
    with home.busy():
        status, _out, err = home.run("-c", IMPATIENT, home.file(year()))
    assert status == 1
    assert "另有装入或编辑正在写数据库，等候已久；未作任何改动，请稍后再试。" in err
    assert "Traceback" not in err
    assert home.value("AwardYear.objects.count()") == "1"


@pytest.mark.skipif(not POSTGRESQL, reason="SQLite is no server.")
def test_it_says_that_the_connection_was_lost(home):
    kill = "cursor.execute('SELECT pg_terminate_backend(pg_backend_pid())')"
    status, _out, err = home.run("-c", ACCIDENT, kill, home.file(year()))
    assert status == 1
    assert "与数据库的连接断了，未作任何改动" in err
    assert "Traceback" not in err
    assert home.value("AwardYear.objects.count()") == "1"


@pytest.mark.skipif(POSTGRESQL, reason="The server's disk is not ours to fill.")
def test_it_says_that_the_disk_is_full(home):
    fill = "cursor.execute('PRAGMA page_count'); pages, = cursor.fetchone(); cursor.execute(f'PRAGMA max_page_count={pages + 5}')"
    status, _out, err = home.run("-c", ACCIDENT, fill, home.file(many(150), "2016.json"))
    assert status == 1
    assert "磁盘已满或不能写，未作任何改动" in err
    assert "Traceback" not in err
    assert home.value("AwardYear.objects.count()") == "1"


def test_a_dump_that_does_not_fit_leaves_the_older_file(home):
    path = home.folder / "2015.yaml"
    path.write_text("older")
    limited = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (40000, 40000));"
        "from django.core.management import execute_from_command_line as run;"
        f"run(['manage.py', 'dump_awards', '2015', '--output', {str(path)!r}])"
    )
    status, _out, err = home.run("-c", limited)
    assert status == 1
    assert f"写不了文件 {path}：" in err
    assert path.read_text() == "older"
    path.unlink()


@pytest.mark.parametrize(
    ("said", "committing", "sentence"),
    [
        ('could not extend file "base/1/2": No space left on device', False, "磁盘已满或不能写"),
        ("deadlock detected", False, "另有装入或编辑正在写数据库"),
        ("server closed the connection unexpectedly", True, "装入可能已经完成，也可能没有"),
        ("permission denied for table governance_region", False, "数据库拒绝了写入"),
    ],
)
def test_it_has_a_sentence_for_each_fault(said, committing, sentence):
    assert fault(DatabaseError(said), committing).startswith(sentence) or sentence in fault(
        DatabaseError(said), committing
    )
