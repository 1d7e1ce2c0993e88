"""The record as it ships: whole, true to its source, and the same however often it is loaded."""

import csv
import json
import re
from collections import Counter
from datetime import date

import pytest
import yaml
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db.models import Count
from hypothesis import example, given
from hypothesis import strategies as st

from fixtures.region_names import english_name
from governance.models import (
    Achievement,
    Award,
    AwardYear,
    Coding,
    Evidence,
    Mechanism,
    Organization,
    Region,
    SettingEvidence,
)
from governance.readable_yaml import Key, dump

pytestmark = pytest.mark.django_db

FIXTURES = settings.FIXTURE_DIRS[0]
# The record, without the index that is derived from it.
MODELS = [
    model.__name__
    for model in apps.get_app_config("governance").get_models()
    if model.__module__ != "governance.models.index"
]

# Prefecture-level cities without counties, and townships that a prefecture runs itself.
WITHOUT_COUNTIES = {
    "东莞市",
    "中山市",
    "儋州市",
    "嘉峪关市",
    "大兴安岭地区",
    "海西蒙古族藏族自治州",
}


def every(model):
    return apps.get_model("governance", model).objects.all()


@pytest.mark.parametrize("model", [name for name in MODELS if name != "Region"])
def test_it_is_valid_row_by_row(model):
    for row in every(model):
        row.full_clean()


def test_it_has_valid_regions():
    for region in Region.objects.select_related("parent", "successor"):
        # What the database itself holds, it has held while loading: 4,000 regions times five queries.
        region.full_clean(validate_unique=False, validate_constraints=False)


def test_it_counts_what_the_announcement_lists():
    tiers = Achievement.objects.order_by("tier").values_list("tier").annotate(Count("pk"))
    assert list(tiers) == [("nominee", 9), ("winner", 11)]
    assert Achievement.objects.published().count() == 20
    assert Organization.objects.count() == 36
    assert Mechanism.objects.count() == 28
    by_aspect = Coding.objects.order_by("aspect").values_list("aspect").annotate(Count("pk"))
    assert list(by_aspect) == [("effect", 10), ("goal", 10), ("means", 62)]
    assert Evidence.objects.count() == 99
    assert not Evidence.objects.filter(text_en="").exists()


def test_it_counts_every_region():
    standard = Region.objects.exclude(level="township").exclude(code__contains="-FA")
    assert standard.count() == 4231
    assert Region.objects.filter(code__contains="-FA").count() == 5
    assert Region.objects.get(level="township").full_name == "上海市松江区石湖荡镇"


def test_it_rebuilds_the_list_of_the_document_from_the_entries():
    text = AwardYear.objects.get(year=2015).text
    parts = [
        "\n".join(
            f"{entry.marker}{entry.title}（{entry.organization_text}）\n{entry.summary}"
            for entry in Achievement.objects.filter(tier=tier).order_by("rank")
        )
        for tier in ("winner", "nominee")
    ]
    heading = "\n二、“2015年度中国社区治理十大创新成果”提名成果\n"
    start = Achievement.objects.get(code="2015-w01").marker_offset
    assert heading.join(parts) + "\n " == text[start:]
    assert text[:start].endswith("一、2015年度中国社区治理十大创新成果\n")


@pytest.mark.parametrize("field", ["marker", "title", "organization_text", "summary"])
def test_it_knows_the_place_of_every_verbatim_text(field):
    for entry in Achievement.objects.select_related("award_year"):
        words, start = getattr(entry, field), getattr(entry, f"{field}_offset")
        assert words
        assert entry.award_year.text[start : start + len(words)] == words


def test_it_keeps_the_quirks_of_the_announcement():
    assert "减化申报程序" in Achievement.objects.get(code="2015-n04").summary
    assert "共议， 使" in Achievement.objects.get(code="2015-n09").summary
    assert Achievement.objects.get(code="2015-w01").marker == "1. "
    assert Achievement.objects.get(code="2015-w02").marker == "2."


@pytest.mark.parametrize("model", [Evidence, SettingEvidence])
def test_it_quotes_exactly_the_words_at_each_place(model):
    for span in model.objects.all():
        assert getattr(span.source, span.field)[span.start : span.end] == span.text


def test_it_shows_words_for_every_coding_and_every_setting():
    assert not Coding.objects.filter(evidence=None).exists()
    stated = Achievement.objects.exclude(setting="unstated")
    assert stated.count() == 6
    assert not stated.filter(setting_evidence=None).exists()


def test_it_codes_deliberation_as_a_means_in_nine_entries():
    coded = Coding.objects.filter(mechanism__slug="deliberation", aspect="means")
    codes = coded.order_by("achievement__code").values_list("achievement__code", flat=True)
    assert [code.removeprefix("2015-") for code in codes] == (
        ["n01", "n02", "n06", "n09", "w05", "w08", "w09", "w10", "w11"]
    )


@pytest.mark.parametrize(
    ("code", "mechanism", "coded"),
    [
        ("n06", "social-org-incubation", None),
        ("w09", "social-org-incubation", ("means", "实施社会组织“3331”培育计划")),
        ("w09", "government-purchase", ("goal", "探索区、街社区服务中心服务项目社会化运营")),
        ("n01", "workforce", ("means", "推行村干部“一定五有”管理办法")),
    ],
)
def test_the_codebook_decides_where_the_translation_is_open(code, mechanism, coded):
    """Decision 42 says why."""
    found = Coding.objects.filter(achievement__code=f"2015-{code}", mechanism__slug=mechanism)
    if coded is None:
        assert not found.exists()
    else:
        assert coded in found.values_list("aspect", "evidence__text")


def test_it_translates_every_entry():
    assert not Achievement.objects.filter(title_en="").exists()
    assert not Achievement.objects.filter(summary_en="").exists()


def test_it_takes_short_names_from_the_quotes_in_titles():
    names = dict(Achievement.objects.values_list("code", "short_name"))
    assert names["2015-w01"] == "政社互动"
    assert names["2015-w06"] == ""  # 宁海36条 has no quotes
    assert names["2015-n01"] == "六个规范"


def test_it_invents_neither_source_nor_reviewer():
    award = AwardYear.objects.get()
    assert (award.issuer, award.source_url, award.file.name, award.retrieved_on) == (
        "",
        "",
        "",
        None,
    )
    signed = Coding.objects.values_list("coder", "coded_on", "reviewed_by", "reviewed_on")
    assert set(signed) == {("机器辅助编码", date(2026, 11, 26), "", None)}


def test_it_quotes_exactly_the_english_words_at_each_place():
    for span in Evidence.objects.all():
        text = getattr(span.source, span.field_en)
        assert text[span.start_en : span.end_en] == span.text_en
        assert text.count(span.text_en) == 1


@pytest.mark.parametrize("model", [Achievement, Award, Evidence, Mechanism, Organization, Region])
def test_its_english_has_the_apostrophe_of_print(model):
    """One kind, as the interface has it; of names in pinyin, too: Xi’an."""
    fields = [field.name for field in model._meta.fields if field.name.endswith("_en")]
    texts = [str(text) for row in model.objects.values_list(*fields) for text in row]
    assert [text for text in texts if re.search(r"\w'|'\w", text)] == []


def test_the_codebook_is_whole_in_both_languages():
    both = ("name", "definition", "counts", "not_counts", "borderline")
    for mechanism in Mechanism.objects.all():
        assert all(getattr(mechanism, name) for name in both), mechanism
        assert all(getattr(mechanism, f"{name}_en") for name in both), mechanism
        assert mechanism.synonym_list
        assert mechanism.search_word_list


def test_the_borders_of_the_codebook_name_mechanisms_by_their_names():
    names = dict(Mechanism.objects.values_list("name", "name_en"))
    for mechanism in Mechanism.objects.all():
        quoted = re.findall("“(.+?)”", mechanism.borderline)
        quoted_en = re.findall("“(.+?)”", mechanism.borderline_en)
        named = [names[one] for one in quoted if one in names]
        assert named, mechanism
        assert [one for one in quoted_en if one in names.values()] == named, mechanism


def test_the_examples_of_the_codebook_are_words_that_are_coded_so():
    for mechanism in Mechanism.objects.all():
        codings = mechanism.codings.filter(achievement__code=mechanism.example_code)
        entry = codings.get().achievement
        assert mechanism.example_words in f"{entry.title}\n{entry.summary}", mechanism


def test_a_word_is_a_name_or_a_search_word_of_one_mechanism():
    words = Counter()
    for mechanism in Mechanism.objects.all():
        words.update([*mechanism.synonym_list, *mechanism.search_word_list])
    assert [word for word, count in words.items() if count > 1] == []


def test_it_loads_twice_without_a_change():
    before = {model: list(every(model).order_by("pk").values()) for model in MODELS}
    call_command("loaddata", "regions", "mechanisms", "awards/2015", verbosity=0)
    assert {model: list(every(model).order_by("pk").values()) for model in MODELS} == before


def test_it_leads_an_old_region_to_the_one_that_goes_on():
    successors = Region.objects.exclude(successor=None)
    assert successors.count() == 980 + 4
    ended = [
        (region.name, region.successor.name, region.successor.code)
        for region in successors.filter(code__contains="-FA").order_by("code")
    ]
    assert ended == [
        ("红谷滩新区", "红谷滩区", "360113"),
        ("坪山新区", "坪山区", "440310"),
        ("光明新区", "光明区", "440311"),
        ("龙华新区", "龙华区", "440309"),
    ]
    assert Region.objects.get(name="大鹏新区").successor is None


def test_it_has_successors_that_outlive_what_they_succeed():
    for region in Region.objects.exclude(successor=None).select_related("successor"):
        # So a chain of successors ends: none leads back to where it began.
        assert region.successor.valid_to is None or region.valid_to < region.successor.valid_to


def test_it_takes_the_latest_parent_of_a_region_that_had_two():
    lianshui = Region.objects.get(name="涟水县")
    assert lianshui.parent.name == "淮安市"
    assert lianshui.parent.code == "320800"  # 淮阴市 until 1999


@pytest.mark.parametrize(
    ("scheme", "sizes"),
    [
        ("zone", {"east": 10, "central": 6, "west": 12, "northeast": 3, "": 3}),
        ("zone3", {"east": 11, "central": 8, "west": 12, "": 3}),
    ],
)
def test_it_puts_every_mainland_province_in_a_zone(scheme, sizes):
    provinces = Region.objects.filter(level="province").order_by(scheme)
    assert dict(provinces.values_list(scheme).annotate(Count("pk"))) == sizes
    assert set(provinces.filter(**{scheme: ""}).values_list("code", flat=True)) == (
        {"710000", "810000", "820000"}
    )


def test_it_keeps_codes_as_text():
    loaded = yaml.safe_load((FIXTURES / "awards" / "2015.yaml").read_text(encoding="utf-8"))
    keys = [entry["fields"]["region"] for entry in loaded if entry["fields"].get("region")]
    assert len(keys) == 36 + 20
    assert ["310117116", 1999] in keys
    assert {type(code) for code, _year in keys} == {str}


def test_it_lists_what_is_named_before_what_names_it():
    loaded = yaml.safe_load((FIXTURES / "awards" / "2015.yaml").read_text(encoding="utf-8"))
    natural = {"organization": "name", "achievement": "code", "awardyear": "code", "award": "slug"}
    relations = {
        "organization": "organization",
        "achievement": "achievement",
        "award_year": "awardyear",
        "award": "award",
    }
    known = {model: set() for model in natural}
    for entry in loaded:
        model, fields = entry["model"].removeprefix("governance."), entry["fields"]
        for field, target in relations.items():
            if field in fields:
                assert fields[field][0] in known[target]
        if model in natural:
            known[model].add(fields[natural[model]])
    assert len(known["organization"]) == 36


def test_it_lists_regions_one_a_line_with_parents_first():
    first, *lines, last = (FIXTURES / "regions.json").read_text(encoding="utf-8").splitlines()
    assert (first, last) == ("[", "]")
    seen = {None}
    for line in lines:
        fields = json.loads(line.removesuffix(","))["fields"]
        assert fields["parent"] is None or tuple(fields["parent"]) in seen
        seen.add((fields["code"], fields["valid_from"]))


def test_it_ships_every_township_of_today():
    with open(FIXTURES / "townships.csv", encoding="utf-8", newline="") as file:
        townships = {row["code"]: row["name"] for row in csv.DictReader(file)}
    assert len(townships) == 38_723
    assert all(len(code) == 9 and code.isdecimal() for code in townships)
    assert townships["310117116"] == "石湖荡镇"
    current = Region.objects.filter(valid_to=None, path__regex=r"^\d+$")
    counties = set(current.filter(level="county").values_list("code", flat=True))
    others = {code[:6] for code in townships} - counties
    assert set(current.filter(code__in=others).values_list("name", flat=True)) == WITHOUT_COUNTIES
    assert len(others) == len(WITHOUT_COUNTIES)


def test_it_names_every_region_in_pinyin_and_english():
    assert not Region.objects.filter(pinyin="").exists()
    assert not Region.objects.filter(name_en="").exists()


@pytest.mark.parametrize(
    ("name", "english"),
    [
        ("太仓市", "Taicang"),
        ("西安市", "Xi’an"),
        ("吕梁市", "Lüliang"),
        ("略阳县", "Lüeyang County"),
        ("台儿庄区", "Tai’erzhuang District"),
        ("昂昂溪区", "Ang’angxi District"),
        ("单县", "Shanxian County"),
        ("芒市", "Mangshi"),
        ("长子县", "Zhangzi County"),
        ("清新区", "Qingxin District"),
        ("坪山新区", "Pingshan New Area"),
        ("峰峰矿区", "Fengfeng Mining District"),
        ("郊区", "Jiaoqu (Suburban) District"),
        ("六枝特区", "Liuzhi Special District"),
        ("石湖荡镇", "Shihudang Town"),
        ("内蒙古自治区", "Inner Mongolia"),
        ("陕西省", "Shaanxi"),
        ("乌鲁木齐县", "Ürümqi County"),
        ("锡林郭勒盟", "Xilingol League"),
        ("土默特左旗", "Tumed Left Banner"),
        ("鄂伦春自治旗", "Oroqen Autonomous Banner"),
        ("东乡族自治县", "Dongxiang Autonomous County"),
        ("隆林各族自治县", "Longlin Various Nationalities Autonomous County"),
        ("巴音郭楞蒙古自治州", "Bayingolin Mongol Autonomous Prefecture"),
        ("管城回族区", "Guancheng Hui District"),
        (
            "积石山保安族东乡族撒拉族自治县",
            "Jishishan Bonan, Dongxiang and Salar Autonomous County",
        ),
    ],
)
def test_it_names_regions_in_english_as_maps_do(name, english):
    assert english_name(name) == english


def test_it_refuses_to_name_what_is_no_region():
    with pytest.raises(ValueError, match="居委会"):
        english_name("居委会")


@given(st.text(st.characters(exclude_categories=["Cs"])) | st.text(" \n\\nt\"'\t:#-\u2028一“"))
@example(" “2015年度”\n及提名\n ")
def test_it_writes_yaml_that_keeps_every_character(text):
    objects = [{"model": "governance.awardyear", "fields": {"text": text, "key": Key([text, 1])}}]
    assert yaml.safe_load(dump(objects)) == objects


def test_it_writes_a_line_for_each_line_of_a_document():
    assert dump([{"text": "一、\n太仓市\n "}]) == '- text: "一、\\n\\\n    太仓市\\n\\\n    \\ "\n'


def test_a_region_does_not_lie_below_itself():
    district = Region.objects.get(code="110102")
    district.parent = district
    with pytest.raises(ValidationError, match="上级的级别须高于本级"):
        district.full_clean()
