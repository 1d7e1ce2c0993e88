"""Words in the reader's language."""

from django.utils.translation import get_language


def localized(row, field):
    """The row's English text on an English page where it has one, else the Chinese."""
    if get_language() == "en":
        return getattr(row, f"{field}_en") or getattr(row, field)
    return getattr(row, field)
