"""What the form of an achievement gives to whoever codes; the browser tests code with it."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils.translation import override

from governance.admin.codebook import codebook
from governance.models import Achievement, Mechanism

from .helpers.browser import form_data, send

SUGGESTIONS = "admin:governance_coding_suggestions"
TEXTS = {"title": "“院落夜话”", "summary": "𠮷村居民订立居民公约，\r\n由社区协商议事会商定。"}


def page(achievement):
    return reverse("admin:governance_achievement_change", args=[achievement.pk])


def test_it_suggests_mechanisms_with_the_words_and_their_place(staff_client, db):
    answer = staff_client.post(reverse(SUGGESTIONS), TEXTS).json()["suggestions"]
    by_name = {one["name"]: one for one in answer}
    covenants = by_name["居民公约与村规民约"]
    assert covenants["key"] == str(Mechanism.objects.get(slug="covenants").pk)
    (span,) = covenants["spans"]
    assert (span["words"], span["because"]) == ("居民公约", "即“居民公约”")
    # Counted in characters of what is stored, which has no carriage return.
    summary = TEXTS["summary"].replace("\r\n", "\n")
    for span in (span for one in answer for span in one["spans"]):
        assert {"title": TEXTS["title"], "summary": summary}[span["field"]][
            span["start"] : span["end"]
        ] == span["words"]
    assert span["before"].endswith(summary[span["start"] - 1])


def test_it_suggests_nothing_to_strangers(client, db):
    assert client.post(reverse(SUGGESTIONS), TEXTS).status_code == 302
    client.force_login(get_user_model().objects.create_user("visitor", is_staff=True))
    assert client.post(reverse(SUGGESTIONS), TEXTS).status_code == 403


def test_it_learns_wording_from_a_bounded_number_of_entries(staff_client, db, monkeypatch):
    def reasons():
        answer = staff_client.post(reverse(SUGGESTIONS), {"title": "", "summary": "搭建协商平台"})
        return {span["because"] for one in answer.json()["suggestions"] for span in one["spans"]}

    learned = {one for one in reasons() if "以它为依据" in one}
    assert learned
    monkeypatch.setattr("governance.admin.suggestions.MOST_CODED", 1)
    assert not {one for one in reasons() if "以它为依据" in one}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_codebook_stands_beside_the_choice(staff_client, draft, language):
    with override(language):
        html = staff_client.get(page(draft)).content.decode()
    mechanism = Mechanism.objects.get(slug="deliberation")
    suffix = "_en" if language == "en" else ""
    for name in ("name", "definition", "counts", "not_counts", "borderline"):
        assert getattr(mechanism, f"{name}{suffix}") in html
    assert len(set(re.findall(r'id="desk-option-(\d+)"', html))) == Mechanism.objects.count()


def test_a_mechanism_is_found_by_its_names_and_readings(db):
    entries = [entry for _field, each in codebook() for entry in each]
    names = next(entry for entry in entries if entry.name == "协商议事").find.split("\n")
    assert names[:3] == ["协商议事", "xieshangyishi", "xsys"]
    assert "deliberation on community affairs" in names


def test_codings_stand_in_the_order_of_their_words(staff_client):
    achievement = Achievement.objects.get(code="2015-w02")
    response = staff_client.get(page(achievement))
    formset = response.context["inline_admin_formsets"][1].formset
    listed = [form.instance.mechanism.slug for form in formset.initial_forms]
    record = staff_client.get(f"/api/achievements/{achievement.code}/").json()
    order = {"title": 0, "summary": 1}
    first = {
        one["slug"]: min((order[span["field"]], span["start"]) for span in one["evidence"])
        for one in record["mechanisms"]
    }
    assert [first[slug] for slug in listed] == sorted(first.values())


def test_what_is_wrong_is_listed_first_with_the_way_to_it(staff_client, draft):
    wrong = {"title": "", "codings-0-words": "没有的字句", "codings-0-weight": ""}
    response = send(staff_client, page(draft), "achievement_form", **wrong)
    faults = response.context["faults"]
    assert [(fault.label, fault.anchor) for fault in faults] == [
        ("标题", "id_title"),
        ("机制标注 1 · 分量", "id_codings-0-weight"),
        ("机制标注 1 · 依据", "id_codings-0-words"),
    ]
    html = response.content.decode()
    for fault in faults:
        assert f'<a href="#{fault.anchor}">{fault.label}</a>' in html
        assert f'id="{fault.anchor}"' in html
    assert "有 3 处要改" in html
    assert 'id="faults"' not in staff_client.get(page(draft)).content.decode()


def test_a_place_to_tick_and_a_row_as_a_whole_can_be_led_to(staff_client, draft):
    data = form_data(staff_client.get(page(draft)), "achievement_form")
    data["codings-0-words"] = "夜话"
    response = staff_client.post(page(draft), data)
    (fault,) = response.context["faults"]
    assert fault.anchor == "id_codings-0-places"
    assert f'id="{fault.anchor}"' in response.content.decode()
    data = form_data(staff_client.get(page(draft)), "achievement_form")
    twice = {
        name.replace("codings-0", "codings-1"): value
        for name, value in data.items()
        if name.startswith("codings-0") and not name.endswith("-id")
    }
    response = staff_client.post(page(draft), data | twice | {"codings-TOTAL_FORMS": "2"})
    anchors = {fault.anchor for fault in response.context["faults"]}
    assert anchors
    assert all(f'id="{anchor}"' in response.content.decode() for anchor in anchors)


def test_other_records_list_theirs_too(staff_client):
    mechanism = Mechanism.objects.first()
    address = reverse("admin:governance_mechanism_change", args=[mechanism.pk])
    response = send(staff_client, address, "mechanism_form", name="")
    assert [fault.anchor for fault in response.context["faults"]] == ["id_name"]
    assert "没有保存：有 1 处要改" in response.content.decode()
