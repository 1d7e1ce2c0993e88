"""Settings are read once, when a process starts: each test starts one, in a checkout of its own."""

import ast
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings

from governance.settings import VARIABLES

PRINT_KEY = "from governance.settings import SECRET_KEY; print(SECRET_KEY)"


@pytest.fixture
def checkout(tmp_path):
    """A folder that holds nothing but the settings."""
    (tmp_path / "governance").mkdir()
    for name in ("__init__.py", "settings.py"):
        shutil.copy(settings.BASE_DIR / "governance" / name, tmp_path / "governance")
    return tmp_path


def start(folder, *arguments, **variables):
    """Runs python there, with `variables` as all that it knows of ours."""
    environment = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    environment["DJANGO_SETTINGS_MODULE"] = "governance.settings"
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment | variables,
        capture_output=True,
        text=True,
        check=False,
    )


def read(folder, expression, **variables):
    script = f"import governance.settings as settings; print({expression})"
    result = start(folder, "-c", script, **variables)
    assert result.returncode == 0, result.stderr
    return result.stdout.strip()


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("DEBUG", "maybe", 'variable "DEBUG" invalid: Not a valid boolean'),
        ("HTTPS", "开", 'variable "HTTPS" invalid: Not a valid boolean'),
        ("DATABASE_URL", "db.sqlite3", 'variable "DATABASE_URL" invalid'),
        ("DATABASE_URL", "postgres://u:p@host:port/name", 'variable "DATABASE_URL" invalid'),
        ("DATABASE_URL", "mysql://localhost/name", "DATABASE_URL must begin with sqlite:/// or"),
        ("DATA_DIR", "/dev/null/data", "DATA_DIR (/dev/null/data) cannot be written"),
        ("CONTACT_EMAIL", "ku at example.cn", "CONTACT_EMAIL is ku at example.cn; an e-mail"),
        (
            "POLICE_NUMBER",
            "京公网安备1号",
            "POLICE_NUMBER is 京公网安备1号; one like 京公网安备1101",
        ),
        ("SITE_URL", "governance.example.cn", "SITE_URL is governance.example.cn; scheme and host"),
        ("SITE_URL", "https://a.cn/showcase", "SITE_URL is https://a.cn/showcase; scheme and host"),
        ("SITE_URL", "ftp://a.cn", "SITE_URL is ftp://a.cn; scheme and host"),
        ("SITE_URL", "https://社区.cn", "SITE_URL is https://社区.cn; scheme and host"),
        ("SITE_URL", "https://u:p@a.cn", "SITE_URL is https://u:p@a.cn; scheme and host"),
        (
            "OUTAGE_SECONDS",
            "1h",
            'variable "OUTAGE_SECONDS" invalid: Not a valid number of seconds',
        ),
        ("OUTAGE_SECONDS", "-1", 'variable "OUTAGE_SECONDS" invalid'),
        ("TRUSTED_PROXIES", "nginx", "TRUSTED_PROXIES has nginx; an address or network is right"),
        ("TRUSTED_PROXIES", "10.0.0.7/24", "TRUSTED_PROXIES has 10.0.0.7/24; an address or"),
        ("ALLOWED_HOSTS", "a.cn:80", "ALLOWED_HOSTS has a.cn:80; a bare host name"),
        ("ALLOWED_HOSTS", "社区.cn", "ALLOWED_HOSTS has 社区.cn; a bare host name"),
        ("ALLOWED_HOSTS", "a.cn,https://b.cn", "ALLOWED_HOSTS has https://b.cn; a bare host name"),
    ],
)
def test_it_stops_at_a_wrong_variable_and_names_it(checkout, name, value, sentence):
    result = start(checkout, "-c", "import governance.settings", **{name: value})
    assert result.returncode == 1
    assert result.stderr.startswith("Settings: ")
    assert sentence in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_it_stops_a_command_without_a_traceback(tmp_path):
    result = start(settings.BASE_DIR, "manage.py", "check", DEBUG="maybe", DATA_DIR=str(tmp_path))
    assert result.returncode == 1
    assert result.stderr.startswith('Settings: Environment variable "DEBUG"')
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("DEBUGG=true", ".env sets DEBUGG, which nothing reads; did you mean DEBUG?"),
        ("颜色=红", ".env sets 颜色, which nothing reads; known names: ALLOWED_HOSTS, "),
    ],
)
def test_it_stops_at_a_name_that_nothing_reads(checkout, line, sentence):
    (checkout / ".env").write_text(line, encoding="utf-8")
    result = start(checkout, "-c", "import governance.settings")
    assert result.returncode == 1
    assert sentence in result.stderr


def test_it_reads_the_env_file_and_lets_the_environment_win(checkout):
    (checkout / ".env").write_text("ALLOWED_HOSTS=a.cn, b.cn\nHTTPS=true\n")
    assert read(checkout, "settings.ALLOWED_HOSTS, settings.HTTPS") == "['a.cn', 'b.cn'] True"
    assert read(checkout, "settings.HTTPS", HTTPS="false") == "False"


@pytest.mark.parametrize("hosts", ["*", ".b.cn", "a.cn,", "[::1],127.0.0.1", "A.cn"])
def test_it_takes_every_kind_of_host(checkout, hosts):
    assert read(checkout, "','.join(settings.ALLOWED_HOSTS)", ALLOWED_HOSTS=hosts) == hosts


@pytest.mark.parametrize("origin", ["https://a.cn", "http://10.0.0.7:8000", "http://[::1]:8000"])
def test_it_takes_every_kind_of_origin(checkout, origin):
    assert read(checkout, "settings.SITE_URL", SITE_URL=origin) == origin
    assert read(checkout, "settings.SITE_URL", SITE_URL=f"{origin}/") == origin


@pytest.mark.parametrize("content", ["", "\n"])
def test_it_stops_at_an_empty_key(checkout, content):
    (checkout / "data").mkdir()
    (checkout / "data/secret_key").write_text(content)
    result = start(checkout, "-c", "import governance.settings")
    assert result.returncode == 1
    assert result.stderr.startswith(f"Settings: {checkout}/data/secret_key is empty. Delete it")


def test_it_is_safe_when_nothing_is_said(checkout):
    assert read(checkout, "settings.DEBUG") == "False"
    assert read(checkout, "settings.DATABASES['default']['NAME']") == f"{checkout}/data/db.sqlite3"


@pytest.mark.parametrize("name", VARIABLES)
def test_it_takes_an_empty_variable_as_unset(checkout, name):
    expression = "settings.DEBUG, settings.ALLOWED_HOSTS, settings.DATABASES, settings.HTTPS"
    assert read(checkout, expression, **{name: " "}) == read(checkout, expression)


@pytest.mark.parametrize(
    ("value", "meant"), [("1", True), ("On", True), ("yes", True), ("0", False), ("FALSE", False)]
)
def test_it_takes_a_switch_in_the_usual_words(checkout, value, meant):
    assert read(checkout, "settings.HTTPS", HTTPS=value) == str(meant)


def test_it_tells_browsers_to_stay_with_https(checkout):
    said = (
        "settings.SECURE_HSTS_SECONDS, settings.SESSION_COOKIE_SECURE, settings.SECURE_SSL_REDIRECT"
    )
    assert read(checkout, said, HTTPS="true") == "31536000 True True"
    assert read(checkout, said) == "0 False False"


def test_it_says_that_the_env_file_is_in_another_encoding(checkout):
    (checkout / ".env").write_bytes("DEBUG=yes\n".encode("utf-16"))
    result = start(checkout, "-c", "import governance.settings")
    assert result.returncode == 1
    assert result.stderr == "Settings: .env is not UTF-8. Save it as UTF-8, as any editor can.\n"


def test_it_takes_an_empty_line_of_the_env_file_as_unset(checkout):
    (checkout / ".env").write_text("".join(f"{name}=\n" for name in VARIABLES) + "DEBUG\n")
    expression = "settings.DEBUG, settings.ALLOWED_HOSTS, settings.DATABASES"
    with_file = read(checkout, expression)
    (checkout / ".env").unlink()
    assert with_file == read(checkout, expression)


def test_it_serves_with_no_key_that_can_be_guessed(tmp_path):
    said = {"DATA_DIR": str(tmp_path), "SECRET_KEY": "31 characters are not enough ..."[:31]}
    for command in ("check", "migrate", "serve"):
        result = start(settings.BASE_DIR, "manage.py", command, **said)
        assert result.returncode == 1
        assert "SECRET_KEY has 31 characters; at least 32 are needed." in result.stderr
    assert start(settings.BASE_DIR, "manage.py", "check", DEBUG="1", **said).returncode == 0
    said["SECRET_KEY"] += "!"
    assert start(settings.BASE_DIR, "manage.py", "check", **said).returncode == 0


def test_it_makes_one_secret_key_and_keeps_it_to_its_owner(checkout):
    with ThreadPoolExecutor(4) as pool:
        starts = list(pool.map(lambda _: start(checkout, "-c", PRINT_KEY), range(4)))
    keys = {result.stdout.strip() for result in starts}
    assert len(keys) == 1
    assert len(keys.pop()) > 50
    assert [path.name for path in (checkout / "data").iterdir()] == ["secret_key"]
    assert (checkout / "data/secret_key").stat().st_mode & 0o777 == 0o600
    assert (checkout / "data").stat().st_mode & 0o777 == 0o700


def test_it_opens_sqlite_for_real_service(checkout):
    script = """
import django
from django.db import connection
django.setup()
with connection.cursor() as cursor:
    for name in ("journal_mode", "synchronous", "foreign_keys", "mmap_size", "busy_timeout"):
        cursor.execute(f"PRAGMA {name}")
        print(name, *cursor.fetchone())
print(connection.transaction_mode)
"""
    (checkout / "bare.py").write_text(
        "from governance.settings import DATABASES\nINSTALLED_APPS = []\n"
    )
    result = start(checkout, "-c", script, DJANGO_SETTINGS_MODULE="bare")
    assert result.stdout.splitlines() == [
        "journal_mode wal",
        "synchronous 1",
        "foreign_keys 1",
        "mmap_size 2147418112",
        "busy_timeout 10000",
        "IMMEDIATE",
    ]


def test_it_finds_out_when_the_host_of_postgresql_is_gone(checkout):
    address = "postgres://governance@db.example.cn/governance"
    options = "settings.DATABASES['default']['OPTIONS']"
    found = {"connect_timeout": 10, "keepalives_idle": 10, "keepalives_interval": 5}
    assert read(checkout, options, DATABASE_URL=address) == str(found | {"tcp_user_timeout": 20000})
    url = f"{address}?keepalives_idle=60&sslmode=require"
    own = ast.literal_eval(read(checkout, options, DATABASE_URL=url))
    assert (own["keepalives_interval"], str(own["keepalives_idle"])) == (5, "60")
    assert own["sslmode"] == "require"


def test_it_documents_each_variable():
    text = Path(settings.BASE_DIR, "docs/settings.md").read_text(encoding="utf-8")
    documented = [line.split("`")[1] for line in text.splitlines() if line.startswith("| `")]
    assert documented == list(VARIABLES)
