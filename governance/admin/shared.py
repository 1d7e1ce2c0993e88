"""What the admins of several nouns share."""

import re
from contextlib import contextmanager

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import BadRequest
from django.db import models, transaction
from django.db.models import Q
from django.shortcuts import redirect
from django.urls import NoReverseMatch
from django.utils.html import format_html
from django.utils.text import smart_split
from django.utils.translation import gettext_lazy as _

from governance import index
from governance.changes import take_turn
from governance.models.publication import KEYS
from governance.publishing import ever_public, is_taken, keep_addresses, met_by_public

from .deleting import asked_before_deleting
from .faults import faults
from .finding import ways_of_writing
from .gone import gone_page
from .meanwhile import MergingForm, RelatedField, StoredFileField, who_and_when


class TextareaField(forms.CharField):
    """Text with the line ends that were stored: a browser sends CRLF for each."""

    widget = forms.Textarea

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n")


class RecordForm(MergingForm):
    """Spells a name or title anew when it changes, unless its pinyin was changed by hand too.

    A code or slug that the public knows is fixed, and none is taken that it knew as another row's.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._key, self.fixed = KEYS.get(self._meta.model), ever_public(self.instance)
        if self._key in self.fields and self.fixed:
            # Not read-only: errors that speak of it need a field to stand at.
            self.fields[self._key].disabled = True
            self.fields[self._key].show_hidden_initial = False
            self.fields[self._key].help_text = _("已经公开，网址固定，不能更改。")

    def clean(self):
        cleaned = super().clean()
        if self._key in self.changed_data and is_taken(self.instance, str(cleaned.get(self._key))):
            self.add_error(self._key, _("这个网址曾属于另一条公开的记录，不能再用。"))
        written = {*self.changed_data, *self.of_others}
        if "pinyin" in self.fields and "pinyin" not in written:
            source = self._meta.model._meta.get_field("pinyin").source
            if source in self.changed_data:
                cleaned["pinyin"] = ""
        return cleaned


# Characters of a search in the admin, as many as in one of the public's.
LONGEST_SEARCH = 200
# What can be the primary key of a row.
KEY = re.compile(r"[0-9]{1,18}")


class RelatedSelect(AutocompleteSelect):
    """Asks the database for keys alone; of anything else Django makes a 500, before the field's error."""

    def optgroups(self, name, value, attr=None):
        return super().optgroups(name, [key for key in value if KEY.fullmatch(str(key))], attr)


class LabelledRelations:
    """Reads related rows as their own admin does, with all that their labels need."""

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        # A red cross beside a region invites deleting the region itself.
        if hasattr(field, "widget") and hasattr(field.widget, "can_delete_related"):
            field.widget.can_delete_related = False
        return field

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        related = self.admin_site.get_model_admin(db_field.related_model)
        kwargs.setdefault("queryset", related.get_queryset(request))
        kwargs.setdefault("form_class", RelatedField)
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", RelatedSelect(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class RelatedFilter(admin.RelatedFieldListFilter):
    """Reads its choices once a request: Django builds every filter anew for each one's counts."""

    def field_choices(self, field, request, model_admin):
        kept = request.__dict__.setdefault("filter_choices", {})
        if field not in kept:
            kept[field] = super().field_choices(field, request, model_admin)
        return kept[field]


class AskedRows(admin.ModelAdmin):
    """Of every list: refuses what no database can be asked, for which Django would answer 500."""

    def lookup_allowed(self, lookup, value, request=None):
        # SQLite leaves patterns to Python, which some keep busy for hours. Of a range Django wants two values.
        unasked = lookup.endswith(("regex", "range"))
        return not unasked and super().lookup_allowed(lookup, value, request)

    def get_changelist_instance(self, request):
        try:
            return super().get_changelist_instance(request)
        except (OverflowError, TypeError, ValueError) as error:
            # Django lets staff filter by any lookup, and finds out too late what it cannot look for.
            if not request.GET:
                raise
            raise BadRequest("A filter is none.") from error

    def get_search_results(self, request, queryset, search_term):
        if len(search_term) <= LONGEST_SEARCH:
            return self.search(request, queryset, search_term)
        sentence = _("检索词最多 %(most)d 个字，这里有 %(count)d 个，没有检索。")
        told = {"most": LONGEST_SEARCH, "count": len(search_term)}
        self.message_user(request, sentence % told, messages.ERROR)
        return queryset.none(), False

    def search(self, request, queryset, words):
        """The rows that words find, and whether some are among them twice."""
        return super().get_search_results(request, queryset, words)

    def response_action(self, request, queryset):
        chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
        if not all(KEY.fullmatch(key) for key in chosen):
            raise BadRequest("A chosen row is none.")
        return super().response_action(request, queryset)


class RecordAdmin(LabelledRelations, AskedRows):
    form = RecordForm
    formfield_overrides = {
        models.TextField: {"form_class": TextareaField},
        models.FileField: {"form_class": StoredFileField},
    }
    list_per_page = 50
    show_full_result_count = False
    actions = ["delete_selected"]
    # Why rows that the public met are not deleted.
    kept_sentence = _("没有删除：%(rows)s 曾为公开的成果所用，其网址须长久有效。")

    def _changeform_view(self, request, *args):
        """What Django does of `changeform_view` within its transaction."""
        if request.method == "POST":
            # Before the row is read, so that nothing comes between what is judged and what is written.
            self.take_turn()
        return super()._changeform_view(request, *args)

    def take_turn(self):
        """Wait until nobody else writes the record."""
        take_turn()

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        """As Django's, which forgets what was typed into the form of a row that was deleted meanwhile."""
        page = None
        if request.method == "POST" and KEY.fullmatch(object_id):
            page = gone_page(self, request, int(object_id))
        return page or super()._get_obj_does_not_exist_redirect(request, opts, object_id)

    def save_model(self, request, obj, form, change):
        if change and KEYS.get(type(obj)) in form.changed_data:
            keep_addresses(type(obj).objects.filter(pk=obj.pk))
        super().save_model(request, obj, form, change)

    # Every edit of the record passes one of these three, and the index follows in its transaction.

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        self._tell_of_others(request, form, formsets)
        row = form.instance
        index.update(index.touched_by(row), named=index.is_named(row))

    def _tell_of_others(self, request, form, formsets):
        """Say what others have changed since the form was opened, which stays beside what was saved."""
        if not form.instance.pk:
            return
        names = [str(form.fields[name].label) for name in form.of_others]
        names += [str(one.model._meta.verbose_name) for one in formsets if one.others]
        if names:
            sentence = _("%(who)s 也改过这条记录；下列各处按其所改保留：%(names)s。")
            values = {"who": who_and_when(form.instance), "names": "、".join(names)}
            self.message_user(request, sentence % values, messages.WARNING)

    def delete_model(self, request, obj):
        with self._indexed([obj]):
            super().delete_model(request, obj)

    def delete_queryset(self, request, queryset):
        with self._indexed(queryset):
            super().delete_queryset(request, queryset)

    @contextmanager
    def _indexed(self, rows):
        with transaction.atomic():
            touched = set().union(*(index.touched_by(row) for row in rows))
            named = any(map(index.is_named, rows))
            keep_addresses(rows)
            yield
            index.update(touched, named=named)

    def render_change_form(self, request, context, *args, **kwargs):
        if context["adminform"].form.fixed:
            context["show_delete"] = False
        context["faults"] = list(faults(context["adminform"], context["inline_admin_formsets"]))
        return super().render_change_form(request, context, *args, **kwargs)

    def get_deleted_objects(self, objs, request):
        """As Django's, which asks the database for each row that hangs on them."""
        rows = self.get_queryset(request).filter(pk__in=[row.pk for row in objs])
        return asked_before_deleting(rows, request.user)

    def delete_view(self, request, object_id, extra_context=None):
        row = self.get_object(request, unquote(object_id))
        if row and ever_public(row):
            self._keep(request, [row])
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", row.pk)
        return super().delete_view(request, object_id, extra_context)

    @admin.action(description=_("删除所选的 %(verbose_name_plural)s"), permissions=["delete"])
    def delete_selected(self, request, queryset):
        """Django's, for rows that the public never met."""
        kept = met_by_public(queryset)
        if kept:
            return self._keep(request, kept)
        return delete_selected(self, request, queryset)

    def _keep(self, request, rows):
        names = "、".join(map(str, rows[:5]))
        sentence = self.kept_sentence % {"rows": names, "count": len(rows)}
        self.message_user(request, sentence, messages.ERROR)

    def search(self, request, queryset, words):
        for word in smart_split(words):
            queryset = queryset.filter(self.found_by(request, word))
        return queryset, False

    def found_by(self, request, word):
        """The condition of the rows that a word finds."""
        found = Q()
        for way in ways_of_writing(word):
            rows, _many = super().search(request, self.get_queryset(request), way)
            # In a subquery: the joins of a search would bend the counts of the filters.
            found |= Q(pk__in=rows.order_by().values("pk"))
        return found

    def view_on_site(self, record):
        """The address of the public page, or None if the public has none."""
        if not self.is_public(record):
            return None
        try:
            return record.get_absolute_url()
        except NoReverseMatch:
            # The code as it was just mistyped in the form, which says so.
            return None

    def is_public(self, record):
        return True

    @admin.display(description=_("公开页"))
    def public_page(self, record):
        url = self.view_on_site(record)
        return format_html('<a href="{}">{}</a>', url, _("查看")) if url else None


class PartAdmin(AskedRows):
    """A list of what belongs to achievements; each row leads to its achievement, to be edited there.

    `achievement_path` leads from a row to its achievement.
    """

    achievement_path = "achievement"
    actions: list[str] | None = None
    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        """On the page of its achievement alone, where the index follows."""
        return False

    def change_view(self, request, object_id, form_url="", extra_context=None):
        part = self.get_object(request, object_id)
        if part is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return redirect("admin:governance_achievement_change", self.achievement(part).pk)

    def delete_view(self, request, object_id, extra_context=None):
        return self.change_view(request, object_id)

    @admin.display(description=_("成果"))
    def achievement(self, part):
        for name in self.achievement_path.split("."):
            part = getattr(part, name)
        return part
