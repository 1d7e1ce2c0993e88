from django.views.generic import DetailView, ListView

from governance import index
from governance.models import Organization
from showcase.html import heads
from showcase.tables.profiles import Profile

from .base import Lasting, Page


class OrganizationList(Page, ListView):
    section = "organizations"
    describe = staticmethod(heads.organizations)
    template_name = "organization_list.html"
    context_object_name = "organizations"
    paginate_by = 100

    def takes(self):
        return ["page"]

    def get_queryset(self):
        self.now = index.current()
        return self.now.names.organizations

    def paginate_queryset(self, queryset, page_size):
        paginator, page, slugs, several = super().paginate_queryset(queryset, page_size)
        return paginator, page, counted(slugs, self.now), several


def counted(slugs, now):
    """(organization, how many entries it has) for each of some slugs."""
    rows = {row.slug: row for row in Organization.objects.published().filter(slug__in=slugs)}
    having = now.postings([f"/organization/{slug}" for slug in slugs])
    return [(rows[slug], len(having[f"/organization/{slug}"])) for slug in slugs if slug in rows]


class OrganizationDetail(Lasting, Page, DetailView):
    section = "organizations"
    describe = staticmethod(heads.organization)
    template_name = "organization_detail.html"
    model = Organization
    context_object_name = "organization"

    def get_queryset(self):
        return Organization.objects.published().select_related("region__parent__parent__parent")

    def get_context_data(self, **kwargs):
        entries = index.select(organization=[self.object.slug])
        profile = Profile(entries, f"?organization={self.object.slug}", "organization")
        return super().get_context_data(entries=entries, profile=profile, **kwargs)
