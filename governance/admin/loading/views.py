"""The pages of loading: upload, one preview page, load as drafts, the load's own page, undo."""

from io import BytesIO
from itertools import chain
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance import intake
from governance.admin.pages import admin_page
from governance.changes import person_name
from governance.loading import LoadError, is_waited_for
from governance.loading.problems import first_few
from governance.models import Award, AwardYear, Load, LoadKind, LoadState
from governance.roles import may_publish, may_publish_own
from governance.words import listed

from .after import LoadOutcome, UndoPreview
from .forms import UploadForm, YearForm
from .preview import Preview, counted_marks, reading_of
from .reports import ShownReport

BUSY = gettext_lazy("这份文件正在处理，请等它做完。")
# The page of work that goes on asks anew after so many seconds.
REFRESH = 1
# Undoing so many rows takes a second or two to try; of more, a person is told the rules alone.
MOST_TO_TRY = 5000


class LoadViews:
    """Answers for the admin of loads, which is asked about permissions."""

    def __init__(self, load_admin):
        self.admin = load_admin

    def page(self, request, template, title, load=None, **context):
        context |= {
            "load": load,
            "by": person_name(load.by if load else None),
            "may_load": self.admin.has_add_permission(request),
            "may_publish": may_publish(request.user),
            "may_undo": self.admin.has_undo_permission(request),
        }
        return admin_page(self.admin, request, f"load/{template}", title, **context)

    def to(self, pk, **query):
        address = reverse("admin:governance_load_change", args=[pk])
        return redirect(f"{address}?{urlencode(query)}" if query else address)

    def _may_look(self, request, load):
        admin = self.admin
        return admin.has_view_permission(request, load) or admin.has_add_permission(request)

    # Upload

    def add(self, request):
        if not self.admin.has_add_permission(request):
            raise PermissionDenied
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            load = intake.bring(*form.upload, by=request.user)
            intake.start_reading(load.pk, *form.reading)
            return self.to(load.pk)
        years = listed(AwardYear.objects.values_list("code", flat=True))
        return self.page(request, "upload", _("装入一个年度"), form=form, years=years)

    def read(self, request, pk):
        """Read the upload once more, perhaps as another year, or as another award's."""
        if not self.admin.has_add_permission(request):
            raise PermissionDenied
        load = get_object_or_404(Load.objects.without_content(), pk=pk)
        if load.state != LoadState.PENDING:
            messages.warning(request, intake.NOT_PENDING)
            return self.to(pk)
        form = YearForm(request.POST, required=load.kind != LoadKind.FIXTURE)
        if not form.is_valid():
            messages.error(request, " ".join(chain(*form.errors.values())))
        elif not intake.start_reading(pk, *form.reading):
            messages.warning(request, BUSY)
        return self.to(pk)

    # The page of a load

    def change(self, request, object_id):
        load = self.admin.get_object(request, object_id)
        if load is None:
            return self.admin._get_obj_does_not_exist_redirect(request, self.admin.opts, object_id)
        if not self._may_look(request, load):
            raise PermissionDenied
        if request.method == "POST":
            if not self.admin.has_add_permission(request):
                raise PermissionDenied
            return self.choose(request, load)
        if now := intake.working(load.pk):
            return self.working_page(request, load, now)
        # Read anew: the work may have ended between the two looks.
        load.refresh_from_db(fields=["state", "parsed", "report", "choices"])
        return self.show(request, load)

    def working_page(self, request, load, now):
        response = self.page(request, "working", str(load), load=load, now=now)
        response["Refresh"] = REFRESH
        return response

    def show(self, request, load, preview=None):
        failures = intake.why_it_failed(load.pk)
        again = YearForm(initial={"year": load.year, "award": self._award(load)})
        context = {"load": load, "failures": failures, "same": self._same(load), "again": again}
        if load.state != LoadState.PENDING:
            return self.page(request, "report", str(load), **context, done=LoadOutcome(load))
        if not preview and load.parsed and "entries" in load.parsed:
            preview = self._preview(request, load)
        if preview:
            return self.page(request, "preview", str(load), preview=preview, **context)
        context |= {
            "report": ShownReport(load.report, load.parsed["added"]) if load.report else None,
            "counted": counted_marks(load.parsed),
            "at_once": intake.seen_at_once(load.parsed, may_publish_own(request.user)),
            "doubts": (load.parsed or {}).get("doubts"),
        }
        return self.page(request, "pending", str(load), **context)

    def _preview(self, request, load, data=None):
        may_take = request.user.has_perm("governance.change_achievement")
        may = {"may_take": may_take, "publishes": may_publish_own(request.user)}
        only = "only" in request.GET
        return Preview(load, request.GET.get("page", 1), data, only=only, **may)

    def _award(self, load):
        """That of the record as whose year the upload was read, or None; none while nobody knows."""
        if load.parsed and load.parsed.get("award_open"):
            return None
        found = (one for one in Award.objects.all() if load.scope == one.year_code(load.year))
        return next(found, None)

    def _same(self, load):
        """Other loads of the same file."""
        others = Load.objects.without_content().filter(digest=load.digest).exclude(pk=load.pk)
        return others.exclude(state=LoadState.UNDONE)

    # Choices

    def choose(self, request, load):
        """Keep the choices that were sent; then turn the page, rehearse anew, or load."""
        if refusal := self._refusal(load, request.POST):
            messages.warning(request, refusal)
            return self.to(load.pk)
        if "entries" in load.parsed:
            preview = self._preview(request, load, request.POST)
            if not preview.is_valid():
                messages.error(request, _("有填写不对的地方，没有保存，也没有装入；请看标红处。"))
                return self.show(request, load, preview)
            intake.keep(load.pk, preview.chosen(request.user))
        elif sure := set(request.POST.getlist("sure")) & set(load.parsed.get("doubts", ())):
            entries = {code: {"same": code} for code in sorted(sure)}
            intake.keep(load.pk, {"award": {}, "entries": entries})
        if "page" not in request.POST:
            self._go_on(request, load)
        page = request.POST.get("page", request.GET.get("page", 1))
        return self.to(load.pk, page=page, **({"only": 1} if "only" in request.GET else {}))

    def keep(self, request, pk):
        """Keep the choices of a page as they are made; 409 or 422 if they cannot be kept now."""
        if not self.admin.has_add_permission(request):
            raise PermissionDenied
        load = get_object_or_404(Load, pk=pk)
        if self._refusal(load, request.POST):
            return HttpResponse(status=409)
        preview = self._preview(request, load, request.POST)
        if not preview.is_valid():
            return HttpResponse(status=422)
        kept = intake.keep(load.pk, preview.chosen(request.user))
        return HttpResponse(status=204 if kept else 409)

    def regions(self, request, pk):
        """What can be typed for a region of the load's year; a fixture has none, nor asks."""
        load = get_object_or_404(Load.objects.without_content(), pk=pk, year__isnull=False)
        if not self.admin.has_add_permission(request):
            raise PermissionDenied
        return JsonResponse({"regions": intake.region_labels(load.year)})

    def _refusal(self, load, sent):
        """Why nothing of what was sent can be kept or loaded now; "" if it can."""
        if load.state != LoadState.PENDING:
            return intake.NOT_PENDING
        if intake.working(load.pk):
            return BUSY
        if load.parsed is None:
            return _("这份文件还没有读成，不能装入。")
        if "entries" in load.parsed and sent.get("reading") != reading_of(load.parsed):
            return _("这份文件在别的窗口里重新读过，没有保存，也没有装入；请看过现在读成的，再选。")
        return ""

    def _go_on(self, request, load):
        questions = list(self._open_questions(request, load)) if "load" in request.POST else []
        for sentence in questions:
            messages.error(request, sentence)
        if "load" in request.POST and not questions:
            begun = intake.start_loading(load.pk, request.user)
        else:
            messages.success(request, _("选择已保存。"))
            begun = intake.start_rehearsal(load.pk)
        if not begun:
            messages.warning(request, BUSY)

    def _open_questions(self, request, load):
        """Sentences on what a person has to say, or be, before it can be loaded."""
        public = [] if may_publish(request.user) else (load.report or {}).get("published")
        if public:
            sentence = _(
                "还没有装入：会改动已公开的成果 %(codes)s，须由有发布权限的人装入；文件留在待装入之列。"
            )
            yield sentence % {"codes": first_few(public)}
        if load.parsed.get("award_open"):
            yield _("还没有装入：文件没有写明是哪个奖项的公告；请选定奖项，再重新读取。")
        if open_codes := intake.unanswered_entries(load.pk):
            sentence = _("还没有装入：请先回答下列各项是更正还是新的成果：%(codes)s")
            yield sentence % {"codes": first_few(open_codes)}

    # Back

    def undo(self, request, pk):
        if not self.admin.has_undo_permission(request):
            raise PermissionDenied
        load = get_object_or_404(Load.objects.without_content(), pk=pk)
        if load.state != LoadState.LOADED:
            messages.warning(request, _("没有撤销：只有已装入的才能撤销，请看它的现状。"))
            return self.to(pk)
        if request.method == "POST":
            if not (codes := self._published_since(request, load)):
                return self._undo(request, pk)
            sentence = _("还没有撤销：看过之后又公开了 %(codes)s，撤销会把它们也撤下。请再看一遍。")
            messages.warning(request, sentence % {"codes": first_few(codes)})
        title = _("撤销 %(load)s") % {"load": load}
        return self.page(request, "undo", title, load=load, **self._tried(load))

    def _undo(self, request, pk):
        if not intake.start_undoing(pk, request.user):
            messages.warning(request, BUSY)
        return self.to(pk)

    def _published_since(self, request, load):
        """Codes of what undoing would take from the public, and the page that asked did not name.

        It names none where undoing was not tried: then the rules alone were told.
        """
        told = request.POST.get("withdrawn")
        undoing = self._tried(load).get("undoing") if told is not None else None
        return [code for code in undoing.withdrawn if code not in told.split()] if undoing else []

    def _tried(self, load):
        """What undoing would do, or why it cannot be."""
        totals = Load.objects.values_list("report__totals", flat=True).get(pk=load.pk) or {}
        if sum(totals.get(name, 0) for name in ("created", "changed", "removed")) > MOST_TO_TRY:
            return {}
        try:
            undoing = UndoPreview(intake.rehearse_undoing(load.pk))
            return {"undoing": undoing, "in_the_way": is_waited_for(load.pk)}
        except LoadError as error:
            sentences = [str(one) for one in getattr(error, "problems", ())]
            return {"refusals": [str(error), *sentences]}

    def file(self, request, pk):
        load = get_object_or_404(Load, pk=pk)
        if not self._may_look(request, load):
            raise PermissionDenied
        return FileResponse(BytesIO(load.content), as_attachment=True, filename=load.file_name)
