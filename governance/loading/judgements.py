"""What a merge makes untrue of codings without naming it: their English words, and their reviews.

English words stand in a translation, which the file or staff may have written anew; a review holds for
the words, weight and aspect that the reviewer saw. Neither may keep a file out, so both are emptied.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from governance.batches import batched
from governance.models import Achievement, Coding, Evidence
from governance.models.coding import TEXTS, nearest_place
from governance.models.fields import NaturalKeyModel

from .schemas import SCHEMAS
from .writing import Changes

ENGLISH = ("field_en", "start_en", "end_en", "text_en")
REVIEW = ("reviewed_by", "reviewed_on")

# {row: {field name: value before}}
Settled = dict[NaturalKeyModel, dict[str, Any]]


def settle_judgements(
    changes: Changes, told: Callable[[NaturalKeyModel, str], bool] = lambda row, name: False
) -> Settled:
    """Complete Changes; returns what was changed beyond them.

    `told(row, name)`: the file itself says what the row holds there, so that it is left for the check.
    """
    settled: Settled = defaultdict(dict)
    for span in _translated(changes):
        _settle_english(changes, span, told, settled)
    for coding in _judged_anew(changes):
        if coding.reviewed_on and not told(coding, "reviewed_on"):
            for name in REVIEW:
                _set(changes, coding, name, SCHEMAS[Coding].fields[name].get_default(), settled)
    return settled


def _translated(changes: Changes) -> Iterator[Evidence]:
    """The spans with English words that are new or changed, or whose translation changes."""
    # New spans that found no place are placed and will not be created.
    there = (row for row in changes.placed[Evidence] if not row._state.adding)
    rows = {row.pk: row for row in (*there, *changes.created[Evidence])}
    rows |= changes.changed[Evidence]
    going = {row.pk for row in changes.removed[Evidence]}
    entries = [pk for pk, was in changes.was[Achievement].items() if was.keys() & set(TEXTS)]
    for some in batched(entries):
        spans = Evidence.objects.filter(coding__achievement__in=some).exclude(text_en="")
        for span in spans.select_related("coding__achievement", "coding__mechanism"):
            rows.setdefault(span.pk, span)
    yield from (row for pk, row in rows.items() if row.text_en and pk not in going)


def _settle_english(
    changes: Changes,
    span: Evidence,
    told: Callable[[NaturalKeyModel, str], bool],
    settled: Settled,
) -> None:
    there = changes.changed[Achievement].get(span.source.pk, span.source)
    # The check looks at the translation beside the words, as it will be.
    span.coding.achievement = there
    now, (field, text, start, end) = getattr(there, span.field_en, ""), span.words_in("_en")
    if start is None or now[start:end] == text or all(told(span, name) for name in ENGLISH):
        return
    found = nearest_place(text, start, changes.before(there, field) or "", now)
    values = ("", None, None, "") if found is None else (field, found, found + len(text), text)
    for name, value in zip(ENGLISH, values, strict=True):
        _set(changes, span, name, value, settled)


def _judged_anew(changes: Changes) -> Iterator[Coding]:
    """The codings that were there and whose words, weight or aspect change, but not the review itself."""
    before: dict[int, list[str]] = defaultdict(list)
    after: dict[int, list[str]] = defaultdict(list)
    for span in changes.removed[Evidence]:
        before[span.coding_id].append(span.text)
    for span in changes.created[Evidence]:
        after[span.coding_id].append(span.text)
    for span in changes.changed[Evidence].values():
        before[span.coding_id].append(changes.before(span, "text"))
        after[span.coding_id].append(span.text)
    judged = {pk for pk in before | after if sorted(before[pk]) != sorted(after[pk])}
    was = changes.was[Coding]
    judged |= {pk for pk, values in was.items() if values.keys() & {"weight", "aspect"}}
    judged -= {pk for pk, values in was.items() if values.keys() & set(REVIEW)}
    judged -= {row.pk for row in (*changes.created[Coding], *changes.removed[Coding])}
    for some in batched(judged):
        there = Coding.objects.select_related("achievement", "mechanism").in_bulk(some)
        yield from (changes.changed[Coding].get(pk, row) for pk, row in there.items())


def _set(changes: Changes, row: NaturalKeyModel, name: str, value: Any, settled: Settled) -> None:
    if getattr(row, name) == value:
        return
    settled[row].setdefault(name, changes.before(row, name))
    changes.change(row, SCHEMAS[type(row)].fields[name], value)
