"""One page of each type, by its Chinese address; the English one stands below /en."""

PAGES = {
    "home": "/",
    "list": "/achievements/",
    "list-found": "/achievements/?q=协商&field=participation",
    "list-empty": "/achievements/?region=320000&mechanism=party-leadership",
    "detail": "/achievements/2015-w06/",
    "report": "/achievements/2015-w06/report/",
    "regions": "/regions/",
    "region": "/regions/320000/",
    "mechanisms": "/mechanisms/",
    "mechanism": "/mechanisms/self-governance/",
    "organizations": "/organizations/",
    "organization": "/organizations/cpc-taicang-municipal-committee/",
    "years": "/years/",
    "year": "/years/2015/",
    "compare-none": "/compare/",
    "compare": "/compare/?code=2015-w01&code=2015-w02&code=2015-n01",
    "analysis": "/analysis/",
    "analysis-together": "/analysis/?rows=mechanism&columns=mechanism",
    "about": "/about/",
    "coding-rules": "/about/coding/",
    "data": "/data/",
    "data-version": "/data/latest/",
    "data-fields": "/about/data/",
    "bad-query": "/achievements/?regoin=320000",
    "not-found": "/nope/",
}
# The status of those that are not there, or lead to one.
STATUSES = {"bad-query": 400, "not-found": 404, "data-version": 302}
LANGUAGES = {"zh-hans": "", "en": "/en"}
WIDTHS = {"phone": 360, "desktop": 1440}
SCHEMES = ("light", "dark")
