"""The site's settings but for its static files: to compress them all takes longer than most commands."""

from governance.settings import *
from governance.settings import STORAGES

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
