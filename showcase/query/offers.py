"""What words of a query may mean as a filter: 提名, 东部, 长三角, or a mechanism to which they lead.

They are offered above the list, with what they would find; the query itself takes them as words.
"""

from governance.index import select
from showcase import links
from showcase.text import localized

from .alternatives import Alternative, meanings_in
from .form import as_indexed
from .query import Query

MOST_OFFERS = 6


def offers(asked: Query) -> list[Alternative]:
    """Each filter that words of the query may mean, instead of these words; the longest words first."""
    found: list[Alternative] = []
    if not (hits := asked.selection.hits):
        return found
    # As the query was read: a run such as 长三角协商 is two words. What only asks, 获奖名单, may mean one too.
    words = [*hits.words, *hits.asking]
    for meaning, at, end in meanings_in(asked.index.names, words):
        # Beside an empty list the mechanism stands with a sentence.
        if meaning.facet == "mechanism" and not len(asked.selection):
            continue
        name, values = meaning.facet, list(meaning.values)
        left = [word for word in [*words[:at], *words[end:]] if word not in hits.asking]
        said = " ".join(word.asked for word in left)
        criteria = {"query": said, name: [as_indexed(name, value) for value in values]}
        count = len(select(index=asked.index, **asked.criteria | criteria))
        label = localized(meaning._asdict(), "name") or asked.words.known(name, values)[values[0]]
        # Eastern China is not offered once more as eastern; a mechanism, to which words merely lead, has entries.
        if label in [one.text for one in found] or (name == "mechanism" and not count):
            continue
        address = links.changed(asked.parameters, **{"q": [said] if said else [], name: values})
        found.append(Alternative("filter", label, count, address, ""))
        if len(found) == MOST_OFFERS:
            break
    return found
