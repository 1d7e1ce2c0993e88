"""Whatever happens to an entry, every earlier moment of it can be had back, and nobody's going changes
what is written of it."""

from contextlib import contextmanager, suppress

import hypothesis
import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.test import Client
from hypothesis import HealthCheck
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from governance import index, loading, publishing
from governance.changes import ENTRY, present_rows, recording
from governance.loading import LoadError
from governance.models import (
    Achievement,
    AwardYear,
    Change,
    ChangeKind,
    Coding,
    Evidence,
    Load,
    Mechanism,
    Organization,
    SettingEvidence,
)
from governance.models.coding import TEXTS, relocate

from .helpers.browser import send
from .helpers.years import ORGANIZATION, SUMMARY, TITLE, WORDS, changed, load, without, year
from .test_index_building import assert_as_made_anew, taken_back

CODES = ["2016-w01", "2016-w02"]
SUMMARIES = [SUMMARY, f"夏夜，{SUMMARY}", f"{WORDS}。{SUMMARY}", "百事堂由居民轮值。", WORDS]
ENGLISH = ["", "Neighbours settle public affairs one by one.", "They settle public affairs."]
ENGLISH_WORDS = "settle public affairs"


class Moments(RuleBasedStateMachine):
    """A year that is loaded again and again, edited, published, taken back, deleted and restored."""

    codes = st.sampled_from(CODES)

    def __init__(self):
        super().__init__()
        self.taken_back = taken_back()
        self.taken_back.__enter__()
        self.clerk = get_user_model().objects.create_superuser("clerk", first_name="晓")
        self.client = Client()
        self.client.force_login(self.clerk)
        # {number: {entry: what it and its parts held once that Change was done}}
        self.seen = {}

    def teardown(self):
        self.taken_back.__exit__(None, None, None)

    @initialize()
    def begin(self):
        load(year(), by=self.clerk)

    @invariant()
    def each_number_has_its_moment(self):
        last = Change.objects.aggregate(last=Max("pk"))["last"]
        if last:
            entries = Achievement.objects.filter(code__in=CODES).values_list("pk", flat=True)
            now = {pk: held(pk) for pk in entries}
            assert self.seen.setdefault(last, now) == now, "something was not written down"

    @rule(code=codes, summary=st.sampled_from(SUMMARIES), english=st.sampled_from(ENGLISH))
    def rewrite(self, code, summary, english):
        for entry in Achievement.objects.filter(code=code):
            with suppress(ValidationError), editing(entry, self.clerk):
                before = {name: getattr(entry, name) for name in TEXTS}
                entry.summary, entry.summary_en = summary, english
                if not entry.award_year.text.startswith(summary, entry.summary_offset or 0):
                    entry.summary_offset = None
                entry.full_clean()
                entry.save()
                relocate(entry, before)

    @rule(
        code=codes, name=st.sampled_from(["夜话", ""]), setting=st.sampled_from(["urban", "rural"])
    )
    def save_its_page(self, code, name, setting):
        for entry in Achievement.objects.filter(code=code):
            address = f"/admin/governance/achievement/{entry.pk}/change/"
            fields = {"short_name": name, "setting": setting, "words": WORDS}
            fields |= {} if WORDS in entry.summary else {"words": ""}
            send(self.client, address, "achievement_form", **fields)

    @rule(code=codes, slug=st.sampled_from(["deliberation", "self-governance", "volunteering"]))
    def code_it(self, code, slug):
        for entry in Achievement.objects.filter(code=code, summary__contains=WORDS):
            with editing(entry, self.clerk):
                mechanism = Mechanism.objects.filter(slug=slug).first() or Mechanism.objects.first()
                coding, _made = Coding.objects.get_or_create(
                    achievement=entry, mechanism=mechanism, defaults={"weight": "secondary"}
                )
                span = Evidence(coding=coding, field="summary", text=WORDS)
                span.place("", entry.summary.index(WORDS))
                if ENGLISH_WORDS in entry.summary_en:
                    span.field_en, span.text_en = "summary_en", ENGLISH_WORDS
                    span.place("_en", entry.summary_en.index(ENGLISH_WORDS))
                if not coding.evidence.filter(start=span.start).exists():
                    span.full_clean()
                    span.save()

    @rule(code=codes)
    def drop_a_coding(self, code):
        for coding in Coding.objects.filter(achievement__code=code)[:1]:
            with editing(coding.achievement, self.clerk):
                coding.delete()

    @rule(code=codes, slug=st.sampled_from(["deliberation", "self-governance"]))
    def give_a_coding_another_mechanism(self, code, slug):
        mechanism = Mechanism.objects.get(slug=slug)
        codings = Coding.objects.filter(achievement__code=code).exclude(mechanism=mechanism)
        for coding in codings.exclude(achievement__codings__mechanism=mechanism)[:1]:
            with editing(coding.achievement, self.clerk):
                Coding.objects.filter(pk=coding.pk).update(mechanism=mechanism, reviewed_by="")

    @rule(code=codes)
    def name_or_drop_an_organization(self, code):
        organization = Organization.objects.get(name=ORGANIZATION)
        for entry in Achievement.objects.filter(code=code):
            with editing(entry, self.clerk):
                if organization in entry.organizations.all():
                    entry.organizations.remove(organization)
                else:
                    entry.organizations.add(organization, through_defaults={"position": 2})

    @rule(code=codes, rank=st.sampled_from([1, 2, 3, 61]))
    def move_in_the_list(self, code, rank):
        for entry in Achievement.objects.filter(code=code):
            if not Achievement.objects.filter(award_year=entry.award_year, rank=rank).exists():
                with editing(entry, self.clerk):
                    Achievement.objects.filter(pk=entry.pk).update(rank=rank)

    @rule(code=codes)
    def publish(self, code):
        for entry in Achievement.objects.filter(code=code).exclude(status="published"):
            with editing(entry, self.clerk, ChangeKind.PUBLISH):
                Achievement.objects.filter(pk=entry.pk).update(status="published")

    @rule(code=codes)
    def take_back(self, code):
        entries = Achievement.objects.filter(code=code).values_list("pk", flat=True)
        publishing.take_back(entries, "信息有误。", by=self.clerk)

    @rule(code=codes)
    def delete_its_draft(self, code):
        for entry in Achievement.objects.filter(code=code):
            if not publishing.ever_public(entry):
                address = f"/admin/governance/achievement/{entry.pk}/delete/"
                self.client.post(address, {"post": "yes"})

    @rule(
        words=st.sampled_from(ENGLISH), summary=st.sampled_from(SUMMARIES[:3]), parts=st.booleans()
    )
    def load(self, words, summary, parts):
        key = {"code": "2016-w01"}
        place = 0 if summary == SUMMARY else None
        objects = changed(year(), "achievement", key, summary_en=words, title=TITLE)
        if place is None:
            objects = changed(objects, "achievement", key, summary=summary, summary_offset=None)
            objects = without(objects, "evidence")
        with suppress(LoadError):
            load(objects if parts else without(objects, "coding", mechanism=["self-governance"]))

    @precondition(lambda self: Load.objects.filter(state="loaded").exists())
    @rule()
    def undo(self):
        with suppress(LoadError):
            loading.undo(Load.objects.filter(state="loaded").first().pk, by=self.clerk)

    @precondition(lambda self: len(self.seen) > 1)
    @rule(place=st.integers(0, 20))
    def restore(self, place):
        number = list(self.seen)[place % len(self.seen)]
        for entry in self.seen[number]:
            self.have_back(number, entry)

    def have_back(self, number, entry):
        then = self.seen[number][entry]
        if reason := in_the_way(entry, then):
            with pytest.raises(LoadError, match=reason):
                loading.restore_entry(entry, number, by=self.clerk)
            return
        with taken_back():
            loading.restore_entry(entry, number, by=self.clerk)
            assert comparable(held(entry), then) == comparable(then, held(entry))
            assert_spans_fit()
        loading.restore_entry(entry, number, by=self.clerk)

    @rule()
    def compare_the_index(self):
        assert_as_made_anew()

    @precondition(lambda self: Change.objects.filter(by=self.clerk).exists())
    @rule(goes=st.booleans())
    def let_the_clerk_go(self, goes):
        """Deactivated as the admin does it, or deleted as no page can."""
        lines = list(Change.objects.values("pk", "at", "kind", "name", "reason", "load"))
        with taken_back():
            if goes:
                get_user_model().objects.get(pk=self.clerk.pk).delete()
            else:
                get_user_model().objects.filter(pk=self.clerk.pk).update(is_active=False)
            after = Change.objects.values("pk", "at", "kind", "name", "reason", "load")
            assert list(after) == lines
            assert {line["name"] for line in lines} <= {"晓", ""}


@contextmanager
def editing(entry, by, kind=ChangeKind.EDIT):
    """An edit as the admin makes it: recorded, and followed by the index."""
    with recording({entry.pk}, kind, by=by):
        yield
        index.update([entry.pk])


def held(entry):
    """{model: {what tells a row apart: its columns}} of an entry, without primary keys."""
    rows = present_rows([entry]).get(entry, {})
    return {
        label: {tuple(key): {**columns, "coding_id": 0} for key, _pk, columns in some}
        for label, some in rows.items()
    }


def in_the_way(entry, then):
    """What the sentence says where a moment cannot be had back: what it named is gone."""
    ((code,),) = then[ENTRY]
    columns = then[ENTRY][code,]
    there = Achievement.objects.filter(pk=entry).exists()
    if not there and Achievement.objects.filter(code=code).exists():
        return "现属另一项成果"
    if not there and publishing.taken_keys(Achievement, {code: entry}):
        return "现属另一项成果"
    if not AwardYear.objects.filter(pk=columns["award_year_id"]).exists():
        return "处错误"
    links = then.get("governance.achievementorganization", {}).values()
    wanted = {link["organization_id"] for link in links}
    if Organization.objects.filter(pk__in=wanted).count() < len(wanted):
        return "处错误"
    return ""


def comparable(one, other):
    """Without what restoring leaves: the status, and a rank that is another's by now."""
    ((key, columns),) = one[ENTRY].items()
    ((_key, others),) = other[ENTRY].items()
    left = {"status"}
    place = {"award_year_id": columns["award_year_id"], "tier": columns["tier"]}
    if columns["rank"] != others["rank"]:
        ranks = {columns["rank"], others["rank"]}
        holders = Achievement.objects.filter(rank__in=ranks, **place)
        assert holders.exclude(code=key[0]).exists(), "the rank was free"
        left.add("rank")
    kept = {name: value for name, value in columns.items() if name not in left}
    return one | {ENTRY: {key: kept}}


def assert_spans_fit():
    for model in (Evidence, SettingEvidence):
        for span in model.objects.all():
            span.full_clean()


@pytest.mark.django_db
def test_every_moment_can_be_had_back():
    run_state_machine_as_test(
        Moments,
        # 20 on SQLite in `make test`, 800 with `--hypothesis-profile=long`.
        settings=hypothesis.settings(
            max_examples=max(2, hypothesis.settings.default.max_examples * 2 // 5),
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
