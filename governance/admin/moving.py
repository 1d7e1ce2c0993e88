"""What is done with the status of entries: buttons on the page of one, actions on the list; and proposals
by those who may not change what is public."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import BadRequest
from django.db import transaction
from django.forms.formsets import all_valid
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.translation import gettext, ngettext_lazy, pgettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from governance.changes import person_name, recording
from governance.models import Achievement, ChangeKind, ProposalState, Publication, Status
from governance.models.gap import present_gaps
from governance.publishing import MOVES, may_move, move
from governance.roles import may_publish
from governance.words import listed

from .image import prepare_uploads
from .many import PublishForm, PublishPreview, latest_move, many_page
from .proposed_change import Decided, close, keep_proposal
from .shared import KEY, RecordAdmin

# Said when so many were moved.
DONE = {
    ChangeKind.SUBMIT: ngettext_lazy("已送审 %(count)d 项。", "已送审 %(count)d 项。", "count"),
    ChangeKind.RETURN: ngettext_lazy("已退回 %(count)d 项。", "已退回 %(count)d 项。", "count"),
    ChangeKind.PUBLISH: ngettext_lazy("已发布 %(count)d 项。", "已发布 %(count)d 项。", "count"),
    ChangeKind.TAKE_BACK: ngettext_lazy("已撤下 %(count)d 项。", "已撤下 %(count)d 项。", "count"),
}


class ReasonForm(forms.Form):
    """Why entries are taken back from the public."""

    reason = forms.CharField(
        label=_("撤下原因（公开）"),
        widget=forms.Textarea(attrs={"rows": 2, "cols": 80}),
        help_text=_("原网址从此显示标题、日期与这里写的原因。"),
    )


def missed(achievement, sentence):
    """What a reader of a published achievement will miss, in this sentence; "" if nothing."""
    gaps = listed(gap.label for gap in present_gaps(achievement))
    return sentence % {"gaps": gaps} if gaps else ""


class MovingAdmin(RecordAdmin):
    """The admin of entries, as far as it asks who may publish."""

    def get_urls(self):
        view = self.admin_site.admin_view(require_POST(self.move_view))
        name = "governance_achievement_move"
        return [path("<int:pk>/move/", view, name=name), *super().get_urls()]

    def has_publish_permission(self, request):
        return may_publish(request.user)

    # Moving

    def move_view(self, request, pk):
        kind, comment = request.POST.get("kind"), request.POST.get("comment", "").strip()
        if kind not in MOVES:
            raise BadRequest("There is no such move.")
        entry = get_object_or_404(Achievement, pk=pk)
        if kind == ChangeKind.TAKE_BACK and may_publish(request.user) and not comment:
            self.message_user(request, _("撤下已公开的成果，须写明原因。"), messages.ERROR)
        else:
            self._move(request, ChangeKind(kind), {entry.pk}, comment)
        return redirect("admin:governance_achievement_change", pk)

    @admin.action(description=_("发布所选的 %(verbose_name_plural)s"), permissions=["publish"])
    def publish_chosen(self, request, queryset):
        """Shows first what is complete, what lacks something and what cannot be published."""
        preview = PublishPreview(queryset.exclude(status=Status.PUBLISHED))
        form = PublishForm(request.POST if "publishing" in request.POST else None, preview=preview)
        if form.is_valid() or not (preview.complete or preview.lacking):
            return self._move(request, ChangeKind.PUBLISH, preview.chosen(form))
        return many_page(
            self, request, "publish", pgettext("act", "发布"), form=form, preview=preview
        )

    @admin.action(description=_("撤下所选的 %(verbose_name_plural)s"), permissions=["publish"])
    def take_back_chosen(self, request, queryset):
        """Asks for the reason first, on a page of its own."""
        form = ReasonForm(request.POST if "taking_back" in request.POST else None)
        chosen = set(queryset.values_list("pk", flat=True))
        public = Achievement.objects.filter(pk__in=chosen).published()
        if form.is_valid() or not public:
            reason = form.cleaned_data["reason"] if public else ""
            return self._move(request, ChangeKind.TAKE_BACK, chosen, reason)
        return many_page(self, request, "take_back", _("撤下"), form=form, public=list(public))

    def changelist_view(self, request, extra_context=None):
        undoable = {"undoable": latest_move(request.user)}
        return super().changelist_view(request, {**undoable, **(extra_context or {})})

    def _move(self, request, kind, chosen, comment=""):
        done, refused = move(kind, chosen, by=request.user, reason=comment)
        for one in done:
            self.log_change(request, one, [{"changed": {"fields": [str(_("状态"))]}}])
        level = messages.SUCCESS if done else messages.WARNING
        said = DONE[kind] % {"count": len(done)}
        if not (done or refused):
            said = _("没有改变：所选的成果已不在可以这样做的状态，可能有人先做了。")
        self.message_user(request, said, level)
        for one, reasons in refused.items():
            values = {"achievement": one, "reasons": " ".join(reasons)}
            sentence = gettext("没有发布 %(achievement)s：%(reasons)s") % values
            self.message_user(request, sentence, messages.ERROR)
        for one in done if kind == ChangeKind.PUBLISH else ():
            if sentence := missed(one, gettext("已发布，但%(gaps)s。")):
                # The page gives the first letter of a message another case, and a code is an address.
                self.message_user(request, f"{one.title} {one.code} {sentence}", messages.WARNING)

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        if obj:
            moves = [(one, one.label) for one, what in MOVES.items() if obj.status in what.before]
            context["moves"] = [one for one in moves if may_move(one[0], request.user)]
            context["accepting"] = getattr(request, "accepting", None)
            context["proposes"] = self._proposes(request, obj)
            if self.is_public(obj):
                still_open = obj.proposals.filter(state=ProposalState.OPEN)
                context["proposals"] = still_open.defer("files", "sent")
            else:
                gone = Publication.objects.filter(code=obj.code).exclude(withdrawn=None)
                context["gone"] = gone.first()
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    # Saving, or proposing

    def _proposes(self, request, entry):
        """Whether the save of an entry is kept as a proposal, and not done."""
        return entry.status == Status.PUBLISHED and not may_publish(request.user)

    def changeform_view(self, request, object_id=None, *args, **kwargs):
        if request.method != "POST":
            return super().changeform_view(request, object_id, *args, **kwargs)
        # Before the transaction, in which all others wait.
        if self.has_change_permission(request) or self.has_add_permission(request):
            prepare_uploads(request.FILES)
        # What is no number names no entry, and is refused there.
        request.entries = {int(object_id)} if KEY.fullmatch(object_id or "") else set()
        with recording(request.entries, by=request.user) as request.change:
            # (entry, comment) of a save that is to be a proposal.
            request.proposed = None
            response = super().changeform_view(request, object_id, *args, **kwargs)
            if request.proposed:
                keep_proposal(request, *request.proposed)
            return response

    def take_turn(self):
        """`recording` has."""

    def _changeform_view(self, request, *args):
        response = super()._changeform_view(request, *args)
        if request.method == "POST" and request.proposed:
            # A proposal is a save, taken back as soon as it is known that it can be done.
            transaction.set_rollback(True)
        return response

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        comment = request.change.reason = form.cleaned_data["comment"]
        if self._proposes(request, form.instance):
            request.proposed = form.instance, comment
        if proposal := getattr(request, "accepting", None):
            names = {"one": proposal.name, "other": person_name(request.user)}
            request.change.name = gettext("%(one)s 提议，%(other)s 采纳") % names
            if not close(proposal, ProposalState.ACCEPTED, request):
                raise Decided

    def response_change(self, request, obj):
        if proposal := getattr(request, "accepting", None):
            sentence = _("已采纳 %(name)s 的提议，公开页已改。") % {"name": proposal.name}
            self.message_user(request, sentence, messages.SUCCESS)
            return redirect("admin:governance_proposedchange_change", proposal.pk)
        if not request.proposed:
            return super().response_change(request, obj)
        sentence = _("这项成果已公开：您的改动已作为提议提交，由有发布权限的人采纳后生效。")
        self.message_user(request, sentence, messages.SUCCESS)
        return redirect("admin:governance_achievement_change", obj.pk)

    def bound(self, request, entry):
        """(form, form sets) that a request sends, checked against what there is now."""
        prepare_uploads(request.FILES)
        fields = flatten_fieldsets(self.get_fieldsets(request, entry))
        form_class = self.get_form(request, entry, change=True, fields=fields)
        form = form_class(request.POST, request.FILES, instance=entry)
        form.is_valid()
        formsets, _inlines = self._create_formsets(request, form.instance, change=True)
        all_valid(formsets)
        return form, formsets
