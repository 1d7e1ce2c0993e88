"""The English catalogue is whole, and the two languages keep to their own pages."""

import re
from html.parser import HTMLParser
from io import BytesIO

import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings

from .helpers.pages import Page

CATALOGUE = settings.BASE_DIR / "locale/en/LC_MESSAGES/django.po"
HAN = re.compile(r"[\u3400-\u9fff]")
CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
PLACEHOLDER = re.compile(r"%\(\w+\)[\d.]*[a-z]")

ENGLISH_PAGES = [
    ("/en/", 200),
    ("/en/achievements/", 200),
    ("/en/achievements/?region=320000&mechanism=deliberation", 200),
    ("/en/achievements/?region=320000&mechanism=party-leadership", 200),
    ("/en/achievements/2015-w01/", 200),
    ("/en/achievements/2015-w07/", 200),
    ("/en/regions/", 200),
    ("/en/regions/320000/", 200),
    ("/en/regions/130502/", 200),
    ("/en/regions/440300-FA01/", 200),
    ("/en/mechanisms/", 200),
    ("/en/mechanisms/self-governance/", 200),
    ("/en/organizations/", 200),
    ("/en/organizations/cpc-taicang-municipal-committee/", 200),
    ("/en/years/", 200),
    ("/en/years/2015/", 200),
    ("/en/about/", 200),
    ("/en/analysis/", 200),
    ("/en/analysis/?rows=mechanism&columns=mechanism&region=320000&also=field.service", 200),
    ("/en/analysis/?rows=organization_kind&columns=organization_level&measure=row", 200),
    ("/en/analysis/?rows=province", 200),
    ("/en/analysis/?rows=x", 400),
    ("/en/compare/", 200),
    ("/en/compare/?code=2015-w01&code=2015-w02&code=2015-n01", 200),
    ("/en/compare/?code=2015-w1", 400),
    ("/en/achievements/?tier=win&regoin=1&page=x&sort=year&sort=title", 400),
    ("/en/nope/", 404),
]


@pytest.fixture(scope="module")
def catalogue():
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="en", domain="django")


@pytest.fixture(scope="module")
def messages(catalogue):
    """Every message but the header, which has an empty msgid."""
    return [message for message in catalogue if message.id]


def versions(text):
    """The singular and the plural of a message, or its one form."""
    return [text] if isinstance(text, str) else list(text)


def extracted():
    """(context, msgid) of each string in the sources, as `make messages` reads them."""
    root = settings.BASE_DIR
    keywords = re.findall(r"--keyword (\S+)", (root / "Makefile").read_text())
    with (root / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file, filename="babel.cfg")
    found = extract_from_dir(root, methods, options, DEFAULT_KEYWORDS | parse_keywords(keywords))
    return {(context, message) for _file, _line, message, _comments, context in found}


def test_it_holds_exactly_the_messages_of_the_sources(messages):
    kept = {(message.context, message.id) for message in messages}
    sources = extracted()
    assert kept - sources == set(), "stale: run `make messages`"
    assert sources - kept == set(), "missing: run `make messages`, then translate"


def test_its_msgids_are_chinese(messages):
    # Or made of values and Chinese punctuation alone.
    chinese = re.compile(f"{HAN.pattern}|[：，。；？！（）“”《》、]")
    assert [message.id for message in messages if not chinese.search("".join(message.id))] == []


def test_every_message_is_translated(catalogue, messages):
    assert [message.id for message in messages if not all(versions(message.string))] == []
    assert [message.id for message in catalogue if message.fuzzy] == []
    assert catalogue.obsolete == {}


def test_a_translation_has_the_placeholders_of_its_message(messages):
    for message in messages:
        expected = set(PLACEHOLDER.findall(versions(message.id)[0]))
        for text in versions(message.string):
            assert set(PLACEHOLDER.findall(text)) == expected, message.id


def test_a_translation_has_english_punctuation(messages):
    for message in messages:
        for text in versions(message.string):
            assert re.findall("[，。、；：（）！？《》]", text) == [], text


def test_a_translation_has_each_form_by_itself(messages):
    """As translation tools join singular and plural."""
    assert [message.id for message in messages if "|||" in "".join(message.string)] == []


def test_a_translation_has_curly_apostrophes_and_quotes(messages):
    texts = [text for message in messages for text in versions(message.string)]
    # Without tags, and the mark itself where it is spoken of.
    plain = [re.sub(r"<[^>]*>|\(\"\)", "", text) for text in texts]
    assert [text for text in plain if re.search(r"\w'|'\w|\"", text)] == []


def test_the_rules_of_coding_have_curly_apostrophes():
    text = (settings.BASE_DIR / "templates/coding_rules/en.html").read_text(encoding="utf-8")
    assert re.findall(r"\w+'\w*", re.sub(r"<[^>]*>|{[{%].*?[%}]}", "", text)) == []


def test_what_is_served_was_compiled_from_it(catalogue):
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    assert CATALOGUE.with_suffix(".mo").read_bytes() == compiled.getvalue(), "run `make messages`"


class Unmarked(HTMLParser):
    """Collects the Chinese of a page, in text and attributes, that no lang="zh…" covers."""

    VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "source", "wbr"})
    READ = ("alt", "aria-label", "content", "placeholder", "title")

    def __init__(self, html):
        super().__init__()
        # The open elements, each with the language that holds within it.
        self.open, self.found = [("", "")], []
        self.feed(html)
        assert [tag for tag, _language in self.open] == [""], "an element is not closed"

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        language = attributes.get("lang", self.open[-1][1])
        for name in self.READ:
            self.read(attributes.get(name) or "", language)
        if tag not in self.VOID:
            self.open.append((tag, language))

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag, f"</{tag}> closes another element"

    def handle_data(self, data):
        tag, language = self.open[-1]
        if tag not in ("script", "style"):
            self.read(data, language)

    def read(self, text, language):
        if CHINESE.search(text) and not language.startswith("zh"):
            self.found.append(text.strip())


def test_the_reader_of_pages_finds_chinese_that_is_not_marked():
    html = '<html lang="en"><p>社区<i lang="zh-Hans">治理<br>创新</i><img alt="成果">，</p></html>'
    assert Unmarked(html).found == ["社区", "成果", "，"]


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "status"), ENGLISH_PAGES)
def test_an_english_page_marks_its_chinese(client, address, status):
    page = Page(client, address, status=status)
    assert '<html lang="en">' in page.html
    assert Unmarked(page.html).found == []


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "status"), ENGLISH_PAGES)
def test_a_chinese_page_says_that_it_is_chinese(client, address, status):
    page = Page(client, address.removeprefix("/en"), status=status)
    assert '<html lang="zh-Hans">' in page.html


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/achievements/?region=320000",
        "/achievements/?q=%E5%A4%AA%E4%BB%93&tier=winner&tier=nominee",
        "/achievements/2015-w01/",
        "/regions/440300-FA01/",
    ],
)
def test_the_language_link_keeps_the_page_and_its_query(client, address):
    assert ("English", f"/en{address}") in Page(client, address).links
    assert ("中文", address) in Page(client, f"/en{address}").links


@pytest.mark.django_db
def test_a_list_is_counted_in_english_grammar(client):
    assert Page(client, "/en/achievements/?region=320000").heading == "Jiangsu: 2 innovations"
    one = "/en/achievements/?region=320000&mechanism=deliberation"
    assert (
        Page(client, one).heading == "Jiangsu, and Deliberation on community affairs: 1 innovation"
    )
