"""What becomes of an address that leads nowhere today: it leads on, is gone, or never was one."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NoReturn

from django.db.models import Model
from django.http import Http404
from django.utils.translation import gettext as _

from governance import index
from governance.models import (
    Achievement,
    Address,
    Award,
    AwardYear,
    Mechanism,
    Organization,
    Publication,
    Region,
    Status,
)
from governance.models.achievement import tier_labels
from governance.models.publication import KEYS, kind_of
from showcase.links import address as page_of
from showcase.query.pasted import NamedPage
from showcase.query.vocabulary import vocabulary
from showcase.text import localized

# The facets whose kept spellings tell what is near to a wrong code or slug.
FACETS: dict[type[Model], str] = {
    Region: "region",
    Mechanism: "mechanism",
    Organization: "organization",
    Award: "award",
}


# The kinds of pages, as `links.address` calls them, and of what each is one.
PAGES: dict[str, type[Model]] = {
    "achievement": Achievement,
    "award": Award,
    "mechanism": Mechanism,
    "organization": Organization,
    "region": Region,
    "year": AwardYear,
}


class Moved(Exception):
    """The row has another code or slug now; `key` is it, and `path` the page's in this language."""

    def __init__(self, row: Model) -> None:
        self.key = str(getattr(row, KEYS[type(row)]))
        super().__init__(self.key)
        self.path = row.get_absolute_url()  # type: ignore[attr-defined]  # all with an address have it


class Gone(Exception):
    """What stood there was public and is not now; titles, `day` and `reason` of an entry, else empty."""

    def __init__(self, key: str, publication: Publication | None) -> None:
        super().__init__(key)
        self.key = key
        self.title: str = publication.title if publication else ""
        self.title_en: str = publication.title_en if publication else ""
        self.day: date | None = publication.withdrawn if publication else None
        self.reason: str = publication.reason if publication else ""

    @property
    def told(self) -> dict[str, Any]:
        """What programs are told of it, in their language; `withdrawn` is None if no day is known."""
        # Not `title`, which is that of the problem.
        return {
            "code": self.key,
            "entry_title": localized(vars(self), "title"),
            "withdrawn": self.day,
            "reason": self.reason,
        }


class NoSuch(Http404):
    """Nothing of `model` ever had the code or slug `key`; `ways` are (label, path) of what there is near it.

    `str()` is the sentence, which the API answers too.
    """

    def __init__(self, model: type[Model], key: str) -> None:
        kind = model._meta.verbose_name
        super().__init__(_("没有“%(key)s”这一%(kind)s。") % {"kind": kind, "key": key})
        self.ways: list[tuple[str, str]] = _near(model, key)


def lead_on(model: type[Model], key: object) -> NoReturn:
    """Say what became of the page of a row of `model`: raises Moved, Gone, or NoSuch if it never was.

    A calendar year stands for each award year in it: the code of another award's has a prefix.
    """
    key = str(key)
    if model is AwardYear and key.isdecimal():
        codes = AwardYear.objects.filter(year=key[:9]).values_list("code", flat=True)
        key = _was_public(AwardYear, codes) or key
    address = Address.objects.filter(kind=kind_of(model), key=key).first()
    row = model._default_manager.filter(pk=address.row).first() if address else None
    # An entry that is not public has no page to lead to.
    hidden = isinstance(row, Achievement) and row.status != Status.PUBLISHED
    if row and not hidden and str(getattr(row, KEYS[model])) != key:
        raise Moved(row)
    publication = _publication(key, address) if model is Achievement else None
    if address or publication:
        raise Gone(key, publication)
    raise NoSuch(model, key)


def no_such(page: NamedPage) -> NoSuch | None:
    """That there is no such page and never was; None if its address leads somewhere."""
    model = PAGES[page.page]
    rows = model._default_manager
    # Regions and mechanisms are public whatever names them.
    known = rows.published() if hasattr(rows, "published") else rows.all()
    key = {KEYS[model]: page.key}
    if model is AwardYear and page.key.isdecimal():
        # Also of an award whose codes have a prefix.
        key = {"year": page.key[:9]}
    if known.filter(**key).exists():
        return None
    try:
        lead_on(model, page.key)
    except (Moved, Gone):
        return None
    except NoSuch as nothing:
        return nothing


def _near(model: type[Model], key: str) -> list[tuple[str, str]]:
    if facet := FACETS.get(model):
        nearest = vocabulary(index.current()).spellings(facet).alike(key)
        return [(label, page_of(facet, value)) for value, label in nearest]
    award_years = AwardYear.objects.published().select_related("award").defer("text")
    if model is Achievement:
        # 2015-w99: there are others of 2015.
        of_its_year = award_years.filter(code=key.rpartition("-")[0]).first()
        if of_its_year:
            return _codes(of_its_year)
    # Two awards of one year have one page.
    pages = {page_of("year", str(one.year)): str(one) for one in award_years}
    return [(label, path) for path, label in pages.items()]


def _codes(award_year: AwardYear) -> list[tuple[str, str]]:
    """The first and the last code of each tier, if it has two, with the address of their year."""
    found = []
    for tier, label in tier_labels([award_year.award]).items():
        entries = Achievement.objects.published().filter(award_year=award_year, tier=tier)
        codes = entries.order_by("rank").values_list("code", flat=True)
        if first := codes.first():
            words = {"tier": label, "first": first, "last": codes.last()}
            several = _("%(tier)s：%(first)s 至 %(last)s") % words
            label = several if first != words["last"] else label + _("：") + first
            found.append((label, award_year.get_absolute_url()))
    return found


def _was_public(model: type[Model], keys: Iterable[str]) -> str | None:
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
