import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.urls import reverse

from governance import images
from governance.models import Achievement

from .helpers.pictures import attach, decoded


@pytest.fixture
def picture(draft):
    """A stored picture of the draft."""
    return attach(draft)


def address(picture, width=480):
    return reverse("image", args=[picture.digest, width])


def publish(achievement):
    Achievement.objects.filter(pk=achievement.pk).update(status="published")


def test_it_shows_the_picture_of_a_published_achievement(client, picture, draft):
    publish(draft)
    response = client.get(address(picture))
    assert response.status_code == 200
    assert decoded(response.content).width == 480
    assert response["Content-Type"] == "image/webp"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "public, max-age=31536000, s-maxage=86400, immutable"
    assert "Cookie" not in response.get("Vary", "")
    assert client.head(address(picture)).status_code == 200
    assert client.post(address(picture)).status_code == 405


def test_it_does_not_send_again_what_a_browser_has(client, picture, draft):
    publish(draft)
    etag = client.get(address(picture))["ETag"]
    response = client.get(address(picture), headers={"If-None-Match": etag})
    assert (response.status_code, response.content) == (304, b"")
    assert client.get(address(picture, 960), headers={"If-None-Match": etag}).status_code == 200


@pytest.mark.parametrize("status", ["draft", "in_review"])
def test_it_hides_the_picture_of_what_is_not_published(client, picture, draft, status):
    Achievement.objects.filter(pk=draft.pk).update(status=status)
    assert client.get(address(picture)).status_code == 404
    etag = f'"{picture.digest}-480"'
    assert client.get(address(picture), headers={"If-None-Match": etag}).status_code == 404


def test_it_shows_the_picture_of_a_draft_to_those_who_may_see_drafts(client, picture):
    reader = get_user_model().objects.create_user("reader", is_staff=True)
    client.force_login(reader)
    assert client.get(address(picture)).status_code == 404
    reader.user_permissions.add(Permission.objects.get(codename="view_achievement"))
    response = client.get(address(picture))
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"


def test_it_shows_a_picture_that_a_draft_shares_with_what_is_published(client, picture):
    attach(Achievement.objects.get(code="2015-w01"))
    assert client.get(address(picture)).status_code == 200


@pytest.mark.parametrize(
    "tail", ["/481.webp", "/0.webp", "/480.png", "/../480.webp", "/%2e%2e/480.webp"]
)
def test_it_knows_no_other_file(client, picture, draft, tail):
    publish(draft)
    assert client.get(f"/media/images/{picture.digest}{tail}").status_code == 404


def test_a_slash_behind_its_address_leads_to_it(client, picture, draft):
    publish(draft)
    response = client.get(address(picture) + "/")
    assert (response.status_code, response["Location"]) == (302, address(picture))


@pytest.mark.parametrize("digest", ["0" * 64, "..", "%2e%2e%2f%2e%2e", "%00"])
def test_it_knows_no_other_picture(client, db, digest):
    assert client.get(f"/media/images/{digest}/480.webp").status_code == 404


def test_it_is_missing_when_its_file_is(client, picture, draft, media):
    publish(draft)
    (media / images.path(picture.digest, 480)).unlink()
    assert client.get(address(picture)).status_code == 404
