"""Fills the product's empty tables with made-up award years, as fast as the database takes rows."""

import csv
import io
import random
from itertools import count, islice

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from governance.models import (
    Achievement,
    AchievementOrganization,
    Award,
    AwardYear,
    Coding,
    Evidence,
    Mechanism,
    Organization,
    Region,
)

from .texts import Place, Source, Writer

YEARS = range(1999, 2029)
# Winners are two in five, so that a rank fits the column however many entries a year has.
WINNERS = 0.4
SEED = 2015

COLUMNS = {
    Organization: "id name short_name pinyin slug kind level region_id",
    Achievement: "id code award_year_id tier rank status marker title short_name organization_text"
    " summary title_en summary_en pinyin region_id setting",
    AchievementOrganization: "id achievement_id organization_id position",
    Coding: "id achievement_id mechanism_id weight aspect",
    Evidence: "id coding_id field start end text",
}


def fill(size, progress=lambda done: None):
    """Make `size` achievements over the real regions and mechanisms, the same ones every time."""
    call_command("loaddata", "regions", "mechanisms", verbosity=0)
    with transaction.atomic():
        places = with_organizations()
    with open(settings.BASE_DIR / "fixtures/townships.csv", encoding="utf-8", newline="") as file:
        townships = [row["name"] for row in csv.DictReader(file)]
    mechanisms = list(Mechanism.objects.values_list("pk", flat=True))
    source = Source(settings.BASE_DIR / "fixtures/awards/2015.yaml")
    writer = Writer(source, townships, len(mechanisms), SEED)
    numbers = {model: count(1) for model in COLUMNS}
    done = 0
    award = Award.objects.create(slug="community-governance-innovation", name="社区治理创新成果")
    for year, entries in shares(size):
        with transaction.atomic():
            award_year = AwardYear.objects.create(
                award=award,
                year=year,
                code=award.year_code(year),
                name=award.name,
                document_title=f"{year}年度公告",
                text="公告",
            )
            fill_year(award_year, entries, places, writer, mechanisms, numbers)
        done += entries
        progress(done)


def shares(size):
    """(year, entries): the entries spread evenly over the years."""
    each, more = divmod(size, len(YEARS))
    return [(year, each + (at < more)) for at, year in enumerate(YEARS)]


def fill_year(award_year, entries, places, writer, mechanisms, numbers):
    chooser = random.Random(award_year.year)
    there = [place for place in places if place.valid_from <= award_year.year <= place.valid_to]
    # Few counties send many entries, in another order every year.
    weights = [1 / (10 + number) for number in range(len(there))]
    made = (
        (tier_and_rank, writer.entry(place))
        for tier_and_rank, place in zip(
            ranks(entries), chooser.choices(there, weights, k=entries), strict=True
        )
    )
    while batch := list(islice(made, 5000)):
        rows = {model: [] for model in COLUMNS if model is not Organization}
        for (tier, rank), entry in batch:
            add(rows, numbers, award_year, tier, rank, entry, mechanisms)
        for model, some in rows.items():
            insert(model, some)


def ranks(entries):
    winners = round(entries * WINNERS)
    for number in range(entries):
        yield ("winner", number + 1) if number < winners else ("nominee", number - winners + 1)


def add(rows, numbers, award_year, tier, rank, entry, mechanisms):
    """Append an entry's rows to those of each model."""
    pk = next(numbers[Achievement])
    code = f"{award_year.code}-{tier[0]}{rank:02}"
    who = (pk, code, award_year.pk, tier, rank, "published", f"{rank}. ")
    said = (entry.title, entry.short_name, entry.organization_text, entry.summary)
    more = (entry.title_en, entry.summary_en, entry.pinyin, entry.place.pk, entry.setting)
    rows[Achievement].append((*who, *said, *more))
    for position, organization in enumerate(entry.organizations, 1):
        link = next(numbers[AchievementOrganization])
        rows[AchievementOrganization].append((link, pk, organization, position))
    for mechanism, weight, aspect, (start, end) in entry.codings:
        coding = next(numbers[Coding])
        rows[Coding].append((coding, pk, mechanisms[mechanism], weight, aspect))
        words = entry.summary[start:end]
        rows[Evidence].append((next(numbers[Evidence]), coding, "summary", start, end, words))


def with_organizations():
    """Every county as a Place, with a party committee and a government made for each name."""
    places, rows, made, number = [], [], {}, count(1)
    counties = Region.objects.filter(level="county").select_related("parent__parent")
    for region in counties.order_by("path", "valid_from"):
        name = region.full_name
        if name not in made:
            made[name] = next(number), next(number)
            rows += organizations(region, name, *made[name])
        last = region.valid_to or max(YEARS)
        keys = made[name]
        places.append(
            Place(region.pk, region.name, name, region.pinyin, region.valid_from, last, keys)
        )
    insert(Organization, rows)
    random.Random(SEED).shuffle(places)
    return places


def organizations(region, name, committee, government):
    slug = f"{region.pinyin.replace(' ', '-')}-{region.code}-{region.valid_from}"
    for pk, kind, full, short in (
        (committee, "party_committee", f"中国共产党{name}委员会", f"中共{region.name}委员会"),
        (government, "government", f"{name}人民政府", f"{region.name}人民政府"),
    ):
        pinyin = f"{'zhong gong ' if kind == 'party_committee' else ''}{region.pinyin}"
        yield pk, full, short, pinyin, f"{kind[:3]}-{slug}", kind, "county", region.pk


def insert(model, rows):
    """Insert tuples in the order of COLUMNS[model]; other columns have what the model says, or NULL."""
    columns = COLUMNS[model].split()
    others = [
        field
        for field in model._meta.concrete_fields
        if field.column not in columns and not field.null
    ]
    columns += [field.column for field in others]
    defaults = tuple(field.get_default() for field in others)
    rows = [row + defaults for row in rows]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            copy(cursor, model._meta.db_table, columns, rows)
            return
        names = ", ".join(f'"{column}"' for column in columns)
        marks = ", ".join(["%s"] * len(columns))
        cursor.executemany(f"INSERT INTO {model._meta.db_table} ({names}) VALUES ({marks})", rows)


def copy(cursor, table, columns, rows):
    # No text of ours has a tab, a line break or a backslash.
    lines = ("\t".join(map(str, row)) + "\n" for row in rows)
    cursor.copy_from(io.StringIO("".join(lines)), table, columns=columns)
