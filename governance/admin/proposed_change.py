"""Proposals to change public entries: kept by the form of an entry, seen and decided here."""

import base64
import re
from copy import copy
from typing import NamedTuple

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms import FileField
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from governance import images
from governance.changes import person_name
from governance.models import Achievement, AchievementImage, Coding, ProposalState, ProposedChange
from governance.roles import count_publishers, may_publish

from .form_values import sent_value, shown_value
from .image import thumbnail
from .meanwhile import Conflict
from .pages import admin_page
from .shared import AskedRows

WAITING = re.compile("images-[0-9]+-waiting")


class Decided(Exception):
    """Somebody has decided a proposal while another was accepting it."""


def keep_proposal(request, entry, comment):
    """Keep the form that was sent, instead of what it would do."""
    files = {}
    for name, file in request.FILES.items():
        file.seek(0)
        files[name] = [file.name, base64.b64encode(file.read()).decode()]
    sent = {name: values for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"}
    for name in filter(WAITING.fullmatch, sent):
        # What an earlier try brought is kept for a day only.
        if kept := images.kept_aside(sent[name][0]):
            picture = base64.b64encode(kept.files[kept.width]).decode()
            files.setdefault(name.replace("waiting", "upload"), ["waiting.webp", picture])
            sent[name] = [""]
    return ProposedChange.objects.create(
        entry=entry,
        sent=sent,
        files=files,
        by=request.user,
        name=person_name(request.user),
        comment=comment,
    )


def close(proposal, state, request, answer=""):
    """Decide an open proposal; False if somebody has decided it already."""
    still_open = ProposedChange.objects.filter(pk=proposal.pk, state=ProposalState.OPEN)
    return still_open.update(
        state=state,
        decided_at=timezone.now(),
        decided_by=person_name(request.user),
        answer=answer,
    )


def as_sent(request, proposal):
    """The request with which the form of a proposal was sent, by who asks now."""
    sent = QueryDict(mutable=True)
    for name, values in proposal.sent.items():
        sent.setlist(name, values)
    # As that of any request: forms write into a copy.
    sent._mutable = False
    files = MultiValueDict()
    for name, (file_name, content) in proposal.files.items():
        files[name] = SimpleUploadedFile(file_name, base64.b64decode(content))
    found = copy(request)
    found.method, found.POST, found._files = "POST", sent, files
    return found


class ToldChange(NamedTuple):
    """What a form changes, in words; the `conflict` if others have changed it too; what is `wrong` with it."""

    what: str
    before: str = ""
    after: str = ""
    conflict: Conflict | None = None
    wrong: str = ""


def told_changes(form, formsets):
    """What forms that were sent would change as things stand, the entry's own first."""
    yield from _told(form, "")
    for formset in formsets:
        for one in formset.forms:
            name = str(formset.model._meta.verbose_name)
            row = f"{name} {one.instance}" if one.instance.pk else name
            if formset._should_delete_form(one):
                is_picture = formset.model is AchievementImage
                yield ToldChange(row, thumbnail(one.instance) if is_picture else "", _("删除"))
            else:
                yield from _told(one, f"{row} · ")


def _told(form, row):
    if sentences := form.non_field_errors():
        yield ToldChange(row.strip(" ·"), wrong=" ".join(sentences))
    for name, field in form.fields.items():
        conflict, sentences = form.conflicts.get(name), form.errors.get(name, [])
        wrong = " ".join(one for one in sentences if not conflict or one != conflict.sentence)
        changed = name in form.changed_data and name not in ("comment", "DELETE", "id", "kept")
        # What is hidden belongs to a field beside it.
        if (changed and not form[name].is_hidden) or wrong:
            before, after = _of_field(form, name, field) if changed else ("", "")
            yield ToldChange(f"{row}{field.label}", before, after, conflict, wrong)


def _of_field(form, name, field):
    """What a field held and what it is to hold, in words or as a picture."""
    one = form[name]
    if isinstance(field, FileField) and form.prepared:
        images.keep_aside(form.prepared)
        stored = AchievementImage.objects.filter(pk=form.instance.pk).first()
        return thumbnail(stored) if stored else "", thumbnail(form.instance)
    before = shown_value(field, one.initial) if form.instance.pk else ""
    return before, shown_value(field, sent_value(one))


@admin.register(ProposedChange)
class ProposalAdmin(AskedRows):
    list_display = ["__str__", "outcome", "at"]
    list_filter = ["state"]
    list_select_related = ["entry"]
    search_fields = ["entry__code", "entry__title", "name", "comment"]
    actions = None

    def has_add_permission(self, request):
        """Only the form of an entry makes them."""
        return False

    has_delete_permission = has_change_permission = lambda self, request, obj=None: False

    def get_urls(self):
        def named(name):
            view = self.admin_site.admin_view(require_POST(getattr(self, name)))
            return path(f"<int:pk>/{name}/", view, name=f"governance_proposedchange_{name}")

        return [named("accept"), named("refuse"), *super().get_urls()]

    def get_queryset(self, request):
        return super().get_queryset(request).defer("files")

    @admin.display(description=gettext_lazy("状态"), ordering="state")
    def outcome(self, proposal):
        return proposal.outcome

    @property
    def entries(self):
        return self.admin_site.get_model_admin(Achievement)

    def why_not(self, request, proposal):
        """Why somebody may not accept it, "" if they may."""
        if not may_publish(request.user):
            return _("采纳须有发布权限。")
        if proposal.by == request.user and count_publishers() > 1:
            return _("这是您自己的提议，须由另一位有发布权限的人采纳。")
        return ""

    def change_view(self, request, object_id, form_url="", extra_context=None):
        proposal = self.get_object(request, object_id)
        if proposal is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, proposal):
            raise PermissionDenied
        lines = []
        if proposal.state == ProposalState.OPEN:
            entry = self.entries.get_object(request, proposal.entry_id)
            lines = list(told_changes(*self.entries.bound(as_sent(request, proposal), entry)))
        context = {
            "proposal": proposal,
            "lines": lines,
            "asks": any(line.conflict for line in lines),
            "is_open": proposal.state == ProposalState.OPEN,
            "why_not": self.why_not(request, proposal),
            "is_own": proposal.by == request.user,
            "may_refuse": may_publish(request.user),
        }
        return admin_page(self, request, "proposedchange/one", _("提议"), **context)

    def accept(self, request, pk):
        """Do what the form was sent for; what has changed meanwhile comes back, and is sent again here."""
        proposal = get_object_or_404(ProposedChange, pk=pk)
        if self.why_not(request, proposal):
            raise PermissionDenied
        if proposal.state != ProposalState.OPEN:
            return self.too_late(request, pk)
        proposal.judgements = self.judgements(request, proposal)
        # The form itself is here when it comes back once more.
        sent = request if "title" in request.POST else as_sent(request, proposal)
        sent.accepting = proposal
        try:
            return self.entries.changeform_view(sent, str(proposal.entry_id), form_url=request.path)
        except Decided:
            return self.too_late(request, pk)

    def too_late(self, request, pk):
        """To the page that says who has decided it, and how."""
        sentence = _("没有采纳，也没有关闭：这份提议此前已有决定，见下。")
        self.message_user(request, sentence, messages.WARNING)
        return redirect("admin:governance_proposedchange_change", pk)

    def judgements(self, request, proposal):
        """Those of the codings that the form of a proposal holds, as things stand."""
        sent = as_sent(request, proposal)
        # Pictures take seconds.
        sent._files = MultiValueDict()
        entry = self.entries.get_object(request, proposal.entry_id)
        _form, formsets = self.entries.bound(sent, entry)
        codings = next(one for one in formsets if one.model is Coding)
        return {form.judgement for form in codings.forms}

    def refuse(self, request, pk):
        proposal = get_object_or_404(ProposedChange, pk=pk)
        is_own, answer = proposal.by == request.user, request.POST.get("answer", "").strip()
        if not (may_publish(request.user) or is_own):
            raise PermissionDenied
        if not (answer or is_own):
            self.message_user(request, _("没有关闭：不采纳，须写明理由。"), messages.ERROR)
        elif close(proposal, ProposalState.REFUSED, request, answer):
            done = _("提议已撤回。") if is_own else _("提议已关闭，未采纳。")
            self.message_user(request, done, messages.SUCCESS)
        else:
            return self.too_late(request, pk)
        return redirect("admin:governance_proposedchange_change", pk)
