"""What is nearest to a query that finds nothing: entries, and English words of the same family."""

from collections import Counter
from functools import reduce
from operator import and_

from pyroaring import BitMap

from .documents import gram_key
from .points import add, by_points
from .reading import Index
from .rows import records
from .search import ORIGINAL, Hits, Word
from .text import ENGLISH_WORD, SHORT, fold, is_english, stem, windows

# Of what is said nowhere, so many pairs of characters are looked for: nobody asks about more.
MOST_PAIRS = 48
# Words of a family share two thirds of their letters, six at least; they are looked for in so many entries.
FAMILY, MOST_READ = 6, 20

# Translations are in American spelling.
AMERICAN = {"our": "or", "isation": "ization", "centre": "center", "programme": "program"}


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


def family(index: Index, word: str, among: BitMap, most: int) -> list[str]:
    """The English words that begin as a word does of which no entry has a form, the most frequent first.

    deliberative → deliberation, deliberate; neighbourhood → neighborhood.
    """
    for british, american in AMERICAN.items():
        word = word.replace(british, american)
    begin = word[: max(FAMILY, len(word) * 2 // 3)]
    if not word.isascii() or not word.isalpha() or len(begin) < FAMILY:
        return []
    keys = [gram_key("english", gram) for gram in windows(f" {begin}", SHORT)]
    postings = index.postings(keys)
    holding = reduce(and_, (postings[key] for key in keys), among)
    counts: Counter[str] = Counter()
    for record in records(list(holding[:MOST_READ])):
        words = ENGLISH_WORD.findall(fold(f"{record['title_en']} {record['summary_en']}"))
        counts.update(one for one in set(words) if one.startswith(begin))
    forms = {stem(one): one for one, _count in reversed(counts.most_common())}
    return [one for one, _count in counts.most_common() if forms[stem(one)] == one][:most]
