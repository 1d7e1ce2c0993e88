"""Dear questions: what each costs of CPU, in times the plain list of the same run.

    DATA_DIR=… DJANGO_SETTINGS_MODULE=benchmarks.settings python -m benchmarks.dear

Each is asked once, so that what is kept by the version of the index is there, and then some times
more, in turns with the plain list; medians are compared. Whole answers are not kept. Prints JSON:
{question: times}.
"""

import json
from itertools import cycle
from statistics import median
from urllib.parse import quote

import django

from .cpu import Asker
from .report import table, verdict

# The most that an answer may cost, in plain lists: any, a file of the sitemap, one to a wrong value.
LIMIT, SITEMAP_LIMIT, WRONG_LIMIT = 25, 60, 2
PLAIN = "/achievements/"
ROUNDS = 7
WARM_UP = 30


def tables(said):
    """What main() printed for each size, as Markdown: `said` is {entries: output}."""
    found = {size: json.loads(output) for size, output in said.items()}
    rows = [
        [f"`{question}`", *(_times(question, times[question]) for times in found.values())]
        for question in next(iter(found.values()))
    ]
    head = ["asked a second time", *(f"{size:,}" for size in found)]
    return f"Dear questions, CPU in times the plain list:\n\n{table(head, rows)}"


def _times(question, times):
    if question.startswith("sitemap"):
        most = SITEMAP_LIMIT
    else:
        most = WRONG_LIMIT if question.startswith("wrong") else LIMIT
    return verdict(times, most, "{:.1f}×")


def questions():
    """{name: address}, of what is most frequent in the database, and of its first entries."""
    from governance import index
    from governance.models import Achievement, Mechanism, Region

    entries = index.select()
    province, prefecture, county, mechanism, organization = (
        max(counts, key=counts.get)
        for counts in map(
            entries.counts, ("region2", "region4", "region6", "mechanism", "organization")
        )
    )
    deep = {
        "province": page_of(200, region=[province]),
        "county": page_of(10, region=[county]),
        "word": page_of(500, query="社区"),
    }
    province, prefecture = f"{province}0000", f"{prefecture}00"
    first = list(Achievement.objects.order_by("pk").values_list("code", "summary")[:100])
    codes = [code for code, _summary in first[:4]]
    text = max((summary for _code, summary in first), key=len)
    last = len(entries) // 20
    counties = Region.objects.filter(level="county", valid_to=None)[:50]
    many = {
        "region": [row.code for row in counties],
        "mechanism": list(Mechanism.objects.values_list("slug", flat=True)[:50]),
        "organization": entries.index.names.organizations[:50],
    }
    all_of = "&".join(f"{name}={value}" for name, values in many.items() for value in values)
    also = "&".join(f"also=mechanism.{slug}" for slug in many["mechanism"])
    said_nowhere = (text[100:150] + text[:50] + text[150:198] + text[50:100])[:198]
    compared = "&".join(f"code={code}" for code in codes)
    asked = {
        "last page": f"/achievements/?page={last}",
        "last page by year": f"/achievements/?sort=year&page={last}",
        "last page by region": f"/achievements/?sort=region&page={last}",
        "last page by title": f"/achievements/?sort=title&page={last}",
        "middle page by title": f"/achievements/?sort=title&page={last // 2 or 1}",
        "a province by title": f"/achievements/?sort=title&region={province}&page={deep['province']}",
        "a county by title": f"/achievements/?sort=title&region={county}&page={deep['county']}",
        "a word by title": f"/achievements/?sort=title&q=社区&page={deep['word']}",
        "市": "/achievements/?q=市",
        "县": "/achievements/?q=县",
        "政府": "/achievements/?q=政府",
        "委员会": "/achievements/?q=委员会",
        "a letter": "/achievements/?q=a",
        "sixteen words": "/achievements/?q=市+县+政府+委员会+社区+区+省+党+中+人+民+办+街+镇+乡+村",
        "200 characters that are said": f'/achievements/?q="{text[:198]}"',
        "200 characters that are not": f'/achievements/?q="{said_nowhere}"',
        "the same one over and over": f"/achievements/?q={'社区' * 100}",
        "nothing like it": "/achievements/?q=缺缺",
        "nothing, names like it": "/achievements/?q=太仑",
        "nothing, Latin names like it": "/achievements/?q=taicnag",
        "nothing in five conditions": "/achievements/?q=太仓市人民政府&region=110000&year=2015"
        f"&tier=winner&setting=rural&mechanism={mechanism}",
        "34 provinces": "/achievements/?" + "&".join(f"region={code}0000" for code in PROVINCES),
        "150 values, by title": f"/achievements/?{all_of}&sort=title",
        "all mechanisms at once": f"/achievements/?{also}",
        "the organizations of a county": f"/achievements/?region={county}&year=2015",
        "as a table": "/achievements/?view=table",
        "as a map": "/achievements/?view=map",
        "an entry": f"/achievements/{codes[-1]}/",
        "an entry in a list by title": f"/achievements/{codes[-1]}/?sort=title&q=社区",
        "home": "/",
        "about": "/about/",
        "regions": "/regions/",
        "the largest province": f"/regions/{province}/",
        "the largest prefecture": f"/regions/{prefecture}/",
        "the largest county": f"/regions/{county}/",
        "mechanisms": "/mechanisms/",
        "the most frequent mechanism": f"/mechanisms/{mechanism}/",
        "organizations": "/organizations/",
        "organizations, page 20": "/organizations/?page=20",
        "the most frequent organization": f"/organizations/{organization}/",
        "years": "/years/",
        "a year": "/years/2015/",
        "four compared": f"/compare/?{compared}",
        "four compared that are not there": f"/compare/?{compared.replace('w', 'w9')}",
        "mechanism × mechanism": "/analysis/?rows=mechanism&columns=mechanism",
        "province × mechanism": "/analysis/?rows=province&columns=mechanism",
        "year × province of a word": "/analysis/?rows=year&columns=province&q=社区",
        "province × mechanism, drawn": "/analysis.svg?rows=province&columns=mechanism",
        "province × mechanism, CSV": "/analysis.csv?rows=province&columns=mechanism",
        "API": "/api/achievements/?page_size=100",
        "API, a word": "/api/achievements/?page_size=100&q=市",
        "API, last page by title": f"/api/achievements/?page_size=100&sort=title&page={last // 5 or 1}",
        "wrong region": "/achievements/?region=99999",
        "wrong organization": "/achievements/?organization=99999",
        "wrong mechanism, API": "/api/achievements/?mechanism=99999",
        "wrong parameters, API": "/api/achievements/?"
        + "&".join(f"q{number}=1" for number in range(60)),
        "sitemap": "/sitemap.xml",
        "sitemap of entries": "/sitemap-achievements.xml",
        "sitemap of entries, last": f"/sitemap-achievements.xml?p={-(-len(entries) // 2000)}",
        "sitemap of regions": "/sitemap-regions.xml",
        "sitemap of organizations": "/sitemap-organizations.xml",
    }
    return {name: quote(address, safe="/?&=+-%") for name, address in asked.items()}


def page_of(number, **criteria):
    """The number of a page deep in a list, of a small one the last."""
    from governance.index import select

    return min(number, max(1, len(select(**criteria)) // 20))


PROVINCES = (
    *range(11, 16),
    *range(21, 24),
    *range(31, 38),
    *range(41, 47),
    *range(50, 55),
    *range(61, 66),
    *(71, 81, 82),
)


def main():
    import logging

    from governance.wsgi import application
    from showcase import answers

    answers.MOST = 0
    # 400 is what is asked for.
    logging.disable(logging.WARNING)
    ask, asked = Asker(application, statuses=("200", "400")), questions()
    for address in [PLAIN] * WARM_UP + list(asked.values()):
        ask(address)
    costs = {name: [] for name in ("", *asked)}
    for (name, address), _round in zip(
        cycle(asked.items()), range(ROUNDS * len(asked)), strict=False
    ):
        costs[""].append(ask(PLAIN))
        costs[name].append(ask(address))
    plain = median(costs.pop(""))
    print(json.dumps({name: median(some) / plain for name, some in costs.items()}))


if __name__ == "__main__":
    django.setup()
    main()
