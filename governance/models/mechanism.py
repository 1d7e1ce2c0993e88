from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .fields import LinesField, NaturalKeyManager, NaturalKeyModel, PinyinField, known


class MechanismField(models.TextChoices):
    """The four fields. Studies of this award use the first three; the fourth holds what supports them."""

    SYSTEM = "system", _("治理体制")
    PARTICIPATION = "participation", _("公众参与")
    SERVICE = "service", _("公共服务")
    SUPPORT = "support", _("支撑保障")


class Mechanism(NaturalKeyModel):
    """A way of governing that achievements share, with a definition by which it is coded."""

    natural_key_fields = ("slug",)

    slug = models.SlugField(_("网址名"), unique=True)
    field = models.CharField(_("领域"), max_length=20, choices=MechanismField)
    name = models.CharField(_("名称"), max_length=50, unique=True)
    name_en = models.CharField(_("英文名称"), max_length=100)
    pinyin = PinyinField()
    definition = models.TextField(_("定义"))
    definition_en = models.TextField(_("英文定义"))
    # As the codebook has them; a mechanism that is not in use yet may lack them.
    counts = models.TextField(_("什么算"), blank=True)
    counts_en = models.TextField(_("什么算（英文）"), blank=True)
    not_counts = models.TextField(_("什么不算"), blank=True)
    not_counts_en = models.TextField(_("什么不算（英文）"), blank=True)
    borderline = models.TextField(_("相邻机制与取舍"), blank=True)
    borderline_en = models.TextField(_("相邻机制与取舍（英文）"), blank=True)
    # Text, not a relation: the codebook stands while entries come and go.
    example_code = models.CharField(_("范例编号"), max_length=32, blank=True)
    example_words = models.TextField(_("范例字句"), blank=True, help_text=_("范例的原文字句。"))
    synonyms = LinesField(
        _("别称"), blank=True, help_text=_("每行一个，与名称同指，含英文；不是标注的依据。")
    )
    search_words = LinesField(
        _("检索词"), blank=True, help_text=_("每行一个，较窄、较宽或相关，只引向这一机制。")
    )

    objects = NaturalKeyManager()

    class Meta:
        verbose_name = _("机制")
        verbose_name_plural = pgettext_lazy("plural", "机制")
        ordering = ["pinyin"]
        constraints = [known("field", MechanismField)]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("mechanism", args=[self.slug])

    @property
    def synonym_list(self) -> list[str]:
        return self.synonyms.split("\n") if self.synonyms else []

    @property
    def search_word_list(self) -> list[str]:
        return self.search_words.split("\n") if self.search_words else []

    def clean(self) -> None:
        if self.slug == "none":
            # In the index and in addresses: the entries that have no mechanism.
            raise ValidationError({"slug": _("“none”表示没有机制，不能作网址名。")})
