"""The answers of OAI-PMH 2.0 as XML: see `harvesting` for what is in them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from lxml import etree

from governance.index import Index
from showcase import links
from showcase.html.schema_org import LICENCE
from showcase.query.query import CONTROLS

from . import harvesting
from .harvesting import Item, Refusal
from .records import OpenRecord, open_record

OAI = "http://www.openarchives.org/OAI/2.0/"
OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
DC = "http://purl.org/dc/elements/1.1/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
XML = "http://www.w3.org/XML/1998/namespace"
# The protocol wants an address of whoever keeps the site; this says that none is set, in a domain that
# nobody can have (RFC 2606).
NO_CONTACT = "CONTACT_EMAIL.is.not.set@example.invalid"


class OaiAnswer:
    """One answer, which a verb's method of the same name fills."""

    def __init__(self, request: HttpRequest, now: Index) -> None:
        self.request, self.now = request, now
        self.address = links.absolute(request, request.path)
        self.beginning = f"oai:{urlsplit(self.address).hostname}:"
        names: dict[Any, str] = {None: OAI, "xsi": XSI}
        self.root = etree.Element(f"{{{OAI}}}OAI-PMH", nsmap=names)
        self.root.set(f"{{{XSI}}}schemaLocation", f"{OAI} {OAI}OAI-PMH.xsd")
        _add(self.root, "responseDate", datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))

    def write(self, arguments: Mapping[str, str]) -> bytes:
        """The whole answer, or what is wrong with the arguments."""
        asked = _add(self.root, "request", self.address, **arguments)
        try:
            getattr(self, arguments["verb"])(arguments)
        except Refusal as refusal:
            if refusal.code in ("badVerb", "badArgument"):
                asked.attrib.clear()
            return self.refuse(refusal)
        return self._written()

    def refuse(self, refusal: Refusal) -> bytes:
        if self.root.find(f"{{{OAI}}}request") is None:
            _add(self.root, "request", self.address)
        _add(self.root, "error", str(refusal), code=refusal.code)
        return self._written()

    def _written(self) -> bytes:
        return etree.tostring(self.root, encoding="UTF-8", xml_declaration=True)

    def Identify(self, arguments: Mapping[str, str]) -> None:
        said = _add(self.root, "Identify")
        _add(said, "repositoryName", _("社区治理创新成果库"))
        _add(said, "baseURL", self.address)
        _add(said, "protocolVersion", "2.0")
        _add(said, "adminEmail", settings.CONTACT_EMAIL or NO_CONTACT)
        _add(said, "earliestDatestamp", harvesting.first_day().isoformat())
        _add(said, "deletedRecord", "persistent")
        _add(said, "granularity", "YYYY-MM-DD")

    def ListMetadataFormats(self, arguments: Mapping[str, str]) -> None:
        if "identifier" in arguments:
            self._item(arguments["identifier"])
        said = _add(_add(self.root, "ListMetadataFormats"), "metadataFormat")
        _add(said, "metadataPrefix", harvesting.PREFIX)
        _add(said, "schema", f"{OAI}oai_dc.xsd")
        _add(said, "metadataNamespace", OAI_DC)

    def ListSets(self, arguments: Mapping[str, str]) -> None:
        if "resumptionToken" in arguments:
            raise Refusal("badResumptionToken", _("集合一次列全，没有 resumptionToken。"))
        said = _add(self.root, "ListSets")
        for spec, name in harvesting.sets_in(self.now):
            one = _add(said, "set")
            _add(one, "setSpec", spec)
            _add(one, "setName", name)

    def GetRecord(self, arguments: Mapping[str, str]) -> None:
        item = self._item(arguments["identifier"])
        self._record(_add(self.root, "GetRecord"), item)

    def ListIdentifiers(self, arguments: Mapping[str, str]) -> None:
        self._list(arguments, self._header)

    def ListRecords(self, arguments: Mapping[str, str]) -> None:
        self._list(arguments, self._record)

    def _list(self, arguments, add) -> None:
        part = harvesting.part_of(harvesting.place_of(arguments), self.now)
        said = _add(self.root, arguments["verb"])
        for item in part.items:
            add(said, item)
        if part.following or "resumptionToken" in arguments:
            _add(said, "resumptionToken", part.following.token() if part.following else "")

    def _item(self, identifier: str) -> Item:
        code = identifier.removeprefix(self.beginning)
        item = harvesting.item_of(code, self.now) if code != identifier else None
        if item is None:
            raise Refusal("idDoesNotExist", _("没有这样的标识。"))
        return item

    def _header(self, parent: etree._Element, item: Item) -> None:
        header = _add(parent, "header", **({} if item.record else {"status": "deleted"}))
        _add(header, "identifier", self.beginning + item.code)
        _add(header, "datestamp", item.day.isoformat())
        for spec in item.sets:
            _add(header, "setSpec", spec)

    def _record(self, parent: etree._Element, item: Item) -> None:
        said = _add(parent, "record")
        self._header(said, item)
        if item.record:
            _dublin_core(_add(said, "metadata"), open_record(item.record, self.request))


def _dublin_core(parent: etree._Element, record: OpenRecord) -> None:
    """Simple Dublin Core: the database wrote of it, the organizations carried it out."""
    said = etree.SubElement(parent, f"{{{OAI_DC}}}dc", nsmap={"oai_dc": OAI_DC, "dc": DC})
    said.set(f"{{{XSI}}}schemaLocation", f"{OAI_DC} {OAI}oai_dc.xsd")
    region, name = record["region"], _("社区治理创新成果库")
    for element, text, language in [
        ("title", record["title"], "zh"),
        ("title", record["title_en"], "en"),
        ("creator", name, "zh"),
        *(("contributor", one["name"], "zh") for one in record["organizations"]),
        *(("subject", one["name"], "zh") for one in record["mechanisms"]),
        *(("subject", one["name_en"], "en") for one in record["mechanisms"]),
        ("description", record["summary"], "zh"),
        ("description", record["summary_en"], "en"),
        ("publisher", name, "zh"),
        ("date", record["modified"] or "", ""),
        ("type", "Text", ""),
        ("format", "text/html", ""),
        ("identifier", record["url"], ""),
        ("source", record["document"]["title"], "zh"),
        ("language", "zh", ""),
        ("coverage", "".join(place["name"] for place in region["lineage"]), "zh"),
        ("coverage", str(record["year"]), ""),
        (
            "rights",
            _("机制标注与英文译文依 CC BY 4.0 使用；公告原文系引用，权利属于发布单位。"),
            "zh",
        ),
        ("rights", LICENCE, ""),
    ]:
        if text:
            made = etree.SubElement(said, f"{{{DC}}}{element}")
            made.text = CONTROLS.sub(" ", text)
            if language:
                made.set(f"{{{XML}}}lang", language)


def _add(parent: etree._Element, name: str, text: str = "", **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, f"{{{OAI}}}{name}")
    element.text = CONTROLS.sub(" ", text) or None
    for attribute, value in attributes.items():
        element.set(attribute, CONTROLS.sub(" ", value))
    return element
