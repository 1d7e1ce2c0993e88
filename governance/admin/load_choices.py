"""The form of what a person chooses for one entry of a preview."""

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from governance.intake import region_of, regions_named, span_value, value_of
from governance.loading.schemas import SHAPES
from governance.models import Achievement
from governance.models.coding import Aspect, Weight

# Stands for a region that is no candidate and is typed.
OTHER = "other"
# Of a name that many regions have, so many are shown.
MOST_REGIONS = 40


class EntryForm(forms.Form):
    """The choices for one entry; `choice` is its governance.intake Choice.

    `conflicts` are the fields of the entry of which the file's words can be taken.
    """

    region = forms.ChoiceField(required=False, widget=forms.RadioSelect)
    region_typed = forms.CharField(
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"list": "regions", "autocomplete": "off"}),
    )
    organizations = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    mechanisms = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    take = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, choice, year, data=None, *, names=None, conflicts=()):
        """`names` are {slug: name} of mechanisms."""
        self.choice, self.year, self.entry = choice, year, choice.entry
        self.conflicts = conflicts
        super().__init__(data, prefix=choice.code)
        other = choice.region and not choice.candidate
        self.initial = {
            "region": OTHER if other else choice.region,
            "region_typed": choice.region.split(":")[0] if other else "",
            "organizations": choice.organizations,
            "mechanisms": list(choice.mechanisms),
            "take": choice.take,
        }
        self.found = self._found_before()
        self._offer_regions()
        self.fields["organizations"].choices = [(name, name) for name in choice.offered]
        self.fields["take"].choices = [(name, _label(name)) for name in conflicts]
        self.fields["mechanisms"].choices = self._mechanisms(names or {})

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
        self.fields[f"{slug}-weight"] = forms.ChoiceField(choices=Weight, required=False)
        self.fields[f"{slug}-aspect"] = forms.ChoiceField(choices=Aspect, required=False)
        self.fields[f"{slug}-spans"] = forms.MultipleChoiceField(
            choices=[(value, value) for value in spans],
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
        left_out = accepted.get("left_out", [])
        self.initial |= {
            f"{slug}-weight": accepted.get("weight", weight(suggestion)),
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
        return self.choice.region

    def choices(self, user):
        """The entry's choices, as governance.intake.choosing has them."""
        moved = self.region_value != self.choice.region
        found = {"region": self.region_value} if moved or "region" in self.choice.choice else {}
        kept, offered = self.cleaned_data["organizations"], self.choice.offered
        # Boxes stand for the organizations of the region that was chosen before.
        without = [name for name in self.choice.without if name not in offered]
        without += [name for name in offered if name not in kept]
        mechanisms = {slug: self._coding(slug, user) for slug in self.cleaned_data["mechanisms"]}
        unseen = [name for name in self.choice.take if name not in self.conflicts]
        take = unseen + self.cleaned_data["take"]
        return found | {"without": without, "mechanisms": mechanisms, "take": take}

    def _coding(self, slug, user):
        judged = {
            "weight": self.cleaned_data[f"{slug}-weight"] or Weight.SECONDARY,
            "aspect": self.cleaned_data[f"{slug}-aspect"] or Aspect.MEANS,
            "left_out": self._left_out(slug),
        }
        before = self.choice.mechanisms.get(slug, {})
        if judged.items() <= before.items():
            return before
        coder = user.get_full_name() or user.get_username()
        return judged | {"coder": coder, "coded_on": localdate().isoformat()}

    def _left_out(self, slug):
        field = f"{slug}-spans"
        kept = self.cleaned_data[field]
        return [value for value, _text in self.fields[field].choices if value not in kept]


def _label(name):
    return SHAPES[Achievement].fields[name].verbose_name


def weight(suggestion):
    """Named in the title: primary; the person may think otherwise."""
    in_title = any(span["field"] == "title" for span in suggestion["spans"])
    return Weight.PRIMARY if in_title else Weight.SECONDARY
