"""What stands around an entry's page: the list one came from, related entries, how to cite it."""

from django.utils.translation import gettext as _

from governance import index

from . import links
from .asked import asked
from .citations import cite_entry
from .filters import LIST
from .text import listed, localized


def neighbourhood(request, record, address):
    """The template's values; none of them while there is no index.

    The address of an entry may carry the query of a list, and then the entry has the neighbours that
    it has there. Without one, or if the list has lost the entry, they are those of its year.
    """
    try:
        question = asked(request, LIST)
        beside = question.selection.neighbours(record["code"]) if question.query else None
        kept = links.changed(question.query) if beside else ""
        year = index.select(year=[record["year"]], index=question.index)
        before, after = beside or year.neighbours(record["code"]) or (None, None)
        return {
            "kept": kept if kept != "?" else "",
            "before": before,
            "after": after,
            "related": [(other, shared(record, other)) for other in index.related(record)],
            "citation": cite_entry(record, question.index.version, address),
        }
    except index.Unready:
        return {}


def shared(record, other):
    """Why another entry is related, in words: the organization, the nearest common region, mechanisms."""
    reasons = []
    if _slugs(record["organizations"]) & _slugs(other["organizations"]):
        reasons.append(_("同一机构"))
    places = {place["code"] for place in other["region"]["lineage"][1:]}
    common = [place for place in record["region"]["lineage"][1:] if place["code"] in places]
    if common:
        reasons.append(_("同在%(place)s") % {"place": localized(common[-1], "name")})
    used = _slugs(_means(other))
    names = [localized(coding, "name") for coding in _means(record) if coding["slug"] in used]
    if names:
        reasons.append(_("同用%(mechanisms)s") % {"mechanisms": listed(names)})
    return reasons


def _means(record):
    return [coding for coding in record["mechanisms"] if coding["aspect"] == "means"]


def _slugs(rows):
    return {row["slug"] for row in rows}
