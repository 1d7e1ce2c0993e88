from django.views.generic import TemplateView

from governance import index
from showcase.entry.comparison import compared_mechanisms, compared_records
from showcase.html import heads

from .base import Page


class Compare(Page, TemplateView):
    section = "compare"
    describe = staticmethod(heads.compare)
    template_name = "compare.html"

    def takes(self):
        return ["code"]

    def get_context_data(self):
        records = compared_records(self.request.GET)
        return super().get_context_data(
            entries=records,
            codes=[record["code"] for record in records],
            mechanisms=compared_mechanisms(records),
            # To begin with, where nothing is chosen yet.
            latest=[] if records else index.select()[:20],
        )
