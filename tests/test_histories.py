"""Whatever happens to the record: equal records have equal digests, and no public address is ever lost."""

import json
from contextlib import suppress

import pytest
from django.test import Client
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from governance import index, loading, publishing
from governance.loading import LoadError
from governance.models import (
    Achievement,
    Award,
    AwardYear,
    IndexState,
    Load,
    Mechanism,
    Organization,
    Publication,
    Region,
)

from .helpers.years import changed, each, load, without, year
from .test_index_building import change, taken_back

REASONS = ["信息有误。", "应发布单位要求。"]
CODES = ["2015-w01", "2015-n02", "2016-w01", "2016-w02", "ll-2016-w01"]
SUMMARIES = ["居民议事。", "居民晚饭后在院落里围坐夜话，逐项商定公共事务。"]


class Histories(RuleBasedStateMachine):
    """A site on which staff edit, rename, publish and take back, and load a year of two awards and undo
    any load, beside SQL."""

    codes = st.sampled_from(CODES)

    def __init__(self):
        super().__init__()
        self.taken_back = taken_back()
        self.taken_back.__enter__()
        self.client = Client()
        # {digest: the records that had it}, and the other way round.
        self.records, self.digests = {}, {}
        # Addresses that have answered 200.
        self.public = set()
        # SQL has changed the record since the index was told.
        self.behind = False

    def teardown(self):
        self.taken_back.__exit__(None, None, None)

    @invariant()
    def equal_records_have_equal_digests(self):
        if self.behind:
            return
        # Its days are no part of the record.
        days = {"first_published": None, "modified": None}
        said = json.dumps([record | days for record in index.select()], sort_keys=True)
        digest = IndexState.objects.get().digest
        assert self.records.setdefault(digest, said) == said
        assert self.digests.setdefault(said, digest) == digest

    @invariant()
    def no_address_is_lost(self):
        for address in self.public.union(addresses()):
            page = self.client.get(address)
            if page.status_code == 200:
                self.public.add(address)
            if address in self.public:
                # A former one leads to the page, or to what says that it was taken back.
                page = self.client.get(page.url) if page.status_code == 301 else page
                assert page.status_code in (200, 410), address

    @invariant()
    def what_is_public_has_a_publication_and_the_rest_none_that_says_so(self):
        if self.behind:
            return
        public = set(Achievement.objects.published().values_list("code", flat=True))
        assert set(Publication.objects.public().values_list("code", flat=True)) == public
        for publication in Publication.objects.filter(code__in=public):
            assert publication.first_published <= publication.modified
            assert publication.reason == ""

    @invariant()
    def the_index_knows_when_each_was_modified(self):
        if self.behind:
            return
        days = dict(Publication.objects.public().values_list("code", "modified"))
        for day in set(days.values()):
            found = {record["code"] for record in index.select(modified_since=day)}
            assert found == {code for code in days if days[code] >= day}

    @rule(code=codes, summary=st.sampled_from(SUMMARIES))
    def rewrite(self, code, summary):
        for entry in Achievement.objects.filter(code=code):
            change(entry, title_en=summary, summary_en=summary)

    @rule(code=codes)
    def publish(self, code):
        for entry in Achievement.objects.filter(code=code):
            change(entry, status="published")

    @rule(code=codes, reason=st.sampled_from(REASONS))
    def take_back(self, code, reason):
        entries = Achievement.objects.filter(code=code)
        public = entries.published().exists() and not self.behind
        publishing.take_back(entries.values_list("pk", flat=True), reason)
        if public:
            gone = self.client.get(f"/achievements/{code}/")
            assert gone.status_code == 410
            assert reason in gone.content.decode()

    @rule(code=codes)
    def delete(self, code):
        for entry in Achievement.objects.filter(code=code, award_year__year=2016):
            pk = entry.pk
            entry.delete()
            index.update([pk])

    @rule(code=codes, status=st.sampled_from(["draft", "published"]))
    def let_sql_set_the_status(self, code, status):
        self.behind |= bool(
            Achievement.objects.filter(code=code).exclude(status=status).update(status=status)
        )

    @rule(other_shape=st.booleans())
    def rebuild(self, other_shape):
        if other_shape:
            IndexState.objects.update(shape=1)
        index.rebuild()
        self.behind = False

    @rule(short_name=st.sampled_from(["太仓市府", "太仓市人民政府"]))
    def rename_an_organization(self, short_name):
        change(Organization.objects.get(name="太仓市人民政府"), short_name=short_name)

    @rule(slug=st.sampled_from(["consulting", "deliberation"]))
    def give_a_mechanism_another_slug(self, slug):
        change(Mechanism.objects.get(name="协商议事"), slug=slug)

    @rule(slug=st.sampled_from(["neighbours", "good-neighbours"]))
    def give_an_award_another_slug(self, slug):
        for award in Award.objects.filter(prefix="ll"):
            change(award, slug=slug)

    @rule(tier=st.sampled_from(["winner", "nominee"]))
    def move_to_another_tier(self, tier):
        for entry in Achievement.objects.filter(title__contains="政社互动"):
            change(entry, tier=tier, rank=61)

    @rule(code=st.sampled_from(["2015-w01", "2015-w61"]))
    def give_an_entry_another_code(self, code):
        change(Achievement.objects.get(title__contains="政社互动"), code=code)

    @rule(
        status=st.sampled_from(["draft", "published"]),
        words=st.sampled_from(SUMMARIES),
        parts=st.booleans(),
        of_another_award=st.booleans(),
    )
    def load(self, status, words, parts, of_another_award):
        objects = changed(year(), "achievement", status=status, title_en=words)
        objects = another_awards(objects) if of_another_award else objects
        with suppress(LoadError):
            load(objects if parts else without(objects, "coding", mechanism=["self-governance"]))

    @precondition(lambda self: Load.objects.filter(state="loaded").exists())
    @rule(place=st.integers(0, 3))
    def undo(self, place):
        loads = Load.objects.filter(state="loaded").values_list("pk", flat=True)
        with suppress(LoadError):
            loading.undo(loads[place % len(loads)])


def another_awards(objects):
    """The year as that of another award."""
    text = json.dumps(objects).replace('"2016-w', '"ll-2016-w').replace("[2016]", '["ll-2016"]')
    award = {"slug": "neighbours", "prefix": "ll", "name": "邻里互助案例"}
    said = changed(json.loads(text), "awardyear", award=["neighbours"], code="ll-2016")
    return [each("award", **award), *said]


def addresses():
    """Of all pages of rows that this history may touch, as the database has them now."""
    codes = Achievement.objects.filter(code__in=[*CODES, "2015-w61"]).values_list("code", flat=True)
    for code in codes:
        yield from (f"/achievements/{code}/", f"/api/achievements/{code}/")
    yield from (f"/years/{row.year}/" for row in AwardYear.objects.all())
    yield from (f"/years/{row.code}/" for row in AwardYear.objects.all())
    yield from (f"/awards/{row.slug}/" for row in Award.objects.all())
    slugs = Organization.objects.filter(name__startswith="太仓市").values_list("slug", flat=True)
    yield from (f"/organizations/{slug}/" for slug in slugs)
    yield f"/mechanisms/{Mechanism.objects.get(name='协商议事').slug}/"
    yield f"/regions/{Region.objects.get(code='320585', valid_to=None).code}/"


@pytest.mark.django_db
def test_no_history_confuses_a_digest_or_loses_an_address():
    run_state_machine_as_test(
        Histories,
        # 80 with `--hypothesis-profile=long`.
        settings=settings(
            max_examples=max(5, settings.default.max_examples // 25),
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
