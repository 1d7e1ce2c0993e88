from importlib import import_module

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

# The pages first, and not in a resolver of their own: what is asked for most is found with the
# fewest comparisons.
pages = import_module("showcase.urls")

handler400 = "showcase.middleware.refused"
handler404 = "showcase.views.missing.missing"

urlpatterns = [
    *i18n_patterns(
        *pages.urlpatterns,
        path("admin/", include("governance.accounts.urls")),
        path("admin/", admin.site.urls),
        prefix_default_language=False,
    ),
    path("", include("showcase.urls_without_language")),
]

handler500 = "showcase.middleware.failed"
