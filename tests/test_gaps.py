"""What an entry still lacks: one set of reasons, in the list, its filter, the form and where it is published."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils.translation import override

from governance.models import Achievement, Mechanism
from governance.models.gap import GAPS, gaps_of, present_gaps, with_gaps

from .helpers.pictures import attach
from .test_admin_publish import publish_all, told

pytestmark = pytest.mark.django_db

LIST = "/admin/governance/achievement/"


def names(entry):
    (found,) = with_gaps(Achievement.objects.filter(pk=entry.pk))
    return found.gaps.split()


@pytest.fixture
def whole(draft):
    """The draft with all that an entry can have."""
    text = "太仓市沙溪镇人民政府\n江苏省太仓市沙溪镇“院落夜话”议事项目\n居民晚饭后在院落里围坐夜话，逐项商定公共事务。"
    draft.award_year.text = text
    draft.award_year.save()
    draft.organization_text_offset = 0
    draft.title_offset = text.index(draft.title)
    draft.summary_offset = text.index(draft.summary)
    draft.title_en, draft.summary_en = "Evening talks in the yard", "Residents settle affairs."
    draft.save()
    draft.codings.update(coder="林小满")
    attach(draft)
    draft.images.update(alt_en="Residents in a circle")
    return draft


def lose(name, entry):
    """Let the entry lack one thing."""
    rows = Achievement.objects.filter(pk=entry.pk)
    {
        "region": lambda: rows.update(region=None),
        "alt": lambda: entry.images.update(alt=""),
        "credit": lambda: entry.images.update(credit=""),
        "summary": lambda: rows.update(summary="", summary_offset=None),
        "organizations": lambda: entry.organizations.clear(),
        "codings": lambda: entry.codings.get().evidence.all().delete(),
        "coder": lambda: entry.codings.update(coder=""),
        "setting": lambda: rows.update(setting="unstated"),
        "english": lambda: entry.images.update(alt_en=""),
        "place": lambda: rows.update(organization_text_offset=None),
    }[name]()


def test_a_whole_entry_lacks_nothing(whole):
    assert present_gaps(whole) == []
    whole.images.all().delete()
    assert names(whole) == [], "a picture is nothing that an entry must have"


@pytest.mark.parametrize("name", GAPS)
def test_it_tells_each_reason_in_list_filter_and_form(staff_client, whole, name):
    lose(name, whole)
    assert names(whole) == [name]
    label = str(GAPS[name].label)
    listed = staff_client.get(LIST, {"lacks": name})
    assert whole in listed.context["cl"].result_list
    for entry in listed.context["cl"].result_list:
        assert GAPS[name] in gaps_of(entry)
    assert label in listed.content.decode()
    form = staff_client.get(f"{LIST}{whole.pk}/change/").content.decode()
    assert label in form
    for asked, there in [("nothing", False), ("anything", True), ("forbidden", GAPS[name].forbids)]:
        found = staff_client.get(LIST, {"lacks": asked}).context["cl"].result_list
        assert (whole in found) == there


@pytest.mark.parametrize("name", [name for name, gap in GAPS.items() if gap.forbids])
def test_what_forbids_is_not_published(staff_client, whole, name):
    lose(name, whole)
    done, refused = told(publish_all(staff_client, whole))
    assert done == "已发布 0 项。"
    assert refused == f"没有发布 {whole}：{GAPS[name].label}"
    whole.refresh_from_db()
    assert whole.status == "draft"


@pytest.mark.parametrize("name", [name for name, gap in GAPS.items() if not gap.forbids])
def test_no_gap_closes_by_publishing(whole, name):
    lose(name, whole)
    Achievement.objects.filter(pk=whole.pk).update(status="published")
    assert names(whole) == [name]


def test_words_of_the_setting_are_a_coding_of_it(whole):
    lose("setting", whole)
    whole.setting_evidence.create(field="title", start=6, end=9, text="沙溪镇")
    assert names(whole) == []


def test_a_review_of_all_codings_says_that_the_source_tells_no_setting(staff_client, whole):
    lose("setting", whole)
    other = whole.codings.create(
        mechanism=Mechanism.objects.exclude(codings__achievement=whole)[0],
        weight="secondary",
        coder="林小满",
    )
    whole.codings.exclude(pk=other.pk).update(reviewed_by="吴审", reviewed_on=date(2026, 11, 27))
    assert names(whole) == ["setting"]
    chosen = {"action": "find_chosen_right", "_selected_action": [whole.pk]}
    staff_client.post(LIST, chosen)
    assert names(whole) == []
    whole.codings.all().delete()
    assert names(whole) == ["codings", "setting"]
    form = staff_client.get(f"{LIST}{whole.pk}/change/").content.decode()
    assert "留作“未说明”：标注全部复核之后，不再算作所缺" in form


def test_the_reasons_are_told_in_english(staff_client, whole):
    lose("organizations", whole)
    with override("en"):
        page = staff_client.get(reverse("admin:governance_achievement_changelist"))
    assert "no organizations listed" in page.content.decode()


def test_the_first_page_says_how_many_lack_what(staff_client, whole):
    lose("organizations", whole)
    lose("english", whole)
    page = staff_client.get("/admin/").content.decode()
    assert page.count("1 项未公开") == 1
    assert page.count('id="safekeeping"') == 1
    for name in ("organizations", "english"):
        link = f"{LIST}?status__in=draft,in_review&amp;lacks={name}"
        assert f'<a href="{link}">{GAPS[name].label}</a> 1' in page
        listed = staff_client.get(link.replace("&amp;", "&")).context["cl"].result_list
        assert listed == [whole]
    assert "lacks=nothing" not in page


def test_the_first_page_is_silent_where_nothing_waits(staff_client):
    assert 'id="waiting"' not in staff_client.get("/admin/").content.decode()
