"""The Jinja2 environment of the public pages, and what every page knows."""

from functools import cache

from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.functional import SimpleLazyObject
from jinja2 import Environment, pass_context

from governance import __version__
from governance.models import Aspect, AwardYear, Setting, Tier, Weight

from . import comparison, fragments, links
from .text import localized


@cache
def labels(choices, _language):
    """{value: label} of a TextChoices in the language that is active."""
    return {value: str(label) for value, label in choices.choices}


def label_of(choices):
    """A filter: the label of a stored value, in the reader's language."""
    return lambda value: labels(choices, translation.get_language())[value]


@pass_context
def gettext(context, message):
    # A page asks for some fifty messages; its context knows the language sooner than Django does.
    return _translated(message, context.get("language") or translation.get_language())


@cache
def _translated(message, _language):
    return translation.gettext(message)


@pass_context
def pgettext(context, kind, message):
    return _translated_as(kind, message, context.get("language") or translation.get_language())


@cache
def _translated_as(kind, message, _language):
    return translation.pgettext(kind, message)


def environment(**options):
    env = Environment(
        extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True, **options
    )
    env.policies["ext.i18n.trimmed"] = True
    env.install_gettext_callables(
        gettext,
        translation.ngettext,
        newstyle=True,
        pgettext=pgettext,
        npgettext=translation.npgettext,
    )
    env.globals |= {
        "comparison": comparison,
        "fragments": fragments,
        "links": links,
        # The manifest does not change while a process lives.
        "static": cache(static),
        "url": url,
        "version": __version__,
    }
    env.filters |= {
        "date": date_format,
        "localized": localized,
        "year_label": lambda year: AwardYear(year=year),
        "tier_label": label_of(Tier),
        "setting_label": label_of(Setting),
        "weight_label": label_of(Weight),
        "aspect_label": label_of(Aspect),
    }
    return env


def url(name, *args):
    return reverse(name, args=args)


def page_context(request):
    language = translation.get_language()
    english = language == "en"
    return {
        "at": addresses(language),
        "tiers": labels(Tier, language),
        "language": language,
        "other_language": "zh-hans" if english else "en",
        # None where there is no page, so that there is none in the other language either.
        "other_language_url": request.resolver_match and in_other_language(request, english),
        # When asked for: a request under a wrong host has none, and is answered all the same.
        "canonical_url": SimpleLazyObject(lambda: request.build_absolute_uri(request.path)),
    }


@cache
def addresses(language):
    """The addresses of the sections in a language, to which a code or slug is joined."""
    names = ("home", "achievements", "regions", "mechanisms", "organizations", "years", "about")
    names += ("compare", "analysis")
    return {name: reverse(name) for name in names} | {"english": language == "en"}


def in_other_language(request, english):
    here = request.get_full_path()
    return here.removeprefix("/en") if english else f"/en{here}"
