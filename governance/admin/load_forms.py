"""The forms of "load an award year": the upload, the award's facts, and the choices for an entry."""

from datetime import date
from pathlib import PurePath

from django import forms
from django.core.exceptions import ValidationError
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.loading.fixture import SUFFIXES
from governance.models import AwardYear, Region
from governance.models.award import LAST_YEAR
from governance.models.coding import Aspect, Weight
from governance.models.region import FIRST_YEAR

from .shared import TextareaField

# The largest announcement of 20,000 entries takes a tenth of this.
MAX_BYTES = 64 << 20
MAX_CHARACTERS = 1_000_000
# A pasted text is named after its first line.
NAME_LENGTH = 60
# Stands for a region that is no candidate, whose code is typed.
OTHER = "other"


class YearForm(forms.Form):
    """The year of an upload; a fixture has its own."""

    year = forms.IntegerField(
        label=gettext_lazy("年度"),
        required=False,
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        error_messages={"required": gettext_lazy("请填写年度，如 2016。")},
        help_text=gettext_lazy("公告所属的年度，如 2016。数据文件自带年度，可以不填。"),
    )

    def __init__(self, *args, required=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["year"].required = required


class UploadForm(YearForm):
    """A file or a text, and the year."""

    file = forms.FileField(
        label=gettext_lazy("文件"),
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
        if not cleaned["year"] and not self._is_fixture(file):
            self.add_error("year", _("请填写年度，如 2016；从公告里读到的年份不一定可靠。"))
        return cleaned

    def _is_fixture(self, file):
        return file and PurePath(file.name).suffix.lower() in SUFFIXES

    @property
    def upload(self):
        """(name, bytes, year) of what was brought."""
        file, year = self.cleaned_data["file"], self.cleaned_data["year"]
        if file:
            return file.name, file.read(), year
        text = self.cleaned_data["text"]
        return f"{text.split(maxsplit=1)[0][:NAME_LENGTH]}.txt", text.encode(), year


class FactsForm(forms.ModelForm):
    """What an announcement seldom says of itself."""

    source_url = AwardYear._meta.get_field("source_url").formfield(assume_scheme="https")

    class Meta:
        model = AwardYear
        fields = ["name", "name_en", "issuer", "document_title", "source_url", "retrieved_on"]
        widgets = {"retrieved_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, year, parsed, chosen, data=None):
        """`parsed` and `chosen` are {field: value}: what the announcement gives, and was chosen."""
        record = AwardYear.objects.filter(year=year).first()
        initial = forms.model_to_dict(record, self._meta.fields) if record else {}
        initial |= {name: parsed[name] for name in self._meta.fields if name in parsed}
        self.chosen = chosen
        super().__init__(data, initial=initial | chosen, prefix="award")

    def choices(self):
        """What is to be loaded; a fact that nobody gave is not said to be empty."""
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in self.cleaned_data.items()
            if value or name in self.chosen or name in self.changed_data
        }


class EntryForm(forms.Form):
    """The choices for one entry of a proposal; `choice` is its governance.intake Choice."""

    region = forms.ChoiceField(required=False, widget=forms.RadioSelect)
    region_code = forms.CharField(required=False, max_length=12)
    organizations = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    mechanisms = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, choice, year, data=None):
        self.choice, self.year, self.entry = choice, year, choice.entry
        super().__init__(data, prefix=choice.code)
        regions = [one["region"] for one in self.entry["candidates"]]
        other = choice.region not in ("", *regions)
        self.fields["region"].choices = [(value, value) for value in ("", *regions, OTHER)]
        self.fields["organizations"].choices = [(name, name) for name in choice.offered]
        self.initial = {
            "region": OTHER if other else choice.region,
            "region_code": choice.region.split(":")[0] if other else "",
            "organizations": choice.organizations,
            "mechanisms": list(choice.mechanisms),
        }
        self.fields["mechanisms"].choices = self._mechanisms()

    def _mechanisms(self):
        found = []
        for suggestion in self.entry["suggestions"]:
            if not suggestion["coded"]:
                slug = suggestion["mechanism"]
                found.append((slug, suggestion["name"]))
                accepted = self.choice.mechanisms.get(slug)
                self.fields[f"{slug}-weight"] = forms.ChoiceField(choices=Weight, required=False)
                self.fields[f"{slug}-aspect"] = forms.ChoiceField(choices=Aspect, required=False)
                self.initial[f"{slug}-weight"] = (accepted or {}).get("weight", weight(suggestion))
                self.initial[f"{slug}-aspect"] = (accepted or {}).get("aspect", Aspect.MEANS)
        return found

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("region") == OTHER:
            self.region_value = self._typed(cleaned.get("region_code", "").strip())
        else:
            self.region_value = cleaned.get("region", "")
        return cleaned

    def _typed(self, code):
        for region in Region.objects.filter(code=code):
            if region.existed_in(self.year):
                return f"{region.code}:{region.valid_from}"
        sentence = _("区划表里没有 %(year)s 年的代码“%(code)s”；应如 320585，可在“地区”里查到。")
        self.add_error("region_code", sentence % {"year": self.year, "code": code})
        return ""

    def choices(self, user):
        """The entry's choices, as governance.intake.choosing has them."""
        moved = self.region_value != self.choice.region
        kept = set(self.cleaned_data["organizations"])
        # Boxes stand for the organizations of the region that was chosen before.
        without = [] if moved else [name for name in self.choice.offered if name not in kept]
        found = {"region": self.region_value} if moved or "region" in self.choice.choice else {}
        mechanisms = {slug: self._coding(slug, user) for slug in self.cleaned_data["mechanisms"]}
        return found | {"without": without, "mechanisms": mechanisms}

    def _coding(self, slug, user):
        judged = {
            "weight": self.cleaned_data[f"{slug}-weight"] or Weight.SECONDARY,
            "aspect": self.cleaned_data[f"{slug}-aspect"] or Aspect.MEANS,
        }
        before = self.choice.mechanisms.get(slug, {})
        if judged.items() <= before.items():
            return before
        coder = user.get_full_name() or user.get_username()
        return judged | {"coder": coder, "coded_on": localdate().isoformat()}


def weight(suggestion):
    """Named in the title: primary; the person may think otherwise."""
    in_title = any(span["field"] == "title" for span in suggestion["spans"])
    return Weight.PRIMARY if in_title else Weight.SECONDARY
