"""What a line looks like by itself, before anything is known of the document around it."""

import re
from functools import cached_property

from governance.announcements.files.paragraphs import Paragraph
from governance.announcements.readings import Excerpt

from .categories import BODIES, LONG, Heading, bare, read_heading, tier_of
from .layouts import AT_THE_END, BRACKETS, ON_THE_LINE, Layout, OnNextLine, Split
from .list_numbers import marker
from .patterns import (
    LEADING_VOTES,
    ORGANIZATION_LABEL,
    OTHER_LABEL,
    SUMMARY_LABEL,
    TITLE_LABEL,
    VOTES,
    is_closing,
    is_organization,
    is_place,
    is_roll,
    is_sentence,
    last_group,
    without_votes,
)

# Styles of lines without a marker; and of lines that are headings if they are anything.
PLAIN, LABELLED = "plain", "labelled"
HEADINGS_ONLY = ("annex", "part")
TITLE_LENGTH, SIGNATURE_LENGTH, STRAY_LENGTH = 80, 40, 20


class Look:
    """A paragraph with what its own words say, each worked out when it is first asked for."""

    def __init__(self, line: Paragraph) -> None:
        self.line, self.text = line, line.plain
        self.mark = marker(self.text)
        if self.mark:
            self.style = self.mark.style
        else:
            self.style = LABELLED if TITLE_LABEL.match(self.text) else PLAIN

    @property
    def marker(self) -> Excerpt | None:
        """The marker as it is written, with the space after it."""
        if not self.mark:
            return None
        start = len(self.line.text) - len(self.line.text.lstrip())
        words = self.line.text[start : self.mark.end]
        return Excerpt(words, self.line.start + start, self.line.number)

    @cached_property
    def body(self) -> tuple[int, int]:
        """(start, end) of the words without marker, label and votes."""
        start = self.mark.end if self.mark else 0
        label = TITLE_LABEL.match(self.text, start)
        start = label.end() if label else start
        votes = LEADING_VOTES.match(self.text, start)
        start = votes.end() if votes else start
        start = len(self.text) - len(self.text[start:].lstrip(" *"))
        return start, without_votes(self.text, start, len(self.text))

    @cached_property
    def split(self) -> tuple[Layout, Split] | None:
        """(layout, its split) where a layout is certain of the organization on this line, or None."""
        start, end = self.body
        bare = self.style == PLAIN
        if bare and (end - start > 100 or is_sentence(self.text[start:end])):
            return None
        for layout in AT_THE_END if bare else ON_THE_LINE:
            split = layout.find(self.text, start, end)
            if split and split.certain:
                if tier_of(self.text[slice(*split.title)]) == BODIES:
                    return None
                told = self.is_told and any(
                    re.search("[,;:]", self.text[slice(*place)])
                    for place in (split.title, split.organization)
                    if layout is not BRACKETS or place is split.title
                )
                return None if told else (layout, split)
        return None

    @property
    def has_organization(self) -> bool:
        """Whether any layout is certain of an organization on this line, marked or not."""
        return any(
            split.certain for layout in ON_THE_LINE if (split := layout.find(self.text, *self.body))
        )

    @cached_property
    def organization(self) -> tuple[int, int] | None:
        """(start, end) of the organization where the line is nothing else, or None."""
        return None if self.mark else OnNextLine().find(self.text)

    @cached_property
    def heading(self) -> Heading | None:
        """The Heading that its words make it, or None."""
        return None if self.split else read_heading(self.line)

    @cached_property
    def is_sentence(self) -> bool:
        return is_sentence(self.text)

    @property
    def is_told(self) -> bool:
        """Whether it is a sentence without a marker, as a summary's are."""
        return self.style == PLAIN and self.is_sentence

    @cached_property
    def is_closing(self) -> bool:
        return is_closing(self.text)

    @cached_property
    def is_titular(self) -> bool:
        """Whether it can be a title: short, no sentence, no label, not all in brackets."""
        start, end = self.body
        return (
            0 < end - start <= TITLE_LENGTH
            and not self.is_sentence
            and not self.is_closing
            and not self.text.rstrip().endswith(":")
            and last_group(self.text, end) != start
            and not self.is_form
            and not SUMMARY_LABEL.match(self.text)
        )

    @property
    def place(self) -> str:
        """The name of the place that the line is, "" if it is more or something else."""
        words = bare(self.text).rstrip(":")
        return words if is_place(words) else ""

    @cached_property
    def is_roll(self) -> bool:
        return not self.mark and is_roll(self.text)

    @property
    def ends(self) -> bool:
        """Whether it ends as a paragraph does."""
        return self.text.rstrip().endswith(tuple("。!?;:)]”》…"))

    @property
    def is_subtitle(self) -> bool:
        """Whether it may go on with a title above: ——老旧小区的实践."""
        dashed = re.match(r"\s*(?:—|--)", self.text)
        return bool(dashed and self.is_titular and not self.organization)

    @property
    def is_tail(self) -> bool:
        """Whether it is bare and has an organization in brackets: the end of an entry, if one begins above."""
        return self.style == PLAIN and bool(self.split and self.split[0] is BRACKETS)

    @property
    def is_organization_label(self) -> bool:
        """Whether it is a field such as 申报单位："""
        return bool(self.organization and ORGANIZATION_LABEL.match(self.text))

    @cached_property
    def is_form(self) -> bool:
        """Whether it fills in a field of a form other than the title and the summary."""
        return bool(ORGANIZATION_LABEL.match(self.text) or OTHER_LABEL.match(self.text))

    @property
    def is_labelled(self) -> bool:
        """Whether it fills in any field."""
        return self.is_form or bool(SUMMARY_LABEL.match(self.text) or TITLE_LABEL.match(self.text))

    @property
    def is_short(self) -> bool:
        """Whether it can be a heading by its place alone."""
        return len(self.text.strip()) <= LONG and not (
            self.is_sentence or self.is_closing or self.style == LABELLED or self.split
        )

    @property
    def is_votes(self) -> bool:
        return len(self.text) <= 60 and bool(VOTES.fullmatch(self.text.strip(" ()[]。")))

    @property
    def can_sign(self) -> bool:
        """Whether it can be a signature below a list."""
        text = re.sub("[《》]", "", self.text.strip())  # 《中国社会报》社
        return (
            len(text) <= SIGNATURE_LENGTH
            and not self.is_sentence
            and not text.endswith(("社区", "村"))
            and is_organization(text)
        )

    @property
    def is_stray(self) -> bool:
        """Whether it is too short for a paragraph of a summary."""
        return len(self.text.strip()) <= STRAY_LENGTH and not self.is_sentence

    def title_follows(self, after: "Look | None") -> bool:
        """Whether this numbered line has the organization alone, and the line after it the title."""
        start, end = self.body
        return bool(
            self.mark
            and after
            and not after.mark
            and is_organization(self.text[start:end], certainly=True)
            and after.is_titular
            and not after.organization
        )

    def is_entry(self, after: "Look | None") -> bool:
        """Whether the line by its own words begins an entry: it has an organization, or the line after it."""
        if self.split:
            return True
        if self.heading or not after or self.is_roll:
            return False
        if self.title_follows(after):
            return True
        if not (after.organization and self.is_titular):
            return False
        # Without a marker, a place alone in the next line may be a heading as well.
        return self.style != PLAIN or not (
            self.organization or is_place(after.text[slice(*after.organization)])
        )
