"""The one settings file. Every value comes from the environment or from `.env`.

A variable that is wrong, or a name in `.env` that nothing reads, stops the start with a sentence
that names it.
"""

import difflib
import os
import re
import secrets
import sys
from ipaddress import ip_network
from pathlib import Path

import dj_database_url
from django.utils.translation import gettext_lazy as _
from dotenv import dotenv_values

from governance import __version__

BASE_DIR = Path(__file__).resolve().parent.parent
DOTENV = BASE_DIR / ".env"

# Every variable the project reads; docs/settings.md says what each is for.
VARIABLES = (
    "ALLOWED_HOSTS",
    "CONTACT_EMAIL",
    "CSRF_TRUSTED_ORIGINS",
    "DATABASE_URL",
    "DATA_DIR",
    "DEBUG",
    "HTTPS",
    "ICP_NUMBER",
    "LOG_ADDRESSES",
    "LOG_DAYS",
    "OUTAGE_SECONDS",
    "POLICE_NUMBER",
    "PUBLISHER",
    "PUBLISHER_ADDRESS",
    "REQUIRE_SECOND_FACTOR",
    "SECRET_KEY",
    "SITE_URL",
    "TRUSTED_PROXIES",
)
YES = ("1", "on", "t", "true", "y", "yes")
NO = ("0", "f", "false", "n", "no", "off")


def stop(sentence):
    """End the start with one sentence and no traceback: a person has to read it."""
    sys.exit(f"Settings: {sentence}")


try:
    written = dotenv_values(DOTENV)
except UnicodeDecodeError:
    stop(f"{DOTENV.name} is not UTF-8. Save it as UTF-8, as any editor can.")
for name in written:
    if name not in VARIABLES:
        near = difflib.get_close_matches(name, VARIABLES, n=1)
        hint = f"; did you mean {near[0]}?" if near else f"; known names: {', '.join(VARIABLES)}."
        stop(f"{DOTENV.name} sets {name}, which nothing reads{hint}")

# `DEBUG=` in a shell or a compose file means "not set" to whoever wrote it.
given = {
    name: value
    for source in (written, os.environ)
    for name, value in source.items()
    if name in VARIABLES and value and value.strip()
}


def invalid(name, wanted):
    stop(
        f'Environment variable "{name}" invalid: Not a valid {wanted}.'
        " docs/settings.md says what is right."
    )


def switch(name):
    value = given.get(name, "no").lower()
    if value not in YES + NO:
        invalid(name, "boolean")
    return value in YES


def items(name, default):
    return [item.strip() for item in given[name].split(",")] if name in given else default


def number_of(unit, name, default):
    value = given.get(name, str(default))
    if not re.fullmatch(r"[0-9]{1,9}", value):
        invalid(name, f"number of {unit}")
    return int(value)


def networks(name, default):
    found = []
    for item in items(name, default):
        try:
            found.append(ip_network(item))
        except ValueError:
            stop(
                f"{name} has {item}; an address or network is right, such as 10.0.0.7, 10.0.0.0/24."
            )
    return found


def database_at(url):
    try:
        return dj_database_url.parse(url)
    except ValueError:
        invalid("DATABASE_URL", "database URL")


def secret_key(path):
    """The key kept in `path`, made there once. Two workers that start together get the same one."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    if not path.exists():
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(50))
        try:
            # A link appears whole or not at all; a plain write could be read half-way.
            os.link(draft, path)
        except FileExistsError:
            pass  # Another worker was first, and its key is the one to use.
        finally:
            draft.unlink()
    key = path.read_text().strip()
    if not key:
        stop(f"{path} is empty. Delete it, and a new key is made; staff then log in again.")
    return key


# What a backup says of the settings, without secrets.
GIVEN = {name: value for name, value in given.items() if name not in ("DATABASE_URL", "SECRET_KEY")}

DEBUG = switch("DEBUG")
HTTPS = switch("HTTPS")
DATA_DIR = Path(given.get("DATA_DIR", BASE_DIR / "data")).resolve()
try:
    DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    SECRET_KEY = given.get("SECRET_KEY") or secret_key(DATA_DIR / "secret_key")
except OSError as error:
    stop(f"DATA_DIR ({DATA_DIR}) cannot be written: {error.strerror}.")
ALLOWED_HOSTS = items("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = items("CSRF_TRUSTED_ORIGINS", [])
CONTACT_EMAIL = given.get("CONTACT_EMAIL", "")
ICP_NUMBER = given.get("ICP_NUMBER", "")
LOG_ADDRESSES = switch("LOG_ADDRESSES")
LOG_DAYS = number_of("days", "LOG_DAYS", 30)
LOG_DIR = DATA_DIR / "log"
OUTAGE_SECONDS = number_of("seconds", "OUTAGE_SECONDS", 3600)
POLICE_NUMBER = given.get("POLICE_NUMBER", "")
PUBLISHER = given.get("PUBLISHER", "")
PUBLISHER_ADDRESS = given.get("PUBLISHER_ADDRESS", "")
REQUIRE_SECOND_FACTOR = switch("REQUIRE_SECOND_FACTOR")
SITE_URL = given.get("SITE_URL", "").strip().removesuffix("/")
TRUSTED_PROXIES = networks("TRUSTED_PROXIES", ["127.0.0.0/8", "::1"])
database = database_at(given.get("DATABASE_URL", f"sqlite:///{DATA_DIR}/db.sqlite3"))

for host in ALLOWED_HOSTS:
    # What Django compares: the name that a browser sends, without scheme and port.
    if host and not re.fullmatch(r"\*|[a-z0-9.-]+|\[[a-f0-9:.]+\]", host, re.IGNORECASE):
        stop(f"ALLOWED_HOSTS has {host}; a bare host name is right, such as governance.example.cn.")

if CONTACT_EMAIL and not re.fullmatch(r"[^@\s]+@[^@\s]+", CONTACT_EMAIL):
    stop(f"CONTACT_EMAIL is {CONTACT_EMAIL}; an e-mail address is right.")

# The link to its record is made of the digits.
if POLICE_NUMBER and not re.fullmatch(r"\D*\d{14}\D*", POLICE_NUMBER):
    stop(f"POLICE_NUMBER is {POLICE_NUMBER}; one like 京公网安备11010502030143号 is right.")

# What comes before a path in a permanent address, lower-case as browsers write it.
if SITE_URL and not re.fullmatch(r"https?://([a-z0-9.-]+|\[[a-f0-9:.]+\])(:[0-9]{1,5})?", SITE_URL):
    stop(f"SITE_URL is {SITE_URL}; scheme and host are right, as in https://governance.example.cn.")

if database["ENGINE"] == "django.db.backends.sqlite3":
    database["OPTIONS"] = {
        # A write takes its lock at once instead of failing half-way through a read that turns into one.
        "transaction_mode": "IMMEDIATE",
        "timeout": 10,
        "init_command": (
            "PRAGMA journal_mode=WAL;"
            "PRAGMA synchronous=NORMAL;"
            "PRAGMA foreign_keys=ON;"
            # The most that SQLite maps: a page that is in memory is read where it lies.
            "PRAGMA mmap_size=2147418112;"
        ),
    }
elif database["ENGINE"] == "django.db.backends.postgresql":
    database["ENGINE"] = "governance.postgresql"
    # A host that is gone says nothing; TCP finds that out. What DATABASE_URL says goes before.
    gone = {"connect_timeout": 10, "keepalives_idle": 10, "keepalives_interval": 5}
    database["OPTIONS"] = gone | {"tcp_user_timeout": 20_000} | database.get("OPTIONS", {})
else:
    stop("DATABASE_URL must begin with sqlite:/// or postgres://; no other database is tested.")

database |= {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}
DATABASES = {"default": database}

INSTALLED_APPS = [
    # First, so that our admin can put its own in the place of theirs.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "governance",
    "showcase",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_filters",
    # For its copy of htmx; nothing of it runs on the server.
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",  # Its Swagger UI: no page loads anything from elsewhere.
]

MIDDLEWARE = [
    "showcase.middleware.behind_proxies",
    "showcase.request_log.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "showcase.middleware.content_security",
    "showcase.middleware.open_to_all",
    "showcase.middleware.read_only",
    "showcase.middleware.wanted_encodings",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "showcase.middleware.asked_anew",
    "showcase.answers.KeptAnswers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "showcase.middleware.LanguageOfAddress",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "showcase.middleware.readable",
    "showcase.middleware.bounded",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "showcase.middleware.Busy",
    "governance.accounts.signing_in.Slowed",
    "allauth.account.middleware.AccountMiddleware",
    "governance.accounts.second_factor.second_factor_first",
]

ROOT_URLCONF = "governance.urls"
WSGI_APPLICATION = "governance.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FIXTURE_DIRS = [BASE_DIR / "fixtures"]

TEMPLATES = [
    # The public pages. Jinja2 comes first, so that 404.html and its kin are found here.
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "environment": "showcase.html.jinja.Environments",
            "context_processors": ["showcase.html.jinja.page_context"],
        },
    },
    # The admin.
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Before those of django-allauth, which come first otherwise.
        "DIRS": [BASE_DIR / "governance/templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# The msgids are Chinese, so Chinese can be neither stale nor missing; English is a catalogue.
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", _("英文"))]
STAFF_PATHS = ("/admin/", "/en/admin/")
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = DEBUG

# Of a form without its files: a pasted announcement may be long, and a preview has many boxes.
# showcase.middleware.bounded keeps strangers far below.
DATA_UPLOAD_MAX_MEMORY_SIZE = 16 << 20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

AUTHENTICATION_BACKENDS = ["governance.accounts.signing_in.SlowedBackend"]
LOGIN_URL, LOGIN_REDIRECT_URL = "account_login", "admin:index"
# A working day.
SESSION_COOKIE_AGE = 10 * 60 * 60

ACCOUNT_ADAPTER = "governance.accounts.adapters.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
# governance.accounts.signing_in counts, for all workers together.
ACCOUNT_RATE_LIMITS = False
MFA_ADAPTER = "governance.accounts.adapters.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "governance.accounts.adapters.CodeAtSignIn",
    "reauthenticate": "governance.accounts.adapters.CodeAgain",
}

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# What a browser may load and run: no inline script or style, and nothing from elsewhere.
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; object-src 'none';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# Staff see a picture before they send it.
CONTENT_SECURITY_POLICY_ADMIN = CONTENT_SECURITY_POLICY.replace(
    "img-src 'self'", "img-src 'self' blob:"
)
# What no page asks for, no script that got in can ask for either.
PERMISSIONS_POLICY = (
    "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"
)

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["showcase.api.speaking.JsonOnly"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "showcase.api.speaking.AlwaysJson",
    "DEFAULT_SCHEMA_CLASS": "showcase.api.schema.Described",
    "DEFAULT_PAGINATION_CLASS": "showcase.api.pagination.PageNumbers",
    "EXCEPTION_HANDLER": "showcase.api.errors.handler",
    "UNAUTHENTICATED_USER": None,
    # ?format= would be a parameter that the filter does not know; let the filter say so.
    "URL_FORMAT_OVERRIDE": None,
}

SPECTACULAR_SETTINGS = {
    "TITLE": "Community Governance Showcase",
    "VERSION": __version__,
    "DESCRIPTION": (
        "Fields are added, and never renamed, removed or retyped below this address. Every key is always"
        ' there; missing text is "", a missing number or date null, a missing list []. Days are as in'
        " 2026-11-27. Data: CC BY 4.0; announcements are quoted."
    ),
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api",
    "SERVE_INCLUDE_SCHEMA": False,
    # Closed values stand where they are used: as components they would have made-up names.
    "POSTPROCESSING_HOOKS": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "format": "{asctime} {levelname} {request_id} {message}",
            "style": "{",
        }
    },
    "filters": {"request_id": {"()": "showcase.request_log.WithRequestId"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["request_id"],
        }
    },
    "root": {"handlers": ["console"], "level": "INFO"},
}
