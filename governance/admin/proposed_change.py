"""Proposals to change public entries: kept by the form of an entry, seen and decided here."""

import base64
from collections.abc import Iterable, Iterator
from copy import copy
from typing import Any, NamedTuple

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from governance.changes import person_name
from governance.models import Achievement, ProposalState, ProposedChange
from governance.roles import count_publishers, may_publish

from .form_values import value_in_words, value_sent
from .pages import admin_page


def keep_proposal(request, entry, comment):
    """Keep the form that was sent, instead of what it would do."""
    files = {}
    for name, file in request.FILES.items():
        file.seek(0)
        files[name] = [file.name, base64.b64encode(file.read()).decode()]
    sent = {name: values for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"}
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
    files = MultiValueDict()
    for name, (file_name, content) in proposal.files.items():
        files[name] = SimpleUploadedFile(file_name, base64.b64decode(content))
    found = copy(request)
    found.method, found.POST, found._files = "POST", sent, files
    return found


class ToldChange(NamedTuple):
    """What a form changes, in words; or what is `asked` about it, since others have changed it too."""

    what: str
    before: str = ""
    after: str = ""
    asked: str = ""


def told_changes(form: Any, formsets: Iterable[Any]) -> Iterator[ToldChange]:
    """What forms that were sent would change as things stand, the entry's own first."""
    yield from _told(form, "")
    for formset in formsets:
        for one in formset.forms:
            name = str(formset.model._meta.verbose_name)
            row = f"{name} {one.instance}" if one.instance.pk else name
            if formset._should_delete_form(one):
                yield ToldChange(row, after=_("删除"))
            else:
                yield from _told(one, f"{row} · ")


def _told(form: Any, before: str) -> Iterator[ToldChange]:
    for name, sentences in form.errors.items():
        label = str(form.fields[name].label) if name in form.fields else ""
        yield ToldChange(f"{before}{label}".strip(" ·"), asked=" ".join(sentences))
    for name in form.changed_data:
        if name not in ("comment", "DELETE", "id", "kept") and name not in form.errors:
            one = form[name]
            old = value_in_words(one.field, one.initial) if form.instance.pk else ""
            yield ToldChange(
                f"{before}{one.label}", old, value_in_words(one.field, value_sent(one))
            )


@admin.register(ProposedChange)
class ProposalAdmin(admin.ModelAdmin):
    list_display = ["__str__", "state", "at"]
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

    def may_refuse(self, request, proposal):
        return may_publish(request.user) or proposal.by == request.user

    def change_view(self, request, object_id, form_url="", extra_context=None):
        proposal = self.get_object(request, object_id)
        if proposal is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, proposal):
            raise PermissionDenied
        lines = []
        if proposal.state == ProposalState.OPEN:
            entry = self.entries.get_object(request, proposal.entry_id)
            lines = told_changes(*self.entries.bound(as_sent(request, proposal), entry))
        return admin_page(
            self,
            request,
            "proposedchange/one",
            _("提议"),
            proposal=proposal,
            lines=lines,
            is_open=proposal.state == ProposalState.OPEN,
            why_not=self.why_not(request, proposal),
            may_refuse=self.may_refuse(request, proposal),
        )

    def accept(self, request, pk):
        """Do what the form was sent for; what has changed meanwhile comes back, and is sent again here."""
        proposal = get_object_or_404(ProposedChange, pk=pk, state=ProposalState.OPEN)
        if self.why_not(request, proposal):
            raise PermissionDenied
        # The form itself is here when it comes back once more.
        sent = request if "title" in request.POST else as_sent(request, proposal)
        sent.accepting = proposal
        return self.entries.changeform_view(sent, str(proposal.entry_id), form_url=request.path)

    def refuse(self, request, pk):
        proposal = get_object_or_404(ProposedChange, pk=pk)
        if not self.may_refuse(request, proposal):
            raise PermissionDenied
        answer = request.POST.get("answer", "").strip()
        if close(proposal, ProposalState.REFUSED, request, answer):
            self.message_user(request, _("提议已关闭，未采纳。"), messages.SUCCESS)
        return redirect("admin:governance_proposedchange_change", pk)
