"""The staff's workplace: one file a noun."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from . import (
    account,
    achievement,
    award,
    change,
    coding,
    error_report,
    image,
    load,
    mechanism,
    organization,
    proposed_change,
    region,
    second_factor,
)

__all__ = [
    "account",
    "achievement",
    "award",
    "change",
    "coding",
    "error_report",
    "image",
    "load",
    "mechanism",
    "organization",
    "proposed_change",
    "region",
    "second_factor",
]

# Under another name than Django's, which it extends: this folder is asked twice, and what it adds would
# stand there twice.
admin.site.index_template = "admin/governance/index.html"
admin.site.site_header = _("社区治理创新成果库 · 后台")
admin.site.site_title = _("成果库后台")
admin.site.index_title = _("数据")
