from django.urls import path

from . import achievements

urlpatterns = [
    path("achievements/", achievements.AchievementList.as_view(), name="api-achievements"),
    path(
        "achievements/<slug:code>/",
        achievements.AchievementDetail.as_view(),
        name="api-achievement",
    ),
]
