"""Somebody who edits one entry after the other in the admin, and remembers what was acknowledged."""

import re
import time
from contextlib import suppress
from http.client import HTTPException
from http.cookiejar import CookieJar
from threading import Event, Lock, Thread
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, Request, build_opener

import orjson

from ..helpers.browser import form_data
from ..helpers.outage import Answer
from .machines import PASSWORD

# Longer than the site lets staff wait.
PATIENCE = 20
PAUSE = 0.2
# All that the history says was written into English titles, in its order.
HISTORY = """
import django; django.setup()
import json, re
from governance.models import ChangePart
parts = ChangePart.objects.order_by("change_id")
print(json.dumps([re.findall(r" edit(\\d{5})\\b", str(part.rows)) for part in parts.iterator()]))
"""


class NoRedirect(HTTPRedirectHandler):
    """Where a form leads to is not asked for: that it leads anywhere is the acknowledgement."""

    def redirect_request(self, *_args):
        return None


class Staff:
    """One member of staff, by nginx; `number` counts what they have sent."""

    def __init__(self, port, record):
        self.port, self.record = port, record
        self.number, self.refused = 0, 0
        # When the last write was acknowledged.
        self.acknowledged_at = 0.0
        # Held while something is being written.
        self.writing = Lock()
        self._visitor = build_opener(HTTPCookieProcessor(CookieJar()), NoRedirect())
        self._over, self._one_entry = Event(), Event()
        self._thread = Thread(target=self._edit_all, daemon=True)

    def __enter__(self):
        self._sign_in()
        self._thread.start()
        return self

    def __exit__(self, *_error):
        self._over.set()
        self._thread.join()

    def stay_at_one_entry(self, yes):
        """So that what may or may not have been done stays countable."""
        (self._one_entry.set if yes else self._one_entry.clear)()

    def _edit_all(self):
        codes = sorted(self.record.keys)
        place = 0
        while not self._over.is_set():
            with self.writing:
                done = self._edit(codes[place % len(codes)])
            # An entry of which it is not known is written to until it is.
            place += done and not self._one_entry.is_set()
            self._over.wait(PAUSE)

    def _edit(self, code):
        """Whether a write of a new title was acknowledged."""
        path = f"/admin/governance/achievement/{self.record.keys[code]}/change/"
        form = self._ask(path)
        if form is None or form.status != 200:
            if form and form.status == 302:
                self._sign_in()
            return False
        self.number += 1
        fields = form_data(form, "achievement_form")
        title = re.sub(r" edit\d{5}$", "", fields["title_en"][0])
        title = f"{title} {self.record.mark(self.number)}"
        self.record.sending(self.number, code, title)
        answer = self._ask(path, fields | {"title_en": [title]})
        if answer is None or answer.status != 302:
            self.refused += 1
            return False
        self.record.acknowledge(self.number, code, title)
        self.acknowledged_at = time.monotonic()
        return True

    def _sign_in(self):
        page = self._ask("/admin/login/")
        if page and page.status == 200:
            fields = form_data(page, "login-form")
            self._ask("/admin/login/", fields | {"login": ["staff"], "password": [PASSWORD]})

    def _ask(self, path, data=None):
        """The Answer, or None if there was none."""
        body = urlencode(data, doseq=True).encode() if data else None
        request = Request(f"http://127.0.0.1:{self.port}{path}", body)
        began = time.monotonic()
        with suppress(OSError, HTTPException):
            try:
                answer = self._visitor.open(request, timeout=PATIENCE)
            except HTTPError as error:
                answer = error
            with answer:
                content = answer.read()
            return Answer(answer.status, answer.headers, content, time.monotonic() - began)
        return None


def lost(record, home):
    """The numbers of acknowledged writes that are not in the history of the record, or not in its order."""
    status, out, error = home.run("-c", HISTORY)
    assert status == 0, error
    # Of each change the newest mark: the title before is there too.
    found = [max(map(int, marks)) for marks in orjson.loads(out) if marks]
    due = [number for number in record.acknowledged if number not in record.given_up]
    there = [number for number in found if number in set(due)]
    return sorted(set(due) - set(there)) or ([] if there == due else ["in another order"])
