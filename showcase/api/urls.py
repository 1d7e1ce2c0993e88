from django.urls import path

from . import achievements, awards

urlpatterns = [
    path("awards/", awards.AwardListApi.as_view(), name="api-awards"),
    path("achievements/", achievements.AchievementListApi.as_view(), name="api-achievements"),
    path(
        "achievements/<slug:code>/",
        achievements.AchievementDetailApi.as_view(),
        name="api-achievement",
    ),
]
