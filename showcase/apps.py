from django.apps import AppConfig
from django.conf import settings
from django.core.checks import Tags, Warning, register


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
