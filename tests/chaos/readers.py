"""Visitors who read all the time, and hold each answer against the record."""

import html
import random
import re
import time
from http.client import HTTPConnection, HTTPException
from threading import Event, Lock, Thread
from typing import NamedTuple
from urllib.parse import quote

import orjson

READERS = 6
# Each has so many addresses, since nginx counts by them, away from those of other visitors here.
ADDRESSES = 20
PATIENCE = 15
# Of what is the same for all versions: what such a page says of itself.
PAGES = {
    "/": "社区治理",
    "/en/about/": "</h1>",
    "/achievements/?q=院落": "</h1>",
    "/regions/320585/": "太仓市",
    "/mechanisms/deliberation/": "协商议事",
    "/years/2015/": "2015",
}


class Asked(NamedTuple):
    """A question that was asked: `why` it failed, or was `wrong`; both "" if it was answered rightly."""

    began: float
    ended: float
    path: str
    why: str = ""
    wrong: str = ""


class Traffic:
    """All readers, from the beginning of the block to its end."""

    def __init__(self, port, record, seed):
        self.port, self.record = port, record
        self._asked, self._lock, self._over = [], Lock(), Event()
        self.last_right = 0.0
        # When each reader asked what it waits for now.
        self._began = [0.0] * READERS
        self._threads = [
            Thread(target=self._read, args=[number, random.Random(f"{seed} {number}")], daemon=True)
            for number in range(READERS)
        ]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error):
        self._over.set()
        for thread in self._threads:
            thread.join()

    def taken(self):
        """What was asked since this was called last."""
        with self._lock:
            asked, self._asked = self._asked, []
        return asked

    def all_began_after(self, moment):
        """Whether nobody waits any more for what they asked before."""
        return min(self._began) > moment

    def _read(self, number, draw):
        while not self._over.is_set():
            self._began[number] = time.monotonic()
            address = f"127.0.1.{1 + number * ADDRESSES + draw.randrange(ADDRESSES)}"
            one = self._ask(address, *self._question(draw))
            with self._lock:
                self._asked.append(one)
                if not (one.why or one.wrong):
                    self.last_right = max(self.last_right, one.began)
            # Who was refused asks again when people do.
            self._over.wait(0.2 if one.why else 0.02)

    def _question(self, draw):
        """(path, what says why its answer is wrong)"""
        record, kind = self.record, draw.random()
        if kind < 0.1:
            return "/api/achievements/?page_size=100", self._list("")
        if kind < 0.4:
            query = draw.choice(list(record.lists))
            return f"/api/achievements/?{shown(query)}select=code,title_en", self._list(query)
        if kind < 0.6:
            query = f"q={record.mark(max(record.newest() - draw.randrange(25), 0))}"
            return f"/api/achievements/?{shown(query)}select=code,title_en", self._list(query)
        code = draw.choice(list(record.keys))
        if kind < 0.7:
            return f"/api/achievements/{code}/", self._entry
        if kind < 0.85:
            return f"/en/achievements/{code}/", self._title(code)
        page = draw.choice(list(PAGES))
        return quote(page, safe="/?=&"), self._page(PAGES[page])

    def _list(self, query):
        return lambda body, began: self.record.wrong_list(query, orjson.loads(body), began)

    def _entry(self, body, began):
        return self.record.wrong_entry(orjson.loads(body), began)

    def _title(self, code):
        def wrong(body, began):
            title = re.search(r'property="og:title" content="(.*?)"', body.decode())[1]
            return self.record.wrong_title(code, html.unescape(title), began)

        return wrong

    def _page(self, said):
        return lambda body, _began: "" if said in body.decode() else f"it does not say {said}"

    def _ask(self, address, path, wrong):
        began = time.monotonic()
        try:
            status, body = get(self.port, path, address)
        except (OSError, HTTPException) as error:
            return Asked(began, time.monotonic(), path, f"{type(error).__name__}: {error}")
        ended = time.monotonic()
        if status != 200 or ended - began > PATIENCE:
            # The site says it otherwise than nginx.
            said = re.search(rb'<title>(.*?)<|"detail": *"(.*?)"', body)
            sentence = (said[1] or said[2]).decode() if said else ""
            return Asked(began, ended, path, f"{status} after {ended - began:.1f} s: {sentence}")
        try:
            return Asked(began, ended, path, wrong=wrong(body, began))
        except (ValueError, LookupError, TypeError) as error:
            return Asked(began, ended, path, wrong=f"{error!r} in {body[:200]!r}")


def get(port, path, address="127.0.0.1"):
    """(status, body)"""
    connection = HTTPConnection("127.0.0.1", port, PATIENCE, source_address=(address, 0))
    try:
        connection.request("GET", path, headers={"Host": "localhost"})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def shown(query):
    """As it stands in an address, before what follows."""
    return f"{quote(query, safe='=&+')}&" if query else ""
