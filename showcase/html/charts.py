"""Charts of tables, drawn as SVG.

Colours are presentation attributes, by which a file stands alone; on a page the classes of the
stylesheet overrule them, so that a chart follows the page into the dark. Every number is printed.
"""

import math
import unicodedata
from dataclasses import dataclass
from html import escape

from django.utils.translation import gettext as _
from markupsafe import Markup

from governance.facet_table import MISSING

INK, QUIET, LINE, PAPER = "#1b1c1f", "#55585f", "#dedbd3", "#fbfaf7"
SHADES = ("#fbfaf7", "#e6eef6", "#bcd3ea", "#7fabd6", "#2f6fb0")
FONTS = "system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"
# Pixels of a letter's size, of a row, of the margins, and from the top of a row to the foot of its words.
SIZE, ROW, EDGE, BASELINE = 14, 28, 16, 19
# The longest bar: short enough for a phone.
BAR = 180
# More lines between pairs than these cannot be told apart.
MOST_LINES = 60


# Of more entries, squares can no longer be counted, and a bar says as much.
MOST_SQUARES = 60


def squares(winners: int, others: int, whole: int) -> Markup:
    """A row's entries, a square each, the winners filled; of a `whole` of more than MOST_SQUARES a bar."""
    if whole > MOST_SQUARES:
        all_of, some = 100 * (winners + others) / whole, 100 * winners / whole
        drawn = f'<path class="rest-of" d="M0 1H{all_of:.1f}V10H0z"/><path class="won" d="M0 1H{some:.1f}V10H0z"/>'
        wide, fitting = 100, "none"
    else:
        won = "".join([f"M{12 * at} 1h9v9h-9z" for at in range(winners)])
        rest = "".join(
            [f"M{12 * at + 0.7:.1f} 1.7h7.6v7.6h-7.6z" for at in range(winners, winners + others)]
        )
        drawn = f'<path class="won" d="{won}"/>' if won else ""
        drawn += f'<path class="other" d="{rest}"/>' if rest else ""
        # A square is as large in each row, and no larger than in a table of twenty.
        wide, fitting = 12 * max(whole, 20), "xMinYMid"
    return Markup(  # noqa: S704  # made of numbers alone
        f'<svg class="units" viewBox="0 0 {wide} 11" preserveAspectRatio="{fitting}" aria-hidden="true">'
        f"{drawn}</svg>"
    )


@dataclass
class Chart:
    """A drawing, and in words how it is to be read."""

    svg: Markup
    said: str


def of(table, alone=False):
    """The Chart of a `crosstabs.Table`: bars, pairs on a circle, or a grid.

    `alone`: as a file, with its title and a ground of its own. On a page a grid would say again
    what the shaded table says, and there is None.
    """
    if not table.total.count:
        return _nothing(table, alone)
    if not table.question.columns:
        return _bars(table, alone)
    if table.of_pairs:
        return _circle(table, alone)
    return _grid(table) if alone else None


def _nothing(table, alone):
    return _drawing(table.caption, "", [], 640, 0, alone)


def _bars(table, alone):
    """A bar for each row of a table of one dimension."""
    left = max(_width(row.label) for row in table.rows) + 12
    most = max(row.total.count for row in table.rows) or 1
    parts = []
    for at, row in enumerate(table.rows):
        y, length = at * ROW, BAR * row.total.count / most
        parts += [
            _text(row.label, left - 12, y + BASELINE, anchor="end"),
            _tag(
                "rect",
                x=left,
                y=y + 5,
                width=round(length, 1),
                height=18,
                fill=SHADES[3],
                class_="bar-3",
            ),
            _text(
                f"{row.total.count:,} ({row.total.share:.1f}%)",
                left + length + 8,
                y + BASELINE,
                QUIET,
            ),
        ]
    said = _("条形长度表示项数，数值与表中相同。")
    return _drawing(table.caption, said, parts, left + BAR + 100, len(table.rows) * ROW, alone)


def _grid(table):
    """The table itself, shaded, with its N."""
    heads = [*(column.label for column in table.columns), "N"]
    left = max(_width(row.label) for row in table.rows) + 16
    wide = max(64, *(_width(str(cell)) + 16 for line in table.lines for cell in line))
    widest = max(_width(head) for head in heads)
    upright = widest + 12 <= max(wide, 110)
    if upright:
        wide, top = max(wide, widest + 12), ROW
    else:
        # Turned by 45 degrees, a head is 0.71 times as high as it is long.
        top = widest * 0.71 + 24
    middles = [left + (at + 0.5) * wide for at in range(len(heads))]
    parts = []
    for head, x in zip(heads, middles, strict=True):
        turn = {} if upright else {"transform": f"rotate(-45 {x:.1f} {top - 8:.1f})"}
        parts.append(_text(head, x, top - 8, QUIET, "middle" if upright else "start", **turn))
    y = top
    for row, line in zip(table.rows, table.lines, strict=True):
        parts.append(_text(row.label, 0, y + BASELINE))
        for at, cell in enumerate(line):
            parts += _square(cell, left + at * wide, y, wide)
        parts.append(_text(f"{row.total.count:,}", middles[-1], y + BASELINE, anchor="middle"))
        y += ROW
    totals = [*(column.total.count for column in table.columns), table.total.count]
    parts.append(_text("N", 0, y + BASELINE))
    for count, x in zip(totals, middles, strict=True):
        parts.append(_text(f"{count:,}", x, y + BASELINE, anchor="middle"))
    width = left + len(heads) * wide + (0 if upright else top * 0.8)
    for line_y, thick in ((0, 2), (top, 1), (y, 1), (y + ROW, 2)):
        parts.append(_tag("path", d=f"M0 {line_y:.1f}H{width:.1f}", stroke=INK, stroke_width=thick))
    said = _("颜色分四级，颜色越深，数值越大；每格标有数值。")
    return _drawing(table.caption, said, parts, width, y + ROW, True)


def _square(cell, x, y, wide):
    ink = "#ffffff" if cell.shade == len(SHADES) - 1 else INK
    yield _tag(
        "rect", x=round(x, 1), y=round(y, 1), width=wide, height=ROW, fill=SHADES[cell.shade]
    )
    yield _text(str(cell), x + wide / 2, y + BASELINE, ink, "middle")


def _circle(table, alone):
    """Values around a circle, the most frequent at the top and on clockwise, and lines between pairs."""
    values = [row for row in table.rows if row.key != MISSING and row.total.count]
    if not values:
        return _nothing(table, alone)
    pairs, least = _pairs(table, values)
    radius = max(120, 11 * len(values))
    places = [_place(at, len(values), radius) for at in range(len(values))]
    most = max((count for _one, _other, count in pairs), default=1)
    parts = [_line(places[one], places[other], count, most) for one, other, count in pairs]
    largest = max(value.total.count for value in values)
    for value, place in zip(values, places, strict=True):
        parts += _node(value, place, 3 + 8 * math.sqrt(value.total.count / largest))
    said = _(
        "圆点大小表示项数，自顶部起按顺时针由多到少排列；连线越粗，两者同时出现的成果越多，最多为 %(most)s 项。仅绘出不少于 %(least)s 项的连线，全部数值见表。"
    ) % {"most": most, "least": least}
    ends = [_end(value, place, radius) for value, place in zip(values, places, strict=True)]
    left, top = (min(-radius, *axis) - SIZE for axis in zip(*ends, strict=True))
    right, foot = (max(radius, *axis) + SIZE for axis in zip(*ends, strict=True))
    moved = [f'<g transform="translate({-left:.1f} {-top:.1f})">', *parts, "</g>"]
    return _drawing(table.caption, said, moved, right - left, foot - top, alone)


def _pairs(table, values):
    """((place, place, count) with the strongest last, the least count that is drawn)."""
    keys = {value.key: at for at, value in enumerate(values)}
    found = [
        (keys[row.key], keys[column.key], cell.count)
        for row, line in zip(table.rows, table.lines, strict=True)
        for column, cell in zip(table.columns, line, strict=True)
        if cell.count and keys.get(row.key, 0) < keys.get(column.key, 0)
    ]
    found.sort(key=lambda pair: pair[2])
    # One more than the strongest that is not drawn; what is as strong is left out as well.
    least = found[-MOST_LINES - 1][2] + 1 if len(found) > MOST_LINES else 1
    return [pair for pair in found if pair[2] >= least], least


def _place(at, number, radius):
    """(x, y, angle in degrees) of a place on the circle around (0, 0), clockwise from the top."""
    angle = 2 * math.pi * at / number - math.pi / 2
    return radius * math.cos(angle), radius * math.sin(angle), math.degrees(angle)


def _end(value, place, radius):
    """Where the label of a value ends, outwards."""
    reach = 1 + (_width(_label(value)) + 20) / radius
    return place[0] * reach, place[1] * reach


def _label(value):
    return f"{value.label} {value.total.count:,}"


def _line(one, other, count, most):
    # Bent towards the middle, so that neighbours stay apart from those that face each other.
    bend = [(a + b) / 2 * 0.35 for a, b in zip(one[:2], other[:2], strict=True)]
    step = math.ceil(4 * count / most)
    path = f"M{one[0]:.1f} {one[1]:.1f}Q{bend[0]:.1f} {bend[1]:.1f} {other[0]:.1f} {other[1]:.1f}"
    width = round(0.75 + 5.25 * (count - 1) / max(most - 1, 1), 2)
    return _tag(
        "path",
        d=path,
        fill="none",
        stroke=SHADES[max(step, 2)],
        stroke_width=width,
        class_=f"line-{max(step, 2)}",
    )


def _node(value, place, radius):
    x, y, angle = place
    left = math.cos(math.radians(angle)) < -1e-6
    yield _tag("circle", cx=round(x, 1), cy=round(y, 1), r=round(radius, 1), fill=INK, class_="ink")
    shift = -(radius + 6) if left else radius + 6
    turn = f"translate({x:.1f} {y:.1f}) rotate({angle + (180 if left else 0):.1f})"
    yield _text(_label(value), shift, 5, anchor="end" if left else "start", transform=turn)


def _drawing(title, said, parts, width, height, alone):
    """The Chart, its drawing `width` by `height` without the margins; title and words are read aloud."""
    body, foot = "".join(parts), 0
    if alone:
        # A title as long as the drawing is wide at least: letters do not wrap.
        width = max(width, _width(title) * 16 / SIZE)
        body = f'<g transform="translate(0 {ROW + 12})">{body}</g>' + _text(
            title, 0, 18, font_size=16, font_weight=700
        )
        foot = ROW + 12
    whole = math.ceil(width + 2 * EDGE), math.ceil(height + 2 * EDGE + foot)
    ground = _tag("rect", width="100%", height="100%", fill=PAPER) if alone else ""
    drawn = Markup(  # noqa: S704  # `_text` and the two lines below escape every word
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 {whole[0]} {whole[1]}"'
        f' width="{whole[0]}" height="{whole[1]}"'
        f' role="img" aria-labelledby="chart-title chart-text" font-family="{FONTS}" font-size="{SIZE}">'
        f'<title id="chart-title">{escape(title)}</title><desc id="chart-text">{escape(said)}</desc>'
        f'{ground}<g transform="translate({EDGE} {EDGE})">{body}</g></svg>'
    )
    return Chart(drawn, said)


def _text(words, x, y, fill=INK, anchor="start", **more):
    attributes = {"class_": "quiet-ink" if fill == QUIET else "ink", "text_anchor": anchor} | more
    return _tag("text", escape(words), x=round(x, 1), y=round(y, 1), fill=fill, **attributes)


def _tag(name, inner="", **attributes):
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{value}"' for key, value in attributes.items()
    )
    return f"<{name}{written}>{inner}</{name}>"


def _width(words):
    """About how many pixels the words take: a Chinese character is as wide as it is high."""
    wide = sum(1 if unicodedata.east_asian_width(char) in "WF" else 0.58 for char in words)
    return wide * SIZE
