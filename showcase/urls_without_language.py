"""Addresses that are the same in every language: the API, the pictures, the sitemap, the probes."""

from django.urls import include, path

from .views import engines, harvest, health, images, qr_code

urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("robots.txt", engines.Robots.as_view(), name="robots"),
    path("sitemap.xml", engines.SitemapIndex.as_view(), name="sitemap"),
    path("sitemap-<slug:section>.xml", engines.Sitemap.as_view(), name="sitemap-part"),
    path("qr-code.svg", qr_code.qr_code, name="qr-code"),
    path("oai", harvest.Harvest.as_view(), name="oai"),
    path("api/", include("showcase.api.urls")),
    path("media/images/<slug:digest>/<int:width>.webp", images.image, name="image"),
]
