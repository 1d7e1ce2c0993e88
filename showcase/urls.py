from django.contrib import admin
from django.urls import path, re_path

from .views import (
    about,
    achievements,
    analysis,
    awards,
    compare,
    data,
    engines,
    feeds,
    files,
    home,
    mechanisms,
    organizations,
    regions,
    report,
    years,
)

# Of the files that a list and an entry also are.
EXTENSIONS = r"csv|xlsx|docx|jsonl?|bib|ris|csl\.json"

urlpatterns = [
    path("", home.Home.as_view(), name="home"),
    # As a page of the admin: who is not signed in is asked to, and no answer is kept by anyone.
    path(
        "admin/preview/<int:pk>/",
        admin.site.admin_view(achievements.AchievementPreview.as_view()),
        name="preview",
    ),
    path("about/", about.About.as_view(), name="about"),
    path("about/coding/", about.CodingRules.as_view(), name="coding-rules"),
    path("about/data/", data.DataFields.as_view(), name="data-fields"),
    path("data/", data.DataVersions.as_view(), name="data"),
    path("data/latest/", data.LatestVersion.as_view(), name="data-latest"),
    path("data/<str:name>/", data.DataVersion.as_view(), name="data-version"),
    path("achievements/", achievements.AchievementList.as_view(), name="achievements"),
    path("achievements/<slug:code>/", achievements.AchievementDetail.as_view(), name="achievement"),
    re_path(
        rf"^achievements\.(?P<face>{EXTENSIONS})$",
        files.ListFile.as_view(),
        name="achievements-file",
    ),
    path("codings.csv", files.ListFile.as_view(), {"face": "codings"}, name="codings-file"),
    re_path(
        rf"^achievements/(?P<code>[-\w]+)\.(?P<face>{EXTENSIONS})$",
        files.EntryFile.as_view(),
        name="achievement-file",
    ),
    path("feeds/achievements.atom", feeds.AchievementFeed.as_view(), name="feed"),
    path("achievements/<slug:code>/report/", report.ReportError.as_view(), name="report"),
    path("regions/", regions.RegionList.as_view(), name="regions"),
    path("regions/<slug:code>/", regions.RegionDetail.as_view(), name="region"),
    path("mechanisms/", mechanisms.MechanismList.as_view(), name="mechanisms"),
    path("mechanisms/<slug:slug>/", mechanisms.MechanismDetail.as_view(), name="mechanism"),
    path("organizations/", organizations.OrganizationList.as_view(), name="organizations"),
    path(
        "organizations/<slug:slug>/",
        organizations.OrganizationDetail.as_view(),
        name="organization",
    ),
    path("years/", years.YearList.as_view(), name="years"),
    path("years/<int:year>/", years.YearDetail.as_view(), name="year"),
    path("years/<slug:code>/", years.AwardYearPart.as_view(), name="award-year"),
    path("awards/", awards.AwardList.as_view(), name="awards"),
    path("awards/<slug:slug>/", awards.AwardDetail.as_view(), name="award"),
    path("llms.txt", engines.LlmsTxt.as_view(), name="llms"),
    path("opensearch.xml", engines.OpenSearch.as_view(), name="opensearch"),
    path("compare/", compare.Compare.as_view(), name="compare"),
    path("compare.docx", files.ComparisonFile.as_view(), {"face": "docx"}, name="compare-file"),
    path("analysis/", analysis.Analysis.as_view(), name="analysis"),
    re_path(
        r"^analysis\.(?P<face>csv|svg|json)$",
        analysis.AnalysisFile.as_view(),
        name="analysis-file",
    ),
]
