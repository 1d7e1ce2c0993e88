"""The whole database as it is kept: which versions there are, what each holds, what its fields mean."""

from django.http import Http404
from django.shortcuts import redirect
from django.views.generic import TemplateView, View

from showcase import links
from showcase.citing.works import cited, version_work
from showcase.data.packages.codebook import TYPE_LABELS, branches, columns_of
from showcase.data.packages.describing import OTHER_FILES, grouped
from showcase.data.packages.tables import PACKAGE_TABLES
from showcase.data.packages.versions import Version, latest, version_named, versions
from showcase.html import heads

from .base import Clean, Page, Shown


class DataVersions(Shown, TemplateView):
    section = "data"
    describe = staticmethod(heads.data)
    template_name = "data_list.html"

    def get_context_data(self):
        newest = latest()
        work = newest and work_of(newest, self.request)
        return super().get_context_data(
            latest=newest,
            versions=versions(),
            tables=PACKAGE_TABLES,
            others=OTHER_FILES,
            work=work,
            citation=work and cited(work),
        )


class DataVersion(Shown, TemplateView):
    """One of them; 410 if it was withdrawn."""

    section = "data"
    describe = staticmethod(heads.data_version)
    template_name = "data_detail.html"

    def get(self, request, name):
        found = version_named(name)
        if found is None:
            raise Http404(name)
        context = self.get_context_data(version=found, work=work_of(found, request))
        return self.render_to_response(context, status=410 if found.withdrawn else 200)

    def get_context_data(self, version, work):
        return super().get_context_data(
            version=version,
            latest=latest(),
            groups=grouped(version.files),
            work=work,
            citation=cited(work),
        )


class LatestVersion(Clean, View):
    """Leads to the version of today's record, or to where it would be listed."""

    def get(self, request):
        found = latest()
        return redirect(links.address("data-version", found.name) if found else "data")


class DataFields(Page, TemplateView):
    """The codebook of the data: what each field and each table means."""

    section = "about"
    describe = staticmethod(heads.data_fields)
    template_name = "data_fields.html"

    def get_context_data(self):
        return super().get_context_data(
            branches=branches(), columns=columns_of(), tables=PACKAGE_TABLES, types=TYPE_LABELS
        )


def work_of(version: Version, request):
    address = links.absolute(request, links.address("data-version", version.name))
    return version_work(version.name, version.issued, address)
