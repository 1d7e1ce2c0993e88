"""The forms of "load an award year": the upload, the award's facts, what is chosen for an entry."""

from datetime import date
from pathlib import PurePath

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from governance import announcements
from governance.admin.shared import TextareaField
from governance.changes import person_name
from governance.intake import (
    AcceptedMechanism,
    ChosenEntry,
    EntryChoices,
    SuggestedMechanism,
    is_unasked,
    region_of,
    regions_named,
    span_value,
    translated,
    value_of,
)
from governance.intake.own_tables import refuse_own_table
from governance.loading.fixture import SUFFIXES
from governance.loading.schemas import SCHEMAS
from governance.models import Achievement, Award, AwardYear, Coding, Tier
from governance.models.award import LAST_YEAR
from governance.models.coding import Aspect, Weight
from governance.models.region import FIRST_YEAR

# The largest announcement of 20,000 entries takes a tenth of this.
MAX_BYTES = 64 << 20
MAX_CHARACTERS = 1_000_000
# A file of this size is read in a moment.
READ_AT_ONCE = 256 << 10
# A pasted text is named after its first line.
NAME_LENGTH = 60


class YearForm(forms.Form):
    """The year and the award of an upload; a fixture has its own."""

    year = forms.IntegerField(
        label=gettext_lazy("年度"),
        required=False,
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        error_messages={"required": gettext_lazy("请填写年度，如 2016。")},
        help_text=gettext_lazy("公告所属的年度，如 2016。数据文件自带年度，可以不填。"),
    )

    award = forms.ModelChoiceField(
        label=gettext_lazy("奖项"),
        queryset=Award.objects.all(),
        to_field_name="slug",
        required=False,
        empty_label=gettext_lazy("依公告中的名称"),
        help_text=gettext_lazy(
            "公告里的名称库中没有的，会作为新奖项提出；要自己定前缀，请先在“奖项”里建好，再在这里选它。"
        ),
    )

    def __init__(self, *args, required=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["year"].required = required

    @property
    def reading(self):
        """(year, slug of the award or "") as which the upload is to be read."""
        award = self.cleaned_data["award"]
        return self.cleaned_data["year"], award.slug if award else ""


class UploadForm(YearForm):
    """A file or a text, and what it is of."""

    file = forms.FileField(
        label=pgettext_lazy("file", "文件"),
        required=False,
        max_length=255,
        help_text=gettext_lazy(
            "公告 .docx、.txt，表格 .xlsx、.ods、.csv，或数据文件 .yaml、.json；最大 64 MB。"
        ),
        widget=forms.FileInput(
            attrs={"accept": ".docx,.txt,.xlsx,.ods,.csv,.yaml,.yml,.json,.doc,.wps,.pdf"}
        ),
    )
    text = TextareaField(
        label=gettext_lazy("或粘贴文字"),
        required=False,
        strip=False,
        help_text=gettext_lazy("公告全文，连同标题与各栏目。"),
        widget=forms.Textarea(attrs={"rows": 12}),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file and file.size > MAX_BYTES:
            raise ValidationError(
                _(
                    "文件有 %(size).0f MB，超过上限 %(most)d MB；公告不会这样大，请确认是否选错了文件。"
                )
                % {"size": file.size / 2**20, "most": MAX_BYTES >> 20}
            )
        return file

    def clean_text(self):
        text = self.cleaned_data["text"]
        if len(text) > MAX_CHARACTERS:
            raise ValidationError(
                _("文字有 %(count)d 字，超过上限 %(most)d 字；请存为 .txt 文件后上传。")
                % {"count": len(text), "most": MAX_CHARACTERS}
            )
        return text

    def clean(self):
        cleaned = super().clean()
        if self.errors:
            return cleaned
        file, text = cleaned["file"], cleaned["text"].strip()
        if bool(file) == bool(text):
            both = _("文件与文字只能给一样；请清空文字框，或不选文件。")
            raise ValidationError(both if file else _("请选一个文件，或粘贴公告的文字。"))
        if not self._is_fixture(file):
            self._refuse_unreadable(file, text)
        if not cleaned["year"] and not self._is_fixture(file):
            self.add_error("year", _("请填写年度，如 2016；从公告里读到的年份不一定可靠。"))
        return cleaned

    def _refuse_unreadable(self, file, text):
        """At once where that takes a moment; what is large is read while a page tells how far."""
        if (file.size if file else len(text)) > READ_AT_ONCE:
            return
        try:
            if file:
                announcements.read(file.name, file.read(), refuse_own_table)
                file.seek(0)
            else:
                announcements.read_text(text, refuse_own_table)
        except announcements.Unreadable as error:
            self.add_error("file" if file else "text", translated(error.sentence))

    def _is_fixture(self, file):
        return file and PurePath(file.name).suffix.lower() in SUFFIXES

    @property
    def upload(self):
        """(name, bytes, year) of what was brought."""
        file, year = self.cleaned_data["file"], self.cleaned_data["year"]
        if file:
            return file.name, file.read(), year
        text = self.cleaned_data["text"]
        # A slash would make a folder of what stands before it.
        name = text.split(maxsplit=1)[0][:NAME_LENGTH].replace("/", "／")
        return f"{name}.txt", text.encode(), year


class FactsForm(forms.ModelForm):
    """What an announcement seldom says of itself."""

    source_url = AwardYear._meta.get_field("source_url").formfield(assume_scheme="https")

    class Meta:
        model = AwardYear
        fields = ["name", "name_en", "issuer", "document_title", "source_url", "retrieved_on"]
        widgets = {"retrieved_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, code, parsed, chosen, data=None):
        """`code` is that of the award year; `parsed` is {field: value} of the announcement, `chosen`
        {field: value} of a person."""
        record = AwardYear.objects.filter(code=code).first()
        initial = forms.model_to_dict(record, self._meta.fields) if record else {}
        initial |= {name: parsed[name] for name in self._meta.fields if name in parsed}
        self.chosen = chosen
        super().__init__(data, initial=initial | chosen, prefix="award")

    def choices(self):
        """What was written here; what the record has and nobody touched, the load does not say."""
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in self.cleaned_data.items()
            if name in self.chosen or name in self.changed_data
        }


# Stands for a region that is no candidate and is typed.
OTHER = "other"
# Stands for an entry that is none of those that it looks like.
NEW = "new"
# Of a name that many regions have, so many are shown.
MOST_REGIONS = 40


class EntryForm(forms.Form):
    """The choices for one entry; `choice` is its ChosenEntry.

    `conflicts` are the fields of the entry of which the file's words can be taken.
    """

    choice: ChosenEntry

    same = forms.ChoiceField(required=False, widget=forms.RadioSelect)
    tier = forms.ChoiceField(choices=Tier)
    grade = Achievement._meta.get_field("grade").formfield()
    short_name = Achievement._meta.get_field("short_name").formfield()
    region = forms.ChoiceField(required=False, widget=forms.RadioSelect)
    region_typed = forms.CharField(
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"list": "regions", "autocomplete": "off"}),
    )
    # Of a functional area that the record does not have yet.
    since = forms.IntegerField(required=False, min_value=FIRST_YEAR, max_value=LAST_YEAR)
    organizations = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    mechanisms = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    take = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, choice, year, data=None, *, names=None, conflicts=()):
        """`names` are {slug: name} of mechanisms."""
        self.choice, self.year, self.entry = choice, year, choice.entry
        self.conflicts = conflicts
        super().__init__(data, prefix=choice.code)
        other = choice.picked and not choice.candidate
        self.initial = {
            "same": NEW if choice.same == "" else choice.same,
            "tier": choice.fields["tier"],
            # What was read before there were grades has none.
            "grade": choice.fields.get("grade", ""),
            "short_name": choice.fields["short_name"],
            "region": OTHER if other else choice.picked,
            "region_typed": choice.picked.split(":")[0] if other else "",
            "since": choice.since,
            "organizations": choice.organizations,
            "mechanisms": list(choice.mechanisms),
            "take": choice.take,
        }
        codes = [one["code"] for one in choice.look_alikes]
        self.fields["same"].choices = [(code, code) for code in (*codes, NEW)]
        self.found = self._found_before()
        self._offer_regions()
        self.fields["organizations"].choices = [(name, name) for name in choice.offered]
        self.fields["take"].choices = [(name, _label(name)) for name in conflicts]
        self.fields["mechanisms"].choices = self._mechanisms(names or {})

    @property
    def asks_since(self):
        """Whether a region that it offers wants a first year."""
        return any(is_unasked(one["region"]) for one in self.entry["candidates"])

    def _found_before(self):
        """The region that was ticked among those that a typed name could mean."""
        sent = self["region"].value() if self.is_bound else ""
        known = ["", OTHER, *(one["region"] for one in self.entry["candidates"])]
        region = region_of(sent) if sent and sent not in known else None
        return [region] if region and region.existed_in(self.year) else []

    def _offer_regions(self):
        candidates = [one["region"] for one in self.entry["candidates"]]
        values = ["", *candidates, *map(value_of, self.found), OTHER]
        self.fields["region"].choices = [(value, value) for value in values]

    def _mechanisms(self, names):
        found = []
        for suggestion in self.entry["suggestions"]:
            if not suggestion["coded"]:
                slug = suggestion["mechanism"]
                found.append((slug, names.get(slug, suggestion["name"])))
                self._judge(slug, suggestion, self.choice.mechanisms.get(slug, {}))
        return found

    def _judge(self, slug, suggestion, accepted):
        spans = [span_value(span) for span in suggestion["spans"]]
        for part, choices in (("weight", Weight), ("aspect", Aspect)):
            field = forms.ChoiceField(choices=choices, required=False)
            field.widget.attrs["aria-label"] = Coding._meta.get_field(part).verbose_name
            self.fields[f"{slug}-{part}"] = field
        self.fields[f"{slug}-spans"] = forms.MultipleChoiceField(
            choices=[(value, value) for value in spans],
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
        left_out = accepted.get("left_out", [])
        self.initial |= {
            f"{slug}-weight": accepted.get("weight", suggested_weight(suggestion)),
            f"{slug}-aspect": accepted.get("aspect", Aspect.MEANS),
            f"{slug}-spans": [value for value in spans if value not in left_out],
        }

    def clean(self):
        cleaned = super().clean()
        typed = cleaned.get("region_typed", "").strip()
        ticked = cleaned.get("region", "")
        if typed and typed != self.initial["region_typed"]:
            # Whoever types means it; a region that is ticked besides is another one.
            self.region_value = self._typed(typed, ticked)
        elif ticked == OTHER:
            self.region_value = self._still_other(typed)
        else:
            self.region_value = ticked
        for slug in cleaned.get("mechanisms", []):
            if not cleaned.get(f"{slug}-spans"):
                self.add_error(
                    "mechanisms", _("要记为标注，至少须留一处依据；不要的机制请取消勾选。")
                )
        return cleaned

    def _typed(self, words, ticked):
        found = {value_of(one): one for one in regions_named(words, self.year)}
        if ticked in found:
            return ticked
        also = ticked not in ("", OTHER, self.initial["region"])
        if len(found) == 1 and not also:
            return next(iter(found))
        self.found = list(found.values())[:MOST_REGIONS]
        self._offer_regions()
        self.add_error("region_typed", self._refusal(words, also))
        return ""

    def _refusal(self, words, also):
        values = {"words": words, "year": self.year, "count": len(self.found)}
        if also:
            return _("既勾选了一个地区，又填了“%(words)s”；请只留一样。") % values
        if self.found:
            return _("“%(words)s”可能是以下 %(count)d 个地区，请勾选一个。") % values
        sentence = _(
            "区划表里没有 %(year)s 年的“%(words)s”；请填当年的全名，如 江苏省太仓市，或六位代码，如 320585。"
        )
        return sentence % values

    def _still_other(self, typed):
        if not typed:
            self.add_error("region_typed", _("请填写地区的名称或代码，或勾选“暂不选定”。"))
        return self.choice.picked

    def choices(self, user: User) -> EntryChoices:
        """What was chosen for the entry."""
        moved = self.region_value != self.choice.picked
        found: EntryChoices = {"paragraphs": self.entry["paragraphs"]}
        if (since := self.cleaned_data["since"]) and is_unasked(self.region_value):
            found |= {"region": self.region_value, "since": since}
        if moved or "region" in self.choice.choices:
            found["region"] = self.region_value
        kept, offered = self.cleaned_data["organizations"], self.choice.offered
        # Boxes stand for the organizations of the region that was chosen before.
        without = [name for name in self.choice.without if name not in offered]
        without += [name for name in offered if name not in kept]
        mechanisms = {slug: self._coding(slug, user) for slug in self.cleaned_data["mechanisms"]}
        unseen = [name for name in self.choice.take if name not in self.conflicts]
        take = unseen + self.cleaned_data["take"]
        found |= self._other_than_read()
        return {**found, "without": without, "mechanisms": mechanisms, "take": take}

    def _other_than_read(self) -> EntryChoices:
        """Which entry it is, and where it is to be another than the document says."""
        found: EntryChoices = {}
        same = self.cleaned_data["same"] if self.choice.look_alikes else ""
        if same:
            found["same"] = "" if same == NEW else same
        if "tier" in self.changed_data or "tier" in self.choice.choices:
            found["tier"] = self.cleaned_data["tier"]
        if "grade" in self.changed_data or "grade" in self.choice.choices:
            found["grade"] = self.cleaned_data["grade"]
        if "short_name" in self.changed_data or "short_name" in self.choice.choices:
            found["short_name"] = self.cleaned_data["short_name"]
        return found

    def _coding(self, slug: str, user: User) -> AcceptedMechanism:
        judged: AcceptedMechanism = {
            "weight": self.cleaned_data[f"{slug}-weight"] or Weight.SECONDARY,
            "aspect": self.cleaned_data[f"{slug}-aspect"] or Aspect.MEANS,
            "left_out": self._left_out(slug),
            "coder": person_name(user),
            "coded_on": localdate().isoformat(),
        }
        before = self.choice.mechanisms.get(slug)
        # Whoever judged first stays the coder while the judgement is the same.
        same = before and all(
            before.get(name) == judged[name] for name in ("weight", "aspect", "left_out")
        )
        return before if before and same else judged

    def _left_out(self, slug):
        field = f"{slug}-spans"
        kept = self.cleaned_data[field]
        return [value for value, _text in self.fields[field].choices if value not in kept]


def _label(name):
    return SCHEMAS[Achievement].fields[name].verbose_name


def suggested_weight(suggestion: SuggestedMechanism) -> Weight:
    """Named in the title: primary; the person may think otherwise."""
    in_title = any(span["field"] == "title" for span in suggestion["spans"])
    return Weight.PRIMARY if in_title else Weight.SECONDARY
