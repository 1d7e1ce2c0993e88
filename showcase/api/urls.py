from django.urls import path

from . import achievements, awards, codings, derived, documented, nouns

urlpatterns = [
    path("", derived.IndexApi.as_view(), name="api"),
    path("achievements/", achievements.AchievementListApi.as_view(), name="api-achievements"),
    path(
        "achievements/<slug:code>/",
        achievements.AchievementDetailApi.as_view(),
        name="api-achievement",
    ),
    path("codings/", codings.CodingListApi.as_view(), name="api-codings"),
    path("facets/", derived.FacetsApi.as_view(), name="api-facets"),
    path("analysis/", derived.AnalysisApi.as_view(), name="api-analysis"),
    path("regions/", nouns.RegionListApi.as_view(), name="api-regions"),
    path("regions/<slug:code>/", nouns.RegionApi.as_view(), name="api-region"),
    path("mechanisms/", nouns.MechanismListApi.as_view(), name="api-mechanisms"),
    path("mechanisms/<slug:slug>/", nouns.MechanismApi.as_view(), name="api-mechanism"),
    path("organizations/", nouns.OrganizationListApi.as_view(), name="api-organizations"),
    path("organizations/<slug:slug>/", nouns.OrganizationApi.as_view(), name="api-organization"),
    path("years/", awards.YearListApi.as_view(), name="api-years"),
    path("years/<slug:code>/", awards.YearApi.as_view(), name="api-year"),
    path("awards/", awards.AwardListApi.as_view(), name="api-awards"),
    path("awards/<slug:slug>/", awards.AwardApi.as_view(), name="api-award"),
    path("schema/", documented.schema, name="api-schema"),
    path("docs/", documented.docs, name="api-docs"),
]
