"""Addresses that differ from the present one in some parameters; no template builds a query string."""

from urllib.parse import urlencode

from governance.index.text import terms


def present(query):
    """A copy of `query` (a QueryDict) without empty and repeated values, which say nothing.

    So do words to search for of which there is nothing but quotes.
    """
    copy = query.copy()
    for name, values in query.lists():
        says = terms if name == "q" else bool
        copy.setlist(name, [value for value in dict.fromkeys(values) if says(value)])
        if not copy.getlist(name):
            del copy[name]
    return copy


def changed(query, /, **values):
    """The query string of `query` with each named parameter set to a list of values.

    An empty list takes the parameter away. `page` always goes: another selection starts at its
    first page. Starts with "?", so that it can stand in an href as it is.
    """
    lists = dict(query.lists()) | values
    pairs = [(name, value) for name in lists if name != "page" for value in lists[name] if value]
    return "?" + urlencode(pairs)


def at_page(query, number):
    return changed(query) + ("&" if changed(query) != "?" else "") + f"page={number}"


class FacetLinks:
    """The addresses of one facet's values: a page has hundreds, so what they share is made once.

    Values are codes and slugs, which need no quoting.
    """

    def __init__(self, query, name):
        self.chosen = query.getlist(name)
        self._query, self._name = query, name
        rest = changed(query, **{name: []})
        self._only = f"{rest}{'&' if rest != '?' else ''}{name}="
        self._also = "".join(f"{value}&{name}=" for value in self.chosen)

    def only(self, value):
        """`value` alone is chosen in this facet."""
        return self._only + value

    def toggle(self, value, replacing=()):
        """`value` is chosen as well, or no longer.

        Values in `replacing` go when it is chosen: 苏州市 narrows 江苏省 rather than joining it.
        """
        if value not in self.chosen and not replacing:
            return self._only + self._also + value
        kept = [other for other in self.chosen if other != value and other not in replacing]
        if value not in self.chosen:
            kept.append(value)
        return changed(self._query, **{self._name: kept})
