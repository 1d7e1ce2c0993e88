"""The boxes by which a facet's values are chosen; each is a link, so that every choice is an address."""

from collections.abc import Sequence
from typing import NamedTuple

from governance.facet_table import Facet
from showcase import links

from .query import Query


class FacetValue(NamedTuple):
    """One value of a facet: how many entries it finds beside the other facets, and the address under
    which it is chosen as well, or no longer.
    """

    label: str
    entries: int
    address: str
    chosen: bool = False
    # Whether the list at the address has just those entries; else it also has those of other values.
    exact: bool = True
    # How deep it stands below the first level of a tree.
    depth: int = 0
    # Whether it is chosen, or stands beside one that is: then it is never folded away.
    near: bool = False
    # As a query string has it.
    value: str = ""


class FacetGroup(NamedTuple):
    """Values that stand together, those shown at once and those that unfold, below a `head` if they have one."""

    shown: list[FacetValue]
    folded: list[FacetValue]
    head: FacetValue | None = None


class Joining(NamedTuple):
    """How several values of a facet join: whether entries need all of them, and the address of the other way."""

    all_of: bool
    other: str


class Boxes:
    """The boxes of one facet's values, with their addresses.

    Values join as alternatives, `mechanism=a&mechanism=b`, or each is asked for besides,
    `also=mechanism.a&also=mechanism.b`; the query string says which by what it holds.
    """

    def __init__(self, asked: Query, facet: Facet, besides: links.FacetLinks) -> None:
        """`besides` are the addresses of `also`, which all facets of a page share."""
        self.name = facet.name
        self._query, self._any = asked.parameters, asked.links_of(facet.name)
        self._all = besides
        begin = f"{facet.name}."
        asked_besides = [one.removeprefix(begin) for one in besides.chosen if one.startswith(begin)]
        self.chosen = list(dict.fromkeys([*self._any.chosen, *asked_besides]))
        self.besides = bool(asked_besides)
        self.labels = asked.words.known(facet.name, self.chosen) if self.chosen else {}
        self._joins = facet.several and not facet.tree

    def of(self, asked: Query, facet: Facet) -> "Boxes":
        """Those of another facet of the same page."""
        return Boxes(asked, facet, self._all)

    @property
    def joining(self) -> Joining | None:
        """How what is chosen joins, if it can join otherwise."""
        if not (self._joins and self.chosen):
            return None
        others = [one for one in self._all.chosen if not one.startswith(f"{self.name}.")]
        if self.besides:
            other = links.changed(self._query, **{self.name: self.chosen, "also": others})
        else:
            besides = [f"{self.name}.{value}" for value in self.chosen]
            other = links.changed(self._query, **{self.name: [], "also": [*others, *besides]})
        return Joining(self.besides, other)

    def value(
        self,
        value: str,
        label: str,
        count: int,
        replaces: Sequence[str] = (),
        depth: int = 0,
        near: bool = False,
    ) -> FacetValue:
        """The box of a value; values in `replaces` go when it is chosen."""
        if not self.chosen:
            address = self._any.alone + links.quoted(value)
            return FacetValue(label, count, address, depth=depth, near=near, value=value)
        chosen = value in self.chosen
        if self.besides and value not in self._any.chosen:
            address = self._all.toggle(f"{self.name}.{value}")
        else:
            address = self._any.toggle(value, replaces)
        exact = not chosen and (
            not self._any.chosen or address == self._any.alone + links.quoted(value)
        )
        return FacetValue(label, count, address, chosen, exact, depth, near or chosen, value)
