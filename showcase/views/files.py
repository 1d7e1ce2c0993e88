"""The faces of a list, or of one entry, that are files: made whole, so that no reader holds a thread."""

from datetime import datetime, time
from typing import Any

from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import View

from governance import index, publishing
from showcase.answers import Conditional, problem_response
from showcase.data.exports import download
from showcase.data.faces import FACES, Face, Wanted, selected
from showcase.data.records import open_record, open_records
from showcase.entry.addresses import Gone, Moved
from showcase.entry.published import published_record
from showcase.html.schema_org import LICENCE
from showcase.query.form import NARROWING
from showcase.query.problems import BadQuery, Problem
from showcase.query.query import Query, query_of

# As many are made in memory: 15 MB of CSV.
MOST = 10_000


class AchievementFile(Conditional, View):
    """/achievements.csv, /codings.csv, /achievements/2015-w01.bib: `face` is a key of FACES."""

    def dispatch(self, request, *args, **kwargs):
        face = FACES[kwargs["face"]]
        try:
            return super().dispatch(request, *args, **kwargs)
        except BadQuery as error:
            return _refused(face, 400, said(error), **error.told)
        except Moved as moved:
            query = request.META["QUERY_STRING"]
            path = reverse("achievement-file", args=[moved.key, kwargs["face"]])
            return HttpResponsePermanentRedirect(path + (f"?{query}" if query else ""))
        except Gone as gone:
            sentence = _("这项成果曾经公开，现已撤下。")
            return _refused(face, 410, f"{sentence} {gone.reason}".strip(), **gone.told)
        except Http404 as error:
            return _refused(face, 404, str(error))
        except index.Unready:
            index.heal()
            response = _refused(face, 503, _("索引正在重建，请稍候再试。"))
            response["Retry-After"] = "30"
            return response

    def get(self, request, face, code=""):
        asked = query_of(request, FACES[face].own | NARROWING)
        if code:
            records = [open_record(published_record(code), request)]
        else:
            records = open_records(few_enough(asked), request)
        wanted = Wanted(
            selected(asked.parameters),
            asked.parameters.get("header") == "names",
            asked.selection.digest,
        )
        return _file(face, code, FACES[face].write(records, wanted), asked)


def few_enough(asked: Query) -> index.Selection:
    """What is asked for, if a file can hold it; else BadQuery."""
    count = asked.selection.count()
    if count > MOST:
        sentence = ngettext(
            "这次检索有 %(count)d 项，一个文件最多 %(most)d 项。请再加条件，例如按年度或省份分次下载。",
            "这次检索有 %(count)d 项，一个文件最多 %(most)d 项。请再加条件，例如按年度或省份分次下载。",
            count,
        )
        shown = {"count": count, "most": MOST}
        raise BadQuery([Problem("", "", sentence % shown, code="too_many")])
    return asked.selection


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


def _refused(face: Face, status: int, sentence: str, **told: Any) -> HttpResponse:
    """Never a file that contains an error: JSON to programs, else a text that is shown."""
    if face.is_json:
        return problem_response(status, sentence, **told)
    return HttpResponse(f"{sentence}\n", status=status, content_type="text/plain; charset=utf-8")
