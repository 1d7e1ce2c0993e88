"""What the lists and the single rows of the API share."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from rest_framework.generics import GenericAPIView, ListAPIView, RetrieveAPIView
from rest_framework.response import Response

from governance.models.publication import KEYS
from showcase.answers import Conditional
from showcase.entry.addresses import Moved, lead_on
from showcase.query.form import Fields
from showcase.query.query import own_query

from .pagination import PageNumbers
from .serializers import declared


class Answers(Conditional):
    """Mixin of all that the API answers: `takes()` are its parameters, `shape` is that of the answer, or of
    each row, and `path` where that stands in the record of an entry; `told` says in the schema what it is.
    """

    told: str | Promise
    shape: type
    path = ""
    # Whether it takes words and facets as well, as any list of entries does.
    of_entries = False

    def takes(self) -> Fields:
        return {}

    def get_serializer_class(self) -> Any:
        return declared(self.shape, self.path)


class ModelRows(Answers):
    """Mixin: rows of a model, of which `made` makes dicts."""

    model: type[Model]
    request: Any
    kwargs: dict[str, str]

    def rows(self) -> QuerySet[Any]:
        """The public ones in order; where several have a code, the one of today before the others."""
        raise NotImplementedError

    def made(self, rows: Sequence[Any]) -> list[Any]:
        raise NotImplementedError


class RowList(ModelRows, ListAPIView):
    def takes(self) -> Fields:
        return PageNumbers.own

    def get_queryset(self):
        own_query(self.request, self.takes())
        return self.rows()

    def paginate_queryset(self, queryset):
        return self.made(super().paginate_queryset(queryset))


class OneRow(ModelRows, RetrieveAPIView):
    def get_object(self) -> Any:
        own_query(self.request, self.takes())
        (key,) = self.kwargs.values()
        return self.made([self._found(key) or self._elsewhere(key)])[0]

    def _found(self, key: str) -> Any:
        return self.rows().filter(**{KEYS[self.model]: key}).first()

    def _elsewhere(self, key: str) -> Any:
        try:
            lead_on(self.model, key)
        except Moved as moved:
            return self._found(moved.key)


class OneAnswer(Answers, GenericAPIView):
    """One dict: `answer` makes it."""

    def get(self, request):
        return Response(self.answer(request))

    def answer(self, request: Any) -> Any:
        raise NotImplementedError
