"""References are what style processors make of the same data, and reference managers read them back."""

import re
from datetime import date
from pathlib import Path

import bibtexparser
import pytest
import rispy
from bibtexparser.bparser import BibTexParser
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle
from citeproc import formatter as formatters
from citeproc.source.json import CiteProcJSON
from django.utils import translation

import governance
from governance import index
from governance.models import AwardYear
from showcase.citing.references import bibtex, csl, ris
from showcase.citing.works import (
    DATASET,
    WEBPAGE,
    Work,
    announcement_work,
    cited,
    data_work,
    database_work,
    entry_work,
)

from .helpers.pages import Page

pytestmark = pytest.mark.django_db

DATA = Path(__file__).parent / "data"
STYLE, APA = DATA / "gb_t_7714_2025.csl", DATA / "apa.csl"
# Of the standard: 8.11.2.2 [1], 8.11.3.2 [1], 8.14.3 [1] and [3]. What is English in it has half-width
# brackets.
EXAMPLES = [
    (
        "zh-hans",
        Work(
            "museum",
            WEBPAGE,
            author="",
            title="中国国家博物馆",
            address="https://www.chnmuseum.cn/",
            accessed="2025-05-06",
        ),
        "中国国家博物馆[EB/OL]. [2025-05-06]. https://www.chnmuseum.cn/.",
    ),
    (
        "zh-hans",
        Work(
            "calis",
            WEBPAGE,
            "高等教育文献保障系统",
            "馆际互借与文献传递服务",
            "http://home.calis.edu.cn/pages/list.html?id=410",
            accessed="2025-06-21",
        ),
        "高等教育文献保障系统. 馆际互借与文献传递服务[EB/OL]. [2025-06-21]. "
        "http://home.calis.edu.cn/pages/list.html?id=410.",
    ),
    (
        "zh-hans",
        Work(
            "tiangong",
            DATASET,
            "周壮，李盛阳，吴薇，等",
            "天宫二号遥感图像自然景物分类科学数据",
            "https://www.nbsdc.cn/general/dataLinks/CSTR:16666.11.nbsdc.tfpbwtqf",
            "1.0",
            "国家基础学科公共科学数据中心",
            "2023-09-10",
            "2025-07-15",
        ),
        "周壮，李盛阳，吴薇，等. 天宫二号遥感图像自然景物分类科学数据[DS/OL]. V1.0. "
        "国家基础学科公共科学数据中心（2023-09-10）[2025-07-15]. "
        "https://www.nbsdc.cn/general/dataLinks/CSTR:16666.11.nbsdc.tfpbwtqf.",
    ),
    (
        "en",
        Work(
            "gbd",
            DATASET,
            "IHME",
            "Global burden of disease study 2019 (GBD 2019) data resources",
            "https://ghdx.healthdata.org/gbd-2019",
            platform="Global Health Data Exchange",
            issued="2021",
            accessed="2025-07-15",
        ),
        "IHME. Global burden of disease study 2019 (GBD 2019) data resources[DS/OL]. "
        "Global Health Data Exchange (2021)[2025-07-15]. https://ghdx.healthdata.org/gbd-2019.",
    ),
]


def rendered(tmp_path, items):
    """What a processor makes of CSL-JSON by the style above, in the brackets of the language."""
    style = STYLE.read_text()
    if translation.get_language() == "en":
        style = style.replace("（", " (").replace("）", ")").replace("zh-CN", "en-US")
    written = tmp_path / "style.csl"
    written.write_text(style)
    return [re.sub(" +", " ", entry) for entry in bibliography(written, items)]


def bibliography(style, items):
    made = CitationStylesBibliography(
        CitationStylesStyle(str(style), validate=False), CiteProcJSON(items), formatters.plain
    )
    for item in items:
        made.register(Citation([CitationItem(item["id"])]))
    return list(map(str, made.bibliography()))


def all_works():
    records = list(index.select())
    now = index.current()
    year = AwardYear.objects.get(code="2015")
    found = AwardYear(
        code="2016",
        issuer="某单位",
        document_title="2016年度公告",
        source_url="https://example.cn/a_b~c",
    )
    return [
        *(entry_work(record, f"https://ku.cn{record['url']}") for record in records),
        data_work("领域 × 四大地区（N = 20；单位：项）", now, "https://ku.cn/analysis/?a=1&b=2"),
        database_work(now, "https://ku.cn/"),
        announcement_work(year),
        announcement_work(found),
    ]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_style_processor_makes_the_same_of_all(tmp_path, language):
    with translation.override(language):
        for work in all_works():
            assert rendered(tmp_path, [csl(work)]) == [cited(work)]


@pytest.mark.parametrize(("language", "work", "reference"), EXAMPLES)
def test_the_examples_of_the_standard_come_out(tmp_path, language, work, reference):
    with translation.override(language):
        assert cited(work) == reference
        assert rendered(tmp_path, [csl(work)]) == [reference]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_published_style_of_apa_makes_its_reference_of_what_has_an_author(language):
    with translation.override(language):
        works = [work for work in all_works() if work.author and work.address]
        assert len(works) == 21
        assert sorted(bibliography(APA, [csl(work) for work in works])) == sorted(map(apa, works))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_published_style_of_apa_makes_its_reference_of_data_without_an_author(language):
    with translation.override(language):
        works = [work for work in all_works() if work.kind == DATASET]
        for work in [*works, *(work._replace(issued="") for work in works)]:
            (said,) = bibliography(APA, [csl(work)])
            # What stands for the author is not said again (CSL 1.0.2, substitute). This processor
            # forgets that of variables that are named in a macro.
            # It takes a version with a hyphen for several.
            title = f"{work.title} (Versions {work.version})"
            before, after = said.rsplit(f"{title} ", 1)
            assert before + after == apa_of_data(work, title)


def apa_of_data(work, title):
    """As the manual has data (10.9), the title in the place of an author that is not known (9.12)."""
    day, at = "n.d.", f"Retrieved {said_day(work.accessed)}, from {work.address}"
    if work.issued:
        day, at = work.issued[:4], work.address
    return ". ".join(filter(None, [title, f"({day})", "[Dataset]", work.platform, at]))


def said_day(day):
    found = date.fromisoformat(day)
    return f"{found:%B} {found.day}, {found.year}"


def apa(work):
    """As the Publication Manual of 2020 has a page by a body (10.16): one of no day was read on a day."""
    if work.issued:
        day, at = date.fromisoformat(work.issued), work.address
        said = f"{day:%Y, %B} {day.day}"
    else:
        said, at = "n.d.", f"Retrieved {said_day(work.accessed)}, from {work.address}"
    return f"{work.author}. ({said}). {work.title}. {at}"


def test_they_are_these():
    record = {
        "code": "2015-w01",
        "title": "“政社互动”开创社会治理新格局",
        "modified": "2026-11-20",
    }
    entry = entry_work(record, "https://ku.cn/achievements/2015-w01/")._replace(
        accessed="2026-11-26"
    )
    assert cited(entry) == (
        "社区治理创新成果库. “政社互动”开创社会治理新格局[EB/OL]. （2026-11-20）[2026-11-26]. "
        "https://ku.cn/achievements/2015-w01/."
    )
    digest = index.current().digest
    days = {"issued": "2026-11-20", "accessed": "2026-11-26"}
    table = data_work("领域", index.current(), "https://ku.cn/analysis/")._replace(**days)
    assert cited(table) == (
        f"领域[DS/OL]. V{governance.__version__}-{digest}. 社区治理创新成果库"
        "（2026-11-20）[2026-11-26]. https://ku.cn/analysis/."
    )
    whole = database_work(index.current(), "https://ku.cn/")._replace(**days)
    assert cited(whole) == (
        f"社区治理创新成果库[DS/OL]. V{governance.__version__}-{digest}. "
        "（2026-11-20）[2026-11-26]. https://ku.cn/."
    )


def test_nothing_unknown_is_said_of_an_announcement():
    year = AwardYear(code="2015", issuer="民政部", document_title="2015年度公告")
    assert cited(announcement_work(year)) == "民政部. 2015年度公告[Z]."
    year.issuer = ""
    assert cited(announcement_work(year)) == "2015年度公告[Z]."
    year.source_url, year.retrieved_on = "https://example.cn/1", None
    assert re.fullmatch(
        r"2015年度公告\[EB/OL\]\. \[\d{4}-\d\d-\d\d\]\. https://example\.cn/1\.",
        cited(announcement_work(year)),
    )


NASTY = "第一行\n第二行 & 50% 的$#_{}~^\\ “引号”\r\nER  - "


def typeset(text):
    """What TeX prints of a field with a pair of braces around it."""
    named = {"textasciitilde{}": "~", "textasciicircum{}": "^", "textbackslash{}": "\\"}
    orders = "|".join(map(re.escape, [*named, *"&%#_{}$"]))
    assert (text[0], text[-1]) == ("{", "}")
    return re.sub(rf"\\({orders})", lambda found: named.get(found[1], found[1]), text[1:-1])


# bibtexparser 1.4 calls pyparsing by its former names.
@pytest.mark.filterwarnings("ignore::pyparsing.warnings.PyparsingDeprecationWarning")
def test_every_title_is_read_back():
    works = [
        *all_works(),
        Work("nasty", DATASET, "甲 and 乙", NASTY, "https://ku.cn/?a=1&b=%20_2~"),
    ]
    titles = [" ".join(work.title.split()) for work in works]
    read = bibtexparser.loads(bibtex(works), BibTexParser(ignore_nonstandard_types=False)).entries
    assert [typeset(one["title"]) for one in read] == titles
    assert [one["ID"] for one in read] == [work.key for work in works]
    assert read[-1]["url"] == works[-1].address
    assert {one["ENTRYTYPE"] for one in read} == {"online", "dataset", "misc"}
    back = rispy.loads(ris(works))
    assert [one["title"] for one in back] == titles
    assert [one.get("urls", [""])[0] for one in back] == [work.address for work in works]
    assert {one["type_of_reference"] for one in back} == {"ELEC", "DATA", "GEN"}


def test_none_are_an_empty_file():
    assert (bibtex([]), ris([])) == ("", "")


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("/achievements/2015-w01/", "webpage"),
        ("/analysis/?rows=field&columns=zone3", "dataset"),
        ("/years/2015/", "dataset"),
    ],
)
def test_a_page_is_saved_as_what_it_is(client, prefix, address, kind):
    page = Page(client, prefix + address)
    said = dict(re.findall(r'<meta name="((?:DC\.|z:)\w+)" content="(.*?)">', page.html))
    assert said.pop("z:itemType") == kind
    assert set(said) == {
        f"DC.{name}" for name in ("title", "creator", "date", "language", "identifier")
    }
    assert said["DC.identifier"].startswith(
        "http://testserver" + prefix + address.partition("?")[0]
    )
    assert "citation_title" not in page.html


def test_an_entry_gives_the_announcement_beside_it(client):
    year = AwardYear.objects.get(code="2015")
    assert cited(announcement_work(year)) in Page(client, "/achievements/2015-w01/").html
