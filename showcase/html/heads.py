"""What search engines and shared links read of each kind of page: a `Head`, made of what it shows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import orjson
from django.http import HttpRequest, QueryDict
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from governance.models import AwardYear, Region
from governance.records import Card
from governance.words import listed
from showcase import links
from showcase.citing.works import Work
from showcase.query.award_years import AwardPart
from showcase.query.form import common
from showcase.text import HAN, clipped, localized

from . import schema_org
from .schema_org import Node

# What a view gives its template.
Context = dict[str, Any]

# As many entries as a description names.
NAMED = 5


@dataclass
class Head:
    """`path` is the one address of what the page shows, below the `origin`, scheme and host as
    `links.absolute` has them; `data` schema.org nodes.

    What is not `indexed` is asked to stay out of search engines: it repeats what other pages say.
    """

    description: str
    path: str
    data: list[Node] = field(default_factory=list)
    indexed: bool = True
    kind: str = "website"
    origin: str = ""
    # What a reference manager saves, if one may want the page itself.
    work: Work | None = None
    # The path of the feed of the entries that the page lists, "" if it lists none.
    feed: str = ""

    def __post_init__(self) -> None:
        self.description = clipped(self.description)
        foreign = get_language() == "en" and HAN.search(self.description)
        # The language of the description where it is not the page's, else "".
        self.language = "zh-Hans" if foreign else ""

    @property
    def json(self) -> Markup:
        """`data` as a script that only machines read, in which nothing ends the script."""
        graph = {"@context": "https://schema.org", "@graph": self.data}
        return htmlsafe_json_dumps(graph, dumps=lambda said: orjson.dumps(said).decode())

    @property
    def in_chinese(self) -> str:
        return self.path.removeprefix("/en")

    @property
    def in_english(self) -> str:
        return f"/en{self.in_chinese}"


def home(context: Context, request: HttpRequest) -> Head:
    sentence = _(
        "中国社区治理创新成果的数据库：公告原文逐字保留，机制标注都有原文依据。现有 %(entries)s 项成果、"
        "%(organizations)s 个机构，可检索、可比较、可引用。"
    )
    said = sentence % {
        "entries": context["entry_count"],
        "organizations": context["organization_count"],
    }
    data = [
        schema_org.website_node(request),
        schema_org.dataset_node(request, said, context["kept"]),
    ]
    return Head(said, request.path, data, feed=_feed())


def achievements(context: Context, request: HttpRequest) -> Head:
    query, page = context["query"], context["page_obj"]
    said = _("%(list)s，共 %(count)s 项：%(titles)s") % {
        "list": context["heading"],
        "count": page.paginator.count,
        "titles": _titles(page.object_list),
    }
    chosen = sum(len(values) for values in context["asked"].labels.values())
    plain = chosen < 2 and not {"q", "sort"} & query.keys()
    return Head(
        said,
        request.path + canonical_query(query, page.number),
        [_trail(request, "achievements")],
        indexed=plain and bool(page.paginator.count),
        feed=_feed(canonical_query(query, 1)),
    )


def _feed(query: str = "") -> str:
    return links.address("feed") + query


def canonical_query(query: QueryDict, page: int) -> str:
    """The parameters of a list in the order of the filter and of their values; `page` after the first.

    The order of a list is left out: the same entries, sorted otherwise.
    """
    names = [name for name in common() if name in query]
    values = {name: sorted(query.getlist(name)) for name in names}
    if page > 1:
        values["page"] = [str(page)]
    return links.query_string(values) if values else ""


def achievement(context: Context, request: HttpRequest) -> Head:
    entry = context["entry"]
    return Head(
        localized(entry, "summary"),
        request.path,
        [
            schema_org.achievement_node(request, entry),
            _trail(request, "achievements", localized(entry, "title")),
        ],
        kind="article",
        work=context["work"],
    )


def preview(context: Context, request: HttpRequest) -> Head:
    """Of what is not public."""
    return Head(localized(context["entry"], "summary"), request.path, indexed=False)


def regions(context: Context, request: HttpRequest) -> Head:
    said = _("34 个省级行政区各有多少项社区治理创新成果，可逐级下到市、县，兼顾区划的更名与撤并。")
    return Head(said, request.path, [_trail(request, "regions")])


def region(context: Context, request: HttpRequest) -> Head:
    place, entries = context["region"], context["entries"]
    said = _("%(place)s的社区治理创新成果，共 %(count)s 项：%(titles)s") % {
        "place": schema_org.full_name(place),
        "count": len(entries),
        "titles": _titles(entries.cards[:NAMED]),
    }
    data = [
        schema_org.region_node(request, place),
        _trail(request, "regions", *[(row, localized(row, "name")) for row in place.lineage]),
    ]
    found = bool(len(entries))
    return Head(said, request.path, data, found, feed=_feed(f"?region={place.code}"))


def mechanisms(context: Context, request: HttpRequest) -> Head:
    said = _(
        "社区治理的机制表：每个机制的定义、取舍、别称，以及以该机制为做法的成果，分%(fields)s四个领域。"
    )
    names = listed([str(label) for _field, label, *_rest in context["fields"]])
    return Head(said % {"fields": names}, request.path, [_trail(request, "mechanisms")])


def mechanism(context: Context, request: HttpRequest) -> Head:
    row = context["mechanism"]
    name = localized(row, "name")
    said = _("%(name)s：%(definition)s") % {
        "name": name,
        "definition": localized(row, "definition"),
    }
    data = [schema_org.mechanism_node(request, row), _trail(request, "mechanisms", name)]
    return Head(said, request.path, data, feed=_feed(f"?mechanism={row.slug}"))


def organizations(context: Context, request: HttpRequest) -> Head:
    page = context["page_obj"]
    said = _("公告列名的 %(count)s 个机构及其成果：党委、政府、部门、街道等。")
    return Head(
        said % {"count": page.paginator.count},
        request.path + (f"?page={page.number}" if page.number > 1 else ""),
        [_trail(request, "organizations")],
    )


def organization(context: Context, request: HttpRequest) -> Head:
    row, entries = context["organization"], context["entries"]
    name = localized(row, "short_name")
    said = _("%(name)s的社区治理创新成果，共 %(count)s 项：%(titles)s") % {
        "name": localized(row, "name"),
        "count": len(entries),
        "titles": _titles(entries.cards[:NAMED]),
    }
    data = [schema_org.organization_node(request, row), _trail(request, "organizations", name)]
    return Head(said, request.path, data, feed=_feed(f"?organization={row.slug}"))


def years(context: Context, request: HttpRequest) -> Head:
    names = listed([str(AwardYear(year=row.year)) for row in context["years"]])
    said = _("各年度公告的全文、入选与提名的社区治理创新成果：%(years)s。") % {"years": names}
    return Head(said, request.path, [_trail(request, "years")])


def year(context: Context, request: HttpRequest) -> Head:
    said = [_announced(part) for part in context["parts"]]
    name = str(AwardYear(year=context["year"]))
    trail = [_trail(request, "years", name)]
    feed = _feed(f"?year={context['year']}")
    return Head(" ".join(said), request.path, trail, work=context["work"], feed=feed)


def _announced(part: AwardPart) -> str:
    counts = [f"{tier.label} {len(tier.entries)}" for tier in part.tiers if tier.entries]
    return _("%(year)s“%(award)s”公告：%(counts)s，附逐字录入的公告全文。") % {
        "year": part.award_year,
        "award": localized(part.award_year, "name"),
        "counts": listed(counts),
    }


def awards(context: Context, request: HttpRequest) -> Head:
    names = listed([localized(row, "name") for row in context["awards"]])
    said = _("收录的社区治理创新奖项：%(awards)s。") % {"awards": names}
    return Head(said, request.path, [_trail(request, "awards")])


def award(context: Context, request: HttpRequest) -> Head:
    row, entries = context["award"], context["entries"]
    said = _("%(award)s的社区治理创新成果，共 %(count)s 项：%(titles)s") % {
        "award": localized(row, "name"),
        "count": len(entries),
        "titles": _titles(entries.cards[:NAMED]),
    }
    trail = [_trail(request, "awards", localized(row, "name"))]
    return Head(said, request.path, trail, feed=_feed(f"?award={row.slug}"))


def compare(context: Context, request: HttpRequest) -> Head:
    said = _("并排对照两项至四项社区治理创新成果：地区、机构、共有与特有的机制，各附原文依据。")
    codes = links.changed(request.GET, code=context["codes"]) if context["codes"] else ""
    trail = [_trail(request, "compare")]
    return Head(said, request.path + codes, trail, indexed=not codes)


def analysis(context: Context, request: HttpRequest) -> Head:
    said = _(
        "任选两个维度作为行与列，统计社区治理创新成果：年度、地区、机构级别、领域、机制等。"
        "每个数字都链接到相应的成果列表，可下载，可引用。"
    )
    permalink = context["permalink"] if request.GET else ""
    trail = [_trail(request, "analysis")]
    return Head(said, request.path + permalink, trail, indexed=not permalink, work=context["work"])


def about(context: Context, request: HttpRequest) -> Head:
    said = _(
        "社区治理创新成果库的收录范围、机制标注的规则与标注人、资料来源、使用许可、引用格式与联系方式。"
    )
    return Head(said, request.path, [_trail(request, "about")])


def coding_rules(context: Context, request: HttpRequest) -> Head:
    said = _(
        "社区治理创新成果按机制标注的规则：记与不记、方面、分量、列举、依据的长短、口号与泛词，以及一致性的计算。"
    )
    return Head(said, request.path, [_trail(request, "about", _("编码规则"))])


def data(context: Context, request: HttpRequest) -> Head:
    said = _(
        "社区治理创新成果库全部公开数据的各个版本：CSV、SQLite、JSON Lines 与说明，可下载，可引用，发布后不再改动。"
    )
    return Head(said, request.path, [_trail(request, "data")], work=context["work"])


def data_version(context: Context, request: HttpRequest) -> Head:
    version = context["version"]
    said = _("社区治理创新成果库的数据版本 %(name)s：%(day)s 发布，含 %(count)s 项成果。") % {
        "name": version.name,
        "day": version.published,
        "count": version.entries,
    }
    trail = _trail(request, "data", version.name)
    if version.withdrawn:
        return Head(said, request.path, [trail], indexed=False)
    data = [schema_org.version_node(request, said, version), trail]
    return Head(said, request.path, data, work=context["work"])


def data_fields(context: Context, request: HttpRequest) -> Head:
    said = _(
        "社区治理创新成果库每个字段的名称、类型、含义、取值、缺失与来源，以及数据包里各表的列、主键与外键。"
    )
    return Head(said, request.path, [_trail(request, "about", _("数据说明"))])


def _titles(cards: Sequence[Card]) -> str:
    english = get_language() == "en"
    titles = [(english and card["title_en"]) or card["title"] for card in cards[:NAMED]]
    return listed(titles) if titles else _("尚无")


def _trail(request: HttpRequest, section: str, *below: str | tuple[Region, str]) -> Node:
    """The breadcrumbs of a page: its section, then (row, name) pairs or the page's own name."""
    steps = list(_section(section, get_language()))
    for step in below:
        row, name = step if isinstance(step, tuple) else (None, step)
        steps.append((name, row.get_absolute_url() if row else request.path))
    return schema_org.breadcrumbs_node(request, steps)


@cache
def _section(section: str, _language: str) -> tuple[tuple[str, str], tuple[str, str]]:
    """(name, address) of the home page and of a section, in the language that is active."""
    names = {
        "achievements": pgettext("plural", "成果"),
        "regions": pgettext("plural", "地区"),
        "mechanisms": pgettext("plural", "机制"),
        "organizations": pgettext("plural", "机构"),
        "years": pgettext("plural", "年度"),
        "awards": pgettext("plural", "奖项"),
        "compare": _("比较"),
        "analysis": _("统计分析"),
        "about": _("关于本库"),
        "data": pgettext("site", "数据"),
    }
    home = (_("社区治理创新成果库"), links.address("home"))
    return home, (names[section], links.address(section))
