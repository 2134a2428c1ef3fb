"""A plan is read as it is written, and what is wrong in it is named."""

from __future__ import annotations

import pytest

from askfirst.domain.values.errors import InvalidInput
from askfirst.simulator.experiment.plan import parse_plan
from askfirst.simulator.experiment.wordings import built_in_plan

TWO = """
[[campaign]]
name = "late"
first_day = 1
every_days = 3
hour = 20

[[campaign]]
name = "early"
first_day = 4
hour = 8
runs_days = 2
"""


def test_sendings_come_in_the_order_of_their_hours() -> None:
    found = [(one.day, one.campaign.name, one.last_day) for one in parse_plan(TWO).sendings(7)]
    assert found == [(0, "late", 0), (3, "early", 4), (3, "late", 3), (6, "late", 6)]
    assert [one.number for one in parse_plan(TWO).sendings(7)] == [0, 1, 2, 3]


def test_the_built_in_plan_is_about_thirteen_offers_a_month() -> None:
    shares = [one.campaign.share for one in parse_plan(built_in_plan()).sendings(90)]
    assert 36 <= sum(shares) <= 42


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("campaign = 1", "plan.campaign"),
        ("[[campaign", "plan"),
        ("", "campaign"),
        ("[other]", "plan.other"),
        ('[[campaign]]\nname = "x"', "campaign 1: first_day"),
        ("[[campaign]]\nname = 1\nfirst_day = 1", "campaign 1: name"),
        ('[[campaign]]\nname = "X"\nfirst_day = 1', "campaign.name"),
        ('[[campaign]]\nname = "x"\nfirst_day = 0', "campaign.x.first_day"),
        ('[[campaign]]\nname = "x"\nfirst_day = true', "campaign.x.first_day"),
        ('[[campaign]]\nname = "x"\nfirst_day = 1\nhour = 24', "campaign.x.hour"),
        ('[[campaign]]\nname = "x"\nfirst_day = 1\nshare = 0', "campaign.x.share"),
        ('[[campaign]]\nname = "x"\nfirst_day = 1\ntime = 9', "campaign 1: time"),
        ('[[campaign]]\nname = "x"\nfirst_day = 1\n' * 2, "campaign.name"),
    ],
)
def test_what_is_wrong_is_named(text: str, field: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        parse_plan(text)
    assert raised.value.field == field
