"""HTML of what stands on a page by the dozen: entries, the values of facets, links, evidence.

A template would spend more on them than finding them costs; everything else is in templates.
Whatever comes from the record or from a reader is escaped.
"""

from functools import cache, lru_cache
from html import escape

from django.utils.translation import get_language
from markupsafe import Markup

from governance.records import SUMMARY, SUMMARY_EN, named
from showcase import links
from showcase.text import escaped, marked, marks, marks_in_english
from showcase.text import gettext as _

from .compare_button import box


def entries(cards, at, tiers, terms=(), kept=None, dated=True):
    """A list of `governance.index` cards, with the folded `terms` marked for which they were found.

    `at` gives the addresses of the sections, `tiers` the label of each tier. English is unofficial,
    so the Chinese title stands beside it; what was found stands in the Chinese. `kept` is the query
    string that an entry's address carries on a page that has the tray of the comparison; None
    elsewhere. A page of one year has no need of `dated` entries.
    """
    # Made once, in three parts: before, between and after an entry's code and its title.
    boxed = kept is not None and _box_around(at["english"])
    kept = escape(kept or "")
    items = "".join([_entry(card, at, tiers, terms, kept, boxed, dated) for card in cards])
    return Markup(f'<ol class="list">{items}</ol>')


@cache
def _box_around(_english):
    return box("\0", "\0").split("\0")


def table(cards, at, tiers, kept=""):
    """The same as rows of a table, without their texts."""
    kept = escape(kept)
    rows = "".join([_row(card, at, tiers, kept) for card in cards])
    return Markup(f"<tbody>{rows}</tbody>")


def _row(card, at, tiers, kept):
    title = (at["english"] and card["title_en"]) or card["title"]
    lang = "" if title != card["title"] else ' lang="zh-Hans"'
    return (
        f'<tr><td>{card["year"]}</td><td class="{_tier_class(card)}">{tiers[card["tier"]]}</td>'
        f'<th scope="row"><a href="{at["achievements"]}{card["code"]}/{kept}"{lang}>{escape(title)}</a></th>'
        f"<td>{_path(card['places'], at['regions'], at['english'])}</td>"
        f'<td><ul class="tags">{_means(card, at)}</ul></td></tr>'
    )


def titled(card, at, kept="", rel=""):
    """The title of an entry as a link, in the language that it is in."""
    title_en = at["english"] and card["title_en"]
    lang = "" if title_en else ' lang="zh-Hans"'
    rel = f' rel="{rel}"' if rel else ""
    address = f"{at['achievements']}{card['code']}/{escape(kept)}"
    return Markup(f'<a href="{address}"{rel}{lang}>{escape(title_en or card["title"])}</a>')


def tier(record, tiers):
    return Markup(f'<span class="{_tier_class(record)}">{tiers[record["tier"]]}</span>')


def _tier_class(record):
    return "tier win" if record["tier"] == "winner" else "tier"


def evidence(segments, codings):
    """A text of which the words that are evidence lead to their codings.

    `k1` is on both sides, so that each lights the other.
    """
    return Markup("".join([_segment(segment, codings) for segment in segments]))


def _segment(segment, codings):
    text = escape(segment.text)
    if not segment.codings:
        return text
    aspect = codings[segment.codings[0] - 1]["aspect"]
    numbers = "".join([f" k{number}" for number in segment.codings])
    ends = "".join([f"&NoBreak;<sup>{number}</sup>" for number in segment.ending])
    coding = (segment.ending or segment.codings)[0]
    return f'<a id="{segment.id}" class="ev {aspect}{numbers}" href="#coding-{coding}">{text}{ends}</a>'


def _entry(card, at, tiers, terms, kept, boxed, dated):
    folded = card.get("folded") or (None, None)
    title = _marked(card["title"], terms, folded[0]) if terms else escaped(card["title"])
    title = f'<span lang="zh-Hans">{title}</span>'
    original = ""
    if at["english"] and card["title_en"]:
        original = f'<p class="original">{title}</p>'
        title = marked(card["title_en"], marks_in_english(card["title_en"], terms))
    where = _path(card["places"], at["regions"], at["english"])
    return (
        f'<li><p class="year">{card["year"] if dated else ""} {tier(card, tiers)}</p>'
        f'<div><h3 class="title"><a href="{at["achievements"]}{card["code"]}/{kept}">{title}</a></h3>'
        f'{original}<p class="quiet">{where}</p>'
        f'{_summary(card, at, terms, folded[1])}<div class="foot"><ul class="tags">{_means(card, at)}</ul>'
        f"{_boxed(card['code'], title, *boxed) if boxed else ''}</div></div></li>"
    )


def _marked(text, terms, folded, width=None):
    if folded and not width and not any(term in folded for term in terms):
        return escaped(text)
    return marked(text, marks(text, terms, folded), width)


def _boxed(code, title, before, between, after):
    return f"{before}{code}{between}{title}{after}"


def _summary(card, at, terms, folded):
    summary, summary_en = card["summary"], at["english"] and card["summary_en"]
    if not terms:
        words = escape(summary_en or summary)
    elif summary_en:
        # The language that says it; if neither does, it was found by a name.
        found = marks_in_english(summary_en, terms)
        if not found and marks(summary, terms, folded):
            summary_en, words = "", _marked(summary, terms, folded, SUMMARY)
        else:
            words = marked(summary_en, found, SUMMARY_EN)
    else:
        words = _marked(summary, terms, folded, SUMMARY)
    lang = "" if summary_en else ' lang="zh-Hans"'
    return f'<p class="summary"{lang}>{words}</p>'


def places(card, at):
    """The names of a card's region and those above it, without links."""
    names = [(at["english"] and name_en) or name for _code, name, name_en in named(card["places"])]
    return " › ".join(names)


@lru_cache(maxsize=8192)
def _path(places, above, english):
    return _joined(named(places), above, english)


def path(regions, at):
    """Links to regions, records, each below the one before it."""
    places = [(region["code"], region["name"], region["name_en"]) for region in regions]
    return Markup(_joined(places, at["regions"], at["english"]))


def _joined(places, above, english):
    found = [_link(place, above, english) for place in places]
    return ' <span aria-hidden="true">›</span> '.join(found)


def _means(card, at):
    above, english = at["mechanisms"], at["english"]
    return "".join([_tag(coding, above, english) for coding in card["means"]])


@lru_cache(maxsize=1024)
def _tag(coding, above, english):
    return f"<li>{_link(*named(coding), above, english)}</li>"


def _link(thing, above, english):
    """A link to what a card names, below the section `above`."""
    key, name, name_en = thing
    return f'<a href="{above}{key}/">{escape((english and name_en) or name)}</a>'


def search(query=None):
    """The form to search with; what else a list's QueryDict asks for goes with the words."""
    before, between, after = _search(get_language())
    words = escape(query.get("q", "")) if query else ""
    rest = [
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, values in (query.lists() if query else ())
        for value in values
        if value and name not in ("q", "page")
    ]
    return Markup(f"{before}{words}{between}{''.join(rest)}{after}")


@cache
def _search(_language):
    said, example, button = _("搜索成果、地区、机构或机制"), _("协商、太仓、taicang"), _("搜索")
    return (
        f'<form class="find" action="{links.address("achievements")}" role="search">'
        '<input type="search" id="q" name="q" value="',
        f'" maxlength="200" aria-label="{escape(said)}" placeholder="{escape(example)}">',
        f"<button>{escape(button)}</button></form>",
    )


def facets(found, words):
    """Sections of the Facets of a list; `words` are its Vocabulary.

    Each value leads to itself alone, and may be added or taken away.
    """
    return Markup("".join([_facet(facet, words) for facet in found]))


def _facet(facet, words):
    only = escape(facet.links.alone)
    if facet.links.chosen:
        toggle = _toggles(facet, only, words)
        items = [_choice(choice, only, toggle(choice)) for choice in facet.choices]
    else:
        items = [
            f'<li><a href="{only}{value}"><span>{label}</span> <b>{count}</b></a></li>'
            for value, label, count, *_ in facet.choices
        ]
    shown, more = "".join(items[: facet.shown]), items[facet.shown :]
    if more:
        said = words.more % {"count": len(more)}
        more = (
            f'<details id="more-{facet.name}"><summary>{said}</summary>'
            f"<ul>{''.join(more)}</ul></details>"
        )
    return (
        f'<section class="facet" id="facet-{facet.name}"><h2>{escape(facet.label)}</h2>'
        f"<ul>{shown}</ul>{more or ''}</section>"
    )


def _choice(choice, only, toggle):
    current = ' aria-current="true"' if choice.chosen else ""
    depth = f' class="depth-{choice.depth}"' if choice.depth else ""
    return (
        f'<li{depth}><a href="{only}{choice.value}"{current}>'
        f"<span>{choice.label}</span> <b>{choice.count}</b></a>{toggle}</li>"
    )


def _toggles(facet, only, words):
    """A function: the link that adds a choice to what the Facet chooses, or takes it away."""
    added = escape(facet.links.added)

    def toggle(choice):
        address = added + choice.value
        if choice.chosen or choice.replaces:
            address = escape(facet.links.toggle(choice.value, choice.replaces))
        if address == only + choice.value:
            return ""
        sign, said = ("×", words.remove) if choice.chosen else ("+", words.also)
        said = said % {"label": choice.label}
        return (
            f'<a class="toggle" href="{address}" title="{said}">'
            f'<span aria-hidden="true">{sign}</span><span class="unseen">{said}</span></a>'
        )

    return toggle


def ways(labels_and_addresses, here):
    """One of several ways to see a list, and links to the others: {value: (label, address)}."""
    items = [
        f'<b aria-current="true">{label}</b>'
        if value == here
        else f'<a href="{escape(address)}">{label}</a>'
        for value, (label, address) in labels_and_addresses.items()
    ]
    return Markup(" · ".join(items))


def pages(page, query):
    """The way to the pages before and after; "" where there is one page."""
    number, total = page.number, page.paginator.num_pages
    if total < 2:
        return ""
    label, words, back, on = _pages(get_language())
    parts = [f"<span>{words % {'number': number, 'total': total}}</span>"]
    if number > 1:
        parts.insert(0, _step(query, number - 1, "prev", back))
    if number < total:
        parts.append(_step(query, number + 1, "next", on))
    return Markup(f'<nav class="pages" aria-label="{label}">{" ".join(parts)}</nav>')


@cache
def _pages(_language):
    return _("分页"), _("第 %(number)s 页，共 %(total)s 页"), _("上一页"), _("下一页")


def _step(query, number, rel, label):
    return f'<a rel="{rel}" href="{escape(links.at_page(query, number))}">{label}</a>'
