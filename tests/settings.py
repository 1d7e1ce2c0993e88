"""The settings under test: the site's own, whatever a person's environment and `.env` say.

DATABASE_URL alone is let through, so that the suite can run on either database.
"""

import os
import tempfile

# The parallel workers inherit the folder, since they end without cleaning up after themselves.
if "PYTEST_XDIST_WORKER" not in os.environ:
    _home = tempfile.TemporaryDirectory(prefix="governance-")
    os.environ["DATA_DIR"] = _home.name

os.environ |= {
    "ALLOWED_HOSTS": "localhost,127.0.0.1",
    "CONTACT_EMAIL": "",
    "CSRF_TRUSTED_ORIGINS": "",
    "DEBUG": "false",
    "HTTPS": "false",
    "ICP_NUMBER": "",
    "LOG_ADDRESSES": "false",
    "LOG_DAYS": "0",
    "POLICE_NUMBER": "",
    "PUBLISHER": "",
    "PUBLISHER_ADDRESS": "",
    "REQUIRE_SECOND_FACTOR": "false",
    "SECRET_KEY": "for the tests only, and long enough for a site",
    "SITE_URL": "",
    "TRUSTED_PROXIES": "",
}

from governance.settings import *
from governance.settings import DATA_DIR, DATABASES, STATIC_ROOT

# On disk, as in service: a database in memory knows no waiting for another's lock.
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}

# WhiteNoise warns of a missing folder; the tests read static files from where they are written.
STATIC_ROOT.mkdir(exist_ok=True)
