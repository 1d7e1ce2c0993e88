"""The addresses that are asked for: thousands of each kind, made of what the database holds."""

import random
import re
from itertools import permutations

from governance.models import Achievement, AwardYear, Mechanism, Region, Setting, Tier, Zone

# More than a worker could remember answers for.
AMOUNT = 3000
PAGE_SIZE = 20
SORTS = ("year", "-year")
HAN = re.compile(r"[\u4e00-\u9fff]+")

# Fields of the cross-tabs; the design lists them.
DIMENSIONS = (
    *("year", "tier", "setting", "zone", "zone3", "province", "organization_kind"),
    *("organization_level", "region_level", "field", "mechanism"),
)


def queries(seed=2015):
    """{kind: query strings as dicts}, and under "detail" codes; the same ones every time."""
    pick = random.Random(seed)
    provinces = list(Region.objects.provinces().values_list("code", flat=True))
    mechanisms = list(Mechanism.objects.values_list("slug", flat=True))
    years = list(AwardYear.objects.published().values_list("year", flat=True))
    entries = sample(pick)
    found = [words(text, pick) for text, _code in entries]
    entries = [(word, code) for word, (_text, code) in zip(found, entries, strict=True) if word]
    pages = Achievement.objects.published().count() // PAGE_SIZE

    def many(make):
        return [make() for _ in range(AMOUNT)]

    return {
        "list": lists(pick, years),
        "filter": many(
            lambda: {
                "region": pick.choice(provinces),
                "mechanism": pick.choice(mechanisms),
                "sort": pick.choice(SORTS),
            }
        ),
        "search": [{"q": word} for word, _code in entries],
        "nothing": many(lambda: {"q": said_nowhere(entries, pick)}),
        "search_filter": [
            {"q": word, "region": pick.choice(provinces), "year": code[:4]}
            for word, code in entries
        ],
        "detail": [code for _word, code in entries],
        "deep": many(lambda: {"sort": pick.choice(SORTS), "page": pick.randint(1, pages)}),
        "sorted": many(
            lambda: {"sort": pick.choice(["title", "region"]), "region": pick.choice(provinces)}
        ),
        "crosstab": [
            {"rows": rows, "columns": columns} for rows, columns in permutations(DIMENSIONS, 2)
        ],
    }


def sample(pick):
    """(text, code) of AMOUNT entries; their keys are counted from 1."""
    there = Achievement.objects.count()
    keys = sorted(pick.sample(range(1, there + 1), min(AMOUNT, there)))
    rows = Achievement.objects.filter(pk__in=keys).values_list("title", "summary", "code")
    made = [(title if pick.random() < 0.3 else summary, code) for title, summary, code in rows]
    pick.shuffle(made)
    return made


def words(text, pick, sizes=range(2, 7)):
    """A run of 2 to 6 characters of `text`, or "" if none is long enough."""
    size = pick.choice(sizes)
    runs = [run for run in HAN.findall(text) if len(run) >= size]
    if not runs:
        return ""
    run = pick.choice(runs)
    start = pick.randrange(len(run) - size + 1)
    return run[start : start + size]


def said_nowhere(entries, pick):
    """Words of two entries run together, as nobody says them."""
    return "".join(pick.choice(entries)[0] for _ in range(2))


def lists(pick, years):
    """Two or three facets chosen at a time, and an order."""
    facets = {"year": years, "tier": Tier.values, "setting": Setting.values, "zone": Zone.values}
    made = []
    for _ in range(AMOUNT):
        names = pick.sample(sorted(facets), pick.choice([2, 3]))
        chosen = {name: pick.choice(facets[name]) for name in names}
        made.append(chosen | {"sort": pick.choice(SORTS)})
    return made
