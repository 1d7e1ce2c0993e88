"""Lighthouse's scores of four pages, which have to be what they are held to.

`make lighthouse` installs it by npm and runs this; `--performance` asks for that score alone: of five
runs the median, since one wavers with whatever else the machine does.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from urllib.request import urlopen

from ..chromium import Missing, executable
from ..page_types import PAGES
from ..site import site

HERE = Path(__file__).parent
LIGHTHOUSE = HERE / "node_modules/.bin/lighthouse"
NAMES = ("home", "list", "detail", "analysis")
HELD_TO = {"accessibility": 100, "best-practices": 100, "seo": 100}
PERFORMANCE = {"performance": 98}
RUNS = 5
# A new process of Chromium may begin to record only after the page has begun: a race of theirs, which
# a page that answers at once loses more often, on a busy machine above all.
BROKEN, ATTEMPTS = "(NO_NAVSTART)", 3
# Both workers make their first answer before Lighthouse asks, which counts a server's as its usual one.
WARMING = 20


def main(held_to, runs):
    if not (shutil.which("node") and LIGHTHOUSE.exists()):
        raise Missing("Node.js 18.16 or newer with npm is needed; then: make lighthouse")
    failed = False
    with TemporaryDirectory() as data, site(Path(data)) as address:
        for name in NAMES:
            warm(address + PAGES[name])
            reports = [look(address + PAGES[name], held_to) for _ in range(runs)]
            scores = {category: middle(reports, category) for category in held_to}
            failed |= any(scores[category][0] < least for category, least in held_to.items())
            print(
                name,
                *[said(category, *of_all) for category, of_all in scores.items()],
                *sorted({line for report in reports for line in faults(report, held_to)}),
                sep="\n  ",
                flush=True,
            )
    sys.exit(failed)


def warm(url):
    for _ in range(WARMING):
        with urlopen(url) as answer:
            answer.read()


def look(url, categories):
    """Lighthouse's report, of the first run that is whole."""
    command = [
        *(LIGHTHOUSE, url, "--quiet", "--output=json"),
        f"--only-categories={','.join(categories)}",
        "--chrome-flags=--headless=new --no-sandbox --disable-dev-shm-usage",
    ]
    environment = os.environ | {"CHROME_PATH": executable()}
    for attempt in range(1, ATTEMPTS + 1):
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
        if not done.returncode:
            return json.loads(done.stdout)
        if BROKEN not in done.stderr or attempt == ATTEMPTS:
            sys.exit(f"Lighthouse could not look at {url}:\n{done.stderr.strip()}")
        print(
            f"Lighthouse recorded no start of {url} {BROKEN}; attempt {attempt + 1} of {ATTEMPTS}"
        )


def middle(reports, category):
    """(the median of the scores, of 100; all of them, sorted)"""
    scores = sorted(round(100 * report["categories"][category]["score"]) for report in reports)
    return median(scores), scores


def said(category, score, scores):
    return f"{category} {score}" + (f", the median of {scores}" if len(scores) > 1 else "")


def faults(report, categories):
    """What took points, and what Lighthouse has against the run itself, such as a slow machine."""
    yield from report["runWarnings"]
    for category in categories:
        for item in report["categories"][category]["auditRefs"]:
            audit = report["audits"][item["id"]]
            if item["weight"] and audit["score"] not in (None, 1):
                yield f"{audit['id']}: {audit['title']}"


if __name__ == "__main__":
    try:
        main(*((PERFORMANCE, RUNS) if "--performance" in sys.argv else (HELD_TO, 1)))
    except Missing as missing:
        sys.exit(f"Lighthouse cannot run: {missing}.")
