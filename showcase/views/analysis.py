from django.http import JsonResponse
from django.views.generic import TemplateView, View

from showcase import links
from showcase.citing.works import cited, data_work
from showcase.data.exports import csv_response, download
from showcase.html import charts, heads
from showcase.query.form import common
from showcase.tables.crosstabs import Table, own_fields, question
from showcase.tables.notes import EXAMPLES, beneath, first_reading, notes
from showcase.tables.opened import open_table, page_of

from .base import ForPrograms, Page


class Analysis(Page, TemplateView):
    section = "analysis"
    describe = staticmethod(heads.analysis)
    template_name = "analysis.html"

    def takes(self):
        return [*common(), *own_fields()]

    def get_context_data(self):
        asks = question(self.request)
        table, permalink = Table(asks), asks.permalink
        address = links.absolute(self.request, self.request.path + permalink)
        work = data_work(table.caption, asks.asked.index, address)
        return super().get_context_data(
            question=asks,
            table=table,
            notes=notes(table),
            beneath=beneath(table, address),
            reading=first_reading(table),
            chart=charts.of(table) if table.of_pairs else None,
            permalink=permalink,
            work=work,
            citation=cited(work),
            examples=EXAMPLES,
        )


class AnalysisFile(ForPrograms, View):
    """The same table as a file: `face` is csv, svg or json."""

    @property
    def is_json(self):
        return self.kwargs["face"] == "json"

    def get(self, request, face):
        return getattr(self, face)(Table(question(request)), request)

    def csv(self, table, request):
        said = [[sentence] for sentence in beneath(table, page_of(table, request))]
        return csv_response([*table.as_rows(), [], *said], table.name)

    def svg(self, table, request):
        drawn = charts.of(table, alone=True).svg
        return download(drawn, "image/svg+xml", f"{table.name}.svg")

    def json(self, table, request):
        found = open_table(table, request)
        return JsonResponse(found, json_dumps_params={"ensure_ascii": False})
