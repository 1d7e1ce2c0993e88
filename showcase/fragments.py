"""HTML of what stands on a list by the hundred: entries, and the values of facets.

A template would spend more on them than finding them costs; everything else is in templates.
Whatever comes from the record or from a reader is escaped.
"""

from html import escape

from django.utils.translation import gettext as _
from markupsafe import Markup

from .text import marked

# Characters of a summary in Chinese and in English.
SUMMARY, SUMMARY_EN = 110, 280


def entries(records, at, tiers, terms=()):
    """A list of records, with the folded `terms` marked for which they were found.

    `at` gives the addresses of the sections, `tiers` the label of each tier. English is unofficial,
    so the Chinese title stands beside it; what was found stands in the Chinese.
    """
    items = "".join(_entry(record, at, tiers, terms) for record in records)
    return Markup(f'<ol class="list">{items}</ol>')


def _entry(record, at, tiers, terms):
    title = f'<span lang="zh-Hans">{marked(record["title"], terms)}</span>'
    original = ""
    if at["english"] and record["title_en"]:
        original = f'<p class="original">{title}</p>'
        title = escape(record["title_en"])
    win = " win" if record["tier"] == "winner" else ""
    return (
        f'<li><p class="year">{record["year"]} <span class="tier{win}">{tiers[record["tier"]]}</span></p>'
        f'<div><h3 class="title"><a href="{at["achievements"]}{record["code"]}/">{title}</a></h3>'
        f'{original}<p class="quiet">{_lineage(record["region"]["lineage"], at)}</p>'
        f'{_summary(record, at, terms)}<ul class="tags">{_means(record["mechanisms"], at)}</ul></div></li>'
    )


def _lineage(places, at):
    return ' <span aria-hidden="true">›</span> '.join(
        f'<a href="{at["regions"]}{place["code"]}/">{_name(place, at)}</a>' for place in places
    )


def _summary(record, at, terms):
    if at["english"] and record["summary_en"] and not terms:
        return f'<p class="summary">{marked(record["summary_en"], (), SUMMARY_EN)}</p>'
    return f'<p class="summary" lang="zh-Hans">{marked(record["summary"], terms, SUMMARY)}</p>'


def _means(codings, at):
    return "".join(
        f'<li><a href="{at["mechanisms"]}{coding["slug"]}/">{_name(coding, at)}</a></li>'
        for coding in codings
        if coding["aspect"] == "means"
    )


def _name(row, at):
    return escape((at["english"] and row["name_en"]) or row["name"])


def choices(facet):
    """The values of a Facet: each leads to itself alone, and may be added or taken away."""
    also, remove = _("也选 %(label)s"), _("移除 %(label)s")
    return Markup("".join(_choice(choice, also, remove) for choice in facet.choices))


def _choice(choice, also, remove):
    label, current = escape(choice.label), ' aria-current="true"' if choice.chosen else ""
    toggle = ""
    if choice.toggle != choice.only:
        sign, said = ("×", remove) if choice.chosen else ("+", also)
        said = said % {"label": label}
        toggle = (
            f'<a class="toggle" href="{escape(choice.toggle)}" title="{said}">'
            f'<span aria-hidden="true">{sign}</span><span class="unseen">{said}</span></a>'
        )
    return (
        f'<li class="depth-{choice.depth}"><a href="{escape(choice.only)}"{current}>'
        f"<span>{label}</span> <b>{choice.count}</b></a>{toggle}</li>"
    )
