from django.views.generic import DetailView, ListView

from governance.models import Achievement
from showcase.evidence import segments
from showcase.facets import chips, facets
from showcase.filters import SORTS, AchievementFilter
from showcase.pages import Page


class AchievementList(Page, ListView):
    section = "achievements"
    template_name = "achievement_list.html"
    context_object_name = "entries"
    paginate_by = 20

    def get_queryset(self):
        self.filterset = AchievementFilter(self.request.GET)
        self.filterset.raise_problems()
        return self.filterset.qs.with_record()

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            query=self.filterset.data,
            chips=chips(self.filterset),
            facets=facets(self.filterset),
            sorts=SORTS,
            sorting=self.filterset.sorting,
            **kwargs,
        )


class AchievementDetail(Page, DetailView):
    section = "achievements"
    template_name = "achievement_detail.html"
    context_object_name = "entry"
    slug_field = slug_url_kwarg = "code"

    def get_queryset(self):
        return (
            Achievement.objects.published()
            .with_record()
            .prefetch_related("images", "setting_evidence")
        )

    def get_context_data(self, **kwargs):
        codings = self.object.codings.all()
        return super().get_context_data(
            title=segments(self.object.title, codings, "title"),
            summary=segments(self.object.summary, codings, "summary"),
            codings=codings,
            **kwargs,
        )
