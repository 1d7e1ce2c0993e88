from django.http import HttpResponse
from django.views.generic import View

from governance import publishing
from showcase import links
from showcase.data.feeds import NEWEST, EntryFeed, atom
from showcase.data.records import open_records
from showcase.html.heads import canonical_query
from showcase.query.facets import chips, list_heading
from showcase.query.query import query_of

from .base import ForPrograms


class AchievementFeed(ForPrograms, View):
    """/feeds/achievements.atom: of any list the entries that were changed last."""

    def get(self, request):
        asked = query_of(request, {})
        asked.criteria["sort"] = "-modified"
        content = atom(
            open_records(asked.selection[:NEWEST], request),
            heading=list_heading(asked, chips(asked)),
            query=canonical_query(asked.parameters, 1),
            origin=links.absolute(request, ""),
            changed=publishing.last_change(asked.index),
        )
        return HttpResponse(content, content_type=EntryFeed.content_type)
