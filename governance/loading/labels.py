"""Rows and values in the words that a person knows them by, for reports and mistakes."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, cast

from django.db.models import Field
from django.utils.translation import gettext as _

from governance.batches import batched
from governance.models import (
    Achievement,
    AchievementImage,
    AchievementOrganization,
    Coding,
    Evidence,
    Mechanism,
    Region,
    SettingEvidence,
)
from governance.models.coding import Passage
from governance.models.fields import NaturalKeyModel
from governance.words import first_difference, stretch

from .schemas import LABELS, SCHEMAS, Schema

# Of a longer text, so many characters around the place where it differs say which it is.
LONG, AROUND = 60, 14


class Wording:
    """Names rows and shows values of Details; what they name is found by a few queries."""

    def __init__(self, details: Iterable[Any] = ()) -> None:
        self._titles: dict[str, str] = {}
        self._regions: dict[tuple, str] = {}
        codes, regions = set(), set()
        for detail in details:
            shape = LABELS[detail.model]
            if shape.model is Achievement or shape.owner:
                codes.add(detail.key[0])
            elif shape.model is Region:
                regions.add(detail.key)
            if detail.field and _is_region(shape.fields[detail.field]):
                values = (detail.base, detail.file, detail.database)
                regions.update(tuple(value) for value in values if value)
        for some in batched(codes):
            rows = Achievement.objects.filter(code__in=some)
            self._titles.update(rows.values_list("code", "title"))
        for some in batched({code for code, *_rest in regions}):
            places = Region.objects.filter(code__in=some).select_related("parent__parent__parent")
            self._regions.update((row.natural_key(), str(row)) for row in places)

    @cached_property
    def _mechanisms(self) -> dict[str, str]:
        return dict(Mechanism.objects.values_list("slug", "name"))

    def row(
        self, shape: Schema, key: tuple, words: str = "", said: Mapping[str, Any] | None = None
    ) -> str:
        """成果 2015-w01 “政社互动” · “协商议事”；`words` are those of a span, `said` what a file says."""
        return f"{shape} {self._of_key(shape.model, key, words, said or {})}"

    def _of_key(
        self, model: type[NaturalKeyModel], key: tuple, words: str, said: Mapping[str, Any]
    ) -> str:
        if model is Region:
            return self._regions.get(key) or " ".join(filter(None, (said.get("name"), key[0])))
        if model is Mechanism:
            return self._mechanisms.get(key[0]) or said.get("name") or key[0]
        if SCHEMAS[model].owner is None and model is not Achievement:
            return str(key[0])
        title = self._titles.get(key[0]) or (said.get("title", "") if model is Achievement else "")
        return " · ".join([f"{key[0]} {title}".strip(), *self._of_part(model, key, words)])

    def _of_part(self, model: type[NaturalKeyModel], key: tuple, words: str) -> Iterator[str]:
        if model in (AchievementOrganization, AchievementImage):
            yield str(key[1])[:40]
        if model in (Coding, Evidence):
            yield self._mechanisms.get(key[1], key[1])
        if model in (Evidence, SettingEvidence):
            field, start = key[-2:]
            place = dict(Passage.choices).get(field, field)
            yield (
                f"{place}“{words}”"
                if words
                else _("%(field)s第 %(place)s 字起")
                % {
                    "field": place,
                    "place": int(start) + 1,
                }
            )

    def values(self, field: Field, *values: Any) -> list[str]:
        """Values of one field beside each other: long texts from where they begin to differ."""
        shown = [self.value(field, value) for value in values]
        texts = [text for text in shown if len(text) > LONG]
        if not texts:
            return shown
        start = max(first_difference(texts) - AROUND, 0)
        return [
            stretch(text, start, start + LONG).replace("\n", "⏎") if text in texts else text
            for text in shown
        ]

    def value(self, field: Field, value: Any) -> str:
        """A JSON value of a field in words: 已发布, 浙江省杭州市西湖区 330106, “甲议事”."""
        if value is None:
            return _("无")
        if value == "":
            return _("（空）")
        if _is_region(field):
            return self._regions.get(tuple(value)) or str(value[0])
        if field.is_relation:
            shape = SCHEMAS[cast(type[NaturalKeyModel], field.related_model)]
            return self._of_key(shape.model, tuple(value), "", {})
        if field.choices:
            return str(dict(field.flatchoices).get(value, value))
        return f"“{value}”" if isinstance(value, str) else str(value)


def _is_region(field: Field) -> bool:
    return field.is_relation and field.related_model is Region
