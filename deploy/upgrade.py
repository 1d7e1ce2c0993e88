"""Brings a running site to another version of the program, and back again by itself if that fails.

`make upgrade` calls it: python3 deploy/upgrade.py [COMMIT]. The folder is a checkout by git; COMMIT is
a tag, a branch or a commit, without it the newest one of the branch that is followed.

1. Fetch the other version. Files that were changed by hand stop it here, and so does what is there already.
2. Back the site up, with the program that runs.
3. Check out the other version, install what it needs, migrate, merge the shipped data, build the index: `make environment`, `prepare`.
4. Restart the site: by systemctl where the unit runs, else a person is asked to, and waited for.
5. Check: the index against the record, and whether the site says that it is ready.
6. If 3, 4 or 5 failed: the former version, what it needs, the backup, and restart that.

It uses the standard library alone, and is read whole before anything changes below it. What staff write
between 2 and 5 is lost if it goes back; visitors read on all the time.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ROOT / ".venv/bin/python"
DATA = Path(os.environ.get("DATA_DIR") or ROOT / "data")
UNIT = "governance"
READY = os.environ.get("READY", "http://127.0.0.1:8000/readyz")
# Seconds for a restarted site to be ready: it may migrate, and rebuild its index.
PATIENCE = int(os.environ.get("PATIENCE", "300"))
ENGLISH = (
    os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
).startswith("en")


class Failed(Exception):
    """A step that failed, by its command."""


def say(english: str, chinese: str) -> None:
    print(english if ENGLISH else chinese, flush=True)


def run(*command: str | Path) -> str:
    """What it prints, which is also shown. Raises Failed."""
    # What the site writes belongs to who owns its data, also when root upgrades it.
    owner = {}
    if command[0] == PYTHON and os.geteuid() == 0:
        data = DATA.stat()
        owner = {"user": data.st_uid, "group": data.st_gid, "extra_groups": []}
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, **owner) as process:
        lines = []
        for line in process.stdout or ():
            print("  " + line, end="", flush=True)
            lines.append(line)
    if process.returncode:
        raise Failed(" ".join(map(str, command)))
    return "".join(lines).strip()


def upgrade(commit: str) -> None:
    before = ask_git("rev-parse", "HEAD")
    say(f"This is {named(before)}.", f"现在的版本：{named(before)}。")
    if ask_git("status", "--porcelain", "--untracked-files=no"):
        say(
            "Files of the program were changed here (git status); nothing was done.",
            "这里的程序文件有改动（见 git status），没有升级。",
        )
        raise Failed("git status")
    say("Looking for another version …", "正在查找新版本……")
    ask_git("fetch", "--quiet", "--tags")
    name = commit or "@{upstream}"
    try:
        wanted = ask_git("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
    except Failed:
        say(
            f"There is no version {name} here; nothing was done.",
            f"没有版本 {name}，什么也没有做。",
        )
        raise
    if wanted == before:
        say(
            "It is the wanted version already; nothing was done.",
            "已经是要装的版本，什么也没有做。",
        )
        return
    say(f"It becomes {named(wanted)}.", f"将升级到：{named(wanted)}。")
    say("Backing up first …", "先做备份……")
    backup = back_up()
    try:
        say("Installing the other version …", "正在装入新版本……")
        switch(wanted)
        run(PYTHON, "manage.py", "prepare")
        restart()
        check()
    except Failed as reason:
        say(f"It failed ({reason}); going back …", f"升级失败（{reason}），正在退回……")
        switch(before)
        run(PYTHON, "manage.py", "restore", backup)
        run(PYTHON, "manage.py", "prepare")
        restart()
        check()
        say("The site is what it was before.", "网站已退回升级之前的状态。")
        raise
    say(f"Upgraded; the backup is {backup}", f"升级完成；升级前的备份是 {backup}")


def ask_git(*arguments: str) -> str:
    """What git answers; only what it complains of is shown. Raises Failed."""
    asked = subprocess.run(
        ["git", *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False
    )
    if asked.returncode:
        raise Failed(" ".join(["git", *arguments]))
    return asked.stdout.strip()


def named(commit: str) -> str:
    """A version as a person knows it: its tag or short hash, its day and what it says of itself."""
    name = ask_git("describe", "--tags", "--always", commit)
    return f"{name} ({ask_git('log', '-1', '--format=%cs, %s', commit)})"


def back_up() -> str:
    """The path of a new backup."""
    run(PYTHON, "manage.py", "backup")
    return json.loads((DATA / "backup.json").read_text(encoding="utf-8"))["path"]


def switch(commit: str) -> None:
    """Check out a commit, and install what it needs."""
    ask_git("reset", "--quiet", "--keep", commit)
    run("make", "--no-print-directory", "environment")


def restart() -> None:
    command = ["systemctl", "restart", UNIT]
    is_unit = shutil.which("systemctl") and not subprocess.call(
        ["systemctl", "is-active", "--quiet", UNIT],
        stderr=subprocess.DEVNULL,
    )
    if is_unit and os.geteuid() == 0:
        run(*command)
        return
    said = "sudo " + " ".join(command) if is_unit else "Ctrl-C, make run"
    say(
        f"Restart the site now ({said}), then press Enter.",
        f"请现在重新启动网站（{said}），然后按回车。",
    )
    sys.stdin.readline()


def check() -> None:
    # What a migration changed behind the index is made anew.
    run(PYTHON, "manage.py", "check_index", "--repair")
    until = time.monotonic() + PATIENCE
    while True:
        try:
            with urlopen(READY, timeout=10) as answer:  # the address of our own site
                say(f"{READY}: {answer.status}", f"{READY}：{answer.status}")
            return
        except (URLError, OSError):
            if time.monotonic() > until:
                raise Failed(READY) from None
            time.sleep(1)


if __name__ == "__main__":
    try:
        upgrade(sys.argv[1] if len(sys.argv) > 1 else "")
    except Failed as error:
        sys.exit(f"{'Not upgraded' if ENGLISH else '没有升级'}: {error}")
