"""Slugs and prefixes that nobody else has: of new organizations, and of new awards."""

import re
from collections.abc import Iterable
from itertools import chain, count, product
from string import ascii_lowercase
from typing import Any, NamedTuple, cast

from django.db.models import Q

from governance.models import Address, Award, Organization
from governance.models.publication import kind_of
from governance.pinyin import reading

LONGEST = cast(int, Organization._meta.get_field("slug").max_length)
# The longest prefix that the record takes; the longer, the less likely is it that another has it.
LONGEST_PREFIX = 8
# What a document says of an award that is new to the record.
PROPOSED = {"slug", "prefix", "name"}


class AwardAddress(NamedTuple):
    """Where an award stands: the slug of its page, and what the codes of its years begin with."""

    slug: str
    prefix: str


def address_of(name: str) -> AwardAddress:
    """That of a new award of this name, beside all awards that there are; the first has no prefix."""
    awards = Award.objects.values_list("slug", "prefix")
    former = Address.objects.filter(kind=kind_of(Award)).values_list("key", flat=True)
    slugs, prefixes = {slug for slug, _prefix in awards}, {prefix for _slug, prefix in awards}
    return AwardAddress(
        slug_of(name, slugs | set(former)), prefix_of(name, prefixes) if "" in prefixes else ""
    )


def address_by_now(said: dict[str, Any]) -> AwardAddress:
    """That of the award which a file proposes as new: `said` are its fields.

    It was proposed when the file was made. Another award may have its address since then, and the
    award itself may be there, under another address.
    """
    proposed = AwardAddress(said["slug"], said.get("prefix", ""))
    if said.keys() != PROPOSED:
        return proposed
    own = set(
        Award.objects.filter(Q(name=said["name"]) | Q(years__name=said["name"])).values_list(
            "slug", "prefix"
        )
    )
    if own:
        return proposed if proposed in own else AwardAddress(*min(own))
    taken = Award.objects.filter(Q(slug=proposed.slug) | Q(prefix=proposed.prefix)).exists()
    return address_of(said["name"]) if taken else proposed


def slug_of(name: str, taken: set[str]) -> str:
    """An address by the sound of a name, not in `taken`, to which it is added: tai-cang-shi-…"""
    # Room for a number, since different names may sound alike.
    short = reading(name, place=True).replace(" ", "-")[: LONGEST - 4].rstrip("-") or "x"
    slugs = (short if n == 1 else f"{short}-{n}" for n in count(1))
    found = next(slug for slug in slugs if slug not in taken)
    taken.add(found)
    return found


def prefix_of(name: str, taken: Iterable[str]) -> str:
    """The initials of a name, or what is near them and no other award's: zhsyshzl of 珠海市域社会治理…"""
    words = re.findall("[a-z]+", reading(name, place=True).lower())
    # Of a name of one syllable, its first two letters.
    initials = "".join(word[0] for word in words) if len(words) > 1 else "".join(words)[:2]
    ends = chain([""], ascii_lowercase, map("".join, product(ascii_lowercase, repeat=2)))
    prefixes = ((initials or "aw")[: LONGEST_PREFIX - len(end)] + end for end in ends)
    return next(one for one in prefixes if len(one) > 1 and one not in taken)
