"""What search engines and browsers ask for beside the pages."""

from functools import partial
from typing import NamedTuple

from django.core.paginator import InvalidPage
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from governance import facets, index
from showcase import links
from showcase.answers import Conditional
from showcase.citing.works import cited, database_work
from showcase.data.faces import FACES
from showcase.data.sitemaps import SITEMAPS
from showcase.query.vocabulary import vocabulary

from .base import Clean


class SitemapIndex(Clean, Conditional, View):
    def get(self, request):
        entries = index.select()
        parts = {
            links.absolute(request, links.sitemap(section)): pages(entries).files().num_pages
            for section, pages in SITEMAPS.items()
        }
        return xml(request, "sitemap_index.xml", {"parts": parts})


class Sitemap(Clean, Conditional, View):
    """A part of the sitemap; `?p=2` is the second file of a large one."""

    def get(self, request, section):
        if section not in SITEMAPS:
            raise Http404(section)
        pages = SITEMAPS[section](index.select())
        try:
            items = pages.files().page(request.GET.get("p", 1))
        except InvalidPage as error:
            raise Http404(section) from error
        found = {"pages": pages.listed(items), "origin": links.absolute(request, "")}
        return xml(request, "sitemap.xml", found)


def xml(request, template, context):
    response = render(request, template, context, content_type="application/xml")
    # The list itself is nothing to be found.
    response["X-Robots-Tag"] = "noindex"
    return response


class Robots(TemplateView):
    template_name = "robots.txt"
    content_type = "text/plain; charset=utf-8"


class OpenSearch(TemplateView):
    """How a browser searches the site from its own search box."""

    template_name = "opensearch.xml"
    content_type = "application/opensearchdescription+xml; charset=utf-8"


class Example(NamedTuple):
    """A question, the address that answers it, and how the answer is read."""

    question: str
    address: str
    reading: str


def worked_queries() -> list[Example]:
    """They name nothing that a record may lack."""
    return [
        Example(
            _("江苏省哪些成果写到“协商”？"),
            "/api/achievements/?region=320000&q=%E5%8D%8F%E5%95%86",
            _(
                "count 为项数；results 中每项有 title、url，mechanisms[].evidence[].text 为原文依据。"
            ),
        ),
        Example(
            _("获奖成果用了哪些公众参与的机制，原文依据是什么？"),
            f"{links.address('codings-file')}?field=participation&tier=winner&header=names",
            _(
                "每行一条标注；mechanisms.evidence.text 为原文依据，仅 mechanisms.aspect 为 means 的计入项数。"
            ),
        ),
        Example(
            _("四个领域在东、中、西部和东北各有多少项？"),
            f"{links.face('analysis', 'json')}?rows=field&columns=zone",
            _("项数与各行各列的合计；一项成果可属几个领域，合计可以大于总项数。"),
        ),
    ]


class LlmsTxt(Clean, Conditional, TemplateView):
    """What scripts and assistants need to know, on one page (https://llmstxt.org)."""

    template_name = "llms.txt"
    content_type = "text/plain; charset=utf-8"

    def get_context_data(self):
        entries = index.select()
        files = [links.face("achievements", name) for name in FACES if name != "codings"]
        return {
            "entries": entries,
            "data_version": entries.digest,
            "words": vocabulary(entries.index),
            "facets": facets.TABLE.parameters(),
            "dimensions": facets.TABLE.dimensions(),
            "faces": [*files, links.address("codings-file")],
            "examples": worked_queries(),
            "full": partial(links.absolute, self.request),
            "citation": cited(
                database_work(entries.index, links.absolute(self.request, links.address("home")))
            ),
        }
