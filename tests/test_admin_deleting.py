"""Before something is deleted, staff see what goes with it and what keeps it, however much that is."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.urls import reverse

from governance.models import Achievement, Award, Coding, ErrorReport, Load, Mechanism

from .helpers.years import award_year

pytestmark = pytest.mark.django_db

MOST = 25


def delete(record):
    names = record._meta
    return reverse(f"admin:{names.app_label}_{names.model_name}_delete", args=[record.pk])


@pytest.fixture
def unknown(db):
    """A mechanism that the public never met."""
    return Mechanism.objects.create(slug="new", name="新机制", name_en="New", field="system")


def code_all_by(mechanism):
    entries = Achievement.objects.all()
    Coding.objects.bulk_create(
        Coding(achievement=entry, mechanism=mechanism, weight="primary") for entry in entries
    )
    return len(entries)


def test_it_counts_what_keeps_a_mechanism(staff_client, unknown, django_assert_max_num_queries):
    count = code_all_by(unknown)
    with django_assert_max_num_queries(MOST):
        page = staff_client.get(delete(unknown))
    assert f"<li>机制标注 {count}</li>" in page.content.decode()
    staff_client.post(delete(unknown), {"post": "yes"})
    assert Mechanism.objects.filter(pk=unknown.pk).exists()


def test_it_deletes_what_nothing_keeps(staff_client, unknown):
    assert "新机制" in staff_client.get(delete(unknown)).content.decode()
    assert staff_client.post(delete(unknown), {"post": "yes"}).status_code == 302
    assert not Mechanism.objects.filter(pk=unknown.pk).exists()


def test_it_counts_what_goes_with_an_entry(staff_client, draft, django_assert_max_num_queries):
    for mechanism in Mechanism.objects.exclude(codings__achievement=draft)[:20]:
        coding = draft.codings.create(mechanism=mechanism, weight="secondary")
        coding.evidence.create(field="title", start=6, end=9, text="沙溪镇")
    with django_assert_max_num_queries(MOST):
        page = staff_client.get(delete(draft))
    html = page.content.decode()
    for counted in ("机制标注: 21", "依据: 21", "成果机构: 1"):
        assert f"<li>{counted}</li>" in html
    assert staff_client.post(delete(draft), {"post": "yes"}).status_code == 302
    assert not Achievement.objects.filter(pk=draft.pk).exists()


@pytest.fixture
def others(staff):
    """A row of each model that has none, of those whose rows can be deleted."""
    Load.objects.create(name="2016.yaml", content=b"[]", digest="0" * 64)
    ErrorReport.objects.create(code="2015-w01", text="机构名称有误。")
    Authenticator.objects.create(user=staff, type="totp", data={})
    Award.objects.create(slug="neighbours", prefix="ll", name="邻里互助案例")
    award_year(2030)


@pytest.mark.parametrize("model", admin.site._registry, ids=lambda model: model._meta.model_name)
def test_no_delete_page_asks_the_database_much(
    staff_client, draft, others, model, django_assert_max_num_queries
):
    of_draft = [draft, draft.region, draft.region.parent, draft.organizations.get()]
    rows = model._default_manager.order_by("pk")
    records = {
        *(one for one in of_draft if isinstance(one, model)),
        *rows[:2],
        *rows.reverse()[:2],
    }
    for record in records:
        with django_assert_max_num_queries(MOST):
            staff_client.get(delete(record))
    page = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    asked = {"action": "delete_selected", "_selected_action": [row.pk for row in records]}
    with django_assert_max_num_queries(MOST):
        staff_client.post(page, asked)


def test_it_asks_little_for_many_at_once(staff_client, unknown, django_assert_max_num_queries):
    page = reverse("admin:governance_mechanism_changelist")
    known = list(Mechanism.objects.exclude(pk=unknown.pk).values_list("pk", flat=True))
    asked = {"action": "delete_selected", "_selected_action": [unknown.pk]}
    with django_assert_max_num_queries(MOST):
        assert "新机制" in staff_client.post(page, asked).content.decode()
    with django_assert_max_num_queries(MOST):
        staff_client.post(page, asked | {"_selected_action": [unknown.pk, *known]})
    staff_client.post(page, asked | {"post": "yes"})
    assert not Mechanism.objects.filter(pk=unknown.pk).exists()


def test_it_names_what_one_may_not_delete(client, draft):
    clerk = get_user_model().objects.create_user("clerk", is_staff=True)
    may = ["view_achievement", "delete_achievement"]
    clerk.user_permissions.set(Permission.objects.filter(codename__in=may))
    client.force_login(clerk)
    assert "<li>机制标注</li>" in client.get(delete(draft)).content.decode()
    client.post(delete(draft), {"post": "yes"})
    assert Achievement.objects.filter(pk=draft.pk).exists()


def test_a_part_is_deleted_on_the_page_of_its_entry_alone(staff_client, draft):
    """There the index follows."""
    coding = draft.codings.get()
    page = reverse("admin:governance_coding_changelist")
    asked = {"action": "delete_selected", "_selected_action": [coding.pk], "post": "yes"}
    staff_client.post(page, asked)
    assert Coding.objects.filter(pk=coding.pk).exists()
    assert "delete_selected" not in staff_client.get(page).content.decode()
