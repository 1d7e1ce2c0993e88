"""What staff type finds entries, drafts too, and what the fields of forms offer."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from governance import index
from governance.intake import regions_named
from governance.models import Achievement, Mechanism, Organization, Region, StaffText

from .helpers.browser import send
from .helpers.years import award_year

pytestmark = pytest.mark.django_db

LIST = "/admin/governance/achievement/"


def found(client, words, **more):
    return {entry.code for entry in client.get(LIST, {"q": words} | more).context["cl"].result_list}


def offered(client, model, field, words):
    query = {"app_label": "governance", "model_name": model, "field_name": field, "term": words}
    results = client.get(reverse("admin:autocomplete"), query).json()["results"]
    return [result["text"] for result in results]


@pytest.fixture
def pingshan(draft):
    """The draft, in 坪山新区 of 深圳."""
    draft.region = Region.objects.get(name="坪山新区")
    draft.save()
    index.update([draft.pk])
    return draft


@pytest.mark.parametrize(
    "words",
    [
        *("2015-w01", "2015-W01", "320585", "320500", "320585000000", "2015年", "政社互动"),
        *(
            "江苏太仓",
            "江蘇太倉",
            "江蘇",
            "苏州太仓",
            "江苏省苏州市太仓市",
            "苏州 太仓",
            "太仓　江苏",
        ),
        *("中共太仓市委员会", "中国共产党太仓市委员会", "jiangsu", "taicang", "TaiCang", "Tàicāng"),
        *("tai cang", "tai-cang", "Taicang Jiangsu", "“政社互动”", "政社 互動"),
    ],
)
def test_it_finds_an_entry_by(staff_client, words):
    assert "2015-w01" in found(staff_client, words)


def test_it_finds_by_the_names_of_mechanisms_in_either_script(staff_client):
    coded = set(
        Achievement.objects.filter(mechanisms__name="协商议事").values_list("code", flat=True)
    )
    for words in ("協商議事", "协商议事", "xieshangyishi", "xie shang yi shi"):
        assert coded <= found(staff_client, words)
    assert found(staff_client, "協商") == found(staff_client, "协商") >= coded


@pytest.mark.parametrize(
    "words",
    [
        "深圳坪山",
        "深圳 坪山",
        "深圳市坪山新区",
        "广东省深圳市坪山新区",
        "廣東深圳坪山新區",
        "pingshan",
    ],
)
def test_it_finds_a_draft_by_a_place(staff_client, pingshan, words):
    assert found(staff_client, words) == {pingshan.code, "2015-w07"}


@pytest.mark.parametrize("words", ["潘多拉星", "太仓 潘多拉星", "太仓深圳", "政社互动院落夜话"])
def test_it_finds_nothing_that_lacks_a_word(staff_client, draft, words):
    assert found(staff_client, words) == set()


def test_it_finds_nothing_across_two_texts(staff_client, draft):
    assert draft.title.endswith("议事项目")
    assert draft.organization_text.startswith("太仓市沙溪镇")
    assert found(staff_client, "议事项目太仓市沙溪镇") == set()


def test_it_finds_within_what_is_chosen(staff_client, draft):
    assert found(staff_client, "太仓") > {draft.code}
    assert found(staff_client, "太仓", status__exact="draft") == {draft.code}


def test_it_finds_a_year_in_whatever_language_the_entry_was_saved(staff_client, draft):
    page = f"/en/admin/governance/achievement/{draft.pk}/change/"
    assert send(staff_client, page, "achievement_form", title_en="Talks").status_code == 302
    assert draft.code in found(staff_client, "2015年度")


def test_it_follows_every_edit(staff_client, draft):
    assert found(staff_client, "沙溪镇政府") == {draft.code}
    organization = draft.organizations.get()
    page = reverse("admin:governance_organization_change", args=[organization.pk])
    send(staff_client, page, "organization_form", short_name="沙溪人民政府", name="沙溪")
    assert found(staff_client, "沙溪人民政府") == {draft.code}
    assert found(staff_client, "沙溪镇政府") == set()
    page = reverse("admin:governance_achievement_change", args=[draft.pk])
    send(staff_client, page, "achievement_form", title="沙溪镇“邻里茶馆”", words="")
    assert found(staff_client, "鄰里茶館") == {draft.code}
    key = draft.pk
    delete = reverse("admin:governance_achievement_delete", args=[key])
    staff_client.post(delete, {"post": "yes"})
    assert not StaffText.objects.filter(pk=key).exists()


def test_a_rebuild_writes_it_for_drafts_too(staff_client, draft):
    StaffText.objects.all().delete()
    assert found(staff_client, "院落夜话") == set()
    index.rebuild()
    assert found(staff_client, "院落夜话") == {draft.code}
    assert StaffText.objects.count() == Achievement.objects.count()


def test_an_edit_that_changes_nothing_writes_no_text(draft):
    with CaptureQueriesContext(
        connection,
    ) as asked:
        index.update([draft.pk])
    written = [one["sql"] for one in asked if "governance_stafftext" in one["sql"].lower()]
    assert [one.split()[0] for one in written] == ["SELECT"]


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"q": "协商"},
        {"q": "深圳 坪山"},
        {"lacks": "english"},
        {"p": "2"},
        {"q": "社区", "all": ""},
        {"q": "居民晚饭后在院落里围坐夜话，逐项商定公共事务，" * 9},
    ],
)
@pytest.mark.parametrize("several", [1, 60])
def test_it_asks_the_database_little(
    staff_client, draft, query, several, django_assert_max_num_queries
):
    rows = [
        Achievement(
            **{
                field.attname: getattr(draft, field.attname)
                for field in Achievement._meta.concrete_fields
                if field.name not in ("id", "code", "rank")
            },
            code=f"2015-w{20 + number}",
            rank=20 + number,
        )
        for number in range(several)
    ]
    index.update([entry.pk for entry in Achievement.objects.bulk_create(rows)])
    if several == 1 and "p" in query:
        return
    with django_assert_max_num_queries(20):
        assert staff_client.get(LIST, query).status_code == 200


def test_pages_of_a_list_have_every_entry_once(staff_client, monkeypatch):
    monkeypatch.setattr("governance.admin.achievement.AchievementAdmin.list_per_page", 7)
    pages = [
        staff_client.get(LIST, {"p": number}).context["cl"].result_list for number in (1, 2, 3)
    ]
    shown = [entry.code for page in pages for entry in page]
    assert shown == list(Achievement.objects.as_announced().values_list("code", flat=True))
    assert len(staff_client.get(LIST, {"all": ""}).context["cl"].result_list) == 20
    assert staff_client.get(LIST, {"p": "9"}).status_code == 302


def test_its_filter_tells_the_years_of_several_awards_apart(staff_client):
    award_year(2015, "zhsj")
    filters = staff_client.get(LIST).context["cl"].filter_specs
    (years,) = [one for one in filters if one.title == "年度"]
    labels = [choice["display"] for choice in years.choices(staff_client.get(LIST).context["cl"])]
    assert labels[1:] == ["2015年度", "2015年度 zhsj"]


def test_it_counts_what_filters_would_list_only_when_asked(staff_client):
    assert not staff_client.get(LIST).context["cl"].add_facets
    assert staff_client.get(LIST, {"_facets": "True"}).context["cl"].add_facets


@pytest.mark.parametrize(
    "words",
    [
        "深圳坪山",
        "深圳市坪山新区",
        "广东省深圳市坪山新区",
        "廣東深圳坪山新區",
        "广东省/深圳市/坪山新区",
    ],
)
def test_the_field_of_regions_offers(staff_client, words):
    place = Region.objects.get(name="坪山新区")
    labels = offered(staff_client, "achievement", "region", words)
    assert str(place) in labels
    assert all("深圳" in label for label in labels)


def test_the_field_of_regions_finds_its_own_labels(staff_client):
    for name in ("坪山新区", "太仓市", "乾县", "襄都区"):
        for place in Region.objects.filter(name=name):
            assert str(place) in offered(staff_client, "achievement", "region", str(place))


@pytest.mark.parametrize("words", ["320585", "苏州", "蘇州", "江苏太仓", "太倉市委", "苏州 市委"])
def test_the_field_of_organizations_offers(staff_client, words):
    party = Organization.objects.get(name="中国共产党太仓市委员会")
    assert str(party) in offered(staff_client, "achievementorganization", "organization", words)


def test_the_field_of_mechanisms_offers_either_script(staff_client):
    grid = Mechanism.objects.get(name__startswith="网格")
    assert str(grid) in offered(staff_client, "coding", "mechanism", "網格")


def test_a_place_is_named_without_a_year_too(db):
    assert {one.name for one in regions_named("深圳坪山")} == {"坪山新区", "坪山区"}
    assert [one.name for one in regions_named("深圳坪山", 2015)] == ["坪山新区"]


@pytest.mark.parametrize(
    ("model", "query"),
    [
        ("organization", "organizations__id__exact={pk}"),
        ("mechanism", "mechanisms__id__exact={pk}"),
        ("region", "q={code}"),
    ],
)
def test_a_record_lists_the_entries_that_name_it(staff_client, draft, model, query):
    record = {
        "organization": draft.organizations.get,
        "mechanism": lambda: Mechanism.objects.get(name="协商议事"),
        "region": lambda: draft.region,
    }[model]()
    page = staff_client.get(reverse(f"admin:governance_{model}_change", args=[record.pk]))
    html = page.content.decode()
    assert str(draft) in html
    assert reverse("admin:governance_achievement_change", args=[draft.pk]) in html
    entries = page.context["adminform"].model_admin.entries_of(record)
    assert f"全部 {entries.count()} 项" in html
    link = query.format(pk=record.pk, code=getattr(record, "code", ""))
    assert f'href="{LIST}?{link}"' in html
    listed = staff_client.get(f"{LIST}?{link}").context["cl"].result_list
    assert set(listed) == set(entries)


def test_it_lists_them_to_nobody_who_may_not_view_entries(client, draft):
    clerk = get_user_model().objects.create_user("clerk", is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename="change_region"))
    client.force_login(clerk)
    page = client.get(reverse("admin:governance_region_change", args=[draft.region.pk]))
    assert draft.code not in page.content.decode()
