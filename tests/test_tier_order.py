"""The order of the tiers is said once, and does not hang on their spelling."""

import pytest

from governance.models import Achievement, Coding, Tier
from governance.models.achievement import TIERS, tier_order

pytestmark = pytest.mark.django_db


def codes(rows, path=""):
    return list(dict.fromkeys(rows.values_list(f"{path}code", flat=True)))


def test_it_has_a_place_for_every_tier():
    assert sorted(TIERS) == sorted(Tier)
    assert TIERS.index(Tier.WINNER) == 0


def test_it_orders_lists_and_what_hangs_on_their_entries():
    listed = [f"2015-w{rank:02}" for rank in range(1, 12)] + [
        f"2015-n{rank:02}" for rank in range(1, 10)
    ]
    assert codes(Achievement.objects.all()) == listed
    assert codes(Achievement.objects.as_announced()) == listed
    assert codes(Achievement.objects.reverse()) == listed[::-1]
    assert codes(Coding.objects.order_by("achievement"), "achievement__") == listed
    tiers = Coding.objects.order_by(tier_order("achievement__tier"))
    assert list(dict.fromkeys(tiers.values_list("achievement__tier", flat=True))) == list(TIERS)
