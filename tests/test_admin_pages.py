import re

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.db.models import Count
from django.urls import reverse
from django.utils.translation import override

from governance.models import (
    Achievement,
    Address,
    AwardYear,
    ChangePart,
    Coding,
    Evidence,
    IndexEntry,
    IndexList,
    IndexState,
    LoadPart,
    Mechanism,
    Organization,
    Posting,
    Publication,
    Region,
    StaffText,
    WrongTries,
)

from .helpers.browser import form_data, send
from .helpers.years import award_year

MODELS = [model for model in admin.site._registry if model._meta.app_label == "governance"]
# Lists whose rows lead to the achievement's page.
PARTS = {"coding", "evidence", "settingevidence", "achievementorganization", "achievementimage"}
# What readers send, and what is written down of acts, staff do not add.
SENT = {"errorreport", "change", "proposedchange"}
RECORDS = [model for model in MODELS if model._meta.model_name not in PARTS | SENT]


def name(model):
    return model._meta.model_name


def address(model, view, *args, language="zh-hans"):
    with override(language):
        return reverse(f"admin:governance_{name(model)}_{view}", args=args)


def found(client, model, words):
    """The rows that the changelist of `model` shows for `words`."""
    response = client.get(address(model, "changelist"), {"q": words})
    return set(response.context["cl"].result_list)


@pytest.fixture
def viewer(client, db):
    """Someone who may look at achievements and what belongs to them, and change nothing."""
    user = get_user_model().objects.create_user("viewer", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client.force_login(user)
    return client


def test_it_registers_every_model():
    # The index is derived, and with it is written what was public; what a load said and did is part of it.
    index = {IndexEntry, IndexList, IndexState, Posting, StaffText}
    not_edited = index | {LoadPart, Publication, Address, ChangePart, WrongTries}
    assert set(apps.get_app_config("governance").get_models()) - not_edited == set(MODELS)


@pytest.mark.parametrize("model", MODELS, ids=name)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_it_lists_every_model_in_a_dozen_queries(
    staff_client, draft, model, language, django_assert_max_num_queries
):
    with django_assert_max_num_queries(12):
        response = staff_client.get(address(model, "changelist", language=language))
    assert response.status_code == 200
    assert response.context["cl"].result_count == model.objects.count()


@pytest.mark.parametrize("model", RECORDS, ids=name)
def test_it_shows_the_page_of_a_record_and_of_a_new_one(staff_client, draft, model):
    for record in model.objects.all()[:3]:
        response = staff_client.get(address(model, "change", record.pk))
        assert response.status_code == 200
    assert staff_client.get(address(model, "add")).status_code == 200


def test_it_asks_the_database_little_for_an_achievement(
    staff_client, django_assert_max_num_queries
):
    # A dozen, one for proposals, one for the codebook, of the first one for the type of the model, and one
    # for each chosen organization and mechanism, which Django labels each by itself.
    for achievement in Achievement.objects.all():
        rows = achievement.organizations_in_order.count() + achievement.codings.count()
        with django_assert_max_num_queries(15 + rows):
            staff_client.get(address(Achievement, "change", achievement.pk))


def test_a_save_asks_the_database_little(staff_client, django_assert_max_num_queries):
    coded = Achievement.objects.annotate(count=Count("codings")).order_by("-count")
    page = address(Achievement, "change", coded.first().pk)
    sent = form_data(staff_client.get(page), "achievement_form")
    with django_assert_max_num_queries(60):
        assert staff_client.post(page, sent).status_code == 302


@pytest.mark.parametrize("view", ["change", "delete"])
def test_it_leads_from_a_part_to_its_achievement(staff_client, view):
    coding = Coding.objects.filter(achievement__code="2015-w01").first()
    page = address(Achievement, "change", coding.achievement.pk)
    evidence = coding.evidence.first()
    assert staff_client.get(address(Coding, view, coding.pk)).url == page
    assert staff_client.get(address(Evidence, view, evidence.pk)).url == page
    gone = staff_client.get(address(Evidence, view, 999_999))
    assert gone.status_code == 302
    assert gone.url == "/admin/"


def test_it_offers_no_page_for_a_part_of_its_own(staff_client):
    assert staff_client.get(address(Coding, "add")).status_code == 403


@pytest.mark.parametrize("words", ["太仓", "taicang", "tai cang", "320585"])
def test_it_finds_a_region_by_name_pinyin_and_code(staff_client, taicang, words):
    assert taicang in found(staff_client, Region, words)


@pytest.mark.parametrize("words", ["太仓", "taicang", "TaiCang", "2015-w01", "政社互动"])
def test_it_finds_an_achievement(staff_client, words):
    assert Achievement.objects.get(code="2015-w01") in found(staff_client, Achievement, words)


def test_it_finds_nothing_where_nothing_is(staff_client):
    assert found(staff_client, Achievement, "潘多拉星") == set()


@pytest.mark.parametrize("words", ["太仓市委", "taicang", "cpc taicang"])
def test_it_finds_an_organization(staff_client, words):
    party = Organization.objects.get(name="中国共产党太仓市委员会")
    assert party in found(staff_client, Organization, words)


@pytest.mark.parametrize("words", ["协商", "xieshang", "deliberation"])
def test_it_finds_a_mechanism(staff_client, words):
    assert Mechanism.objects.get(name="协商议事") in found(staff_client, Mechanism, words)


def test_it_finds_a_mechanism_by_an_alias(staff_client):
    assert Mechanism.objects.get(name="党建引领") in found(staff_client, Mechanism, "红色物业")


@pytest.mark.parametrize(
    ("model", "field", "words", "label"),
    [
        (Achievement, "region", "taicang", "江苏省苏州市太仓市 320585"),
        (Region, "successor", "襄都区", "河北省邢台市襄都区 130502"),
        (Coding, "mechanism", "红色物业", "党建引领"),
        (Achievement, "award_year", "2015", "2015年度"),
    ],
)
def test_it_completes_what_staff_type(staff_client, model, field, words, label):
    query = {"app_label": "governance", "model_name": name(model), "field_name": field}
    response = staff_client.get(reverse("admin:autocomplete"), query | {"term": words})
    labels = [result["text"] for result in response.json()["results"]]
    assert any(text.startswith(label) for text in labels), labels


def test_it_tells_two_regions_of_one_name_apart(db):
    twins = Region.objects.filter(name="蒙城县")
    assert twins.count() > 1
    assert len({str(region) for region in twins}) == twins.count()


@pytest.mark.parametrize("query", ["", "q=社区", "q=区&mechanisms__id__exact={deliberation}"])
def test_it_counts_what_each_filter_choice_lists(staff_client, staff, rf, draft, query):
    deliberation = Mechanism.objects.get(name="协商议事").pk
    page = address(Achievement, "changelist")
    response = staff_client.get(f"{page}?_facets=True&{query.format(deliberation=deliberation)}")
    changelist = response.context["cl"]
    for spec in changelist.filter_specs:
        for choice in spec.choices(changelist):
            if counted := re.search(r"\((\d+)\)$", str(choice["display"])):
                # The list alone: there are a hundred choices, and a page takes a tenth of a second.
                request = rf.get(page + choice["query_string"])
                request.user = staff
                listed = changelist.model_admin.get_changelist_instance(request)
                assert listed.result_count == int(counted[1]), choice


def test_it_links_to_the_public_page_of_what_is_published(staff_client, draft):
    published = Achievement.objects.get(code="2015-w01")
    link = f'href="{published.get_absolute_url()}"'
    assert link in staff_client.get(address(Achievement, "change", published.pk)).content.decode()
    assert link in staff_client.get(address(Achievement, "changelist")).content.decode()


def test_it_links_to_no_public_page_of_a_draft(staff_client, draft):
    for page in (address(Achievement, "change", draft.pk), address(Achievement, "changelist")):
        assert f'href="{draft.get_absolute_url()}"' not in staff_client.get(page).content.decode()
    organization = draft.organizations.get()
    page = staff_client.get(address(Organization, "change", organization.pk)).content.decode()
    assert f'href="{organization.get_absolute_url()}"' not in page


def test_it_keeps_the_text_in_which_places_are_counted(staff_client):
    announced = AwardYear.objects.get(year=2015)
    page = staff_client.get(address(AwardYear, "change", announced.pk)).content.decode()
    assert 'name="text"' not in page
    assert "政社互动" in page
    silent = award_year(2016)
    page = staff_client.get(address(AwardYear, "change", silent.pk)).content.decode()
    assert 'name="text"' in page


def test_it_hands_the_uploaded_document_to_staff_alone(staff_client, client):
    announced = AwardYear.objects.get(year=2015)
    announced.file.save("公告.txt", ContentFile("原文".encode()))
    link = reverse("admin:governance_awardyear_file", args=[announced.pk])
    assert link in staff_client.get(address(AwardYear, "change", announced.pk)).content.decode()
    response = staff_client.get(link)
    assert b"".join(response.streaming_content).decode() == "原文"
    assert response["Content-Disposition"].startswith("attachment")
    client.logout()
    assert client.get(link).status_code == 302


def test_it_shows_evidence_to_those_who_may_only_look(viewer):
    achievement = Achievement.objects.get(code="2015-w05")
    page = viewer.get(address(Achievement, "change", achievement.pk)).content.decode()
    assert "城乡一体" in page
    assert achievement.codings.first().evidence.first().text in page
    assert 'name="_save"' not in page


def unnamed(code):
    """The region of today with this code, which no public entry has ever named."""
    region = Region.objects.get(code=code, valid_to=None)
    assert not Address.objects.kept([region]).exists()
    return region


def test_it_refuses_to_delete_what_others_need(staff_client, taicang):
    other = unnamed("320282")
    page = address(Region, "delete", other.parent.pk)
    assert staff_client.post(page, {"post": "yes"}).status_code == 200
    assert Region.objects.filter(pk=other.parent.pk).exists()


def test_it_says_that_an_announcement_is_gone_from_the_disk(staff_client, media):
    award_year = AwardYear.objects.get(year=2015)
    award_year.file.save("揭晓.txt", ContentFile("揭晓"))
    (media / award_year.file.name).unlink()
    file = reverse("admin:governance_awardyear_file", args=[award_year.pk])
    response = staff_client.get(file, follow=True)
    assert response.redirect_chain == [(address(AwardYear, "change", award_year.pk), 302)]
    assert f"{award_year.file.name} 不在磁盘上" in response.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "governance/achievement/?setting__exact=%00",
        "governance/region/?q=%00",
        "autocomplete/?app_label=governance&model_name=achievement&field_name=region&term=%00",
    ],
)
def test_it_refuses_a_nul_that_no_database_can_look_for(staff_client, query):
    response = staff_client.get(f"/admin/{query}")
    assert response.status_code == 400
    assert "请求的格式不被接受" in response.content.decode()


@pytest.mark.parametrize("key", ["abc", "\0", "", "9" * 5000])
def test_it_refuses_to_act_on_a_row_that_is_none(staff_client, key):
    chosen = {"action": "delete_selected", "_selected_action": ["1", key], "post": "yes"}
    assert staff_client.post(address(Mechanism, "changelist"), chosen).status_code == 400


@pytest.mark.parametrize("key", ["abc", "\0", "9" * 23])
@pytest.mark.parametrize(
    ("model", "field"), [(Organization, "region"), (Achievement, "codings-0-mechanism")]
)
def test_it_refuses_a_relation_to_no_row(staff_client, draft, model, field, key):
    record = draft if model is Achievement else model.objects.first()
    form = f"{name(model)}_form"
    response = send(staff_client, address(model, "change", record.pk), form, **{field: key})
    assert response.status_code == 200
    assert "errorlist" in response.content.decode()


def test_it_refuses_a_code_that_leaves_a_regions_children_behind(staff_client, taicang):
    wuxi = unnamed("320200")
    response = send(staff_client, address(Region, "change", wuxi.pk), "region_form", code="320600")
    assert response.status_code == 200
    (sentence,) = response.context["adminform"].form.errors["code"]
    assert "不在 320600 的号段内；代码有变时" in sentence
    wuxi.refresh_from_db()
    assert (wuxi.code, wuxi.path) == ("320200", "3202")


def test_it_takes_another_code_of_a_region_without_children(staff_client, taicang):
    yixing = unnamed("320282")
    response = send(
        staff_client, address(Region, "change", yixing.pk), "region_form", code="320299"
    )
    assert response.status_code == 302
    yixing.refresh_from_db()
    assert yixing.path == "320299"


@pytest.mark.parametrize(
    ("model", "field", "wrong"),
    [
        (Achievement, "code", "2015 w01"),
        (Achievement, "code", ""),
        (Achievement, "rank", ""),
        (Achievement, "award_year", ""),
        (Region, "code", "32／05"),
        (Region, "code", ""),
        (Mechanism, "slug", "协商 议事"),
        (Organization, "slug", ""),
        (AwardYear, "year", ""),
        (AwardYear, "year", "-5"),
        (AwardYear, "award", ""),
    ],
)
def test_it_names_the_mistyped_field_of_a_record_with_a_public_page(
    staff_client, draft, model, field, wrong
):
    if field in ("rank", "award_year"):
        record = Achievement.objects.get(code="2015-w01")
    else:
        # A code or slug that is public is fixed.
        record = {
            Achievement: lambda: draft,
            Region: lambda: unnamed("320282"),
            Mechanism: lambda: Mechanism.objects.create(slug="new", name="新", field="system"),
            Organization: draft.organizations.get,
            AwardYear: lambda: award_year(2016),
        }[model]()
    change = address(model, "change", record.pk)
    response = send(staff_client, change, f"{name(model)}_form", **{field: wrong})
    assert response.status_code == 200
    assert field in response.context["adminform"].form.errors
