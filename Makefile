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
# The environment of what others wrote.
OTHERS = $(VENV)/peers
# The one that is being made. Not a variable of the target: what that stands on would have it as well.
INTO = $(if $(filter %/others,$@),$(OTHERS),$(VENV))
MANAGE = $(BIN)/python manage.py
PYTEST = $(BIN)/python -m pytest -n logical --dist worksteal
# Signs nothing.
LINT_KEY = a key for lint alone, and long enough
LIGHTHOUSE = tests/in_browser/lighthouse
PIP = $(BIN)/python -m pip $(if $(filter %/others,$@),--python $(OTHERS)/bin/python) install --quiet --disable-pip-version-check --require-hashes
PINS = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	--custom-compile-command "make pins" $(if $(UPGRADE),--upgrade)

# $(call say,English,中文) is what a person reads: English where the locale begins with en.
ENGLISH := $(filter en%,$(firstword $(LC_ALL) $(LC_MESSAGES) $(LANG)))
say = $(if $(ENGLISH),$(1),$(2))

NO_PYTHON = $(call say,Python 3.11 or newer is needed; name one: make PYTHON=/path/to/python3,需要 Python 3.11 以上版本；请指明：make PYTHON=/path/to/python3)
OLD_PYTHON = $(call say,$(PYTHON) is older than Python 3.11; name another: make PYTHON=/path/to/python3,$(PYTHON) 的版本低于 3.11；请另指一个：make PYTHON=/path/to/python3)
NO_VENV = $(call say,$(PYTHON) cannot make environments; on Debian or Ubuntu: apt install python3-venv,$(PYTHON) 无法建立虚拟环境；在 Debian、Ubuntu 上：apt install python3-venv)
NO_NODE = $(call say,Node.js 18.16 or newer with npm is needed; on Debian or Ubuntu: apt install nodejs npm,需要 Node.js 18.16 以上版本和 npm；在 Debian、Ubuntu 上：apt install nodejs npm)
# Whoever listens to others hears what belongs in between.
IN_FRONT = $(call say,Others can reach $(HOST): on the open Internet put nginx in front (deploy/nginx.conf) and keep HOST=127.0.0.1,别人可以访问 $(HOST)：对公网开放时，请在前面放 nginx（deploy/nginx.conf），并保持 HOST=127.0.0.1)
# pip is quiet: this line stands alone for as long as it works.
INSTALLING = $(call say,Installing $(filter %.txt,$^) into $(INTO); it takes from half a minute to some minutes …,正在把 $(filter %.txt,$^) 装进 $(INTO)：约需半分钟至几分钟……)
IN_MEMORY = $(call say,The tests on SQLite in memory …,在内存中的 SQLite 上跑测试……)
BY_OTHERS = $(call say,The running site as programs by others read it …,用别人写的程序读取运行中的网站……)
IN_BROWSER = $(call say,The tests in a browser: every page on SQLite; the walks on PostgreSQL too …,在浏览器中跑测试：SQLite 上逐页跑，PostgreSQL 上再走一遍主要路径……)

# Takes turns: a second `make` waits here, rather than write into the same folder.
IN_TURN = $(PYTHON) -c 'import fcntl, os, sys; \
	lock = os.open("Makefile", os.O_RDONLY); os.set_inheritable(lock, True); \
	fcntl.flock(lock, fcntl.LOCK_EX); os.execvp(sys.argv[1], sys.argv[1:])'

.PHONY: help run superuser upgrade check test peers chaos security audit lighthouse screenshots bench lint messages pins environment development others no-python
.SILENT:

# A target's line says what it is for, in English | 中文.
help:  ## say what can be made | 列出可用的目标
	awk -F ':.*## | [|] ' '/^[a-z]+:.*## / {printf "make %-11s %s\n", $$1, $$$(call say,2,3)}' $(MAKEFILE_LIST)

run: environment  ## the site on http://127.0.0.1:8000/ (HOST=, PORT= move it), made ready first | 准备并启动网站：http://127.0.0.1:8000/（HOST=、PORT= 可换地址）
	$(if $(filter-out 127.% localhost ::1,$(HOST)),echo "$(IN_FRONT)" >&2)
	$(MANAGE) prepare
	# The site starts also where this could not be done: it says why.
	$(MANAGE) publish_data || true
	exec $(MANAGE) serve --host $(HOST) --port $(PORT)

superuser: environment  ## the first account for the admin | 建立第一个后台账号
	$(MANAGE) createsuperuser

upgrade:  ## another version of the program (TO=v0.2.0): backup, install, migrate, restart, check, and back if that fails | 升级程序（TO=v0.2.0）：备份、安装、迁移、重启、检查，失败则自动退回
	$(PYTHON) deploy/upgrade.py $(TO)

check: lint  ## while working: lint, and the tests on SQLite | 改代码时：代码检查，并在 SQLite 上跑测试
	DATABASE_URL=sqlite://:memory: $(PYTEST) --hypothesis-profile=quick

test: lint others  ## before sharing: lint, the tests on SQLite and on PostgreSQL, and in a browser | 提交之前：代码检查，在 SQLite、PostgreSQL 和浏览器中跑测试
	$(BIN)/python -m tests.in_browser.chromium
	echo "$(IN_MEMORY)"
	DATABASE_URL=sqlite://:memory: $(PYTEST) --hypothesis-profile=test
	$(BIN)/python -m tests.helpers.postgres $(PYTEST) --hypothesis-profile=few -m 'not once' tests/test_*.py tests/chaos
	echo "$(BY_OTHERS)"
	$(BIN)/python -m tests.peers $(OTHERS)/bin/python
	echo "$(IN_BROWSER)"
	DATABASE_URL=sqlite://:memory: $(PYTEST) tests/in_browser
	$(BIN)/python -m tests.helpers.postgres $(PYTEST) tests/in_browser/test_walks.py

peers: development others  ## the running site, read by what others wrote, for longer than in `make test` | 用别人写的程序读取运行中的网站，比 make test 更久
	PEERS_CALLS=2000 $(BIN)/python -m tests.peers $(OTHERS)/bin/python

chaos: development  ## PostgreSQL stops for a minute, workers are killed; then 26 faults of three machines under reading and writing (CHAOS_SEED=…) | PostgreSQL 停顿一分钟，工作进程被杀；再在读写之中逐一试三台机器的 26 种故障（CHAOS_SEED=…）
	DATABASE_URL=sqlite://:memory: CHAOS_SECONDS=60 $(BIN)/python -m pytest tests/chaos
	$(BIN)/python -m tests.chaos

security: development  ## 10,000 hostile requests, hostile strings in every text field in a browser, roles and headers | 一万次恶意请求，浏览器中逐页检查存入的恶意字符串，角色与响应头
	$(BIN)/python -m tests.in_browser.chromium
	DATABASE_URL=sqlite://:memory: $(PYTEST) --hypothesis-profile=security tests/test_hostile_requests.py tests/test_roles.py tests/test_headers.py tests/test_security.py tests/test_signing_in.py
	DATABASE_URL=sqlite://:memory: $(PYTEST) tests/in_browser/test_hostile_strings.py

audit: development  ## known holes in the pinned packages, as pip-audit knows them (needs a network) | 查询所用依赖包的已知漏洞（pip-audit，需要联网）
	$(BIN)/uv tool run pip-audit@2.10.1 --strict --disable-pip --require-hashes --requirement requirements.txt

lighthouse: development $(LIGHTHOUSE)/node_modules  ## Lighthouse's scores of four pages (needs Node.js and npm) | 四个页面的 Lighthouse 评分（需要 Node.js 和 npm）
	$(BIN)/python -m tests.in_browser.lighthouse

screenshots: development  ## pictures of every type of page, into screenshots/ | 各类页面的截图，存入 screenshots/
	$(BIN)/python -m tests.in_browser.screenshots

bench: development $(LIGHTHOUSE)/node_modules  ## the benchmark, with its data made on the spot (SIZES="20000 200000 1000000"; needs wrk and npm) | 性能测量，数据当场生成（SIZES="20000 200000 1000000"；需要 wrk 和 npm）
	$(BIN)/python -m benchmarks --write --sizes $(SIZES)
	$(BIN)/python -m tests.in_browser.lighthouse --performance

$(LIGHTHOUSE)/node_modules: $(LIGHTHOUSE)/package-lock.json
	command -v npm >/dev/null || { echo "$(NO_NODE)" >&2; exit 1; }
	npm ci --prefix $(LIGHTHOUSE) --no-audit --no-fund --loglevel=error
	touch $@

lint: development  ## lint, types and migrations | 代码检查、类型检查，并核对迁移文件
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	DATABASE_URL=sqlite://:memory: SECRET_KEY="$(LINT_KEY)" $(BIN)/mypy
	DATABASE_URL=sqlite://:memory: SECRET_KEY="$(LINT_KEY)" $(MANAGE) makemigrations --check --dry-run

messages: development  ## the English catalogue: extract the Chinese messages, update, compile | 英文译文：提取中文字句，更新并编译
	mkdir -p locale/en/LC_MESSAGES && touch -a locale/en/LC_MESSAGES/django.po
	$(BIN)/python -m babel.messages.frontend --quiet extract --mapping-file babel.cfg --output-file $(VENV)/django.pot \
		--keyword gettext_lazy --keyword ngettext_lazy:1,2 --keyword pgettext_lazy:1c,2 \
		--keyword Sentence --keyword Counted:1,1 \
		--add-location file --sort-by-file --no-wrap .
	$(BIN)/python -m babel.messages.frontend --quiet update --domain django --input-file $(VENV)/django.pot --output-dir locale \
		--locale en --ignore-obsolete --no-fuzzy-matching --no-wrap --ignore-pot-creation-date
	$(BIN)/python -m babel.messages.frontend --quiet compile --domain django --directory locale --statistics

pins: development  ## the requirement files from pyproject.toml, with hashes (UPGRADE=1: what our packages need in its newest version) | 由 pyproject.toml 生成各个依赖文件，附哈希（UPGRADE=1：间接依赖取最新版）
	cp -p requirements*.txt $(VENV)
	$(PINS) pyproject.toml --output-file requirements.txt
	$(PINS) pyproject.toml --group dev --constraints requirements.txt --output-file requirements-dev.txt
	$(PINS) --group peers --output-file requirements-peers.txt
	# A file that says what it said keeps its time, so that no environment is made anew.
	for file in requirements*.txt; do ! cmp -s $$file $(VENV)/$$file || cp -p $(VENV)/$$file $$file; done

# The environment is made anew when requirements.txt or the machine's Python has changed.
environment development others:
	test -n "$(PYTHON)" || { echo "$(NO_PYTHON)" >&2; exit 1; }
	$(IN_TURN) $(MAKE) --no-print-directory $(VENV)/$@

$(VENV)/environment: requirements.txt $(if $(wildcard $(BIN)/python),,no-python)
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(OLD_PYTHON)" >&2; exit 1; }
	$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(NO_VENV)" >&2; exit 1; }
	echo "$(INSTALLING)"
	$(PYTHON) -m venv --clear $(VENV)
	$(PIP) --requirement requirements.txt
	touch $@

$(VENV)/development: $(VENV)/environment requirements-dev.txt
	echo "$(INSTALLING)"
	$(PIP) --requirement requirements-dev.txt
	touch $@

$(VENV)/others: $(VENV)/environment requirements-peers.txt
	echo "$(INSTALLING)"
	$(PYTHON) -m venv --clear --without-pip $(OTHERS)
	$(PIP) --requirement requirements-peers.txt
	touch $@

no-python: ;
