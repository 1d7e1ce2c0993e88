"""An award year that is announced, and announced again with corrections, for tests of loads in a row."""

from governance import loading
from governance.intake import parsing
from governance.models import Achievement
from governance.readable_yaml import dump

YEAR = 2010
FIRST = ("“甲议事”", "浙江省杭州市江干区民政局", "江干区请居民轮流主持院落会议。")
SECOND = ("“乙议事”", "浙江省杭州市西湖区民政局", "西湖区建立议事制度。")
THIRD = ("“丙议事”", "浙江省杭州市上城区民政局", "上城区把公共事务交给楼组商量。")
ADDED = ("“新增的社区服务站”", "江苏省无锡市崇安区民政局", "崇安区设立服务站。")
OTHER = ("“邻里夜校”", "江苏省无锡市南长区民政局", "南长区开办夜校。")


def announcement(*entries, year=YEAR):
    """The text of an announcement that lists these entries."""
    lines = [f"{year}年度社区治理创新成果获奖名单"]
    for rank, (title, organization, summary) in enumerate(entries, start=1):
        lines += [f"{rank}.{title}（{organization}）", summary]
    return "\n".join(lines) + "\n"


def fixture(*entries, year=YEAR):
    """The fixture objects that are read in such an announcement, with what the record knows now."""
    return parsing.parse("a.txt", announcement(*entries, year=year).encode(), year).fixture


def load_list(*entries, year=YEAR, **options):
    """The LoadReport of reading and loading such an announcement."""
    return load_objects(fixture(*entries, year=year), year, **options)


def load_objects(objects, year=YEAR, *, sure=(), **options):
    source = loading.FixtureFile(f"{year}.yaml", dump(objects).encode(), sure=set(sure))
    (report,) = loading.load([source], **options)
    return report


def listed(year=YEAR):
    """{code: (rank, title, summary)} as the record has it."""
    rows = Achievement.objects.filter(award_year__year=year).order_by("code")
    return {one.code: (one.rank, one.title, one.summary) for one in rows}


def publish(*codes):
    assert Achievement.objects.filter(code__in=codes).update(status="published") == len(codes)


def differences(report, *outcomes):
    """[(outcome, key, field)] of these outcomes, all but places and readings."""
    return [
        (one.outcome, one.key, one.field)
        for one in report.details
        if one.outcome in outcomes and not one.field.endswith(("_offset", "pinyin"))
    ]
