"""Small made-up records over the real region tree, and questions about them."""

from datetime import date, timedelta

from governance.models import (
    Achievement,
    AchievementOrganization,
    Coding,
    Mechanism,
    Organization,
    Publication,
    Region,
)
from governance.models.organization import OrganizationKind
from governance.models.region import Level

from .years import award_year

# Few, so that texts repeat themselves and each other; other scripts, widths and cases among them.
WORDS = "社 区 社区 社區 社区社区 协商 協商 民 居民 居民提案 哈哈 哈哈哈 一 二 O2O ｏ２ｏ o ab AB ＡＢ ba 1 12 ㈠ ， 。 《》"
WORDS = [*WORDS.split(), " ", "\n", ", ", "政府购买服务", "é", "e\u0301"]

# Places with a history: new names, new codes, new neighbours, no zone, no place in the standard.
PATHS = (
    *("4403FA01", "440310", "3601FA01", "360113", "310117116", "429001", "4206", "420600"),
    *("3712", "371202", "370116", "341422", "340225", "341400", "3414", "340181", "130502"),
    *("32", "320585", "3205", "71", "21", "4403", "310117", "450107", "441900", "152800"),
)

READINGS = ["tai cang", "she qu", "xie shang", "ba", "a ba", "xi an", "shen zhen"]
LONG_READING = "lv hua she qu xie shang ba xi an shen zhen"
# The days on which records last changed.
DAYS = [date(2026, 11, 26) + timedelta(days=days) for days in (0, 1, 35, 400)]
ENGLISH = ["Taicang City", "Xi'an", "Garzê", "Self-governance", "Ba Ba", ""]


def text(random, most):
    return "".join(random.choices(WORDS, k=random.randint(0, most)))


def name(random, most):
    return text(random, most).replace("\n", "")


def english(random, most):
    """Words of English with the signs that stand between them; mostly none at all."""
    words = random.choices(ENGLISH, k=random.randint(0, most)) if random.random() < 0.4 else []
    return "".join(f"{word}{random.choice([' ', ', ', '’s ', '. ', '-'])}" for word in words)


def make_world(random, size):
    """`size` achievements, most of them published, instead of whatever was there."""
    Achievement.objects.all().delete()
    years = [award_year(year) for year in random.sample([1999, 2000, 2015, 2100], 3)]
    # Of another award, in a year of the first as well or by itself.
    years.append(award_year(random.choice([2000, 2015]), "zhsj"))
    regions = list(Region.objects.filter(path__in=random.sample(PATHS, 12)))
    regions += random.sample(list(Region.objects.exclude(successor=None)), 3)
    organizations = [make_organization(random, number, regions) for number in range(6)]
    mechanisms = random.sample(list(Mechanism.objects.all()), 3)
    mechanisms += [make_mechanism(random, number) for number in range(5)]
    places = [(year, tier, rank) for year in years for tier in "wn" for rank in range(1, 100)]
    made = [
        make_achievement(random, place, random.choice(regions))
        for place in random.sample(places, size)
    ]
    Achievement.objects.bulk_create(made)
    # Without a digest the builder takes them for known and leaves their days alone.
    Publication.objects.all().delete()
    Publication.objects.bulk_create(
        Publication(code=one.code, first_published=DAYS[0], modified=random.choice(DAYS))
        for one in made
        if one.status == "published"
    )
    AchievementOrganization.objects.bulk_create(
        AchievementOrganization(achievement=one, organization=organization, position=position)
        for one in made
        for position, organization in enumerate(_some(random, organizations), 1)
    )
    Coding.objects.bulk_create(
        Coding(achievement=one, mechanism=item, weight="primary", aspect=_aspect(random))
        for one in made
        for item in _some(random, mechanisms)
    )


def make_achievement(random, place, region):
    """An unsaved Achievement at a `place`: (award year, w or n, rank)."""
    year, letter, rank = place
    return Achievement(
        code=f"{year.code}-{letter}{rank:02}",
        award_year=year,
        tier={"w": "winner", "n": "nominee"}[letter],
        rank=rank,
        status=random.choice(["published"] * 5 + ["draft", "in_review"]),
        title=text(random, 8),
        organization_text=text(random, 4),
        summary=text(random, 20),
        title_en=english(random, 4),
        summary_en=english(random, 12),
        pinyin=random.choice([*READINGS, LONG_READING]),
        region=region,
        setting=random.choice(["urban", "rural", "urban_and_rural", "unstated"]),
    )


def make_organization(random, number, regions):
    return Organization.objects.create(
        name=f"{name(random, 3)}{number}",
        short_name=name(random, 2),
        name_en=random.choice(ENGLISH),
        pinyin=random.choice(READINGS),
        slug=f"o-{number}",
        kind=random.choice(OrganizationKind.values),
        level=random.choice(Level.values),
        region=random.choice(regions),
    )


def make_mechanism(random, number):
    return Mechanism.objects.create(
        slug=f"m-{number}",
        field=random.choice(["system", "participation", "service", "support"]),
        name=f"{name(random, 3)}{number}",
        name_en=random.choice(ENGLISH),
        pinyin=random.choice(READINGS),
        definition="用于检验。",
        definition_en="For tests.",
        synonyms=name(random, 3),
        search_words=name(random, 3),
    )


def make_bounds(random, codes):
    """Mostly none: some of these codes and of others, and a day."""
    bounds = {}
    if random.random() < 0.2:
        bounds["code"] = [*random.choices([*codes, "2015-x01"], k=random.randint(1, 9))]
    if random.random() < 0.2:
        bounds["modified_since"] = random.choice(DAYS) + timedelta(days=random.randint(-1, 1))
    return bounds


def make_query(random, texts):
    """What a person might type: words from `texts`, some misspelt, some quoted; often one word."""
    words = []
    for _ in range(random.choice([1, 1, 1, 1, 2, 2, 3])):
        source = random.choice(texts)
        start = random.randrange(len(source))
        word = source[start : start + random.choice([1, 2, 2, 2, 3, 4, 5, 6, 8, 12])]
        if random.random() < 0.3:
            at = random.randrange(len(word) + 1)
            word = word[:at] + random.choice([*WORDS, "缺"]) + word[at + random.randint(0, 1) :]
        words.append(random.choice(["{}", "{}", "“{}”", '"{}"', "「{}」"]).format(word))
    # Sometimes as one run, which may have to be cut.
    return random.choice([" ", " ", "、", ""]).join(words)


def make_facets(random, values):
    """Some facets with one or more of their values; `values` is {facet: those that there are}."""
    chosen = {}
    for facet in random.sample(sorted(values), random.choice([0, 0, 1, 1, 2, 3])):
        found = random.choices([*sorted(values[facet]), "nothing"], k=random.randint(1, 3))
        chosen[facet] = list(dict.fromkeys(found))
    return chosen


def _some(random, items):
    return random.sample(items, random.choice([0, 1, 1, 2, 3]))


def _aspect(random):
    return random.choice(["means", "means", "means", "goal", "effect"])
