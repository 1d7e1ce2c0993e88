"""What a browser would send for the form of a page, without a browser."""

from html.parser import HTMLParser


class FormReader(HTMLParser):
    """Collects the fields of the form with this id, as {name: [values]}; text areas send CRLF."""

    def __init__(self, form_id):
        super().__init__(convert_charrefs=True)
        self.form_id, self.inside, self.fields = form_id, False, {}
        self.select = self.textarea = None
        self.text = ""

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form":
            self.inside = attributes.get("id") == self.form_id
        elif self.inside and tag in ("input", "select", "textarea", "option"):
            getattr(self, f"read_{tag}")(attributes)

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = False
        elif tag == "textarea" and self.textarea:
            self.add(self.textarea, self.text.removeprefix("\n").replace("\n", "\r\n"))
            self.textarea = None

    def handle_data(self, data):
        self.text += data

    def read_input(self, attributes):
        kind = attributes.get("type", "text")
        box = kind in ("checkbox", "radio")
        sent = "checked" in attributes if box else kind not in ("submit", "file")
        if sent and "name" in attributes:
            self.add(attributes["name"], attributes.get("value", "on" if box else ""))

    def read_textarea(self, attributes):
        # What has no name is not sent.
        self.textarea, self.text = attributes.get("name"), ""

    def read_select(self, attributes):
        self.select = attributes.get("name")

    def read_option(self, attributes):
        if self.select and "selected" in attributes:
            self.add(self.select, attributes.get("value", ""))

    def add(self, name, value):
        self.fields.setdefault(name, []).append(value)


def form_data(response, form_id):
    """The fields of the form with this id in a response, as the test client posts them."""
    reader = FormReader(form_id)
    reader.feed(response.content.decode())
    assert reader.fields, f"no form {form_id} in the page"
    return reader.fields


def told(response):
    """What the page that was answered says of what was done: Django's messages."""
    return [str(one) for one in response.context["messages"]]


def send(client, address, form_id, **changes):
    """Open a page, change these fields of its form and send it; the response."""
    return client.post(address, form_data(client.get(address), form_id) | changes)
