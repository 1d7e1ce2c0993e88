"""Words as the reader's language puts them together."""

from django.utils.translation import get_language


def listed(words):
    """Words one after another, with the mark between them that the language has."""
    return (", " if get_language() == "en" else "、").join(map(str, words))
