"""What search engines and browsers ask for beside the pages."""

from django.contrib.sitemaps.views import sitemap, x_robots_tag
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView, View

from showcase.answers import Conditional
from showcase.data.sitemaps import SITEMAPS, files

from .base import Clean


class SitemapIndex(Clean, Conditional, View):
    @method_decorator(x_robots_tag)
    def get(self, request):
        found = [{"location": address} for address in files(request)]
        return render(request, "sitemap_index.xml", {"sitemaps": found}, "application/xml")


class Sitemap(Clean, Conditional, View):
    """A part of the sitemap; `?p=2` is the second file of a large one."""

    def get(self, request, section):
        return sitemap(request, SITEMAPS, section)


class Robots(TemplateView):
    template_name = "robots.txt"
    content_type = "text/plain; charset=utf-8"


class OpenSearch(TemplateView):
    """How a browser searches the site from its own search box."""

    template_name = "opensearch.xml"
    content_type = "application/opensearchdescription+xml; charset=utf-8"
