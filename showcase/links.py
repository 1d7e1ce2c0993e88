"""Addresses that differ from the present one in some parameters; no template builds a query string."""


def present(query):
    """A copy of `query` (a QueryDict) without empty values, which count as absent everywhere."""
    copy = query.copy()
    for name, values in query.lists():
        copy.setlist(name, [value for value in values if value])
        if not copy.getlist(name):
            del copy[name]
    return copy


def changed(query, **values):
    """The query string of `query` with each named parameter set to a list of values.

    An empty list takes the parameter away. `page` always goes: another selection starts at its
    first page. Starts with "?", so that it can stand in an href as it is.
    """
    copy = query.copy()
    copy.pop("page", None)
    for name, value in values.items():
        copy.setlist(name, value)
    return "?" + present(copy).urlencode()


def at_page(query, number):
    copy = query.copy()
    copy["page"] = number
    return "?" + copy.urlencode()


def toggled(query, name, value, replacing=()):
    """The query string with `value` chosen, or no longer chosen, in the facet `name`.

    Values in `replacing` go when it is chosen: 苏州市 narrows 江苏省 rather than joining it.
    """
    chosen = query.getlist(name)
    if value in chosen:
        return changed(query, **{name: [other for other in chosen if other != value]})
    kept = [other for other in chosen if other not in replacing]
    return changed(query, **{name: [*kept, value]})
