import re
from functools import partial

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from governance import images
from governance.models import AchievementImage

from .meanwhile import MergingForm, PartFormSet, StoredFileField
from .shared import PartAdmin

UPLOAD = re.compile(r"images-[0-9]+-upload")
# The most new pictures in one save: a large one takes two seconds.
MOST_NEW = 10


def prepare_uploads(files):
    """Draw the pictures of a request anew, each kept by its upload as `prepared` for the form.

    Call it before the transaction in which Django validates and saves: on SQLite nobody else can
    write meanwhile, and pictures take seconds.
    """
    uploads = [files[name] for name in files if UPLOAD.fullmatch(name)]
    for upload in uploads:
        try:
            if len(uploads) > MOST_NEW:
                raise ValidationError(
                    _("一次最多上传 %(most)d 张图片，请分几次保存。") % {"most": MOST_NEW}
                )
            upload.prepared = images.prepare(upload)
        except ValidationError as error:
            upload.refused = error


def discard_after_commit(pictures):
    """Once the change is kept, delete the files of those `pictures` that nothing uses any more."""
    digests = list(pictures.values_list("digest", flat=True))
    transaction.on_commit(partial(images.discard_unused, digests))


@admin.display(description=gettext_lazy("预览"))
def thumbnail(picture):
    if not picture.digest:
        return None
    widths = images.widths(picture)
    return format_html(
        '<a href="{}"><img src="{}" alt="{}" width="160"></a>',
        reverse("image", args=[picture.digest, widths[-1]]),
        reverse("image", args=[picture.digest, widths[0]]),
        picture.alt,
    )


class ImageForm(MergingForm):
    # The name of a picture that an earlier try brought; cleaned before `upload`, which asks for it.
    waiting = forms.CharField(required=False, widget=forms.HiddenInput)
    upload = StoredFileField(
        label=pgettext_lazy("file", "文件"),
        required=False,
        help_text=gettext_lazy(
            "JPEG、PNG、WebP 或 GIF，不超过 10 MB、5000 万像素（WebP 2500 万）；"
            "拍摄地点等信息会被去除。"
        ),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/gif"}),
    )
    prepared = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # That another picture was put in its place is a change as any.
        self.initial["upload"] = self.instance.digest
        self.fields["waiting"].show_hidden_initial = False

    @property
    def changed_by(self):
        return self.instance.achievement

    def clean_upload(self):
        upload = self.cleaned_data["upload"]
        if upload and upload != self.instance.digest:
            if hasattr(upload, "refused"):
                raise upload.refused
            self.prepared = upload.prepared
        elif name := self.cleaned_data["waiting"]:
            self.prepared = images.kept_aside(name)
            if self.prepared is None:
                raise ValidationError(_("先前选的图片没有留住，请重新选择文件。"))
        elif not self.instance.pk:
            raise ValidationError(_("请选择图片文件。"))
        if self.prepared:
            for name in ("digest", "width", "height"):
                setattr(self.instance, name, getattr(self.prepared, name))
        return upload

    def keep(self):
        """So that whoever has to correct something else need not choose the picture again."""
        if self.prepared and not self.has_error("upload"):
            self.data = self.data.copy()
            self.data[self.add_prefix("waiting")] = images.keep_aside(self.prepared)

    def save(self, commit=True):
        if self.prepared:
            images.store(self.prepared)
            # Again when the row is seen: until then, whoever deletes the same picture from
            # another achievement takes its files for unused.
            transaction.on_commit(partial(images.store, self.prepared))
        return super().save(commit)


class ImageFormSet(PartFormSet):
    def key_sent(self, prefix):
        prepared = getattr(self.files.get(f"{prefix}-upload"), "prepared", None)
        if prepared:
            return prepared.digest
        waiting = self.data.get(f"{prefix}-waiting", "").partition("-")[0]
        return waiting or self.data.get(f"initial-{prefix}-upload", "")

    def clean(self):
        super().clean()
        seen = set()
        for form in self.forms:
            digest = form.instance.digest
            if not digest or self._should_delete_form(form):
                continue
            if digest in seen:
                form.add_error("upload", _("这张图片已经在此成果中。"))
            seen.add(digest)


class ImageInline(admin.StackedInline):
    model = AchievementImage
    form = ImageForm
    formset = ImageFormSet
    extra = 0
    fields = ["preview", "waiting", "upload", "alt", "alt_en", ("credit", "position")]
    readonly_fields = ["preview"]

    preview = staticmethod(thumbnail)


@admin.register(AchievementImage)
class AchievementImageAdmin(PartAdmin):
    list_display = [thumbnail, "alt", "credit", "achievement", "width", "height"]
    list_display_links = ["alt"]
    list_select_related = ["achievement"]
    search_fields = ["alt", "alt_en", "credit", "achievement__code", "achievement__title"]
