"""What the reader of announcements says, in the language of whoever reads it, and as it is stored."""

from typing import Any, TypedDict, cast

from django.utils.translation import gettext, ngettext

from governance.announcements import Sentence
from governance.words import listed


class StoredSentence(TypedDict):
    """A Sentence as JSON has it; sentences among its `values` are StoredSentences too."""

    message: str
    values: dict[str, Any]


def stored(sentence: Sentence) -> StoredSentence:
    values = {name: _stored(value) for name, value in sentence.values.items()}
    return {"message": sentence.message, "values": values}


def _stored(value: Any) -> Any:
    if isinstance(value, Sentence):
        return stored(value)
    return [_stored(one) for one in value] if isinstance(value, list | tuple) else value


def translated(said: Sentence | StoredSentence | str) -> str:
    """A sentence in the language of now; one that an earlier release stored, in Chinese, as it is."""
    if isinstance(said, str):
        return said
    sentence = stored(said) if isinstance(said, Sentence) else said
    message, values = sentence["message"], sentence["values"]
    words = {name: _translated(value) for name, value in values.items()}
    if "count" in values:
        return ngettext(message, message, values["count"]) % words
    return gettext(message) % words


def _translated(value: Any) -> Any:
    if isinstance(value, dict):
        return translated(cast(StoredSentence, value))
    return listed(map(_translated, value)) if isinstance(value, list) else value
