"""The entries nearest to a query that finds none."""

from pyroaring import BitMap

from .documents import gram_key
from .points import add, by_points
from .reading import Index
from .search import ORIGINAL, Hits, Word
from .text import is_english, windows

# Of what is said nowhere, so many pairs of characters are looked for: nobody asks about more.
MOST_PAIRS = 48


def near(index: Index, hits: Hits, among: BitMap, most: int = 10) -> list[int]:
    """The numbers of up to `most` entries `among` those given, nearest first.

    A word that some entry says is worth its length, and twice that if it is a place; of one that is
    said nowhere each pair of characters is worth 1, and half of them must be there.
    """
    unsaid = [word for word, found in zip(hits.words, hits.found, strict=True) if not found]
    pairs = {word: _pairs(word, MOST_PAIRS // len(unsaid)) for word in unsaid}
    keys = [
        gram_key(passage, pair) for some in pairs.values() for pair in some for passage in ORIGINAL
    ]
    postings = index.postings(keys)
    planes: list[BitMap] = []
    least = []
    for word, found in zip(hits.words, hits.found, strict=True):
        if word in pairs:
            least += [(len(pairs[word]) + 1) // 2] if pairs[word] else []
            for pair in pairs[word]:
                holding = (postings[gram_key(passage, pair)] for passage in ORIGINAL)
                add(planes, BitMap.union(*holding) & among, 1)
        else:
            worth = len(word.text) * (2 if word.text in index.names.places else 1)
            least.append(worth)
            add(planes, found & among, worth)
    nearest: list[int] = []
    for _points, group in by_points(planes, max(1, min(least, default=1))):
        nearest += group[: most - len(nearest)]
        if len(nearest) == most:
            break
    return nearest


def _pairs(word: Word, most: int) -> list[str]:
    # Of Latin letters every text has all pairs.
    pairs = [] if is_english(word.text) else windows(word.text, 2)
    return list(dict.fromkeys(pairs))[:most]
