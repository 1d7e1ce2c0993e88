"""Long work of the admin: in a thread, watched from anywhere, and honest when it is killed."""

import os
import signal
import subprocess
import sys
import time
from threading import Event

import pytest
from django.conf import settings as site
from django.utils import translation

from governance.announcements import Sentence, Unreadable
from governance.intake import why_it_failed, working
from governance.intake.background import start
from governance.loading import FixtureProblem, Invalid

CHILD = """
import time
import django
django.setup()
from governance.intake.background import start
def job(progress):
    progress("写入 公告.txt", 500, 20000)
    print("begun", flush=True)
    time.sleep(60)
start(7, job)
time.sleep(60)
"""


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path


def wait_for(condition):
    until = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_it_works_on_while_nobody_waits(monkeypatch):
    monkeypatch.setattr("governance.intake.background.PATIENCE", 0.01)
    told, go_on = Event(), Event()

    def job(progress):
        progress("写入 公告.txt", 1500, 3000)
        told.set()
        assert go_on.wait(20)

    assert working(7) is None
    assert start(7, job)
    assert told.wait(20)
    now = working(7)
    assert (now.words, now.done, now.total) == ("写入 公告.txt", 1500, 3000)
    assert now.seconds < 20
    assert start(7, job) is False
    assert start(8, lambda progress: None)
    go_on.set()
    wait_for(lambda: working(7) is None)
    assert why_it_failed(7) == []
    assert start(7, lambda progress: None)


def test_it_waits_a_moment_for_short_work():
    done = []
    assert start(7, lambda progress: done.append(1))
    assert done == [1]


@pytest.mark.parametrize(
    ("error", "sentences"),
    [
        (Unreadable(Sentence("文件是空的。")), ["文件是空的。"]),
        (
            Invalid([FixtureProblem("2016.yaml", "不能为空。", line=3)]),
            ["共有 1 处错误，未作任何改动。", "2016.yaml · 第 3 行：不能为空。"],
        ),
        (OSError(28, "No space left"), ["数据库或磁盘出错，未作任何改动"]),
        (KeyError("夜话"), ["出了意料之外的错误，未作任何改动"]),
    ],
)
def test_it_says_why_work_failed(error, sentences):
    def job(progress):
        raise error

    start(7, job)
    said = why_it_failed(7)
    assert len(said) == len(sentences)
    for one, begins in zip(said, sentences, strict=True):
        assert one.startswith(begins)
    start(7, lambda progress: None)
    assert why_it_failed(7) == []


def test_it_speaks_the_language_of_who_began():
    spoken = []
    with translation.override("en"):
        start(7, lambda progress: spoken.append(translation.get_language()))
    assert spoken == ["en"]


def test_it_never_looks_busy_after_a_kill(folder):
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "governance.settings",
        "DATA_DIR": str(folder),
    }
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD],
        cwd=site.BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    with child:
        assert child.stdout.readline() == "begun\n"
        assert (working(7).words, working(7).done) == ("写入 公告.txt", 500)
        assert start(7, lambda progress: None) is False
        child.send_signal(signal.SIGKILL)
    assert working(7) is None
    (sentence,) = why_it_failed(7)
    assert sentence.startswith("上次的工作中途断了")
    assert start(7, lambda progress: None)
    assert why_it_failed(7) == []
