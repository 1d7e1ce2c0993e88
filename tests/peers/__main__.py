"""Starts the site with more entries than a part of a harvest has, and the others' tests against it.

`python -m tests.peers PYTHON`, the Python of their environment: `make test` and `make peers`.
"""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from ..in_browser.site import ROOT, site

HERE = Path(__file__).parent


def main(python):
    with TemporaryDirectory() as data, site(Path(data)) as address:
        # What staff do meanwhile.
        staff = f"{sys.executable} -m tests.peers.staff"
        environment = os.environ | {"SITE": address, "STAFF": staff, "DATA_DIR": data}
        quiet = {"cwd": ROOT, "env": environment, "stdout": subprocess.DEVNULL}
        # A part of a harvest has 100 records: several parts of them, and the whole as a package.
        subprocess.run([*staff.split(), "add", "11"], check=True, **quiet)
        publish = [sys.executable, "manage.py", "publish_data"]
        subprocess.run(publish, check=True, **quiet)
        # Neither our settings of pytest nor our conftest, which want Django.
        options = ["-q", "--noconftest", "-p", "no:cacheprovider", "-c", str(HERE / "pytest.ini")]
        tests = [python, "-m", "pytest", *options, str(HERE / "test_peers.py")]
        return subprocess.run(tests, cwd=HERE, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(os.path.abspath(sys.argv[1])))
