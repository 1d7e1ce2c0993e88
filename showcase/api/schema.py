"""How the schema is made: parameters of the fields that a view takes, answers of its serializer."""

from typing import Any

from django_filters import ChoiceFilter, DateFilter, Filter, MultipleChoiceFilter, NumberFilter
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

from governance import facets
from governance.facet_table import MISSING
from showcase.query.form import LONGEST, MOST_NUMBER, Fields, Listed, OfEntries, fields
from showcase.query.problems import MOST_VALUES

from .serializers import declared
from .shapes import OpenError

PROBLEM = "application/problem+json"


class Described(AutoSchema):
    def get_override_parameters(self) -> list[Any]:
        view: Any = self.view
        taken: Fields = view.takes()
        if view.of_entries:
            taken = fields(taken)
        return [_parameter(name, field) for name, field in taken.items()]

    def get_description(self) -> str:  # type: ignore[override]  # DRF's own, which is declared, takes two
        view: Any = self.view
        return str(view.told)

    def get_operation(self, *args: Any) -> Any:
        operation: Any = super().get_operation(*args)
        for parameter in operation.get("parameters", ()):
            if parameter["in"] == "query":
                # It counts as absent.
                parameter["allowEmptyValue"] = True
        return operation

    def get_response_serializers(self) -> Any:
        statuses = [400, 404, 503]
        if "{" in self.path:
            statuses.append(410)
        refused = {(status, PROBLEM): declared(OpenError) for status in sorted(statuses)}
        return {200: super().get_response_serializers(), **refused}


def _parameter(name: str, field: Filter) -> OpenApiParameter:
    return OpenApiParameter(name, _type(name, field), description=str(field.label))


def _type(name: str, field: Filter) -> dict[str, Any]:
    if isinstance(field, OfEntries | MultipleChoiceFilter):
        return {"type": "array", "items": _items(name), "maxItems": MOST_VALUES}
    if isinstance(field, NumberFilter):
        most = field.extra.get("max_value", MOST_NUMBER)
        return {"type": "integer", "minimum": 1, "maximum": most}
    if isinstance(field, DateFilter):
        return {"type": "string", "format": "date"}
    if isinstance(field, ChoiceFilter) and not isinstance(field, Listed):
        return {"type": "string", "enum": [value for value, _label in field.extra["choices"]]}
    return {"type": "string"} | ({"maxLength": LONGEST} if name == "q" else {})


def _items(name: str) -> dict[str, Any]:
    """What each value may be: of a facet with closed values, these; others depend on the record."""
    if name not in facets.TABLE or not facets.TABLE[name].closed:
        return {"type": "string"}
    facet = facets.TABLE[name]
    values = [str(value) for value in facet.choices.values]  # type: ignore[union-attr]  # closed
    return {"type": "string", "enum": values + [MISSING] * bool(facet.missing)}
