"""Many entries at once: what will be done is shown first, and is undone by one click."""

from django import forms
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from governance.models import Achievement, Change, ChangeKind
from governance.models.gap import gaps_of, with_gaps
from governance.publishing import MOVES, may_move
from governance.words import listed

from .pages import admin_page

# A page names so many entries of each kind.
MOST = 200


class PublishPreview:
    """What publishing some entries would do, each of them with the labels of what it lacks."""

    def __init__(self, entries: QuerySet[Achievement]) -> None:
        self.complete: list[tuple[Achievement, str]] = []
        self.lacking: list[tuple[Achievement, str]] = []
        self.refused: list[tuple[Achievement, str]] = []
        for entry in with_gaps(entries.select_related("award_year")):
            gaps = gaps_of(entry)
            group = self.lacking if gaps else self.complete
            if any(gap.forbids for gap in gaps):
                group = self.refused
            group.append((entry, listed(gap.label for gap in gaps)))

    @property
    def groups(self):
        """(heading, entries that are named, how many more there are, how many in all) of each kind that
        there is."""
        for heading, group in (
            (_("齐全"), self.complete),
            (_("有所缺，仍可发布"), self.lacking),
            (_("不能发布"), self.refused),
        ):
            if group:
                yield heading, group[:MOST], max(len(group) - MOST, 0), len(group)

    def chosen(self, form: "PublishForm") -> set[int]:
        """Primary keys of what is to be published: what cannot be is refused with its reasons."""
        groups = [self.complete, self.refused]
        if form.is_valid() and form.cleaned_data["which"] == "all":
            groups.append(self.lacking)
        return {entry.pk for group in groups for entry, _lacks in group}


class PublishForm(forms.Form):
    """Whether what lacks something is published as well."""

    which = forms.ChoiceField(label=_("发布哪些"), widget=forms.RadioSelect)

    def __init__(self, data=None, *, preview):
        super().__init__(data)
        counts = len(preview.complete), len(preview.complete) + len(preview.lacking)
        choices = [
            ("complete", _("只发布齐全的 %(count)d 项") % {"count": counts[0]}),
            ("all", _("连同有所缺的，共 %(count)d 项") % {"count": counts[1]}),
        ]
        which = self.fields["which"]
        which.choices = choices
        # What would publish nothing, or the same, is not offered.
        groups = (preview.complete, preview.lacking)
        which.widget.choices = [one for one, some in zip(choices, groups, strict=True) if some]
        self.initial["which"] = which.widget.choices[0][0] if any(groups) else ""


def many_page(model_admin, request, template, title, **context):
    """The page that asks before an action; it sends the same choice of entries again."""
    chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
    across = request.POST.get("select_across") == "1"
    context |= {
        "checkbox": ACTION_CHECKBOX_NAME,
        # All that the list has are asked for by the list itself, not one by one.
        "chosen": chosen[:1] if across else chosen,
        "across": across,
        "most": MOST,
    }
    return admin_page(model_admin, request, f"achievement/{template}", title, **context)


def latest_move(user) -> Change | None:
    """What this user did last, if that moved entries and is not undone: it is undone by one click."""
    undone = Exists(Change.objects.filter(undoes=OuterRef("pk")))
    changes = Change.objects.filter(by=user).annotate(touched=Count("parts"), undone=undone)
    last = changes.order_by("-pk").first()
    if (
        last is None
        or last.kind not in MOVES
        or last.undone
        or not may_move(ChangeKind(last.kind), user)
    ):
        return None
    return last
