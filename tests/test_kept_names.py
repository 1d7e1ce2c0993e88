"""Names outlive the index: they are read anew when a name changes, and are never stale."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test

from governance import index, loading
from governance.index import reading
from governance.index.names import Names
from governance.index.state import mark_stale
from governance.models import (
    Achievement,
    AchievementOrganization,
    Award,
    AwardYear,
    Coding,
    IndexState,
    Mechanism,
    Organization,
    Region,
)
from showcase.query import vocabulary

from .helpers.pages import Page
from .helpers.years import award_year, changed, each, load, year
from .test_index_building import Editing, any_of, change

pytestmark = pytest.mark.django_db

TABLE = Achievement._meta.db_table


def versions():
    return IndexState.objects.values_list("version", "names_version").get()


@pytest.fixture
def moved():
    """Which of the two versions an edit moves: "" or "index" or "index, names"."""

    def moved(edit):
        before = versions()
        edit()
        index_moved, names_moved = (one != two for one, two in zip(before, versions(), strict=True))
        assert index_moved or not names_moved
        return ", ".join(["index"] * index_moved + ["names"] * names_moved)

    return moved


def entry(code="2015-w01"):
    return Achievement.objects.get(code=code)


def public_body():
    """An organization that another entry names."""
    return Organization.objects.get(achievements__code="2015-w02")


def name_organization(achievement, organization):
    AchievementOrganization.objects.create(
        achievement=achievement, organization=organization, position=9
    )
    index.update([achievement.pk])


def forget_organization(achievement, organization):
    achievement.organizations.remove(organization)
    index.update([achievement.pk])


def code_anew(achievement):
    achievement.codings.all().delete()
    mechanism = Mechanism.objects.get(name="协商议事")
    Coding.objects.create(
        achievement=achievement, mechanism=mechanism, weight="primary", aspect="means"
    )
    index.update([achievement.pk])


@pytest.mark.parametrize(
    "edit",
    [
        lambda: change(entry(), summary="居民围坐，逐项商定。"),
        lambda: change(entry(), region=Region.objects.get(code="320500")),
        lambda: change(AwardYear.objects.get(year=2015), issuer="民政部"),
    ],
)
def test_what_changes_no_name_keeps_the_names(moved, edit):
    assert moved(edit) == "index"


@pytest.mark.parametrize(
    "edit",
    [
        lambda: change(public_body(), short_name="新名称"),
        lambda: change(Region.objects.get(code="659001", valid_to=None), name="石河子新市"),
        lambda: change(Mechanism.objects.get(name="协商议事"), synonyms="院落夜话"),
        lambda: change(Award.objects.get(), name="社区治理奖"),
        lambda: change(entry(), award_year=award_year(2016)),
        lambda: change(entry(), status="draft"),
        lambda: code_anew(entry()),
        lambda: name_organization(entry(), public_body()),
        lambda: index.rebuild(),
        lambda: load(year()),
    ],
)
def test_what_changes_a_name_moves_them(moved, edit):
    assert moved(edit) == "index, names"


def test_an_organization_is_named_by_its_public_entries_alone(moved, draft):
    body = draft.organizations.get()
    assert moved(lambda: change(body, short_name="沙溪")) == ""
    assert moved(lambda: name_organization(entry("2015-w01"), body)) == "index, names"
    assert moved(lambda: name_organization(entry("2015-w02"), body)) == "index, names"
    assert moved(lambda: change(body, short_name="沙溪镇")) == "index, names"
    assert moved(lambda: forget_organization(entry("2015-w01"), body)) == "index, names"
    assert moved(lambda: forget_organization(entry("2015-w02"), body)) == "index, names"


def test_an_entry_of_another_year_moves_them(moved, draft):
    other = award_year(2016)
    public = entry("2015-w02")
    assert moved(lambda: change(draft, award_year=other)) == ""
    assert moved(lambda: change(entry(), award_year=other)) == "index, names"
    assert moved(lambda: change(public, award_year=other, rank=20)) == "index, names"
    assert (
        moved(lambda: change(public, award_year=AwardYear.objects.get(year=2015))) == "index, names"
    )
    assert "2016" in vocabulary.vocabulary(index.current())["year"]
    last = entry()
    assert moved(lambda: change(last, award_year=public.award_year)) == "index, names"
    assert "2016" not in vocabulary.vocabulary(index.current())["year"]


def test_a_load_and_its_undo_bring_their_names_and_take_them_away():
    before = said_by_names()
    township = each(
        "region",
        code="320585102",
        name="沙溪镇",
        pinyin="sha xi zhen",
        level="township",
        parent=["320585", 1999],
        valid_from=1999,
    )
    report = load([township, *changed(year(), "achievement", status="published")])
    now = index.current()
    assert "沙溪镇" in now.names.spellings
    assert "taicang-civil-affairs" in now.names.organizations
    assert "2016" in vocabulary.vocabulary(now)["year"]
    assert said_by_names() == anew() != before
    loading.undo(report.load)
    assert said_by_names() == anew() == before


def test_after_a_raw_load_every_edit_moves_them(moved):
    mark_stale(sender=Organization, raw=True)
    assert moved(lambda: change(entry(), summary="居民围坐。")) == "index, names"
    call_command("rebuild_index", verbosity=0)
    assert moved(lambda: change(entry(), summary="居民围坐，商定。")) == "index"


@pytest.mark.parametrize(
    "unpublish",
    [
        lambda row: Achievement.objects.filter(pk=row.pk).update(status="draft"),
        lambda row: Achievement.objects.filter(pk=row.pk).delete(),
        lambda row: connection.cursor().execute(
            f"UPDATE {TABLE} SET status = 'in_review' WHERE code = '{row.code}'"
        ),
    ],
)
def test_nothing_unpublished_is_suggested(client, draft, publish, unpublish):
    near, wrong = (
        "/achievements/?q=沙西镇",
        "/achievements/?organization=shaxi-zhen-zhengf",
    )
    publish(draft)
    assert "沙溪镇政府" in Page(client, near).html
    assert "太仓市沙溪镇人民政府" in client.get(wrong).content.decode()
    assert "沙溪镇政府" in Page(client, "/organizations/").html
    assert Page(client, "/").response.context_data["organization_count"] == 37
    unpublish(draft)
    for address in (near, wrong, "/organizations/", "/sitemap-organizations.xml"):
        html = client.get(address).content.decode()
        assert "沙溪" not in html
        assert "shaxi-zhen-zhengfu" not in html
    assert Page(client, "/").response.context_data["organization_count"] == 36


def test_a_worker_reads_them_once(client):
    client.get("/achievements/?q=协商")
    change(entry(), summary="居民围坐，逐项协商。")
    with CaptureQueriesContext(connection) as asked:
        client.get("/achievements/?q=协商")
    assert not any('FROM "governance_region"' in query["sql"] for query in asked)


def said_by_names():
    """All that a worker keeps of names, in both languages of pages the same."""
    now = index.current()
    words = vocabulary.vocabulary(now)
    kept = vars(now.names)
    lines = {name: vars(kept[name]) for name in ("_chinese", "_latin")}
    spellings = [vars(words.spellings(name)) for name in ("region", "mechanism", "organization")]
    places = words.regions.places
    return (
        *(
            kept["spellings"],
            kept["organizations"],
            kept["_readings"],
            kept["places"],
            kept["_meanings"],
            lines,
        ),
        *(dict(words), words.further, places, spellings),
    )


def anew():
    reading._names.cache_clear()
    vocabulary._vocabulary.cache_clear()
    return said_by_names()


class Naming(Editing):
    """The same edits, and some behind the index: what is kept of names is what would be read now."""

    @rule(random=Editing.randoms, status=st.sampled_from(["draft", "published", "in_review"]))
    def set_status_behind_the_index(self, random, status):
        for one in any_of(random, Achievement):
            Achievement.objects.filter(pk=one.pk).update(status=status)

    @rule(random=Editing.randoms)
    def delete_behind_the_index(self, random):
        Achievement.objects.filter(pk__in=[one.pk for one in any_of(random, Achievement)]).delete()

    @invariant()
    def it_is_as_made_anew(self):
        assert said_by_names() == anew()


def test_kept_names_are_those_that_would_be_read_whatever_is_edited():
    run_state_machine_as_test(
        Naming,
        settings=settings(
            max_examples=max(2, settings.default.max_examples // 40),
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_names_are_what_they_are_made_of():
    assert vars(Names()).keys() == {
        *(
            "organizations",
            "spellings",
            "_chinese",
            "_latin",
            "_readings",
            "places",
            "_meanings",
            "_synonyms",
        )
    }


def test_what_is_named_again_after_sql_hid_it_is_known(draft, publish):
    """The index still has the entry that SQL hid, so its organization is new to the names alone."""
    body = draft.organizations.get()
    publish(draft)
    Achievement.objects.filter(pk=draft.pk).update(status="draft")
    assert body.slug not in index.current().names.organizations
    name_organization(entry("2015-w01"), body)
    assert body.slug in index.current().names.organizations
