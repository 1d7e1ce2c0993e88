"""What an attacker would send: values, addresses, and a look at whether an answer is what it says it is."""

import csv
import gzip
import io
import json
import re
from itertools import takewhile
from urllib.parse import urlsplit
from zipfile import ZipFile

from lxml import etree, html

# What runs in a page that is not careful calls this: nobody defines it but the trap of the browser tests.
CALL = "trap(1)"
SCRIPTS = [
    f"<script>{CALL}</script>",
    f"</script><script>{CALL}</script>",
    f"</title></textarea></style><svg onload={CALL}>",
    f'"><img src=x onerror={CALL}>',
    f"'><img src=x onerror='{CALL}'>",
    f'" autofocus onfocus="{CALL}" x="',
    f"' autofocus onfocus='{CALL}' x='",
    f"<iframe srcdoc='<script>parent.{CALL}</script>'></iframe>",
    f"<math><mtext><img src=x onerror={CALL}></mtext></math>",
    f"javascript:{CALL}//",
    f"java\tscript:{CALL}",
    f"data:text/html,<script>{CALL}</script>",
    f"<!--><img src=x onerror={CALL}>-->",
    f"]]><script>{CALL}</script>",
    f"＜script＞{CALL}＜/script＞",
    "{{ 7*191 }}{% include 'admin/base.html' %}{# x #}",
    f"<style>@import 'javascript:{CALL}'</style>",
    f"<base href='//evil.example/'><form action=javascript:{CALL}><button autofocus>",
    f"<template><script>{CALL}</script></template><object data=javascript:{CALL}>",
    f"&lt;script&gt;{CALL}&lt;/script&gt;",
    f"\u2028{CALL}\u2029<script>{CALL}</script>",
]
FORMULAS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://evil.example")',
    "\t=1+1",
    "\r=1+1",
    "＝1+1",
]
INJECTIONS = [
    "' OR '1'='1",
    '" OR ""="',
    "'; DROP TABLE governance_achievement; --",
    "1) UNION SELECT password FROM auth_user --",
    "%' ESCAPE '!' --",
    "\\' OR 1=1 #",
    "{{7*7}}",
    "${7*7}",
    "%(secret)s %s %d {0.__class__} {settings.SECRET_KEY}",
    "$(id)`id`|id;id&&id",
    "*)(uid=*))(|(uid=*",
    "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>",
    "!!python/object/apply:os.system ['id']",
    '{"$ne": null}',
    "__proto__",
    "a[]=1&b[$gt]=",
]
PATHS = [
    "../../../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "....//....//etc/passwd",
    "%2e%2e%2fetc%2fpasswd",
    "..%2f..%2fdb.sqlite3",
    "/etc/passwd",
    "//evil.example/%2e%2e",
    "\\\\evil.example\\share",
    "https://evil.example/",
    "https:evil.example",
    "http://[",
    "file:///etc/passwd",
    "C:\\secret_key",
    ".git/config",
    ".env",
]
STRANGE = [
    "\x00",
    "社区\x00",
    "a\r\nSet-Cookie: evil=1\r\n\r\n<script>",
    "\u202e\u2066evil\u2069",
    "\ufeff\u200b\u200d\u2060",
    "\u0301" * 200,
    "👩‍👩‍👧‍👦" * 50,
    "\ud7ff\ue000\uffff\U0010ffff",
    "İıſKÅ",
    "ﷺ" * 300,
    "㈠" * 500,
    "((((((((((a+)+)+)+)+)+)+)+)+)+$",
    "a" * 5_000,
    "社" * 3_000,
    '"' * 99,
    "“" * 99,
    "+" * 99,
    " " * 500,
    "%",
    "%zz",
    "%u0041",
    "&#x3c;",
    "٣٤٥",
    "１２３",
    "²",
]
NUMBERS = [
    *("-1", "0", "1e309", "NaN", "inf", "0x10", "1_000", "999999999999999999999", "-0", "1.5"),
    *("2147483648", "9223372036854775808", "1" * 400, "٢٠١٥", "2015-02-30", "0000-00-00"),
]
STRINGS = [*SCRIPTS, *FORMULAS, *INJECTIONS, *PATHS, *STRANGE, *NUMBERS]

SCHEMES = re.compile(r"[\s\x00-\x20]*(javascript|data|vbscript|file)\s*:", re.IGNORECASE)
ADDRESSES = ("href", "src", "action", "formaction", "data", "poster", "srcset", "xlink:href")
JSON_TYPES = re.compile(r"application/(.+\+)?json")
XML_TYPES = re.compile(r"(application|text|image)/(.+\+)?xml")


def look_at(response, own="http://testserver"):
    """Fails if an answer is not what it says it is, or would run or lead to what was sent."""
    for name, value in response.items():
        assert not re.search(r"[\r\n]", value), name
    location = response.get("Location", "/")
    where = urlsplit(location)
    assert where.netloc in ("", urlsplit(own).netloc), location
    assert not location.startswith(("//", "\\", "/\\")), location
    assert where.scheme in ("", "http"), location
    kind = response.get("Content-Type", "").partition(";")[0]
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if not content:
        return
    if response.get("Content-Encoding") == "gzip":
        content = gzip.decompress(content)
    if kind == "text/html":
        look_at_page(content)
    elif JSON_TYPES.fullmatch(kind):
        json.loads(content, parse_constant=_no_json)
    elif kind == "application/jsonl":
        for line in content.splitlines():
            json.loads(line, parse_constant=_no_json)
    elif XML_TYPES.fullmatch(kind):
        look_at_xml(content)
    elif kind == "text/csv":
        look_at_table(content.decode("utf-8-sig"))
    elif kind.startswith("application/vnd.openxmlformats"):
        look_at_archive(content)
    else:
        # Citations and sentences: text.
        assert kind.startswith(("text/", "application/x-")), kind
        content.decode()


def _no_json(name):
    raise AssertionError(f"{name} is no JSON")


def look_at_page(content):
    """Its scripts are files or data, it has no handlers, and no address that is a program."""
    tree = html.document_fromstring(content.decode())
    for element in tree.iter(etree.Element):
        for name, value in element.attrib.items():
            assert not name.startswith("on"), etree.tostring(element)[:300]
            assert name not in ("style", "srcdoc"), etree.tostring(element)[:300]
            if name in ADDRESSES:
                assert not SCHEMES.match(value), etree.tostring(element)[:300]
        if element.tag == "script" and "src" not in element.attrib:
            assert element.get("type") in ("application/ld+json", "application/json")
            json.loads(element.text)
        assert element.tag not in ("base", "iframe", "object", "embed", "style", "math")


def look_at_xml(content):
    """It is well-formed, declares nothing, and holds no element that a browser would run."""
    tree = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    assert not tree.getroottree().docinfo.internalDTD
    for element in tree.iter(etree.Element):
        assert etree.QName(element).localname not in ("script", "foreignObject", "iframe")
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            assert not ("href" in name and SCHEMES.match(value))


def look_at_table(text):
    """Each line has as many cells as the first, and no cell is a formula; notes stand below a blank line."""
    lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    table = takewhile(bool, lines)
    assert len({len(line) for line in table}) <= 1
    for line in lines:
        for cell in line:
            assert not re.match(r"[=+@\t\r]|-\D", cell), cell


def look_at_archive(content):
    """Each part of an Office file is whole, is XML or a picture, and none is a macro or leads elsewhere."""
    with ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            assert not name.startswith("/")
            assert ".." not in name
            assert not name.endswith((".bin", ".exe", ".vbs"))
            if name.endswith((".xml", ".rels")):
                part = etree.fromstring(archive.read(name))
                # A formula of a workbook.
                formulas = part.iter("{http://schemas.openxmlformats.org/spreadsheetml/2006/main}f")
                assert not list(formulas), name
