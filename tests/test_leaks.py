"""Nothing unpublished may be seen, counted or guessed."""

import pytest

from governance.models import Achievement

from .helpers.pages import Page
from .helpers.years import award_year

pytestmark = pytest.mark.django_db

WORDS = ("院落夜话", "沙溪镇")
WITHOUT_LANGUAGE = ("/api/", "/sitemap")
FACES = [
    "/",
    "/achievements/",
    "/achievements/?mechanism=deliberation",
    "/achievements/?region=320585",
    "/achievements/?organization_level=township",
    "/regions/",
    "/regions/320585/",
    "/mechanisms/",
    "/mechanisms/deliberation/",
    "/organizations/",
    "/years/",
    "/years/2015/",
    "/compare/",
    "/about/",
    "/sitemap-achievements.xml",
    "/llms.txt",
    "/sitemap-organizations.xml",
    "/analysis.json?rows=mechanism&columns=province",
    *(f"/achievements.{face}" for face in ("csv", "json", "jsonl", "bib", "ris", "csl.json")),
    "/achievements.csv?select=code,title",
    "/codings.csv",
    "/feeds/achievements.atom",
    "/feeds/achievements.atom?region=320585",
    "/api/achievements/",
    "/api/achievements/?region=320585&page_size=100",
]


def localized(prefix, face):
    return face if face.startswith(WITHOUT_LANGUAGE) else prefix + face


@pytest.mark.parametrize("status", ["draft", "in_review"])
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_no_page_changes_when_there_is_a_draft(client, draft, publish, status, prefix):
    publish(draft, status)
    with_draft = [client.get(localized(prefix, face)).content for face in FACES]
    draft.delete()
    without = [client.get(localized(prefix, face)).content for face in FACES]
    assert with_draft == without


def test_every_face_shows_it_once_published(client, draft, publish):
    """The faces above are ones on which a leak would show."""
    before = [client.get(face).content for face in FACES]
    publish(draft)
    after = [client.get(face).content for face in FACES]
    assert all(old != new for old, new in zip(before, after, strict=True))


def test_a_draft_has_no_address(client, draft):
    organization = draft.organizations.get()
    for address in (
        draft.get_absolute_url(),
        f"/api/achievements/{draft.code}/",
        organization.get_absolute_url(),
    ):
        assert client.get(address).status_code == 404


def test_a_search_does_not_find_it(client, draft):
    for word in WORDS:
        assert Page(client, f"/achievements/?q={word}").codes == []
        assert client.get(f"/api/achievements/?q={word}").json()["count"] == 0


def test_its_organization_is_no_valid_choice_and_no_suggestion(client, draft):
    slug = draft.organizations.get().slug
    page = Page(client, f"/achievements/?organization={slug}", status=400)
    assert "沙溪" not in page.html


def test_a_year_of_drafts_is_unknown(client, draft):
    year = award_year(2016, document_title="2016年度公告", text="院落夜话")
    Achievement.objects.filter(pk=draft.pk).update(award_year=year, code="2016-w01", rank=1)
    missing = Page(client, "/years/2016/", status=404)
    # Nor is it offered beside another that is missing.
    assert ("2016年度", "/years/2016/") not in missing.links
    assert "2016" not in Page(client, "/years/").html
    # As any year that is not there yet.
    drafts, none = (
        Page(client, f"/achievements/?year={year}").html.replace(year, "")
        for year in ("2016", "2017")
    )
    assert drafts == none
