"""What becomes of an address that leads nowhere today: it leads on, is gone, or never was one."""

from collections.abc import Iterable
from datetime import date
from typing import NoReturn

from django.db.models import Model
from django.http import Http404

from governance.models import Achievement, Address, Publication, Status
from governance.models.publication import KEYS, kind_of


class Moved(Exception):
    """The row has another code or slug now; `key` is it, and `path` the page's in this language."""

    def __init__(self, row: Model) -> None:
        self.key = str(getattr(row, KEYS[type(row)]))
        super().__init__(self.key)
        self.path = row.get_absolute_url()  # type: ignore[attr-defined]  # all with an address have it


class Gone(Exception):
    """What stood there was public and is not now; `title`, `day` and `reason` of an entry, else empty."""

    def __init__(self, key: str, publication: Publication | None) -> None:
        super().__init__(key)
        self.key = key
        self.title: str = publication.title if publication else ""
        self.day: date | None = publication.withdrawn if publication else None
        self.reason: str = publication.reason if publication else ""


def lead_on(model: type[Model], key: object) -> NoReturn:
    """Say what became of the page of a row of `model`: raises Moved, Gone, or Http404 if it never was."""
    key = str(key)
    address = Address.objects.filter(kind=kind_of(model), key=key).first()
    row = model._default_manager.filter(pk=address.row).first() if address else None
    # An entry that is not public has no page to lead to.
    hidden = isinstance(row, Achievement) and row.status != Status.PUBLISHED
    if row and not hidden and str(getattr(row, KEYS[model])) != key:
        raise Moved(row)
    publication = _publication(key, address) if model is Achievement else None
    if address or publication:
        raise Gone(key, publication)
    raise Http404(key)


def was_public(model: type[Model], keys: Iterable[str]) -> str | None:
    """The first of these codes or slugs that the public ever knew as that of a row of `model`."""
    known = Address.objects.filter(kind=kind_of(model), key__in=list(keys)).order_by("key")
    return known.values_list("key", flat=True).first()


def _publication(code: str, address: Address | None) -> Publication | None:
    """The entry's, under its last code."""
    codes = {code}
    if address:
        own = Address.objects.filter(kind=address.kind, row=address.row)
        codes |= set(own.values_list("key", flat=True))
    found = Publication.objects.filter(code__in=codes)
    return found.order_by("withdrawn", "-pk").exclude(withdrawn=None).last() or found.first()
