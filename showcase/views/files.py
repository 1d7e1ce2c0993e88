"""The faces of a list, or of one entry, that are files: made whole, so that no reader holds a thread."""

from datetime import datetime, time

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    JsonResponse,
)
from django.urls import reverse
from django.utils import timezone
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import View

from governance import index, publishing
from showcase import links
from showcase.answers import Conditional
from showcase.data.exports import download
from showcase.data.faces import FACES, Face
from showcase.data.flat import Wanted
from showcase.data.provenance import LICENCE, entry_provenance, list_provenance
from showcase.data.records import open_record, open_records
from showcase.entry.addresses import Gone, Moved
from showcase.entry.published import published_record
from showcase.query.problems import BadQuery, Problem
from showcase.query.query import Query, query_of

from .base import to_what_was_meant


class AchievementFile(Conditional, View):
    """/achievements.csv, /codings.csv, /achievements/2015-w01.bib: `face` is a key of FACES."""

    def dispatch(self, request, *args, **kwargs):
        face = FACES[kwargs["face"]]
        try:
            return super().dispatch(request, *args, **kwargs)
        except BadQuery as error:
            problems = [problem.as_dict() for problem in error.problems]
            refused = _refused(face, 400, said(error), problems=problems)
            return to_what_was_meant(request) or refused
        except Moved as moved:
            query = request.META["QUERY_STRING"]
            path = reverse("achievement-file", args=[moved.key, kwargs["face"]])
            return HttpResponsePermanentRedirect(path + (f"?{query}" if query else ""))
        except Gone as gone:
            told = {"code": gone.key, "title": gone.title, "reason": gone.reason}
            sentence = _("这项成果曾经公开，现已撤下。")
            return _refused(face, 410, f"{sentence} {gone.reason}".strip(), **told)
        except Http404 as error:
            return to_what_was_meant(request) or _refused(face, 404, str(error))
        except index.Unready:
            index.heal()
            response = _refused(face, 503, _("索引正在重建，请稍后再试。"))
            response["Retry-After"] = "30"
            return response

    def get(self, request, face, code=""):
        asked = query_of(request, FACES[face].own)
        if code:
            records = [open_record(published_record(code), request)]
            provenance = entry_provenance(records[0], asked)
        else:
            records = open_records(few_enough(asked, face, request), request)
            provenance = list_provenance(asked, request)
        select = asked.parameters.get("select", "")
        wanted = Wanted(
            select.split(",") if select else [],
            asked.parameters.get("header") == "names",
            provenance,
        )
        return _file(face, code, FACES[face].write(records, wanted), asked)


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
        told += _("请增加条件，例如按年度或省份分次下载。")
    raise BadQuery([Problem("", "", told)])


def said(error: BadQuery) -> str:
    """What is wrong with a query, a line for each problem, with what would be right."""
    lines = []
    for problem in error.problems:
        right = "、".join(value for value, _label in problem.suggestions)
        lines.append(problem.message + (_("可用：%(right)s。") % {"right": right} if right else ""))
    return "\n".join(lines)


def _file(face: str, code: str, content: bytes, asked: Query) -> HttpResponse:
    state = f"{asked.selection.digest}-{timezone.localdate():%Y%m%d}"
    extension = "csv" if face == "codings" else face
    kind = "codings" if face == "codings" else "achievements"
    name = {"codings": "社区治理创新成果标注", "achievements": "社区治理创新成果"}[kind]
    parts = [code, state] if code else [state]
    response = download(
        content,
        FACES[face].content_type,
        f"{'-'.join([name, *parts])}.{extension}",
        f"{'-'.join([kind, *parts])}.{extension}",
    )
    response["Link"] = f'<{LICENCE}>; rel="license"'
    if changed := publishing.last_change(asked.index):
        midnight = timezone.make_aware(datetime.combine(changed, time()))
        response["Last-Modified"] = http_date(midnight.timestamp())
    return response


def _refused(face: Face, status: int, sentence: str, **told: object) -> HttpResponse:
    """Never a file that contains an error: JSON to programs, else a text that is shown."""
    if face.is_json:
        told = {"detail": sentence, **told}
        return JsonResponse(told, status=status, json_dumps_params={"ensure_ascii": False})
    return HttpResponse(f"{sentence}\n", status=status, content_type="text/plain; charset=utf-8")
