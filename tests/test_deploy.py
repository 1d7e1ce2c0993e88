"""What stands in deploy/ is right for the programs that read it."""

import shutil
import subprocess

import pytest
from django.conf import settings

DEPLOY = settings.BASE_DIR / "deploy"


def program(name, package):
    """Where it is; fails with what to install."""
    return shutil.which(name) or pytest.fail(f"{name} is needed: apt install {package}")


def test_the_service_is_one_that_systemd_understands(tmp_path):
    text = (DEPLOY / "governance.service").read_text(encoding="utf-8")
    # It wants the program to be there.
    (tmp_path / "python").symlink_to("/bin/true")
    unit = tmp_path / "governance.service"
    unit.write_text(text.replace("/srv/governance/.venv/bin/", f"{tmp_path}/"), encoding="utf-8")
    run = subprocess.run(
        [program("systemd-analyze", "systemd"), "verify", "--man=no", unit],
        capture_output=True,
        text=True,
    )
    # What it does not know it ignores, and says so.
    assert (run.returncode, run.stdout + run.stderr) == (0, "")
