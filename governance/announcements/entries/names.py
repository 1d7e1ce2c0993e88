"""The name that a title quotes."""

_QUOTES = {
    "“": "”",
    "「": "」",
    "『": "』",
    "﹁": "﹂",
    "﹃": "﹄",
    "〝": "〞",
    "‘": "’",
    '"': '"',
    "＂": "＂",
}


def short_name(title: str) -> str:
    """The first words in quotes: “政社互动”开创社会治理新格局 → 政社互动; "" without quotes.

    Book marks are no quotes: 《村规民约》 is the name of a document, not of the innovation.
    """
    for at, char in enumerate(title):
        if char in _QUOTES:
            end = title.find(_QUOTES[char], at + 1)
            if end > at + 1:
                return title[at + 1 : end].strip()
    return ""
