"""Reading the tables of an analysis as a visitor does."""

from html.parser import HTMLParser

from .pages import Page


class Tables(HTMLParser):
    """Each table of a page as rows of (text, address); address "" where there is no link."""

    def __init__(self, html):
        super().__init__()
        self.tables, self._cell, self.captions, self._caption = [], None, [], False
        # Rows of fields, each above its mechanisms.
        self.fields, self._rows = [], []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        if tag == "table":
            self.tables.append([])
        elif tag == "caption":
            self._caption = True
        elif tag == "tr":
            fields = dict(attributes).get("class") == "field"
            (self.fields if fields else self.tables[-1]).append([])
            self._rows = self.fields if fields else self.tables[-1]
        elif tag in ("th", "td"):
            self._cell = ["", ""]
        elif tag == "a" and self._cell:
            self._cell[1] = dict(attributes)["href"]

    def handle_data(self, data):
        if self._cell:
            self._cell[0] += data
        elif self._caption:
            self.captions.append(data)

    def handle_endtag(self, tag):
        if tag in ("th", "td"):
            self._rows[-1].append((self._cell[0].strip(), self._cell[1]))
            self._cell = None
        elif tag == "caption":
            self._caption = False


def table(client, query, prefix=""):
    """The shaded table: headings, and rows of (text, address)."""
    rows = Tables(Page(client, f"{prefix}/analysis/?{query}").html).tables[0]
    return [text for text, _href in rows[0]], rows[1:]
