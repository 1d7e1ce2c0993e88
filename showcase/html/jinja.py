"""The Jinja2 environment of the public pages, and what every page knows."""

from collections.abc import Callable
from functools import cache, partial
from typing import Any

from django.conf import settings
from django.db.models import TextChoices
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils import translation
from django.utils.formats import date_format
from django.utils.functional import SimpleLazyObject
from jinja2 import Environment, Template, nodes
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import Markup, _escape_inner, escape

from governance import __version__, index
from governance.models import Aspect, AwardYear, Setting, Weight
from governance.publishing import last_change
from showcase import links
from showcase.query.vocabulary import Vocabulary, vocabulary
from showcase.text import HAN, in_its_language, localized, unbroken

from . import cards, charts, tiles
from .jinja_extensions import Messages

# A message; (context, message); or (message, plural, whether it is one).
Message = str | tuple[str, str] | tuple[str, str, bool]


def choice_labels(choices: type[TextChoices], language: str) -> dict[str, str]:
    """{value: label} of a TextChoices."""
    with translation.override(language):
        return {value: str(label) for value, label in choices.choices}


def label_of(choices: type[TextChoices], language: str) -> Callable[[str], str]:
    """A filter: the label of a stored value."""
    return choice_labels(choices, language).__getitem__


class Words(dict[Message, str]):
    """{Chinese message: message} in one language, translated when first asked for.

    A key may also be what gettext's other functions take; one or more is all that our languages
    tell apart.
    """

    def __init__(self, language: str) -> None:
        super().__init__()
        self._language = language

    def __missing__(self, key: Message) -> str:
        with translation.override(self._language):
            self[key] = _translated(key)
        return self[key]


def _translated(key: Message) -> str:
    match key:
        case (context, message):
            return translation.pgettext(context, message)
        case (message, plural, one):
            return translation.ngettext(message, plural, 1 if one else 2)
        case message:
            return translation.gettext(message)


class Environments:
    """An environment for each language, so that what the language settles is settled once, when a
    template is compiled; the reader's is asked.
    """

    def __init__(self, **options: Any) -> None:
        self._by_language = {code: environment(code, options) for code, _name in settings.LANGUAGES}

    def get_template(self, name: str) -> Template:
        return self.of_reader().get_template(name)

    def from_string(self, source: str) -> Template:
        return self.of_reader().from_string(source)

    def of_reader(self) -> Environment:
        return self._by_language[translation.get_language() or settings.LANGUAGE_CODE]


def escaped(value: Any) -> str:
    """What `escape` gives, as a plain string, which costs a fifth."""
    kind = type(value)
    if kind is str:
        return _escape_inner(value)
    # Of numbers and of what is marked as safe, of which a list has 200, nothing is to be escaped.
    return str(value) if kind is int or kind is Markup else str(escape(value))


class PlainPieces(CodeGenerator):
    """Compiles `{{ value }}` to `escaped(value)`, where Jinja's makes a Markup of each piece only to
    join them: a list has 570 and takes a tenth less so (docs/decisions/0031-benchmark.md).
    """

    def _output_child_pre(
        self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo
    ) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile:
            self.write(f"environment.escaped({finalize.src or ''}")
        else:
            super()._output_child_pre(node, frame, finalize)


class PublicPages(Environment):
    """Jinja's environment, with less work for the same pages."""

    code_generator_class = PlainPieces
    escaped = staticmethod(escaped)

    def make_globals(self, d: Any) -> Any:
        """The globals as they are: Jinja chains them with those of one template, of which we have none,
        and such a chain is copied for each page and each `{% from %}`, 3 % of a list.
        """
        return {**self.globals, **d} if d else self.globals


def environment(language: str, options: dict[str, Any]) -> Environment:
    env = PublicPages(
        extensions=["jinja2.ext.i18n", Messages],
        trim_blocks=True,
        lstrip_blocks=True,
        **options,
    )
    env.policies["ext.i18n.trimmed"] = True
    words = Words(language)
    env.install_gettext_callables(  # type: ignore[attr-defined]  # by the extension i18n
        words.__getitem__,
        lambda message, plural, number: words[message, plural, number == 1],
        newstyle=False,
    )
    env.globals |= {
        "at": addresses(language),
        "contact_email": settings.CONTACT_EMAIL,
        "charts": charts,
        "compared": cards.COMPARED,
        "draw": cards.draw,
        "english": language == "en",
        "icp_number": settings.ICP_NUMBER,
        "links": links,
        "police_number": settings.POLICE_NUMBER,
        "publisher": settings.PUBLISHER,
        "publisher_address": settings.PUBLISHER_ADDRESS,
        # The manifest does not change while a process lives.
        "static": cache(static),
        "tiles": tiles,
        "url": links.address,
        "version": __version__,
        "language": language,
        "words": words,
    }
    env.filters |= {
        "date": date_format,
        "digits": lambda text: "".join(char for char in text if char.isdigit()),
        "in_its_language": in_its_language,
        "is_chinese": HAN.search,
        "localized": partial(localized, english=language == "en"),
        "unbroken": unbroken,
        "year_label": cache(lambda year: str(AwardYear(year=year))),
        "setting_label": label_of(Setting, language),
        "weight_label": label_of(Weight, language),
        "aspect_label": label_of(Aspect, language),
    }
    return env


def page_context(request: HttpRequest) -> dict[str, Any]:
    """What every template has, whatever its view gives it; what costs something is worked out when asked for."""
    language = translation.get_language()
    english = language == "en"
    return {
        "other_language": "zh-hans" if english else "en",
        # None where there is no page, so that there is none in the other language either.
        "other_language_url": request.resolver_match and in_other_language(request, english),
        # When asked for: a request under a wrong host has none, and is answered all the same.
        "canonical_url": SimpleLazyObject(lambda: links.absolute(request, request.path)),
        # When asked for, too: an error page does not.
        "last_change": lambda: last_change(getattr(request, "index", None)),
        # What entries of each tier are called where several awards may be in view.
        "tiers": SimpleLazyObject(lambda: words(request).tiers()),
        "several_awards": lambda: words(request).several_awards,
    }


def words(request: HttpRequest) -> Vocabulary:
    return vocabulary(getattr(request, "index", None) or index.current())


def addresses(language: str) -> dict[str, str]:
    """The addresses of the sections in a language, to which a code or slug is joined."""
    sections = ("achievements", "regions", "mechanisms", "organizations", "years", "compare")
    names = ("home", *sections, "analysis", "about", "data")
    with translation.override(language):
        return {name: links.address(name) for name in names}


def in_other_language(request: HttpRequest, english: bool) -> str:
    here = request.get_full_path()
    return here.removeprefix("/en") if english else f"/en{here}"
