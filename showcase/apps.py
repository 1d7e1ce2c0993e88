from django.apps import AppConfig
from django.conf import settings
from django.core.checks import Error, Tags, Warning, register


class ShowcaseConfig(AppConfig):
    name = "showcase"


@register(Tags.security, deploy=True)
def permanent_addresses(app_configs, **kwargs):
    """For `check --deploy`: without SITE_URL whoever asks under an alias is given that to cite."""
    if settings.SITE_URL:
        return []
    return [
        Warning(
            "SITE_URL is not set: citations, identifiers and sitemaps have whatever host was asked for.",
            hint="Set it to the origin of the site, such as https://governance.example.cn.",
            id="showcase.W001",
        )
    ]


# Django's own advice is 50, of which it makes a warning of `check --deploy`.
SHORTEST_KEY = 32


@register(Tags.security)
def long_key(app_configs, **kwargs):
    """A key that can be guessed signs whatever its guesser likes: sessions, and known browsers."""
    if settings.DEBUG or len(settings.SECRET_KEY) >= SHORTEST_KEY:
        return []
    return [
        Error(
            f"SECRET_KEY has {len(settings.SECRET_KEY)} characters; at least {SHORTEST_KEY} are needed.",
            hint="Leave it out, and one is made and kept in DATA_DIR; or DEBUG=true while working.",
            id="showcase.E001",
        )
    ]
