"""Nothing unpublished may be seen, counted or guessed."""

import io
import re
from zipfile import ZipFile

import pytest
from django.conf import settings
from django.urls import resolve

from governance import publishing
from governance.models import Achievement
from showcase import urls, urls_without_language
from showcase.api import urls as api_urls
from showcase.views import files

from .helpers.pages import Page
from .helpers.years import award_year

pytestmark = pytest.mark.django_db

WORDS = ("院落夜话", "沙溪镇")
WITHOUT_LANGUAGE = ("/api/", "/sitemap", "/oai")
HARVEST = "/oai?verb=ListRecords&metadataPrefix=oai_dc"
LISTS = [
    "/codings.csv",
    *(f"/achievements.{face}" for face in files.FACES if face != "codings"),
]
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
    "/awards/",
    "/awards/community-governance-innovation/",
    "/analysis/?rows=mechanism&columns=province",
    "/analysis.json?rows=mechanism&columns=province",
    *LISTS,
    "/achievements.csv?select=code,title",
    "/feeds/achievements.atom",
    "/feeds/achievements.atom?region=320585",
    "/api/achievements/",
    "/api/achievements/?region=320585&page_size=100",
    "/api/",
    "/api/codings/?page_size=100",
    "/api/facets/",
    "/api/analysis/?rows=mechanism&columns=province",
    "/api/regions/?page_size=100",
    "/api/regions/320585/",
    "/api/mechanisms/?page_size=100",
    "/api/mechanisms/deliberation/",
    "/api/organizations/?page_size=100",
    "/api/years/",
    "/api/years/2015/",
    "/api/awards/",
    "/api/awards/community-governance-innovation/",
    HARVEST,
]
# What has none of the record's entries; those of one entry or version, and what is tried below.
OTHERS = {
    *("about", "coding-rules", "data-fields", "opensearch", "robots", "qr-code", "image"),
    *("api-schema", "api-docs", "sitemap", "report", "achievement", "achievement-file"),
    *("api-achievement", "organization", "api-organization", "compare-file", "award-year"),
    # tests/test_preview.py: for staff alone.
    "preview",
    # tests/test_packages.py: what is published is of its day.
    *("data", "data-latest", "data-version"),
}


def localized(prefix, face):
    return face if face.startswith(WITHOUT_LANGUAGE) else prefix + face


def shown(client, address):
    """What an answer says; of an archive the parts, without the time at which it was made."""
    # A harvest says when it was answered.
    content = re.sub(b"<responseDate>[^<]*", b"", client.get(address).content)
    if not content.startswith(b"PK"):
        return content
    with ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist() if "core.xml" not in name}


def whole(client, address):
    said = shown(client, address)
    return b"".join(said.values()) if isinstance(said, dict) else said


def test_every_address_is_looked_at():
    patterns = [*urls.urlpatterns, *urls_without_language.urlpatterns, *api_urls.urlpatterns]
    named = {pattern.name for pattern in patterns if getattr(pattern, "name", None)}
    walked = {resolve(face.partition("?")[0]).url_name for face in FACES}
    assert named == walked | OTHERS


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_no_page_changes_when_there_is_a_draft(client, draft, publish, prefix):
    addresses = [one for face in FACES if (one := localized(prefix, face)).startswith(prefix)]
    found = []
    for status in ("draft", "in_review"):
        publish(draft, status)
        found.append([shown(client, address) for address in addresses])
    draft.delete()
    without = [shown(client, address) for address in addresses]
    assert found == [without, without]


def test_every_face_shows_it_once_published(client, draft, publish):
    """The faces above are ones on which a leak would show."""
    before = [shown(client, face) for face in FACES]
    publish(draft)
    after = [shown(client, face) for face in FACES]
    assert all(old != new for old, new in zip(before, after, strict=True))


def test_a_draft_has_no_address(client, draft):
    organization = draft.organizations.get()
    for address in (
        draft.get_absolute_url(),
        f"/api/achievements/{draft.code}/",
        organization.get_absolute_url(),
    ):
        assert client.get(address).status_code == 404


@pytest.mark.parametrize("status", ["draft", "in_review"])
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_who_is_not_public_has_no_file(client, draft, publish, status, prefix):
    publish(draft, status)
    for face in files.FACES:
        answer = client.get(f"{prefix}/achievements/{draft.code}.{face}")
        assert answer.status_code == 404
        assert not any(word in answer.content.decode() for word in WORDS)
    answer = client.get(f"{prefix}/compare.docx?code=2015-w01&code={draft.code}")
    assert answer.status_code == 400
    assert not any(word in answer.content.decode() for word in WORDS)


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_what_was_taken_back_is_on_no_face(client, draft, publish, prefix):
    publish(draft)
    assert all(draft.code.encode() in whole(client, f"{prefix}{face}") for face in LISTS)
    publishing.take_back([draft.pk], "")
    for face in FACES:
        said = whole(client, localized(prefix, face)).decode("utf-8", "replace")
        # That its code was withdrawn is for harvesters to know.
        told = WORDS if face == HARVEST else (draft.code, *WORDS)
        assert not any(word in said for word in told), face
    for face in files.FACES:
        if face != "codings":
            answer = client.get(f"{prefix}/achievements/{draft.code}.{face}")
            assert answer.status_code == 410
            assert "Content-Disposition" not in answer
    # Only that it is gone is told.
    compared = whole(client, f"{prefix}/compare.docx?code=2015-w01&code={draft.code}")
    assert draft.code.encode() in compared
    assert draft.summary.encode() not in compared


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


def test_no_public_face_reads_what_staff_search():
    for path in (settings.BASE_DIR / "showcase").rglob("*.py"):
        assert "staff_text" not in path.read_text("utf-8").lower().replace(
            "stafftext", "staff_text"
        )
