"""Pages of the admin that Django does not make: each stands below the list of a noun."""

from typing import Any

from django.contrib.admin import ModelAdmin
from django.http import HttpRequest
from django.template.response import TemplateResponse


def admin_page(
    model_admin: ModelAdmin,
    request: HttpRequest,
    template: str,
    title: str,
    status: int = 200,
    **context: Any,
) -> TemplateResponse:
    """The page of a template below admin/governance/."""
    common = model_admin.admin_site.each_context(request)
    own = {"opts": model_admin.opts, "title": title, **context}
    return TemplateResponse(
        request, f"admin/governance/{template}.html", common | own, status=status
    )
