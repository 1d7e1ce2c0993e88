"""Where a document's entries lie when only its title says so: 珠海市域社会治理创新项目…"""

from dataclasses import replace

from governance.announcements.files.paragraphs import plain
from governance.announcements.readings import Counted, Excerpt, Reading, Remark

from .region_rows import COUNTY, RegionRow
from .regions import YearTable


def placed_by_title(reading: Reading, years: YearTable) -> Reading:
    """The Reading with the place of its title for entries that say neither organization nor region."""
    lacking = [one for one in reading.entries if not (one.organization_text or one.places)]
    place = place_in_title(reading, years) if lacking else None
    if not place:
        return reading
    for entry in lacking:
        entry.places = (place,)
    sentence = Counted(
        "%(count)s 项成果没有写机构，地区按标题里的“%(place)s”填写，机构留空，请核对。",
        {"count": len(lacking), "place": place.text},
    )
    return replace(reading, remarks=[Remark(place.paragraph, sentence), *reading.remarks])


def place_in_title(reading: Reading, years: YearTable) -> Excerpt | None:
    """The full name of the one place that the lines of the title name, with those above it; else None."""
    start = 0
    found: list[tuple[Excerpt, tuple[RegionRow, ...]]] = []
    numbers = {line.paragraph for line in reading.lines if line.use == "title"}
    for number, text in enumerate(reading.document.text.split("\n"), 1):
        at = 0
        while number in numbers and at < len(text):
            names = {
                end: regions
                for (end, full), regions in years.chains(plain(text), at).items()
                if full
            }
            end = max(names, default=at)
            # 城区 is a district of 阳泉市, and a word.
            if end > at and (end - at > 2 or names[end][0].level != COUNTY):
                found.append((Excerpt(text[at:end], start + at, number), names[end]))
            at = max(end, at + 1)
        start += len(text) + 1
    deepest = [
        (place, regions)
        for place, regions in found
        if not any(years.any_above(regions, others) for _place, others in found)
    ]
    if len({regions for _place, regions in deepest}) == 1 and len(deepest[0][1]) == 1:
        return deepest[0][0]
    return None
