"""Reading a public page as a visitor does: its heading, its entries, its numbers and where they lead."""

import re
from html.parser import HTMLParser
from urllib.parse import urljoin


class Page(HTMLParser):
    """A page's text by element, its links as (text, address), and the codes of the entries it lists."""

    def __init__(self, client, address, status=200):
        super().__init__()
        self.address = address
        self.links, self.headings, self._open = [], [], []
        self.response = client.get(address)
        assert self.response.status_code == status, (address, self.response.status_code)
        self.html = self.response.content.decode()
        # Quoted words of a heading are an element for the eye alone.
        self.feed(re.sub('<span class="whole">(“[^“”]*”)</span>', r"\1", self.html))

    def handle_starttag(self, tag, attrs):
        if tag == "a":
            self._open.append(["a", dict(attrs).get("href", ""), []])
        elif tag in ("h1", "h2"):
            self._open.append([tag, "", []])

    def handle_data(self, data):
        for element in self._open:
            element[2].append(data.strip())

    def handle_endtag(self, tag):
        if self._open and self._open[-1][0] == tag:
            _tag, address, text = self._open.pop()
            # Where on a list one stands after a choice is no other list.
            place = re.sub("#(filters|found)$", "", address)
            # A browser takes a bare question mark for a query of its own, urljoin for none.
            base = self.address.partition("?")[0] if place == "?" else self.address
            found = (" ".join(word for word in text if word), urljoin(base, place))
            (self.links if tag == "a" else self.headings).append(found)

    @property
    def heading(self):
        return self.headings[0][0]

    @property
    def codes(self):
        """The entries of the page's lists, in order."""
        found = (
            re.fullmatch(r"(?:/en)?/achievements/([^/?]+)/(?:\?.*)?", href)
            for _text, href in self.links
        )
        return list(dict.fromkeys(match[1] for match in found if match))

    @property
    def counted_links(self):
        """(number, address) of each link to a list whose text ends in a number."""
        for text, href in self.links:
            last = text.split(" ")[-1] if text else ""
            if last.isdigit() and "/achievements/?" in href:
                yield int(last), href
