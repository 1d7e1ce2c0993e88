"""The Jinja2 environment of the public pages, and what every page knows."""

from django.templatetags.static import static
from django.urls import reverse, translate_url
from django.utils import translation
from django.utils.formats import date_format
from jinja2 import Environment

from governance import __version__, images

from . import links
from .text import localized


def environment(**options):
    env = Environment(
        extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True, **options
    )
    env.policies["ext.i18n.trimmed"] = True
    env.install_gettext_callables(
        translation.gettext,
        translation.ngettext,
        newstyle=True,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
    )
    env.globals |= {
        "image_widths": images.widths,
        "links": links,
        "static": static,
        "url": url,
        "version": __version__,
    }
    env.filters |= {"date": date_format, "localized": localized}
    return env


def url(name, *args):
    return reverse(name, args=args)


def page_context(request):
    language = translation.get_language()
    other = "zh-hans" if language == "en" else "en"
    here = request.get_full_path()
    there = translate_url(here, other)
    return {
        "language": language,
        "other_language": other,
        # An address that does not exist stays as it is in the other language too.
        "other_language_url": there if there != here else None,
        "canonical_url": request.build_absolute_uri(request.path),
    }
