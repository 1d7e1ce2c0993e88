"""Lighthouse's scores of four pages, which have to be what they are held to.

`make lighthouse` installs it by npm and runs this; `--performance` asks for that score alone, which
wants a machine that does nothing else.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from ..chromium import Missing, executable
from ..page_types import PAGES
from ..site import site

HERE = Path(__file__).parent
LIGHTHOUSE = HERE / "node_modules/.bin/lighthouse"
NAMES = ("home", "list", "detail", "analysis")
HELD_TO = {"accessibility": 100, "best-practices": 100, "seo": 100}
PERFORMANCE = {"performance": 98}


def main(held_to):
    if not (shutil.which("node") and LIGHTHOUSE.exists()):
        raise Missing("Node.js 18.16 or newer with npm is needed; then: make lighthouse")
    failed = False
    with TemporaryDirectory() as data, site(Path(data)) as address:
        for name in NAMES:
            scores, faults = measure(address + PAGES[name], held_to)
            failed |= any(scores[category] < least for category, least in held_to.items())
            print(name, *[f"{category} {score}" for category, score in scores.items()], *faults)
    sys.exit(failed)


def measure(url, categories):
    """({category: score of 100}, what took points from it)"""
    command = [
        *(LIGHTHOUSE, url, "--quiet", "--output=json"),
        f"--only-categories={','.join(categories)}",
        "--chrome-flags=--headless=new --no-sandbox --disable-dev-shm-usage",
    ]
    environment = os.environ | {"CHROME_PATH": executable()}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        sys.exit(f"Lighthouse could not look at {url}:\n{done.stderr.strip()}")
    report = json.loads(done.stdout)
    scores = {
        category: round(100 * report["categories"][category]["score"]) for category in categories
    }
    faults = [
        f"\n  {audit['id']}: {audit['title']}"
        for category in categories
        for item in report["categories"][category]["auditRefs"]
        if item["weight"] and (audit := report["audits"][item["id"]])["score"] not in (None, 1)
    ]
    return scores, faults


if __name__ == "__main__":
    try:
        main(PERFORMANCE if "--performance" in sys.argv else HELD_TO)
    except Missing as missing:
        sys.exit(f"Lighthouse cannot run: {missing}.")
