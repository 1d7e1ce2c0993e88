from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

# The pages first: what is asked for most is found with the fewest comparisons.
urlpatterns = [
    *i18n_patterns(
        path("", include("showcase.urls")),
        path("admin/", admin.site.urls),
        prefix_default_language=False,
    ),
    path("", include("showcase.urls_without_language")),
]
