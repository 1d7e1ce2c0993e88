"""Entries with an identity that only the test knows: no code ever passes from one to another.

They share bodies, brands, titles and parts of their summaries. Whoever is asked says the truth.
Two years of one award are announced, and one of another award in the same year.
"""

from contextlib import suppress

import pytest
from django.core.exceptions import ValidationError
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
from governance.intake import parsing
from governance.models import Achievement, Address, Award, IndexState, Load, Publication

from .helpers.corrections import YEAR, announcement
from .test_index_building import change, taken_back

JINJIANG, XICHENG = "四川省成都市锦江区民政局", "北京市西城区民政局"
# {identity: (titles, body, summaries)}; what is of one alone tells the test which it is.
TRUTH = {
    "wish": (
        ["“微心愿”圆梦行动", "“微心愿”圆梦计划"],
        JINJIANG,
        ["锦江区征集居民心愿，由党员和商户认领。", "居民写下心愿，党员和商户认领后一一办到。"],
    ),
    # The same body, and a third of the summary.
    "account": (
        ["垃圾分类“绿色账户”", "“绿色账户”"],
        JINJIANG,
        ["锦江区征集分类投放的家庭，由商店给积分。", "分类投放可以积分，积分换日用品。"],
    ),
    # The title of the first, elsewhere.
    "namesake": (
        ["“微心愿”圆梦行动"],
        XICHENG,
        ["楼门院长每月请律师到院里讲法。", "律师每月到院里讲一次法，居民点题。"],
    ),
    # Its brand.
    "brand": (
        ["社区“微心愿”树", "一棵“微心愿”树"],
        XICHENG,
        ["孩子们把想看的书挂在树上，邻居来买。"],
    ),
    "alone": (
        ["“时间银行”互助养老", "“时间银行”"],
        "浙江省杭州市上城区民政局",
        [
            "志愿者存下服务的时间，日后兑换照料。",
            "志愿者存下服务的时间，日后兑换照料，已有三千人参加。",
        ],
    ),
}


FIRST = "community-governance-innovation"
# (slug of the award, year)
AWARD_YEARS = [(FIRST, YEAR), (FIRST, YEAR + 1), ("neighbours", YEAR)]


def identity_of(entry):
    """Which entry it is, by its words; none, if it is half one and half another."""
    (found,) = (
        name
        for name, (titles, _body, summaries) in TRUTH.items()
        if entry.title in titles and entry.summary in summaries
    )
    return found


@st.composite
def documents(draw):
    """[(title, body, summary)] of some of them, as the issuer may put it."""
    names = draw(st.lists(st.sampled_from(list(TRUTH)), min_size=1, unique=True))
    return [
        (draw(st.sampled_from(titles)), body, draw(st.sampled_from(summaries)))
        for titles, body, summaries in map(TRUTH.__getitem__, names)
    ]


class Identities(RuleBasedStateMachine):
    """Years that are announced again and again, while documents wait and staff edit, give other codes,
    publish, take back and delete."""

    places = st.integers(0, 9)
    award_years = st.sampled_from(AWARD_YEARS)

    def __init__(self):
        super().__init__()
        self.taken_back = taken_back()
        self.taken_back.__enter__()
        Award.objects.create(slug="neighbours", prefix="ll", name="邻里互助案例")
        # {code: identity} of all codes that stand or were public.
        self.owners = {}
        # Documents that were read and are not loaded.
        self.waiting = []

    def teardown(self):
        self.taken_back.__exit__(None, None, None)

    @invariant()
    def no_code_passes_to_another(self):
        there = {entry.code: identity_of(entry) for entry in entries()}
        for code, name in there.items():
            assert self.owners.setdefault(code, name) == name, code
        identities = {entry.pk: identity_of(entry) for entry in entries()}
        led_to = dict(Address.objects.filter(kind="achievement").values_list("key", "row"))
        for code, pk in led_to.items():
            if name := identities.get(pk):
                assert self.owners.setdefault(code, name) == name, code
        # One that was never public may be given again when its entry is gone.
        public = Publication.objects.values_list("code", flat=True)
        kept = {*public, *led_to, *there}
        self.owners = {code: name for code, name in self.owners.items() if code in kept}

    @rule(listed=documents(), one=award_years)
    def load(self, listed, one):
        self.bring(listed, one)
        self.load_what_waits(-1)

    @rule(listed=documents(), one=award_years)
    def bring(self, listed, one):
        award, number = one
        parsed = parsing.parse(
            "a.txt", announcement(*listed, year=number).encode(), number, award=award
        )
        answers = {code: self.answer(parsed, code) for code in parsed.doubtful}
        objects = [renamed(one, answers) for one in parsed.fixture]
        self.waiting.append(
            loading.FixtureFile("公告.txt", b"", objects, sure=set(answers.values()))
        )

    @precondition(lambda self: entries())
    @rule(place=places)
    def dump(self, place):
        """What the record says now may be loaded once more when it says otherwise."""
        text = loading.dump_year(chosen(place).award_year.code)
        self.waiting.append(loading.FixtureFile("公告.yaml", text.encode()))

    @precondition(lambda self: self.waiting)
    @rule(place=places)
    def load_what_waits(self, place):
        """A document that was read before others were loaded may have to be read again."""
        with suppress(loading.Invalid):
            loading.load([self.waiting.pop(place % len(self.waiting))])

    def answer(self, parsed, code):
        """The code of the entry that is in doubt, from one who knows it."""
        (fields,) = (one["fields"] for one in parsed.fixture if one["fields"].get("code") == code)
        name = identity_of(Achievement(title=fields["title"], summary=fields["summary"]))
        codes = [row.code for row in parsed.doubtful[code].doubts]
        return next((one for one in codes if self.owners.get(one) == name), code)

    @precondition(lambda self: entries())
    @rule(place=places, choice=st.randoms(use_true_random=False))
    def edit(self, place, choice):
        entry = chosen(place)
        titles, _body, summaries = TRUTH[identity_of(entry)]
        change(
            entry,
            **{"title": choice.choice(titles), "title_offset": None},
            **{"summary": choice.choice(summaries), "summary_offset": None},
        )

    @precondition(lambda self: entries())
    @rule(place=places)
    def publish(self, place):
        change(chosen(place), status="published")

    @precondition(lambda self: entries())
    @rule(place=places)
    def take_back(self, place):
        publishing.take_back([chosen(place).pk], "信息有误。")

    @precondition(lambda self: entries())
    @rule(place=places, number=st.integers(1, 9))
    def give_another_code(self, place, number):
        entry = chosen(place)
        code = f"{entry.award_year.code}-{entry.tier[0]}{number:02}"
        entry.code = code
        with suppress(ValidationError):
            entry.full_clean()
            change(Achievement.objects.get(pk=entry.pk), code=code)

    @precondition(lambda self: entries())
    @rule(place=places)
    def delete(self, place):
        entry = chosen(place)
        if not publishing.ever_public(entry):
            pk = entry.pk
            entry.delete()
            index.update([pk])

    @rule()
    def rebuild_under_another_shape(self):
        IndexState.objects.update(shape=1)
        index.rebuild()

    @precondition(lambda self: loads())
    @rule(place=places)
    def undo(self, place):
        with suppress(loading.LoadError):
            loading.undo(loads()[place % len(loads())])


def entries():
    codes = [str(YEAR), str(YEAR + 1), f"ll-{YEAR}"]
    return list(Achievement.objects.filter(award_year__code__in=codes).order_by("code"))


def loads():
    return Load.objects.filter(state="loaded", name__startswith="公告.").values_list(
        "pk", flat=True
    )


def chosen(place):
    rows = entries()
    return rows[place % len(rows)]


def renamed(one, codes):
    """A fixture object under the codes that were answered."""

    def code(value):
        if isinstance(value, list):
            return [code(item) for item in value]
        return codes.get(value, value) if isinstance(value, str) else value

    return one | {"fields": {name: code(value) for name, value in one["fields"].items()}}


@pytest.mark.django_db
def test_no_history_gives_the_code_of_one_innovation_to_another(monkeypatch):
    # Nothing here changes regions, and to make their table takes most of the time.
    regions = parsing.region_table({})
    monkeypatch.setattr(parsing, "region_table", lambda first_years: regions)
    run_state_machine_as_test(
        Identities,
        settings=settings(
            max_examples=5,
            stateful_step_count=10,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
