"""Addresses that are the same in every language: the API, the pictures, the probes."""

from django.urls import include, path

from .views import health, images

urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("api/", include("showcase.api.urls")),
    path("media/images/<slug:digest>/<int:width>.webp", images.image, name="image"),
]
