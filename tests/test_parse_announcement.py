"""The command parse_announcement: a document becomes a fixture and a report."""

from io import StringIO
from pathlib import Path

import pytest
import yaml
from django.core import serializers
from django.core.management import CommandError, call_command

from governance.announcements import read_text
from governance.announcements.award import announced_year
from governance.intake.award_fixture import award_fixture
from governance.models import Achievement, Organization, Region
from governance.readable_yaml import dump

from .helpers.announced import record_of_2015, region_table
from .test_announcement_tables import as_xlsx

pytestmark = pytest.mark.django_db

NEW_YEAR = """\
2016年度中国社区治理十大创新成果揭晓

一、十大创新成果
1.“院落夜话”议事项目（江苏省太仓市沙溪镇人民政府）
居民晚饭后在院落里围坐夜话，开展社区协商。
2.“红色物业”（成都市锦江区委社会工作部、区民政局）
{more}"""
AMBIGUOUS = "3.“楼门自治”（鼓楼区人民政府）\n"


@pytest.fixture
def text_of_2015():
    return record_of_2015()["awardyear"][0]["text"]


@pytest.fixture
def document(tmp_path):
    def document(text, name="公告.txt"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return document


def run(path, year=2016, **options):
    """(fixture objects, report, exit code) of the command."""
    out, report = StringIO(), StringIO()
    code = 0
    try:
        call_command(
            "parse_announcement", str(path), year=year, stdout=out, stderr=report, **options
        )
    except CommandError as error:
        report.write(f"{error}\n")
        code = error.returncode
    return yaml.safe_load(out.getvalue()), report.getvalue(), code


def fields_of(objects, model):
    return [each["fields"] for each in objects if each["model"] == f"governance.{model}"]


def check(objects, tmp_path):
    """Loads the objects, and asks every row whether it is valid."""
    path = tmp_path / "loaded.yaml"
    path.write_text(dump(objects), encoding="utf-8")
    call_command("load_awards", str(path), stdout=StringIO())
    for row in serializers.deserialize("yaml", dump(objects)):
        type(row.object).objects.get(pk=row.object.pk).full_clean()


# The announcement of 2015


def test_it_gives_the_20_entries_of_2015_as_the_curated_fixture_has_them(document, text_of_2015):
    objects, report, code = run(document(text_of_2015), 2015)
    assert code == 0, report
    record = record_of_2015()
    entries = {each["code"]: each for each in fields_of(objects, "achievement")}
    assert len(entries) == 20
    for curated in record["achievement"]:
        parsed = entries[curated["code"]]
        assert parsed == {field: curated[field] for field in parsed}
        assert curated.keys() - parsed.keys() == {"status", "title_en", "summary_en", "setting"}
    assert fields_of(objects, "achievementorganization") == record["achievementorganization"]
    # Of what the record has, which it is: the rest may be staff's by the time that this is loaded.
    named = [{"name": each["name"]} for each in record["organization"]]
    assert fields_of(objects, "organization") == named
    assert fields_of(objects, "award") == [{"slug": record["award"][0]["slug"]}]
    (year,) = fields_of(objects, "awardyear")
    curated = record["awardyear"][0]
    assert (year["year"], year["name"], year["text"]) == (2015, curated["name"], curated["text"])
    assert "第 4 段写着“十大”，读到的却是 11 项。" in report


def test_it_needs_no_known_organization_for_that(text_of_2015):
    regions = region_table()
    award = announced_year(read_text(text_of_2015), 2015, "2015", regions)
    objects = award_fixture(award, regions, award=record_of_2015()["award"][0])
    organizations = fields_of(objects, "organization")
    assert len(organizations) == 36
    for mine, curated in zip(organizations, record_of_2015()["organization"], strict=True):
        assert mine == {field: curated[field] for field in mine}
        # An address is given when it is loaded, and its English by a person.
        assert curated.keys() - mine.keys() == {"slug", "name_en"}


# A year that nobody has seen


def test_it_makes_a_valid_record_of_a_new_year(document, tmp_path):
    objects, report, code = run(document(NEW_YEAR.format(more="")))
    assert code == 0, report
    check(objects, tmp_path)
    first, second = Achievement.objects.filter(award_year__year=2016).order_by("rank")
    assert first.status == "draft"
    assert str(first.region) == "江苏省苏州市太仓市沙溪镇 320585110"
    assert first.region == Region.objects.get(code="320585110")
    assert [each.name for each in second.organizations.order_by("achievement_links__position")] == [
        "中国共产党成都市锦江区委员会社会工作部",
        "成都市锦江区民政局",
    ]
    assert first.award_year.name == "中国社区治理十大创新成果"


def test_it_only_names_the_organizations_that_the_record_has_and_no_township(document, tmp_path):
    path = document(NEW_YEAR.format(more=""))
    first, _report, _code = run(path)
    check(first, tmp_path)
    Organization.objects.filter(name="太仓市沙溪镇人民政府").update(
        name_en="Shaxi Town Government", short_name="沙溪镇政府", slug="shaxi"
    )
    second, _report, code = run(path)
    assert code == 0
    assert [each["code"] for each in fields_of(first, "region")] == ["320585110"]
    assert fields_of(second, "region") == []
    assert fields_of(second, "organization")[0] == {"name": "太仓市沙溪镇人民政府"}
    check(second, tmp_path)
    town = Organization.objects.get(name="太仓市沙溪镇人民政府")
    assert (town.slug, town.name_en, town.short_name) == (
        "shaxi",
        "Shaxi Town Government",
        "沙溪镇政府",
    )


def test_two_years_that_wait_get_addresses_apart_that_sound_alike(document, tmp_path):
    """Both are read before either is loaded."""
    names = {
        2019: ["山东省滨州市", "江苏省苏州市"],
        2020: ["陕西省彬州市", "安徽省宿州市", "江苏省苏州市"],
    }
    waiting = {}
    for year, cities in names.items():
        lines = [f"{year}年度社区治理创新优秀案例名单", "一、优秀案例"]
        lines += [f"{n}.“办法{year}之{n}”（{city}民政局）" for n, city in enumerate(cities, 1)]
        waiting[year], report, code = run(document("\n".join(lines)), year)
        assert code == 0, report
        assert not any("slug" in each for each in fields_of(waiting[year], "organization"))
    for objects in waiting.values():
        check(objects, tmp_path)
    slugs = dict(Organization.objects.values_list("name", "slug"))
    assert {name: slugs[f"{name}民政局"] for name in ("滨州市", "彬州市", "苏州市", "宿州市")} == {
        "滨州市": "bin-zhou-shi-min-zheng-ju",
        "彬州市": "bin-zhou-shi-min-zheng-ju-2",
        "苏州市": "su-zhou-shi-min-zheng-ju",
        "宿州市": "su-zhou-shi-min-zheng-ju-2",
    }


def test_it_shows_all_candidates_and_writes_nothing(document, tmp_path):
    output = tmp_path / "2016.yaml"
    path = document(NEW_YEAR.format(more=AMBIGUOUS))
    objects, report, code = run(path, output=output)
    assert (objects, code, output.exists()) == (None, 1, False)
    assert "2016-w03 第 7 段“鼓楼区人民政府”：可能的地区有以下几个，没有代为选定：" in report
    for candidate in (
        "江苏省/南京市/鼓楼区 320106",
        "江苏省/徐州市/鼓楼区 320302",
        "福建省/福州市/鼓楼区 350102",
        "河南省/开封市/鼓楼区 410204",
    ):
        assert f"\n  {candidate}\n" in report
    assert "有 1 处未定" in report


def test_it_writes_the_rest_if_asked_and_leaves_the_region_open(document, tmp_path):
    output = tmp_path / "2016.yaml"
    _objects, report, code = run(
        document(NEW_YEAR.format(more=AMBIGUOUS)), output=output, partial=True
    )
    assert code == 1
    assert "已写出" in report
    objects = yaml.safe_load(output.read_text(encoding="utf-8"))
    entry = fields_of(objects, "achievement")[2]
    assert (entry["region"], entry["organization_text"]) == (None, "鼓楼区人民政府")
    check(objects, tmp_path)


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ("3.“楼门自治”（新区管理委员会）\n", "“新区管理委员会”：在行政区划表中找不到它所在的地区"),
        ("3.“楼门自治”（太仓市爱心互助小组）\n", "其中“爱心互助小组”不知是什么机构"),
    ],
)
def test_it_says_what_it_could_not_resolve(document, more, sentence):
    objects, report, code = run(document(NEW_YEAR.format(more=more)))
    assert (objects, code) == (None, 1)
    assert "2016-w03 第 7 段" in report
    assert sentence in report


@pytest.mark.parametrize(
    ("place", "code", "sentence"),
    [
        (
            "济南市莱芜区",
            0,
            "2017-w03：按区划表，山东省/济南市/莱芜区 370116 自 2018 年起才有。"
            "2017 年的区划是 山东省/莱芜市/莱城区 371202。请核对年度和地区。",
        ),
        ("杭州市临平区", 1, "按区划表，浙江省/杭州市/临平区 330113 自 2021 年起才有。"),
        (
            "成都市双流县",
            1,
            "按区划表，四川省/成都市/双流县 510122 到 2014 年为止。2017 年的区划是 四川省/成都市/双流区 510116。",
        ),
    ],
)
def test_it_says_that_a_place_was_not_there_in_the_year(document, place, code, sentence):
    text = NEW_YEAR.format(more=f"3.“楼门自治”（{place}民政局）\n").replace("2016", "2017")
    _objects, report, exit_code = run(document(text), 2017)
    assert exit_code == code
    assert sentence in report


def award_name(objects):
    (year,) = fields_of(objects, "awardyear")
    return year["name"]


def test_it_takes_the_name_of_the_award_from_the_document(document):
    text = "关于公布2018年度全国社区治理创新成果名单的通知\n1.“院落夜话”（江苏省太仓市民政局）\n"
    objects, report, _code = run(document(text), 2018)
    assert award_name(objects) == "全国社区治理创新成果"
    assert "奖项：全国社区治理创新成果" in report
    assert "十大" not in report
    assert "读到 1 项成果：获奖 1 项，提名 0 项。" in report


def test_it_says_that_the_name_of_the_award_is_assumed(document):
    text = "获奖名单\n1.“院落夜话”（江苏省太仓市民政局）\n"
    objects, report, code = run(document(text), 2018)
    assert code == 0, report
    assert award_name(objects) == "中国社区治理十大创新成果"
    assert (
        "文件没有写明奖项的名称，暂按库中的“中国社区治理十大创新成果”读入；若是别的奖项，请"
        in report
    )


def test_it_takes_a_table_of_nothing_but_entries(document):
    """The record has one award; the title is the file's name, and the cell that has no heading is told."""
    rows = "序号,项目名称,申报单位\n1,“院落夜话”,江苏省太仓市民政局,待定\n2,“楼道茶馆”,浙江省宁波市海曙区人民政府\n"
    path = document(rows, "各地报送.csv")
    objects, report, code = run(path, 2018)
    assert code == 0, report
    (year,) = fields_of(objects, "awardyear")
    assert (year["code"], year["document_title"]) == ("2018", "各地报送")
    assert [one["title"] for one in fields_of(objects, "achievement")] == [
        "“院落夜话”",
        "“楼道茶馆”",
    ]
    assert "文件没有写明标题，暂用文件名“各地报送”，请核对。" in report
    assert "暂按库中的“中国社区治理十大创新成果”读入" in report
    assert "这一行有表头没有的格子，没有读入：待定。" in report


def test_it_names_every_line(document, text_of_2015):
    _objects, report, _code = run(document(text_of_2015), 2015)
    assert "共 45 段，其中空白 1 段；用到 44 段：" in report
    assert "  标题：第 1–2 段\n  栏目：第 4、27 段\n  条目：第 5、7、9、" in report


def test_it_names_rows_as_a_sheet_counts_them(document):
    head = ["序号", "类别", "成果名称", "申报单位", "所在地区", "简介"]
    content = as_xlsx(
        (
            "名单",
            [
                ["2017年度社区治理创新成果入选名单"],
                [],
                head,
                [1, "创新成果", "议事会", "鼓楼区民政局", "江苏省南京市鼓楼区", "协商。\n商定。"],
                [2, "提名成果", "睦邻点", "某某小组\n嘉定区民政局", "上海市嘉定区", "自发结成。"],
                [3, "观察成果", "劝导队", "北京市石景山区民政局", "北京市石景山区", ""],
                [4, "提名成果", "小院", "福建省福州市鼓楼区民政局", "江苏省南京市鼓楼区", ""],
            ],
        ),
        ("联系方式", [["联系人", "电话"], ["张三", "010-12345678"]]),
    )
    _objects, report, code = run(document(content, "名单.xlsx"), 2017)
    assert code == 1
    for sentence in (
        "2017 年度：2017年度社区治理创新成果入选名单",
        "工作表“名单”第 6 行：看不出“观察成果”是获奖还是提名",
        "  表头：工作表“名单”第 3 行",
        "  条目：工作表“名单”第 4–5、7 行",
        "工作表“联系方式”第 1 行没有读懂：联系人",
        "2017-n01 工作表“名单”第 5 行“某某小组\n嘉定区民政局”：其中“某某小组”不知",
        "2017-n02 工作表“名单”第 7 行“福建省福州市鼓楼区民政局”，地区一栏为“江苏省南京市鼓楼区”：可能的地区有",
        "\n  江苏省/南京市/鼓楼区 320106\n  福建省/福州市/鼓楼区 350102\n",
    ):
        assert sentence in report
    assert "地区：江苏省/南京市/鼓楼区 320106　机构：南京市鼓楼区民政局" in report
    assert "段没有读懂" not in report


def test_a_heading_says_where_a_body_lies(document):
    text = (
        "2016年度社区治理优秀案例名单\n吉林省\n长春市\n1.“居民提案”（朝阳区民政局）\n"
        "江苏省\n1.“楼道客厅”（徐州市鼓楼区民政局）\n北京市\n1.“吹哨报到”（朝阳区民政局）\n"
    )
    objects, report, code = run(document(text))
    assert code == 0, report
    regions = [each["region"][0] for each in fields_of(objects, "achievement")]
    assert regions == ["220104", "320302", "110105"]
    assert [each["name"] for each in fields_of(objects, "organization")] == [
        "长春市朝阳区民政局",
        "徐州市鼓楼区民政局",
        "北京市朝阳区民政局",
    ]


def test_a_list_without_organizations_lies_where_its_title_says(document):
    path = Path(__file__).parent / "data" / "zhuhai_2020.txt"
    objects, report, code = run(path, 2020)
    assert code == 0, report
    entries = fields_of(objects, "achievement")
    assert [(each["code"], each["title"]) for each in entries] == [
        ("zhsyshzl-2020-n01", "“最珠海”城市生活服务平台"),
        ("zhsyshzl-2020-n02", "“平安+”市域社会治理指数"),
        ("zhsyshzl-2020-n03", "金融风险联防联控工作机制"),
        ("zhsyshzl-2020-n04", "公众参与打造“狮山小美”,探索老城微改造新路径"),
        ("zhsyshzl-2020-n05", "法治联盟共建共治共享探索法治视角下基层矛盾化解机制"),
        ("zhsyshzl-2020-n06", "美平社区协同治理模式初显成效"),
        ("zhsyshzl-2020-n07", "三灶故事连锁大讲堂"),
        ("zhsyshzl-2020-n08", "香洲区党建引领下的“规则+”社区协商案例"),
        ("zhsyshzl-2020-n09", "珠海市“海心花”社会心理健康咨询平台"),
        ("zhsyshzl-2020-n10", "珠海市商事登记“同城通办”服务系统项目"),
        ("zhsyshzl-2020-n11", "珠澳同心·律政展翅"),
        ("zhsyshzl-2020-n12", "党建领航湾区共融----拱北街道打造湾区社会治理共同体"),
        ("zhsyshzl-2020-n13", "澳门街坊会联合总会广东办事处横琴综合服务中心"),
    ]
    assert {(each["tier"], each["region"][0]) for each in entries} == {("nominee", "440400")}
    assert fields_of(objects, "organization") == []
    (year,) = fields_of(objects, "awardyear")
    assert year["document_title"] == path.read_text("utf-8").split("\n")[0]
    assert "13 项成果没有写机构，地区按标题里的“珠海市”填写，机构留空，请核对。" in report


@pytest.mark.parametrize(
    ("title", "region"),
    [
        ("2020年广东省珠海市香洲区社区治理创新案例获奖名单", "440402"),
        ("2020年度城区社区治理创新案例获奖名单", None),
        ("关于公布2020年度浙江省社区治理创新案例获奖名单的通知", "330000"),
        ("江苏省、浙江省2020年度社区治理创新案例获奖名单", None),
    ],
)
def test_a_title_places_only_where_it_names_one_place(document, title, region):
    objects, report, code = run(document(f"{title}\n1.“院落夜话”\n2.杭州市西湖区红色物业\n"), 2020)
    if region:
        assert [each["region"][0] for each in fields_of(objects, "achievement")] == [region] * 2
    else:
        assert code == 1
        assert "2020-w02 没有机构，地区无从得知。" in report


def test_it_shows_the_mechanisms_that_suggest_themselves_when_it_is_talkative(document):
    _objects, report, _code = run(document(NEW_YEAR.format(more="")), verbosity=2)
    assert "建议的机制：协商议事，依据 " in report
    assert "“社区协商”" in report
