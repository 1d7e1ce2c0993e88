# Everything below needs only Python 3.11 or newer, this Makefile and a package index.

HOST ?= 127.0.0.1
PORT ?= 8000
SIZES ?= 20000 200000
ifndef PYTHON
PYTHON := $(shell for python in python3 python3.11 python3.12 python3.13 python3.14; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
endif

VENV = .venv
BIN = $(VENV)/bin
MANAGE = $(BIN)/python manage.py
PYTEST = $(BIN)/python -m pytest -n logical --dist worksteal
LIGHTHOUSE = tests/in_browser/lighthouse
PIP = $(BIN)/python -m pip install --quiet --disable-pip-version-check

# Takes turns: a second `make` waits here, rather than write into the same folder.
IN_TURN = $(PYTHON) -c 'import fcntl, os, sys; \
	lock = os.open("Makefile", os.O_RDONLY); os.set_inheritable(lock, True); \
	fcntl.flock(lock, fcntl.LOCK_EX); os.execvp(sys.argv[1], sys.argv[1:])'

.PHONY: help run superuser check test lighthouse screenshots bench lint messages environment development no-python
.SILENT:

help:  ## say what can be made
	awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: environment  ## the site on http://127.0.0.1:8000/ (HOST=, PORT= move it), made ready first
	$(MANAGE) prepare
	exec $(MANAGE) serve --host $(HOST) --port $(PORT)

superuser: environment  ## the first account for the admin
	$(MANAGE) createsuperuser

check: lint  ## while working: lint, and the tests on SQLite
	DATABASE_URL=sqlite://:memory: $(PYTEST) --hypothesis-profile=quick

test: lint  ## before sharing: lint, the tests on SQLite and on PostgreSQL, and in a browser
	$(BIN)/python -m tests.in_browser.chromium
	echo "SQLite: in memory"
	DATABASE_URL=sqlite://:memory: $(PYTEST)
	$(BIN)/python -m tests.helpers.postgres $(PYTEST)
	echo "In a browser: every page on SQLite, and the walks on PostgreSQL too"
	DATABASE_URL=sqlite://:memory: $(PYTEST) tests/in_browser
	$(BIN)/python -m tests.helpers.postgres $(PYTEST) tests/in_browser/test_walks.py

lighthouse: development $(LIGHTHOUSE)/node_modules  ## Lighthouse's scores of four pages (needs Node.js and npm)
	$(BIN)/python -m tests.in_browser.lighthouse

screenshots: development  ## pictures of every type of page, into screenshots/
	$(BIN)/python -m tests.in_browser.screenshots

bench: development $(LIGHTHOUSE)/node_modules  ## the benchmark, with its data made on the spot (SIZES="20000 200000 1000000"; needs wrk and npm)
	$(BIN)/python -m benchmarks --write --sizes $(SIZES)
	$(BIN)/python -m tests.in_browser.lighthouse --performance

$(LIGHTHOUSE)/node_modules: $(LIGHTHOUSE)/package-lock.json
	command -v npm >/dev/null || { echo "Node.js 18.16 or newer with npm is needed; on Debian or Ubuntu: apt install nodejs npm" >&2; exit 1; }
	npm ci --prefix $(LIGHTHOUSE) --no-audit --no-fund --loglevel=error
	touch $@

lint: development
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	DATABASE_URL=sqlite://:memory: SECRET_KEY=lint $(MANAGE) makemigrations --check --dry-run

messages: development  ## the English catalogue: extract the Chinese messages, update, compile
	mkdir -p locale/en/LC_MESSAGES && touch -a locale/en/LC_MESSAGES/django.po
	$(BIN)/python -m babel.messages.frontend --quiet extract --mapping-file babel.cfg --output-file $(VENV)/django.pot \
		--keyword gettext_lazy --keyword ngettext_lazy:1,2 --keyword pgettext_lazy:1c,2 \
		--add-location file --sort-by-file --no-wrap .
	$(BIN)/python -m babel.messages.frontend --quiet update --domain django --input-file $(VENV)/django.pot --output-dir locale \
		--locale en --ignore-obsolete --no-fuzzy-matching --no-wrap --ignore-pot-creation-date
	$(BIN)/python -m babel.messages.frontend --quiet compile --domain django --directory locale --statistics

# The environment is made anew when requirements.txt or the machine's Python has changed.
environment development:
	test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; name one: make PYTHON=/path/to/python3" >&2; exit 1; }
	$(IN_TURN) $(MAKE) --no-print-directory $(VENV)/$@

$(VENV)/environment: requirements.txt $(if $(wildcard $(BIN)/python),,no-python)
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "$(PYTHON) is older than Python 3.11; name another: make PYTHON=/path/to/python3" >&2; exit 1; }
	$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo "$(PYTHON) cannot make environments; on Debian or Ubuntu: apt install python3-venv" >&2; exit 1; }
	echo "Installing requirements.txt into $(VENV) …"
	$(PYTHON) -m venv --clear $(VENV)
	$(PIP) --requirement requirements.txt
	touch $@

$(VENV)/development: $(VENV)/environment requirements-dev.txt
	echo "Installing requirements-dev.txt into $(VENV) …"
	$(PIP) --requirement requirements-dev.txt
	touch $@

no-python: ;
