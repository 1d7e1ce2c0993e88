"""Addresses that are the same in every language: the API and the pictures."""

from django.urls import include, path

from .views import images

urlpatterns = [
    path("api/", include("showcase.api.urls")),
    path("media/images/<slug:digest>/<int:width>.webp", images.image, name="image"),
]
