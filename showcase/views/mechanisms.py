from django.views.generic import DetailView, ListView

from governance import index
from governance.models import Achievement, Aspect, Mechanism, MechanismField
from governance.records import Records, card
from showcase.html import heads
from showcase.query.facets import mechanism_counts
from showcase.tables.profiles import Profile

from .base import Lasting, Page


class MechanismList(Page, ListView):
    section = "mechanisms"
    describe = staticmethod(heads.mechanisms)
    template_name = "mechanism_list.html"
    model = Mechanism

    def get_context_data(self, **kwargs):
        entries = index.select()
        counted, fields = mechanism_counts(entries), entries.counts("field")
        groups = [
            (
                field,
                field.label,
                fields.get(field, 0),
                [(mechanism, count) for mechanism, count in counted if mechanism.field == field],
            )
            for field in MechanismField
        ]
        return super().get_context_data(fields=groups, **kwargs)


class MechanismDetail(Lasting, Page, DetailView):
    section = "mechanisms"
    describe = staticmethod(heads.mechanism)
    template_name = "mechanism_detail.html"
    model = Mechanism
    context_object_name = "mechanism"

    def get_context_data(self, **kwargs):
        coded = Achievement.objects.published().as_announced()
        by_aspect = [(Aspect.MEANS, index.select(mechanism=[self.object.slug]).cards)]
        for aspect in (Aspect.GOAL, Aspect.EFFECT):
            entries = coded.filter(codings__mechanism=self.object, codings__aspect=aspect)
            cards = [card(record) for record in Records().of(entries)]
            by_aspect.append((aspect, cards))
        slug = self.object.slug
        used = index.select(also=[("mechanism", slug)])
        profile = Profile(used, f"?mechanism={slug}", "mechanism")
        return super().get_context_data(by_aspect=by_aspect, profile=profile, **kwargs)
