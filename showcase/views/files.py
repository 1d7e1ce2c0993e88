"""The faces of a list, or of one entry, that are files: made whole, so that no reader holds a thread."""

from datetime import datetime, time

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import View

from governance import index, publishing
from governance.index import Index
from showcase import links
from showcase.data.briefs import brief
from showcase.data.exports import download
from showcase.data.faces import FACES, SORT, wanted_of
from showcase.data.provenance import comparison_provenance, entry_provenance, list_provenance
from showcase.data.records import open_record, open_records
from showcase.entry.addresses import Moved
from showcase.entry.comparison import comparison
from showcase.entry.published import published_record
from showcase.html.schema_org import LICENCE
from showcase.query.form import NARROWING
from showcase.query.problems import BadQuery, Problem
from showcase.query.query import Query, own_query, query_of
from showcase.query.vocabulary import vocabulary

from .base import ForPrograms

# What files of each kind are called.
NAMES = {
    "achievements": ("社区治理创新成果", "achievements"),
    "codings": ("社区治理创新成果标注", "codings"),
    "comparison": ("社区治理创新成果比较", "comparison"),
}


class File(ForPrograms, View):
    """`face` is a key of FACES."""

    @property
    def is_json(self):
        return FACES[self.kwargs["face"]].is_json


class ListFile(File):
    """/achievements.csv, /codings.csv: any list."""

    def get(self, request, face):
        asked = query_of(request, SORT | NARROWING | FACES[face].own)
        records = open_records(few_enough(asked, face, request), request)
        wanted = wanted_of(asked.parameters, list_provenance(asked, request))
        content = FACES[face].write(records, wanted)
        return _file("codings" if face == "codings" else "achievements", face, content, asked.index)


class EntryFile(File):
    """/achievements/2015-w01.bib: one entry."""

    def get(self, request, face, code):
        asked, now = own_query(request, FACES[face].own), index.current()
        try:
            record = open_record(published_record(code), request)
        except Moved as moved:
            path = reverse("achievement-file", args=[moved.key, face])
            return HttpResponsePermanentRedirect(path + links.changed(asked).rstrip("?"))
        content = FACES[face].write([record], wanted_of(asked, entry_provenance(record, now)))
        return _file("achievements", face, content, now, code)


class ComparisonFile(File):
    """/compare.docx: entries side by side, and each by itself, in the order of the address."""

    def get(self, request, face):
        found, now = comparison(request.GET), index.current()
        path = links.address("compare") + links.changed(request.GET, code=found.codes)
        content = brief(
            open_records(found.records, request),
            comparison_provenance(found.records, path, now, request),
            found.table(vocabulary(now).tiers()) if len(found.records) > 1 else [],
            [sentence for _code, sentence in found.left_out],
        )
        return _file("comparison", face, content, now)


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


def _file(kind: str, face: str, content: bytes, now: Index, code: str = "") -> HttpResponse:
    """A file that is named in Chinese and in ASCII, then by its entry, the state of the record and the day."""
    state = [part for part in (code, now.digest, f"{timezone.localdate():%Y%m%d}") if part]
    extension = "csv" if face == "codings" else face
    chinese, ascii = (f"{'-'.join([name, *state])}.{extension}" for name in NAMES[kind])
    response = download(content, FACES[face].content_type, chinese, ascii)
    response["Link"] = f'<{LICENCE}>; rel="license"'
    if changed := publishing.last_change(now):
        midnight = timezone.make_aware(datetime.combine(changed, time()))
        response["Last-Modified"] = http_date(midnight.timestamp())
    return response
