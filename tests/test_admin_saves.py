"""What a save asks of the database, however much the form holds."""

import pytest
from django.urls import reverse
from PIL import Image

from governance import index
from governance.models import Award, AwardYear, Evidence, Mechanism, Organization, Region

from .helpers.browser import form_data
from .helpers.pictures import BLUE, attach, encoded, upload

pytestmark = pytest.mark.django_db

MOST = 60
CLAUSES = ["居民", "晚饭后", "在院落里", "围坐", "坐夜话", "逐项商定", "公共事务"]
WORDS = ["Residents", "sit", "yard", "dinner", "settle", "affairs"]
ENGLISH = "Residents sit together in the yard after dinner and settle public affairs."


def change(record):
    return reverse(f"admin:governance_{record._meta.model_name}_change", args=[record.pk])


@pytest.fixture
def full(draft):
    """The draft with six codings, nine pieces of evidence, three organizations and two pictures."""
    draft.summary_en = ENGLISH
    draft.save()
    draft.setting_evidence.create(field="title", start=6, end=9, text="沙溪镇")
    others = Mechanism.objects.exclude(codings__achievement=draft)[:5]
    for place, mechanism in enumerate(others):
        coding = draft.codings.create(mechanism=mechanism, weight="secondary")
        for words in CLAUSES[place : place + 1 + (place < 2)]:
            start = draft.summary.index(words)
            coding.evidence.create(field="summary", start=start, end=start + len(words), text=words)
    for place, organization in enumerate(Organization.objects.all()[:2]):
        draft.organizations.add(organization, through_defaults={"position": place + 2})
    attach(draft)
    draft.images.create(digest="0" * 32, width=640, height=480, alt="会场", credit="太仓日报")
    index.update([draft.pk])
    assert Evidence.objects.filter(coding__achievement=draft).count() == 8
    return draft


def nothing(sent):
    return {}


def its_texts(sent):
    """All evidence moves, and the title is spelt anew."""
    title, summary = f"{sent['title'][0]}（二期）", f"夏夜，{sent['summary'][0]}"
    return {"title": title, "summary": summary, "summary_en": f"{ENGLISH} Every week."}


def each_judgement(sent):
    other = {"primary": "secondary", "secondary": "primary"}
    names = [f"codings-{place}-weight" for place in range(6)]
    return {name: other[sent[name][0]] for name in names}


def all_evidence(sent):
    """Other words for each coding, in both languages."""
    found = {}
    for place in range(6):
        found[f"codings-{place}-words"] = "\n".join(CLAUSES[place : place + 2])
        found[f"codings-{place}-words_en"] = WORDS[place]
    return found


def a_coding_more(sent):
    mechanism = Mechanism.objects.exclude(codings__achievement__code="2015-w12").last()
    said = {
        "weight": "primary",
        "aspect": "goal",
        "words": "坐夜话",
        "mechanism": str(mechanism.pk),
    }
    found = {f"codings-6-{name}": value for name, value in said.items()}
    return found | {"codings-TOTAL_FORMS": "7"}


def a_picture_more(sent):
    picture = upload(encoded(Image.new("RGB", (640, 480), BLUE)))
    said = {"upload": picture, "position": "3", "alt": "议事", "credit": "太仓日报"}
    found = {f"images-2-{name}": value for name, value in said.items()}
    return found | {"images-TOTAL_FORMS": "3"}


def parts_less(sent):
    return {"codings-0-DELETE": "on", "organizations_in_order-0-DELETE": "on"}


CHANGES = [
    *(nothing, its_texts, each_judgement, all_evidence),
    *(a_coding_more, a_picture_more, parts_less),
]


@pytest.mark.parametrize("changes", CHANGES)
@pytest.mark.parametrize("status", ["draft", "published"])
def test_an_entry_with_much_is_saved_with_little(
    staff_client, full, publish, status, changes, django_assert_max_num_queries
):
    publish(full, status)
    sent = form_data(staff_client.get(change(full)), "achievement_form")
    sent |= changes(sent)
    with django_assert_max_num_queries(MOST):
        response = staff_client.post(change(full), sent)
    assert response.status_code == 302, response.context["errors"]


@pytest.mark.parametrize("model", [Region, Organization, Mechanism, Award, AwardYear])
def test_other_records_are_saved_with_little(staff_client, model, django_assert_max_num_queries):
    record = model.objects.filter(**{"code": "320585"} if model is Region else {}).last()
    name = next(one for one in ("name_en", "edition") if hasattr(record, one))
    for changes in ({}, {name: "Another"}):
        sent = form_data(staff_client.get(change(record)), f"{model._meta.model_name}_form")
        with django_assert_max_num_queries(MOST):
            response = staff_client.post(change(record), sent | changes)
        assert response.status_code == 302
