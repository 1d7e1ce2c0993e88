"""How a table is drawn: shades, squares, fields above their mechanisms, and what it says first."""

import json
import re
from collections import Counter
from xml.etree import ElementTree

import pytest

from governance.models import Achievement, Mechanism, MechanismField
from showcase.html.charts import squares

from .helpers.pages import Page
from .helpers.tables import Tables, table

pytestmark = pytest.mark.django_db


def test_a_shade_is_never_alone(client):
    """Every shaded cell prints its number, and there are four steps at most."""
    html = Page(client, "/analysis/?rows=mechanism&columns=mechanism").html
    shaded = re.findall(r'<td class="h([0-4])">(.*?)</td>', html)
    assert {"0", "4"} <= {step for step, _inner in shaded} <= set("01234")
    assert all((step == "0") == (inner == "0") for step, inner in shaded)
    counts = [(int(re.sub("<.*?>", "", inner)), step) for step, inner in shaded]
    assert len({step for _count, step in counts}) > 2
    # The more there are, the darker.
    assert [step for _count, step in sorted(counts)] == sorted(step for _count, step in counts)


def test_a_table_draws_each_entry_as_a_square_the_winners_filled(client):
    html = Page(client, "/analysis/?rows=zone3&columns=tier").html
    for row in html.split("<tbody>")[1].split("</tbody>")[0].split("<tr>")[1:]:
        won, other, _all = (int(number) for number in re.findall(r"(?:>)(\d+)(?:<)", row))
        assert drawn(row, "won") == won
        assert drawn(row, "other") == other
    # Whatever the columns are, a square is filled for a winner.
    by_setting = Page(client, "/analysis/?rows=zone3&columns=setting").html
    east = by_setting.split("东部</th>")[1].split("</tr>")[0]
    assert drawn(east, "won") + drawn(east, "other") == 13


def drawn(row, kind):
    """How many squares of a kind a row has."""
    return sum(path.count("M") for path in re.findall(f'<path class="{kind}" d="([^"]*)"', row))


def test_of_many_entries_a_bar_is_drawn():
    squared = squares(10, 20, 60)
    assert (drawn(squared, "won"), drawn(squared, "other")) == (10, 20)
    bar = squares(20, 10, 61)
    assert 'class="rest-of" d="M0 1H49.2V10H0z"' in bar
    assert 'class="won" d="M0 1H32.8V10H0z"' in bar


def test_mechanisms_stand_below_their_fields_which_count_an_entry_once(client):
    html = Page(client, "/analysis/?rows=mechanism&columns=tier").html
    fields = Tables(html).fields
    assert [[text for text, _href in row] for row in fields] == [
        [row[0][0], *[text for text, _href in row[1:]]]
        for row in table(client, "rows=field&columns=tier")[1][:-1]
    ]
    for row in fields:
        for text, href in row[1:]:
            assert len(Page(client, href).codes) == int(text), href
    groups = html.split('<tr class="field">')[1:]
    below = [
        set(re.findall(r'<th scope="row">([^<]+)</th>', group.split("</tbody>")[0]))
        for group in groups
    ]
    for (head, *_cells), names in zip(fields, below, strict=True):
        field = next(value for value, label in MechanismField.choices if label == head[0])
        assert names <= set(Mechanism.objects.filter(field=field).values_list("name", flat=True))


def test_a_share_of_nothing_is_a_dash_and_no_number(client):
    """东北 has no entries: 0 of 0 is no 0 %."""
    query = "rows=field&columns=zone&measure=column"
    heads, rows = table(client, query)
    assert {row[heads.index("东北")][0] for row in rows[:-1]} == {"–"}
    assert all(
        "nan" not in line
        for line in client.get(f"/analysis.csv?{query}").content.decode().splitlines()
    )
    cells = json.loads(client.get(f"/analysis.json?{query}").content)["cells"]
    assert [line[heads.index("东北") - 1] for line in cells] == [None] * 4
    ElementTree.fromstring(client.get(f"/analysis.svg?{query}").content)


def test_it_says_first_what_most_entries_have(client):
    counts = Counter(
        Achievement.objects.published()
        .filter(codings__aspect="means")
        .values_list("codings__mechanism__name", flat=True)
    )
    (first, most), *others = counts.most_common()
    second = max(count for _name, count in others)
    html = Page(client, "/analysis/?rows=mechanism&columns=tier").html
    says = re.search('<p class="says">(.*?)</p>', html)[1]
    assert says.startswith(f"20 项中，最多的是{first}：{most} 项。")
    assert all((name in says) == (count == second) for name, count in others)


@pytest.mark.parametrize("query", ["rows=tier&region=320000", "rows=mechanism&columns=mechanism"])
def test_it_says_nothing_first_where_nothing_stands_out(client, query):
    assert "says" not in Page(client, f"/analysis/?{query}").html


def test_of_few_entries_it_says_that_shares_tell_no_difference(client):
    sentence = "百分比不足以说明差异"
    assert sentence in Page(client, "/analysis/?rows=field&columns=zone&measure=row").html
    assert sentence not in Page(client, "/analysis/?rows=field&columns=zone").html
