import os
import re

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.urls import reverse
from PIL import Image

from governance import images
from governance.images import keeping
from governance.models import Achievement

from .helpers.browser import form_data, send
from .helpers.pictures import BLUE, PHOTO, attach, encoded, header_of_a_png, upload

CHANGELIST = "admin:governance_achievement_changelist"


@pytest.fixture
def picture(draft):
    """A stored picture of the draft."""
    return attach(draft)


def page(achievement, view="change"):
    return reverse(f"admin:governance_achievement_{view}", args=[achievement.pk])


def save(client, achievement, **changes):
    return send(client, page(achievement), "achievement_form", **changes)


def row(number, total, content):
    """The form fields of one picture."""
    said = {"upload": upload(content), "alt": "居民围坐", "credit": "沙溪镇", "position": "1"}
    return {"images-TOTAL_FORMS": str(total)} | {
        f"images-{number}-{name}": value for name, value in said.items()
    }


def complaints(response):
    forms = response.context["inline_admin_formsets"][2].formset.forms
    return " ".join(message for form in forms for message in form.errors.get("upload", []))


def test_it_adds_a_picture_and_shows_it(staff_client, draft, media):
    assert save(staff_client, draft, **row(0, 1, PHOTO)).status_code == 302
    picture = draft.images.get()
    assert (picture.width, picture.height, picture.alt) == (1600, 1200, "居民围坐")
    assert (media / images.path(picture.digest, 1600)).exists()
    small = reverse("image", args=[picture.digest, 480])
    for shown in (page(draft), reverse("admin:governance_achievementimage_changelist")):
        assert f'src="{small}"' in staff_client.get(shown).content.decode()


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "空"), (b"text", "读不出图片"), (header_of_a_png(9000, 9000), "5000 万")],
    ids=["empty", "text", "bomb"],
)
def test_it_says_what_is_wrong_with_a_picture(staff_client, draft, content, words, media):
    response = save(staff_client, draft, **row(0, 1, content))
    assert words in complaints(response)
    assert not draft.images.exists()
    assert not media.exists()


def test_it_draws_pictures_before_it_takes_the_database(staff_client, draft, monkeypatch):
    open_before, open_then = len(connection.savepoint_ids), []

    def prepare(content, prepare=images.prepare):
        open_then.append(len(connection.savepoint_ids))
        return prepare(content)

    monkeypatch.setattr(images, "prepare", prepare)
    assert save(staff_client, draft, **row(0, 1, PHOTO)).status_code == 302
    assert open_then == [open_before]


def test_it_keeps_a_chosen_picture_while_something_else_is_wrong(staff_client, draft, media):
    response = save(staff_client, draft, **row(0, 1, PHOTO) | {"images-0-alt": ""})
    assert response.status_code == 200
    # It is seen as it was chosen, by staff alone, and chosen once.
    data = form_data(response, "achievement_form")
    (small,) = re.findall(r'<img src="(/media/images/[^"]+)"', response.content.decode())
    assert staff_client.get(small).status_code == 200
    staff_client.logout()
    assert staff_client.get(small).status_code == 404
    staff_client.force_login(get_user_model().objects.get(username="staff"))
    assert not draft.images.exists()
    assert staff_client.post(page(draft), data | {"images-0-alt": "居民围坐"}).status_code == 302
    picture = draft.images.get()
    assert (picture.width, picture.height, picture.alt) == (1600, 1200, "居民围坐")
    assert (media / images.path(picture.digest, 1600)).exists()


def test_it_says_so_when_a_chosen_picture_was_not_kept(staff_client, draft, media):
    response = save(staff_client, draft, **row(0, 1, PHOTO) | {"images-0-alt": ""})
    data = form_data(response, "achievement_form") | {"images-0-alt": "居民围坐"}
    (mark,) = (media / "kept").iterdir()
    os.utime(mark, (0, 0))
    # The next that is kept takes what was forgotten away.
    other = encoded(Image.new("RGB", (50, 50), BLUE))
    save(staff_client, draft, **row(0, 1, other) | {"images-0-alt": ""})
    assert mark.name.partition("-")[0] not in [one.name for one in (media / "images").iterdir()]
    for name in (data["images-0-waiting"][0], "../../settings", "0" * 64 + "-9x9"):
        response = staff_client.post(page(draft), data | {"images-0-waiting": name})
        assert "请重新选择文件" in complaints(response)
    assert not draft.images.exists()


def test_it_forgets_no_picture_that_was_saved(staff_client, draft, media):
    response = save(staff_client, draft, **row(0, 1, PHOTO) | {"images-0-alt": ""})
    data = form_data(response, "achievement_form") | {"images-0-alt": "居民围坐"}
    staff_client.post(page(draft), data)
    (mark,) = (media / "kept").iterdir()
    os.utime(mark, (0, 0))
    keeping.discard_forgotten()
    assert not mark.exists()
    assert (media / images.path(draft.images.get().digest, 480)).exists()


def rows(total):
    """The form fields of so many small pictures, each in a colour of its own."""
    found = {}
    for number in range(total):
        found |= row(number, total, encoded(Image.new("RGB", (9, 9), (20 * number, 0, 0))))
    return found


def test_it_takes_ten_pictures_at_a_time(staff_client, draft, media):
    assert "一次最多上传 10 张" in complaints(save(staff_client, draft, **rows(11)))
    assert not media.exists()
    assert save(staff_client, draft, **rows(10)).status_code == 302
    assert draft.images.count() == 10


def test_it_refuses_a_row_without_a_picture(staff_client, draft):
    fields = row(0, 1, b"")
    del fields["images-0-upload"]
    assert "请选择图片文件" in complaints(save(staff_client, draft, **fields))


def test_it_refuses_a_picture_twice(staff_client, draft):
    both = row(0, 2, PHOTO) | row(1, 2, PHOTO)
    assert "已经在此成果中" in complaints(save(staff_client, draft, **both))
    assert save(staff_client, draft, **row(0, 1, PHOTO)).status_code == 302
    assert "已经在此成果中" in complaints(save(staff_client, draft, **row(1, 2, PHOTO)))
    assert draft.images.count() == 1


def test_it_changes_the_words_and_keeps_the_picture(staff_client, draft, picture):
    assert save(staff_client, draft, **{"images-0-alt": "院落夜话现场"}).status_code == 302
    (kept,) = draft.images.all()
    assert (kept.pk, kept.digest, kept.alt) == (picture.pk, picture.digest, "院落夜话现场")


def test_it_leaves_no_file_of_a_replaced_picture(
    staff_client, draft, picture, media, django_capture_on_commit_callbacks
):
    other = encoded(Image.new("RGB", (50, 50), BLUE))
    with django_capture_on_commit_callbacks(execute=True):
        assert save(staff_client, draft, **{"images-0-upload": upload(other)}).status_code == 302
    kept = draft.images.get()
    assert kept.pk == picture.pk
    assert [folder.name for folder in (media / "images").iterdir()] == [kept.digest]


@pytest.mark.parametrize("way", ["row", "page", "list"])
def test_it_leaves_no_file_of_a_deleted_picture(
    staff_client, draft, picture, media, way, django_capture_on_commit_callbacks
):
    selected = {"action": "delete_selected", "_selected_action": draft.pk, "post": "yes"}
    with django_capture_on_commit_callbacks(execute=True):
        if way == "row":
            response = save(staff_client, draft, **{"images-0-DELETE": "on"})
        elif way == "page":
            response = staff_client.post(page(draft, "delete"), {"post": "yes"})
        else:
            response = staff_client.post(reverse(CHANGELIST), selected)
        assert response.status_code == 302
        # As long as the deletion can be rolled back, the files stay.
        assert (media / images.path(picture.digest, 480)).exists()
    assert list((media / "images").iterdir()) == []


def test_it_keeps_the_files_that_another_achievement_uses(
    staff_client, draft, picture, media, django_capture_on_commit_callbacks
):
    attach(Achievement.objects.get(code="2015-w01"))
    with django_capture_on_commit_callbacks(execute=True):
        save(staff_client, draft, **{"images-0-DELETE": "on"})
    assert not draft.images.exists()
    assert (media / images.path(picture.digest, 480)).exists()


def test_it_writes_the_files_again_that_a_deletion_took_meanwhile(
    staff_client, draft, media, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        save(staff_client, draft, **row(0, 1, PHOTO))
        picture = draft.images.get()
        (media / images.path(picture.digest, 480)).unlink()
    assert (media / images.path(picture.digest, 480)).exists()
