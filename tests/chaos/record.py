"""What the record was at each moment, worked out beside the site: which answers are right."""

import time
from contextlib import contextmanager
from dataclasses import dataclass
from threading import RLock

import orjson

from governance.index.digests import digest_of, summed
from governance.models.index import NOTHING

# An answer may be of any version of the last so many seconds.
SECONDS = 5
# Lists whose entries no edit of a translation changes, with the question to the oracle.
QUESTIONS = {
    "": {},
    "q=社区": {"query": "社区"},
    "q=协商+居民": {"query": "协商 居民"},
    "q=政社互动": {"query": "政社互动"},
    "q=taicang": {"query": "taicang"},
    "region=320000": {"region": ["32"]},
    "tier=winner&sort=title": {"tier": ["winner"], "sort": "title"},
    "mechanism=deliberation": {"mechanism": ["deliberation"]},
    "setting=rural&sort=region": {"setting": ["rural"], "sort": "region"},
    "zone=east&tier=nominee": {"zone": ["east"], "tier": ["nominee"]},
}
# Reads the record, and not the index.
ORACLE = """
import django; django.setup()
import orjson, sys
from governance.models import Achievement
from governance.records import Records
from tests.chaos.record import QUESTIONS
from tests.helpers.oracle import Oracle

oracle, entries = Oracle(), list(Achievement.objects.published())
sys.stdout.buffer.write(orjson.dumps({
    "records": {record["code"]: record for record in Records().of(entries)},
    "keys": {entry.code: entry.pk for entry in entries},
    "lists": {query: oracle.select(**asked).codes for query, asked in QUESTIONS.items()},
}))
"""


@dataclass
class State:
    """The English titles of all entries after a write; the rest of the record stays as it was."""

    digest: str
    titles: dict
    # The write that made it, and the state that it was made of.
    number: int = 0
    before: "State | None" = None

    @property
    def writes(self):
        """The numbers of all writes that are in it."""
        found, state = set(), self
        while state:
            found.add(state.number)
            state = state.before
        return found


@dataclass
class Span:
    """When something was so, as far as one can know: from its sending until another one was acknowledged."""

    since: float
    until: float | None = None


class Record:
    """Follows the writes of one person, of whom each is acknowledged, or perhaps done, or not."""

    def __init__(self, home):
        status, out, error = home.run("-c", ORACLE)
        assert status == 0, error
        told = orjson.loads(out)
        self.records, self.keys, self.lists = told["records"], told["keys"], told["lists"]
        self._lock = RLock()
        self._digests = {}
        titles = {code: record["title_en"] for code, record in self.records.items()}
        first = State(self._digest(titles), titles)
        self.states = {first.digest[:12]: first}
        # What the primary may hold now: several where it is not known whether a write was done.
        self.possible = [first]
        self._spans, self._current = {}, set()
        # Numbers of writes.
        self.acknowledged, self.given_up = [], set()
        self._restoring = False
        # [from, to]: while the primary was away nothing new could be seen.
        self._away = []
        self._mark()

    # What is written

    def sending(self, number, code, title):
        with self._lock:
            for state in list(self.possible):
                titles = state.titles | {code: title}
                digest = self._digest(titles)
                if digest not in {one.digest for one in self.possible}:
                    made = State(digest, titles, number, state)
                    self.states[digest[:12]] = made
                    self.possible.append(made)
            self._mark()

    def acknowledge(self, number, code, title):
        with self._lock:
            self.acknowledged.append(number)
            if not self._restoring:
                # Whatever was sent before to this entry is decided by now: its row was locked.
                self.possible = [one for one in self.possible if one.titles[code] == title]
                self._mark()

    def restoring(self, digest):
        """From now on the primary may be what it was when the backup with this digest was made."""
        with self._lock:
            self._restoring = True
            if (state := self.states[digest[:12]]) not in self.possible:
                self.possible.append(state)
            self._mark()

    def restored(self, digest):
        """It is over, and nothing is being written: the primary says that it has this digest.

        What was acknowledged and is not in it is given up, as a restore says.
        """
        with self._lock:
            (found,) = (one for one in self.possible if one.digest == digest)
            self.given_up |= set(self.acknowledged) - found.writes
            self.possible, self._restoring = [found], False
            self._mark()

    @contextmanager
    def primary_away(self):
        """Nothing newer can be seen meanwhile than what was there before."""
        away = [time.monotonic(), None]
        self._away.append(away)
        try:
            yield
        finally:
            away[1] = time.monotonic()

    # What is read

    def wrong_list(self, query, answer, began):
        """Why a list of the API is wrong; "" if it is right."""
        ended = time.monotonic()
        with self._lock:
            state = self.states.get(answer["version"])
            if state is None or not self._was(answer["version"], began, ended):
                return f"{answer['version']} is no version of the last seconds"
        codes = self.lists[query] if query in self.lists else self._said(state, query)
        found = answer["results"]
        if [one["code"] for one in found] != codes or answer["count"] != len(codes):
            return f"{[one['code'] for one in found]} instead of {codes}"
        for one in found:
            expected = self.records[one["code"]] | {"title_en": state.titles[one["code"]]}
            for name in expected.keys() & one.keys() - {"url"}:
                if one[name] != expected[name]:
                    return f"{one['code']}: {name} is {one[name]!r}, not {expected[name]!r}"
        return ""

    def wrong_entry(self, one, began):
        """Why a record by itself is wrong."""
        for name, value in self.records[one["code"]].items():
            if name not in ("url", "title_en") and one[name] != value:
                return f"{name} is {one[name]!r}, not {value!r}"
        return self.wrong_title(one["code"], one["title_en"], began)

    def wrong_title(self, code, title, began):
        with self._lock:
            if not self._was((code, title), began, time.monotonic()):
                return f"{code}: {title!r} was not there in the last seconds"
        return ""

    def newest(self):
        """The number of the last write that was sent."""
        return max(state.number for state in self.possible)

    @staticmethod
    def mark(number):
        """What a title says of a write, and one can search for."""
        return f"edit{number:05}"

    def _said(self, state, query):
        word = query.removeprefix("q=")
        return [code for code in self.lists[""] if word in state.titles[code].split()]

    def _was(self, key, began, ended):
        span = self._spans.get(key)
        if span is None or span.since > ended:
            return False
        return span.until is None or self._clock(span.until) >= self._clock(began) - SECONDS

    def _clock(self, moment):
        """Seconds that stand still while the primary is away."""
        gone = 0.0
        for begin, end in self._away:
            if moment > begin:
                gone += min(moment, end or moment) - begin
        return moment - gone

    def _mark(self):
        now = time.monotonic()
        current = set()
        for state in self.possible:
            current |= {state.digest[:12], *state.titles.items()}
        for key in current:
            self._spans.setdefault(key, Span(now)).until = None
        for key in self._current - current:
            self._spans[key].until = now
        self._current = current

    def _digest(self, titles):
        return summed(NOTHING, [self._digest_of(*item) for item in titles.items()])

    def _digest_of(self, code, title):
        if (code, title) not in self._digests:
            record = orjson.dumps(self.records[code] | {"title_en": title})
            self._digests[code, title] = digest_of(record)
        return self._digests[code, title]
