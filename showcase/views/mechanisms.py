from django.views.generic import DetailView, ListView

from governance.models import Achievement, Aspect, Mechanism, MechanismField
from showcase.facets import mechanism_counts
from showcase.pages import Page


class MechanismList(Page, ListView):
    section = "mechanisms"
    template_name = "mechanism_list.html"
    model = Mechanism

    def get_context_data(self, **kwargs):
        entries = Achievement.objects.published()
        counted = mechanism_counts(entries)
        fields = [
            (
                field,
                field.label,
                entries.with_means(field=field).count(),
                [(mechanism, count) for mechanism, count in counted if mechanism.field == field],
            )
            for field in MechanismField
        ]
        return super().get_context_data(fields=fields, **kwargs)


class MechanismDetail(Page, DetailView):
    section = "mechanisms"
    template_name = "mechanism_detail.html"
    model = Mechanism
    context_object_name = "mechanism"

    def get_context_data(self, **kwargs):
        entries = Achievement.objects.published().as_announced().with_record()
        by_aspect = [
            (aspect, entries.filter(codings__mechanism=self.object, codings__aspect=aspect))
            for aspect in Aspect
        ]
        return super().get_context_data(by_aspect=by_aspect, **kwargs)
