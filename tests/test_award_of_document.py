"""Of which award a document is: by the name that it carries, by what a person says, or a new one."""

import io

import pytest
import yaml
from django.core.management import CommandError, call_command

from governance import loading
from governance.announcements import read, read_text
from governance.announcements.award import award_told
from governance.intake.awards import award_for
from governance.models import Achievement, Award, AwardYear

from .helpers.loads import choose, newest, said, upload
from .helpers.years import award_year

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("work_at_once")]

OTHER = """2019年度浙江省社区治理优秀案例名单
一等奖
1.“微心愿”圆梦行动（浙江省杭州市西湖区民政局）
二等奖
1.“邻里坊”互助项目（江苏省太仓市人民政府）
2.小区“板凳会”（江苏省太仓市民政局）
提名奖
1.街坊议事（福建省厦门市思明区人民政府）
"""
NAME = "浙江省社区治理优秀案例"


def parse(tmp_path, text, year=2019, name="a.txt", **options):
    """(objects of the fixture, report) of a document that is whole."""
    path, report, out = tmp_path / name, io.StringIO(), io.StringIO()
    path.write_text(text, encoding="utf-8")
    call_command("parse_announcement", path, year=year, stdout=out, stderr=report, **options)
    return yaml.safe_load(out.getvalue()), report.getvalue()


def load(objects):
    (report,) = loading.load([loading.FixtureFile("a.json", b"", objects)])
    return report


def of(objects, model):
    return [one["fields"] for one in objects if one["model"] == f"governance.{model}"]


def test_a_name_that_the_record_does_not_have_is_a_new_award(tmp_path):
    objects, report = parse(tmp_path, OTHER)
    (award,) = of(objects, "award")
    assert (award["name"], award["prefix"]) == (NAME, "zjssqzly")
    assert award["slug"] == "zhe-jiang-sheng-she-qu-zhi-li-you-xiu-an-li"
    # What the document does not say is for staff to say.
    assert award.keys() == {"name", "prefix", "slug"}
    (year,) = of(objects, "awardyear")
    assert (year["code"], year["award"]) == ("zjssqzly-2019", [award["slug"]])
    assert "库中没有奖项“浙江省社区治理优秀案例”，按新奖项读入，编号以 zjssqzly-2019 开头" in report
    load(objects)
    entries = Achievement.objects.filter(award_year__code="zjssqzly-2019").order_by("code")
    assert list(entries.values_list("code", "grade", "tier")) == [
        ("zjssqzly-2019-n01", "提名奖", "nominee"),
        ("zjssqzly-2019-w01", "一等奖", "winner"),
        ("zjssqzly-2019-w02", "二等奖", "winner"),
        ("zjssqzly-2019-w03", "二等奖", "winner"),
    ]
    assert Award.objects.count() == 2


def test_the_next_year_of_it_is_known_by_its_name(tmp_path):
    load(parse(tmp_path, OTHER)[0])
    objects, report = parse(tmp_path, OTHER.replace("2019", "2020"), 2020)
    assert of(objects, "awardyear")[0]["code"] == "zjssqzly-2020"
    assert "按新奖项读入" not in report
    assert load(objects).outcomes["governance.award", (of(objects, "award")[0]["slug"],)] == (
        "unchanged"
    )


def test_two_years_of_a_new_award_wait_and_do_not_block_each_other(tmp_path):
    first = parse(tmp_path, OTHER)[0]
    second = parse(tmp_path, OTHER.replace("2019", "2020"), 2020, "b.txt")[0]
    load(first)
    load(second)
    codes = AwardYear.objects.exclude(award__prefix="").values_list("code", flat=True)
    assert list(codes) == ["zjssqzly-2020", "zjssqzly-2019"]


def test_a_person_says_of_which_award_it_is(tmp_path):
    slug = Award.objects.get().slug
    objects, report = parse(tmp_path, OTHER, award=slug)
    (year,) = of(objects, "awardyear")
    assert (year["code"], year["award"], year["name"]) == ("2019", [slug], NAME)
    assert "按新奖项读入" not in report
    # Known from now on by this name, too.
    load(objects)
    again = OTHER.replace("2019", "2020")
    assert of(parse(tmp_path, again, 2020)[0], "awardyear")[0]["code"] == "2020"


def test_it_says_which_awards_there_are(tmp_path):
    with pytest.raises(CommandError, match="是否指“community-governance-innovation”？"):
        parse(tmp_path, OTHER, award="community-governance")
    with pytest.raises(CommandError, match="可用的是：community-governance-innovation。"):
        parse(tmp_path, OTHER, award="zhuhai")


ENTRY = "1.“微心愿”圆梦行动（浙江省杭州市西湖区民政局）\n"


@pytest.mark.parametrize(
    "title",
    [
        "2016年度中国社区治理十大创新成果揭晓",
        "2016年度中国社区治理创新成果揭晓",
        "2016年度中国社区治理二十佳创新成果名单",
        "2016年度社区治理十大创新成果名单",
        "２０１６年度中國社區治理十大創新成果名單",
        "关于公布2016年度“中国社区治理十大创新成果”的通知",
        "2016年中国社区治理十佳揭晓",
    ],
)
def test_it_is_the_first_award_whose_name_the_document_carries(title):
    award_year(2014, name="中国社区治理创新成果")
    found = award_for(read_text(f"{title}\n获奖成果\n{ENTRY}"))
    assert (found.award.prefix, found.sure) == ("", True)


@pytest.mark.parametrize(
    "title", ["2016年度十大创新成果", "十大创新成果名单", "一、十大创新成果（1项）"]
)
def test_it_is_known_by_what_it_calls_its_winners(title):
    Award.objects.create(slug="a", prefix="ab", name="社区治理先锋", winner_label="获奖成果")
    found = award_for(read_text(f"获奖名单\n{title}\n{ENTRY}"))
    assert (found.award.prefix, found.sure) == ("", True)


@pytest.fixture
def another():
    return Award.objects.create(slug="zhuhai", prefix="zh", name="珠海市域社会治理创新项目培育行动")


# They say what is done, and not with what.
UNNAMED = [
    "获奖名单",
    "2016年度评选结果公示",
    "关于公布第三批获奖名单的通知",
    "优秀案例",
    "获奖名单（排名不分先后）",
    "网络投票结果公示",
    "二〇一六年入选成果一览表",
    "各地报送",
]


@pytest.mark.parametrize("title", UNNAMED)
@pytest.mark.parametrize("prefix", ["", "zgsq"])
def test_a_document_that_names_none_is_the_only_award_s(title, prefix, tmp_path):
    Award.objects.update(prefix=prefix)
    found = award_for(read_text(f"{title}\n获奖成果\n{ENTRY}"))
    assert (found.award, found.sure) == (Award.objects.get(), True)


@pytest.mark.parametrize("title", UNNAMED)
def test_it_asks_where_the_document_names_none_of_several(title, another, tmp_path):
    text = f"{title}\n获奖成果\n{ENTRY}"
    found = award_for(read_text(text))
    assert (found.award.prefix, found.sure) == ("", False)
    report = io.StringIO()
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    with pytest.raises(CommandError, match="有 1 处未定"):
        call_command("parse_announcement", tmp_path / "a.txt", year=2016, stderr=report)
    sentence = "文件没有写明是哪个奖项的公告；请在开头加上公告的标题，或用 --award 指明：community-governance-innovation（中国社区治理十大创新成果）、zhuhai（珠海市域社会治理创新项目培育行动）。"
    assert sentence in report.getvalue()
    first = Award.objects.get(prefix="")
    objects, _report = parse(tmp_path, text, 2016, award=first.slug)
    assert of(objects, "awardyear")[0]["code"] == "2016"


@pytest.mark.parametrize(
    ("title", "name", "prefix"),
    [
        ("2016年度江苏省社区治理创新成果名单", "江苏省社区治理创新成果", "jsssqzlc"),
        ("2016年度社区治理优秀案例名单", "社区治理优秀案例", "sqzlyxal"),
        ("2016年度中国城市品牌获奖名单", "中国城市品牌", "zgcspp"),
        ("2016年度社区治理实验区名单", "社区治理实验区", "sqzlsyq"),
        ("关于公布2016年度浙江省最美社区工作者评选结果的通知", "浙江省最美社区工作者", "zjszmsqg"),
        ("第三批全国智慧社区治理能手入选名单", "全国智慧社区治理能手", "qgzhsqzl"),
    ],
)
def test_it_is_another_award_that_is_called_otherwise(title, name, prefix):
    award = award_for(read_text(f"{title}\n获奖成果\n{ENTRY}")).award
    assert (award.pk, award.name, award.prefix) == (None, name, prefix)


def test_the_longest_name_counts():
    reading = read_text(f"2016年度江苏省社区治理创新成果名单\n获奖成果\n{ENTRY}")
    awards = {"china": ["社区治理创新成果"], "jiangsu": ["江苏省社区治理创新成果", "苏治奖"]}
    assert award_told(reading, awards) == "jiangsu"
    assert award_told(reading, {"shandong": ["山东省社区治理创新成果"]}) is None
    assert award_told(reading, {}) is None


def test_a_prefix_that_another_award_has_gets_another_end():
    Award.objects.create(slug="a", prefix="sqzlyxal", name="社区治理优秀奥伦")
    Award.objects.create(slug="b", prefix="sqzlyxaa", name="社区治理优秀阿奥")
    award = award_for(read_text(f"2016年度社区治理优秀案例名单\n获奖成果\n{ENTRY}")).award
    assert award.prefix == "sqzlyxab"


def test_a_record_without_an_award_gets_its_first():
    Achievement.objects.all().delete()
    AwardYear.objects.all().delete()
    Award.objects.all().delete()
    award = award_for(read_text(f"2016年度社区治理优秀案例名单\n获奖成果\n{ENTRY}")).award
    assert (award.prefix, award.name) == ("", "社区治理优秀案例")


@pytest.mark.parametrize(
    ("table", "grades"),
    [
        ("成果名称,申报单位,奖项\n甲议事,太仓市民政局,一等奖\n乙议事,太仓市民政局,银奖\n", ["一等奖", "银奖"]),
        ("成果名称,申报单位,等级\n甲议事,太仓市民政局,优秀奖\n乙议事,太仓市民政局,获奖\n", ["优秀奖", ""]),
    ],
)  # fmt: skip
def test_a_column_tells_the_grade(table, grades):
    assert [one.grade for one in read("a.csv", table.encode()).entries] == grades


@pytest.mark.parametrize(
    ("title", "edition"),
    [
        ("2019年第三批浙江省社区治理优秀案例名单", "第三批"),
        ("首届浙江省社区治理优秀案例名单", "首届"),
        ("第２届浙江省社区治理优秀案例名单", "第２届"),
        ("2019年度浙江省社区治理优秀案例名单", ""),
    ],
)
def test_the_title_tells_the_edition(tmp_path, title, edition):
    objects, _report = parse(tmp_path, f"{title}\n获奖成果\n{ENTRY}")
    assert of(objects, "awardyear")[0]["edition"] == edition


def test_a_theme_below_a_grade_divides_it():
    text = (
        "2019年度浙江省社区治理优秀案例名单\n一、一等奖\n（一）党建引领类\n1.甲议事（太仓市民政局）\n（二）协商议事类\n"
        "1.乙议事（太仓市民政局）\n二、二等奖\n（一）党建引领类\n1.丙议事（太仓市民政局）\n"
    )
    assert [one.grade for one in read_text(text).entries] == ["一等奖", "一等奖", "二等奖"]


def test_the_admin_proposes_a_new_award_and_reads_again_as_one_of_the_record(staff_client):
    page = upload(staff_client, OTHER, 2019)
    assert newest().scope == "zjssqzly-2019"
    assert "按新奖项读入，编号以 zjssqzly-2019 开头" in said(page)
    slug = Award.objects.get().slug
    address = f"/admin/governance/load/{newest().pk}/read/"
    page = staff_client.post(address, {"year": "2019", "award": slug}, follow=True)
    assert newest().scope == "2019"
    assert f'<option value="{slug}" selected>' in page.content.decode()
    staff_client.post(address, {"year": "2019", "award": ""}, follow=True)
    choose(staff_client, load="1")
    assert (newest().state, newest().scope) == ("loaded", "zjssqzly-2019")
    assert Achievement.objects.filter(code__startswith="zjssqzly-2019-").count() == 4
    page = staff_client.post(address, {"year": "2019", "award": "zhuhai"}, follow=True)
    assert "已经不在待装入之列" in said(page)
    assert (newest().state, newest().scope) == ("loaded", "zjssqzly-2019")


def test_the_admin_says_that_the_award_is_assumed(staff_client):
    page = upload(staff_client, f"获奖名单\n{ENTRY}", 2016)
    assert "文件没有写明奖项的名称，暂按库中的“中国社区治理十大创新成果”读入" in said(page)
    slug = Award.objects.get().slug
    assert f'<option value="{slug}" selected>' in page.content.decode()


def test_the_admin_asks_of_which_award_it_is_before_it_loads(another, staff_client):
    page = upload(staff_client, f"获奖名单\n{ENTRY}", 2016)
    assert '<h2 id="need-award-title">是哪个奖项的公告</h2>' in page.content.decode()
    assert page.content.decode().count('id="read_form"') == 1
    assert '<option value="" selected>' in page.content.decode()
    page = choose(staff_client, load="1")
    assert newest().state == "pending"
    assert "还没有装入：文件没有写明是哪个奖项的公告；请选定奖项，再重新读取。" in said(page)
    address = f"/admin/governance/load/{newest().pk}/read/"
    first = Award.objects.get(prefix="")
    page = staff_client.post(address, {"year": "2016", "award": first.slug}, follow=True)
    assert "need-award" not in page.content.decode()
    choose(staff_client, load="1")
    assert (newest().state, newest().scope) == ("loaded", "2016")


def test_the_admin_says_that_there_is_no_such_award(staff_client):
    upload(staff_client, OTHER, 2019)
    address = f"/admin/governance/load/{newest().pk}/read/"
    page = staff_client.post(address, {"year": "2019", "award": "zhuhai"}, follow=True)
    assert "选择一个有效的选项" in said(page)
    assert newest().scope == "zjssqzly-2019"
