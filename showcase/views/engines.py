"""What search engines and browsers ask for beside the pages."""

from django.core.paginator import InvalidPage
from django.http import Http404
from django.shortcuts import render
from django.views.generic import TemplateView, View

from governance import index
from showcase import links
from showcase.answers import Conditional
from showcase.data.sitemaps import SITEMAPS

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
