"""The faces of a list, or of one entry, that are files: made whole, so that no reader holds a thread."""

from datetime import datetime, time
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import View

from governance import index, publishing
from showcase import links
from showcase.answers import Conditional, problem_response
from showcase.data.briefs import brief
from showcase.data.exports import download
from showcase.data.faces import FACES, selected
from showcase.data.feeds import NEWEST, EntryFeed, atom
from showcase.data.flat import Wanted
from showcase.data.provenance import (
    comparison_provenance,
    entry_provenance,
    list_provenance,
)
from showcase.data.records import open_record, open_records
from showcase.entry.addresses import Gone, Moved
from showcase.entry.comparison import comparison
from showcase.entry.published import published_record
from showcase.html.heads import canonical_query
from showcase.html.schema_org import LICENCE
from showcase.query.facets import chips, list_heading
from showcase.query.form import NARROWING
from showcase.query.problems import BadQuery, Problem
from showcase.query.query import Query, query_of
from showcase.query.vocabulary import vocabulary

from .base import to_what_was_meant

# What files of each kind are called.
NAMES = {
    "achievements": ("社区治理创新成果", "achievements"),
    "codings": ("社区治理创新成果标注", "codings"),
    "comparison": ("社区治理创新成果比较", "comparison"),
}


class AchievementFile(Conditional, View):
    """/achievements.csv, /codings.csv, /achievements/2015-w01.bib: `face` is a key of FACES."""

    @property
    def is_json(self):
        return FACES[self.kwargs["face"]].is_json

    def dispatch(self, request, *args, **kwargs):
        try:
            return super().dispatch(request, *args, **kwargs)
        except BadQuery as error:
            refused = _refused(self.is_json, 400, said(error), **error.told)
            return to_what_was_meant(request) or refused
        except Moved as moved:
            query = request.META["QUERY_STRING"]
            path = reverse("achievement-file", args=[moved.key, kwargs["face"]])
            return HttpResponsePermanentRedirect(path + (f"?{query}" if query else ""))
        except Gone as gone:
            sentence = _("这项成果曾经公开，现已撤下。")
            return _refused(self.is_json, 410, f"{sentence} {gone.reason}".strip(), **gone.told)
        except Http404 as error:
            return to_what_was_meant(request) or _refused(self.is_json, 404, str(error))
        except index.Unready:
            index.heal()
            response = _refused(self.is_json, 503, _("索引正在重建，请稍后再试。"))
            response["Retry-After"] = "30"
            return response

    def get(self, request, face, code=""):
        asked = query_of(request, FACES[face].own | NARROWING)
        if code:
            records = [open_record(published_record(code), request)]
            provenance = entry_provenance(records[0], asked.index)
        else:
            records = open_records(few_enough(asked, face, request), request)
            provenance = list_provenance(asked, request)
        wanted = Wanted(
            selected(asked.parameters),
            asked.parameters.get("header") == "names",
            provenance,
        )
        content = FACES[face].write(records, wanted)
        kind = "codings" if face == "codings" else "achievements"
        return _file(NAMES[kind], [code] if code else [], face, content, asked.selection)


class ComparisonFile(AchievementFile):
    """/compare.docx: entries side by side, and each by itself, in the order of the address."""

    def get(self, request, face):
        found, everything = comparison(request.GET), index.select()
        path = links.address("compare") + links.changed(request.GET, code=found.codes)
        provenance = comparison_provenance(found.records, path, everything.index, request)
        tiers = vocabulary(everything.index).tiers()
        content = brief(
            open_records(found.records, request),
            provenance,
            found.table(tiers) if len(found.records) > 1 else [],
            [sentence for _code, sentence in found.left_out],
        )
        return _file(NAMES["comparison"], [], face, content, everything)


class AchievementFeed(AchievementFile):
    """/feeds/achievements.atom: of any list the entries that were changed last."""

    is_json = False

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


def few_enough(asked: Query, name: str, request: HttpRequest) -> index.Selection:
    """What is asked for, if the face `name` can hold it; else BadQuery, with the face that can."""
    count, face = asked.selection.count(), FACES[name]
    if count <= face.most:
        return asked.selection
    sentence = ngettext(
        "本次检索有 %(count)d 项，这种文件最多 %(most)d 项。",
        "本次检索有 %(count)d 项，这种文件最多 %(most)d 项。",
        count,
    )
    told = sentence % {"count": count, "most": face.most}
    while count > face.most and face.larger:
        name, face = face.larger, FACES[face.larger]
    if count <= face.most:
        path = links.face("achievements", name) + links.changed(asked.parameters)
        way = {"address": links.absolute(request, path), "most": face.most}
        told += _("请改用 %(address)s（最多 %(most)d 项），或增加条件。") % way
    else:
        told += _("请增加条件，例如按年度或省份分次下载；全部数据可整包下载（%(address)s）。") % {
            "address": links.absolute(request, links.address("data-latest"))
        }
    raise BadQuery([Problem("", "", told, code="too_many")])


def said(error: BadQuery) -> str:
    """What is wrong with a query, a line for each problem, with what would be right."""
    lines = []
    for problem in error.problems:
        right = "、".join(value for value, _label in problem.suggestions)
        lines.append(problem.message + (_("可用：%(right)s。") % {"right": right} if right else ""))
    return "\n".join(lines)


def _file(
    names: tuple[str, str], parts: list[str], face: str, content: bytes, found: index.Selection
) -> HttpResponse:
    """A file that is named in Chinese and in ASCII, then by `parts`, the state of the record and the day."""
    state = [*parts, found.digest, f"{timezone.localdate():%Y%m%d}"]
    extension = "csv" if face == "codings" else face
    chinese, ascii = (f"{'-'.join([name, *state])}.{extension}" for name in names)
    response = download(content, FACES[face].content_type, chinese, ascii)
    response["Link"] = f'<{LICENCE}>; rel="license"'
    if changed := publishing.last_change(found.index):
        midnight = timezone.make_aware(datetime.combine(changed, time()))
        response["Last-Modified"] = http_date(midnight.timestamp())
    return response


def _refused(is_json: bool, status: int, sentence: str, **told: Any) -> HttpResponse:
    """Never a file that contains an error: JSON to programs, else a text that is shown."""
    if is_json:
        return problem_response(status, sentence, **told)
    return HttpResponse(f"{sentence}\n", status=status, content_type="text/plain; charset=utf-8")
