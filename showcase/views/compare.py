from django.utils import timezone
from django.views.generic import TemplateView

from governance import index
from showcase import links
from showcase.data.provenance import comparison_provenance
from showcase.entry.comparison import comparison
from showcase.html import heads

from .base import Page


class Compare(Page, TemplateView):
    section = "compare"
    describe = staticmethod(heads.compare)
    template_name = "compare.html"

    def takes(self):
        return ["code"]

    def get_context_data(self):
        found, everything = comparison(self.request.GET), index.select()
        codes = links.changed(self.request.GET, code=found.codes)
        told = comparison_provenance(
            found.records, self.request.path + codes, everything.index, self.request
        )
        return super().get_context_data(
            comparison=found,
            citation=told.citation,
            kept=codes,
            codes=found.codes,
            version=everything.digest,
            today=timezone.localdate().isoformat(),
            address=told.address,
            # To begin with, where nothing is chosen yet.
            latest=[] if found.records else everything[:20],
        )
