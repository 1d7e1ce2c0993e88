"""The codebook as it stands beside the choice of a mechanism."""

from typing import NamedTuple

from django.utils.translation import get_language

from governance.index.names import typed_readings
from governance.models import Mechanism
from governance.models.mechanism import MechanismField


class CodebookEntry(NamedTuple):
    """A mechanism in the reader's language, and its label in forms.

    `find` has a line for each name by which it is found, its own first.
    """

    key: int
    label: str
    name: str
    definition: str
    counts: str
    not_counts: str
    borderline: str
    find: str


def codebook() -> list[tuple[str, list[CodebookEntry]]]:
    """(label of a field, its mechanisms) of each field that has any."""
    language = "_en" if get_language() == "en" else ""
    entries: dict[str, list[CodebookEntry]] = {field: [] for field in MechanismField.values}
    for mechanism in Mechanism.objects.all():
        entries[mechanism.field].append(_entry(mechanism, language))
    return [(str(MechanismField(field).label), each) for field, each in entries.items() if each]


def _entry(mechanism: Mechanism, language: str) -> CodebookEntry:
    whole, initials = typed_readings(mechanism.pinyin)
    names = [
        mechanism.name,
        *sorted(whole),
        initials,
        mechanism.name_en,
        *mechanism.synonym_list,
        *mechanism.search_word_list,
    ]
    return CodebookEntry(
        key=mechanism.pk,
        label=str(mechanism),
        name=getattr(mechanism, f"name{language}"),
        definition=getattr(mechanism, f"definition{language}"),
        counts=getattr(mechanism, f"counts{language}"),
        not_counts=getattr(mechanism, f"not_counts{language}"),
        borderline=getattr(mechanism, f"borderline{language}"),
        find="\n".join(names).lower(),
    )
