"""Entries with an identity that only the test knows: no code ever passes from one to another.

They share bodies, brands, titles and parts of their summaries. Whoever is asked says the truth.
"""

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from governance import loading, publishing
from governance.intake import parsing
from governance.models import Achievement, Load, Publication

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
    """A year that is announced again and again, while staff edit, publish and take back."""

    places = st.integers(0, 9)

    def __init__(self):
        super().__init__()
        self.taken_back = taken_back()
        self.taken_back.__enter__()
        # {code: identity} of all codes that stand or were public.
        self.owners = {}

    def teardown(self):
        self.taken_back.__exit__(None, None, None)

    @invariant()
    def no_code_passes_to_another(self):
        there = {entry.code: identity_of(entry) for entry in entries()}
        for code, name in there.items():
            assert self.owners.setdefault(code, name) == name, code
        # One that was never public may be given again when its entry is gone.
        kept = set(Publication.objects.values_list("code", flat=True)) | there.keys()
        self.owners = {code: name for code, name in self.owners.items() if code in kept}

    @rule(listed=documents())
    def load(self, listed):
        parsed = parsing.parse_text(announcement(*listed), YEAR)
        answers = {code: self.answer(parsed, code) for code in parsed.doubtful}
        objects = [renamed(one, answers) for one in parsed.fixture]
        loading.load(
            [loading.FixtureFile("公告.txt", b"", objects, sure=set(answers.values()))],
        )

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

    @precondition(lambda self: Load.objects.filter(state="loaded", name="公告.txt").exists())
    @rule()
    def undo(self):
        with suppress(loading.LoadError):
            loading.undo(Load.objects.filter(state="loaded").latest("pk").pk)


def entries():
    return list(Achievement.objects.filter(award_year__code=str(YEAR)).order_by("code"))


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
def test_no_history_gives_the_code_of_one_innovation_to_another():
    run_state_machine_as_test(
        Identities,
        settings=settings(
            max_examples=5,
            stateful_step_count=10,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
