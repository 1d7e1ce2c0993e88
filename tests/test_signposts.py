"""What belongs to an entry is found without reading its page."""

import re

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_an_entry_leads_programs_to_all_that_belongs_to_it(client, prefix):
    page = f"{prefix}/achievements/2015-w01/"
    header = client.head(page)["Link"]
    # On the page that is read, too, and while it is kept.
    assert client.get(page)["Link"] == header
    found = re.findall(r'<([^>]*)>; rel="([\w-]+)"(?:; type="([^"]*)")?(?:, |$)', header)
    assert [(where, to) for where, to, _type in found if to == "cite-as"] == [
        (f"http://testserver{page}", "cite-as")
    ]
    assert {relation for _where, relation, _type in found} == {
        *("cite-as", "describedby", "item", "license", "type")
    }
    linked = [(where, media_type) for where, _relation, media_type in found if media_type]
    assert len(linked) == 8
    for where, media_type in linked:
        response = client.get(where.removeprefix("http://testserver"))
        assert response.status_code == 200
        assert response["Content-Type"].startswith(media_type)


def test_what_is_gone_leads_nowhere(client, draft):
    assert "Link" not in client.get(draft.get_absolute_url())
