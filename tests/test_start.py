"""What a worker imports when it starts, seen in a process of its own."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings

pytestmark = pytest.mark.once

# Of pages that few ask for, or nobody but staff.
LATER = [
    "PIL",
    "allauth.mfa.base",
    "docx",
    "fido2",
    "governance.announcements",
    "governance.images.drawing",
    "governance.intake",
    "governance.loading",
    "governance.intake.parsing",
    "lxml",
    "numpy",
    "openpyxl",
    "pypinyin",
    "yaml",
]
START = """
import gc, importlib, json, sys
import governance.wsgi
from django.contrib import admin
from governance.models import Load
later = json.loads(sys.argv[1])
found = {"early": [name for name in later if name in sys.modules]}
found["in the admin"] = admin.site.is_registered(Load)
found["collects garbage"] = gc.isenabled()
# A name that nothing has would never be early.
for name in later:
    importlib.import_module(name)
print(json.dumps(found))
"""


def test_it_starts_without_what_few_pages_need():
    run = subprocess.run(
        [sys.executable, "-c", START, json.dumps(LATER)],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    found = json.loads(run.stdout)
    assert found == {"early": [], "in the admin": True, "collects garbage": True}
