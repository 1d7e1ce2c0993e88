"""Where a program finds what belongs to an entry, without reading its page (https://signposting.org)."""

from django.http import HttpRequest
from django.urls import reverse

from showcase import links
from showcase.html.schema_org import LICENCE

from .faces import FACES

# By the extension of the face: what describes the entry, and what it is as data.
DESCRIBED, ITEMS = ("bib", "ris", "csl.json"), ("json", "csv", "xlsx", "docx")


def signposts(request: HttpRequest, code: str) -> str:
    """The header `Link` of an entry's page (RFC 8288)."""
    files = {
        extension: links.absolute(request, reverse("achievement-file", args=[code, extension]))
        for extension in (*DESCRIBED, *ITEMS)
    }
    api = links.absolute(request, reverse("api-achievement", args=[code]))
    return ", ".join(
        [
            f'<{links.absolute(request, links.address("achievement", code))}>; rel="cite-as"',
            f'<{api}>; rel="describedby"; type="application/json"',
            *(_link(files[one], "describedby", one) for one in DESCRIBED),
            *(_link(files[one], "item", one) for one in ITEMS),
            f'<{LICENCE}>; rel="license"',
            '<https://schema.org/AboutPage>; rel="type"',
            '<https://schema.org/CreativeWork>; rel="type"',
        ]
    )


def _link(address: str, relation: str, extension: str) -> str:
    media_type = FACES[extension].content_type.partition(";")[0]
    return f'<{address}>; rel="{relation}"; type="{media_type}"'
