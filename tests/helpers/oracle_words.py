"""How the oracle reads words: English ones, names as people type them, runs and where they are cut."""

from governance.index.text import ENGLISH_QUESTION, QUESTION, fold

# What people leave out of the name of a place, the longest first.
KINDS = (
    *("特别行政区", "自治区", "自治州", "自治县", "自治旗"),
    *("地区", "新区", "街道", *"省市县区镇乡盟旗"),
)
ENGLISH = set("abcdefghijklmnopqrstuvwxyz0123456789")


def english_words(folded):
    """people's, councils → [people, council]"""
    words = "".join(char if char in ENGLISH | {"'"} else " " for char in folded).split()
    return [singular(word) for word in words if set(word) & ENGLISH]


def singular(word):
    """Harman's S-stemmer, as she gives it, for words of more than three letters; a possessive goes first."""
    word = word.strip("'")
    if word.endswith("'s"):
        word = word[:-2]
    word = word.replace("'", "")
    if len(word) > 3:
        if word[-3:] == "ies" and word[-4:] not in ("eies", "aies"):
            return word[:-3] + "y"
        if word[-2:] == "es" and word[-3:] not in ("aes", "ees", "oes"):
            return word[:-1]
        if word[-1:] == "s" and word[-2:] not in ("us", "ss"):
            return word[:-1]
    return word


def is_part(words, text):
    """Whether the words stand in the text one behind the other."""
    return any(text[at : at + len(words)] == words for at in range(len(text) - len(words) + 1))


def is_latin(term):
    return bool(set(term) & ENGLISH) and set(term) <= ENGLISH | set("'.&@/,:+%_ ")


def readings_of(item):
    """What a name may be typed as: its pinyin in one, ü as v or u, and the initials."""
    syllables = item.pinyin.split()
    whole = "".join(syllables)
    return [whole, whole.replace("v", "u"), "".join(syllable[0] for syllable in syllables)]


def without_kind(name):
    return next(
        (
            name.removesuffix(kind)
            for kind in KINDS
            if name.endswith(kind) and len(name) > len(kind) + 1
        ),
        name,
    )


def cut(run, known):
    """A run as the names in it, the longest first from the left, and what lies between; nothing of one character.

    Where no name begins, what a question is put with counts as one. 的 goes where it joins a name to what is of it, + everywhere.
    """
    joined = [part for part in run.replace("%", "+").split("+") if part]
    if not all(len(part) > 1 for part in joined):
        return [run]
    return [part for one in joined for part in _cut(one, known)]


def _cut(run, known):
    for at in range(len(run)):
        ends = [end for end in range(len(run), at + 1, -1) if _is_name(run[at:end], known)]
        question = QUESTION.match(run, at)
        for end in ends + ([question.end()] if question else []):
            after = run[end + 1 :] if run[end : end + 1] == "的" else run[end:]
            before = run[: at - 1] if at != 2 and run[:at].endswith("的") else run[:at]
            if 1 not in (len(before), len(after)):
                return [part for part in (before, run[at:end]) if part] + (
                    _cut(after, known) if after else []
                )
    return [run]


def _is_name(text, known):
    return text in known or ("年" in text and year_of(text))


def only_asks(word):
    """Whether the terms of a word are one that a question is put with, in English in any number."""
    (term, *more) = word
    alone = is_latin(term) and any(map(ENGLISH_QUESTION.fullmatch, {term, *english_words(term)}))
    return not more and bool(QUESTION.fullmatch(term) or alone)


def year_of(term):
    """2015 of 2015, 2015年, 2015年度 and 二〇一五年; "" of anything else."""
    figures = {figure: str(value) for value, figure in enumerate("零一二三四五六七八九")} | {
        "〇": "0"
    }
    year = "".join(figures.get(char, char) for char in term[:4])
    said = len(year) == 4 and year.isascii() and year.isdigit() and term[4:] in ("", "年", "年度")
    return year if said else ""


def synonyms(mechanism):
    return [fold(synonym) for synonym in mechanism.synonyms.split("\n") if synonym]


def is_whole(term, synonym):
    """Whether they are the same name; of English the words, whatever their endings."""
    if is_latin(term) and is_latin(synonym):
        return english_words(term) == english_words(synonym)
    return term == synonym


def letters_of(term):
    return "".join(char for char in term if char in ENGLISH)


def words_of(asked, spelt):
    """[(word as a tuple of terms, whether it is quoted)]: the most neighbours that spell a name are one.

    `spelt` says of Latin words whether they do.
    """
    words = []
    while asked:
        size = len(asked)
        while size > 1 and not (
            all(is_latin(term.text) and not term.quoted for term in asked[:size])
            and spelt(" ".join(term.text for term in asked[:size]))
        ):
            size -= 1
        words.append((tuple(term.text for term in asked[:size]), asked[0].quoted))
        asked = asked[size:]
    return words
