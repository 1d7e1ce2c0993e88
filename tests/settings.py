"""The settings under test: the site's own, whatever a person's environment and `.env` say.

DATABASE_URL alone is let through, so that the suite can run on either database.
"""

import os
import tempfile

_home = tempfile.TemporaryDirectory(prefix="governance-")
os.environ |= {
    "ALLOWED_HOSTS": "localhost,127.0.0.1",
    "CSRF_TRUSTED_ORIGINS": "",
    "DATA_DIR": _home.name,
    "DEBUG": "false",
    "HTTPS": "false",
    "SECRET_KEY": "for the tests only",
}

from governance.settings import *  # noqa: E402, F403

# WhiteNoise warns of a missing folder; the tests read static files from where they are written.
STATIC_ROOT.mkdir()  # noqa: F405
