"""Digests of the public record: what is cited says which words and judgements it stands on.

That of an entry is the SHA-256 of its record in canonical bytes, modulo 2^128; that of them all the
sum, modulo 2^128 too, so that the order in which they came does not matter. Both are written as 32 hex
digits. A record holds no date of publication, no licence and no host; its own path is left out.
"""

import hashlib
from collections.abc import Iterable

import orjson

from governance.models.index import NOTHING

MODULUS = 1 << 128


def digest_of(record: bytes) -> str:
    """The digest of an entry of which the index keeps this record, JSON of an AchievementRecord."""
    values = orjson.loads(record)
    del values["url"]
    canonical = orjson.dumps(values, option=orjson.OPT_SORT_KEYS)
    return _written(int.from_bytes(hashlib.sha256(canonical).digest()))


def summed(digest: str, come: Iterable[str] = (), gone: Iterable[str] = ()) -> str:
    """The digest of all when the entries with these digests have come, and those have gone."""
    return _written(int(digest, 16) + _sum(come) - _sum(gone))


def _sum(digests: Iterable[str]) -> int:
    return sum(int(digest, 16) for digest in digests)


def _written(number: int) -> str:
    return f"{number % MODULUS:0{len(NOTHING)}x}"
