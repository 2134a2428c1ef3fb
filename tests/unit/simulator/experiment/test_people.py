"""The customers that are drawn are those that are assumed."""

from __future__ import annotations

from collections import Counter
from statistics import mean, median

import pytest

from askfirst.domain.values.errors import InvalidInput
from askfirst.simulator.experiment.assumptions import Assumption, Assumptions, about
from askfirst.simulator.experiment.people import Agreement
from askfirst.simulator.experiment.wordings import parse_wordings
from tests.unit.simulator.experiment.people_of import AS_USUAL, WORDINGS, crowd

MANY = 4_000
PEOPLE = crowd(MANY)


def test_the_same_seed_draws_the_same_people() -> None:
    assert crowd(50, seed=7) == crowd(50, seed=7)
    assert crowd(50, seed=7) != crowd(50, seed=8)


def test_shares_and_means_are_those_assumed() -> None:
    counts = Counter(person.agreement for person in PEOPLE)
    assert counts[Agreement.SAID_YES] / MANY == pytest.approx(AS_USUAL.said_yes, abs=0.03)
    noes = counts[Agreement.REFUSED] + counts[Agreement.STOPPED]
    assert noes / MANY == pytest.approx(AS_USUAL.said_no, abs=0.02)
    assert mean(one.reads for one in PEOPLE) == pytest.approx(AS_USUAL.reads, abs=0.02)
    assert mean(one.keenness for one in PEOPLE) == pytest.approx(1, abs=0.03)
    assert median(one.tolerance for one in PEOPLE) == pytest.approx(AS_USUAL.tolerance, rel=0.08)
    orders = mean(len(one.order_days) for one in PEOPLE)
    assert orders == pytest.approx(AS_USUAL.orders_a_month, rel=0.08)


def test_everybody_who_said_yes_is_welcome_and_nobody_who_said_no() -> None:
    assert all(one.is_welcome for one in PEOPLE if one.agreement is Agreement.SAID_YES)
    assert not any(one.is_welcome for one in PEOPLE if one.agreement is Agreement.STOPPED)


def test_languages_and_countries_go_together() -> None:
    assert {one.wordings.language for one in PEOPLE} == {one.language for one in WORDINGS}
    assert all(one.country in one.wordings.countries for one in PEOPLE)


def test_everybody_can_have_said_yes() -> None:
    sure = AS_USUAL.having("said_yes", 1.0)
    assert {one.agreement for one in crowd(300, assumptions=sure)} == {Agreement.SAID_YES}


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        ({"reads": 1.5}, "reads"),
        ({"impatience": -0.1}, "impatience"),
        ({"said_yes": 0.9, "claimed": 0.2}, "said_yes"),
        ({"red_times": 0.5}, "red_times"),
        ({"sustained_days": 0.0}, "sustained_days"),
    ],
)
def test_an_assumption_that_cannot_be_is_named(parts: dict[str, float], field: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        Assumptions(**parts)
    assert raised.value.field == field


@pytest.mark.parametrize("one", list(about()), ids=lambda one: one.name)
def test_each_assumption_has_bounds_around_it_and_tells_its_source(one: Assumption) -> None:
    assert one.low < one.value < one.high
    assert "" not in (one.says, one.source)
    for bound in (one.low, one.high):
        assert AS_USUAL.having(one.name, bound) != AS_USUAL


def test_words_that_are_missing_are_named() -> None:
    with pytest.raises(InvalidInput, match="must have countries"):
        parse_wordings("[en]\nweight = 1")
