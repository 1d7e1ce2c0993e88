"""The product's settings with two more addresses; nothing else may differ from what is served."""

from governance.settings import *

ROOT_URLCONF = "benchmarks.urls"
