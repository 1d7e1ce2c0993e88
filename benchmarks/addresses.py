"""Queries as addresses of the product."""

from urllib.parse import urlencode


def address(path, query):
    return f"{path}?{urlencode(query, doseq=True)}"


def paths(queries):
    """{kind: addresses}"""
    of_list = ("list", "filter", "search", "nothing", "search_filter", "deep", "sorted")
    found = {
        kind: [address("/achievements/", query) for query in queries[kind]] for kind in of_list
    }
    found["detail"] = [f"/achievements/{code}/" for code in queries["detail"]]
    found["json"] = [
        address("/api/achievements/", query)
        for pair in zip(queries["filter"], queries["search"], strict=False)
        for query in pair
    ]
    found["crosstab"] = [address("/analysis/", query) for query in queries["crosstab"]]
    return found
