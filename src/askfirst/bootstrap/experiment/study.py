"""The same people, the same plan, three ways of sending; and how much hangs on what is assumed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, NamedTuple

from askfirst.adapters.lexicon_files import built_in_opt_out
from askfirst.bootstrap.experiment.guarded import AskFirst
from askfirst.bootstrap.experiment.unguarded import EXACT_WORDS, KeepBlockList, SendDirectly
from askfirst.domain.value import replace
from askfirst.domain.values.errors import InvalidInput
from askfirst.simulator.experiment.assumptions import Assumptions, about
from askfirst.simulator.experiment.figures import Life
from askfirst.simulator.experiment.market import FIRST_MORNING, Market
from askfirst.simulator.experiment.people import Person, Span, draw_people
from askfirst.simulator.experiment.plan import DAYS_MAX, Campaign, Plan, parse_plan
from askfirst.simulator.experiment.way import Way
from askfirst.simulator.experiment.wordings import Wordings, built_in_plan, built_in_wordings

PEOPLE_MAX: Final = 1_000_000
SENSITIVITY_PEOPLE_MAX: Final = 1_000
"""People of each run with another assumption: enough to see which way of sending is ahead."""

Progress = Callable[[int, int], None]
"""Told how many days of how many are lived through."""


class SendingWay(StrEnum):
    """How the plan is sent."""

    DIRECT = "direct"
    BLOCK_LIST = "block_list"
    ASKFIRST = "askfirst"


Lives = Mapping[SendingWay, Life]


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """What is to be run."""

    people: int = 10_000
    days: int = 90
    seed: int = 1
    plan: Plan = field(default_factory=lambda: parse_plan(built_in_plan()))
    assumptions: Assumptions = field(default_factory=Assumptions)
    wordings: Sequence[Wordings] = field(default_factory=built_in_wordings)
    block_list: frozenset[str] = EXACT_WORDS

    def __post_init__(self) -> None:
        _check_count("people", self.people, PEOPLE_MAX)
        _check_count("days", self.days, DAYS_MAX)


class Variant(NamedTuple):
    """The lives with one thing changed: an assumption (`value` is what it is), or another thing."""

    name: str
    value: float | None
    lives: Lives


AS_ASSUMED: Final = "as assumed"
MODEST_PLAN: Final = "one offer a month"
LOCAL_WORDS: Final = "the block list has the words of all languages"


def run(study: Study, progress: Progress = lambda _done, _total: None) -> Lives:
    """Let the same people live through the plan, once with each way of sending."""
    people = _draw(study)
    total, done = study.days * len(SendingWay), 0
    lives: dict[SendingWay, Life] = {}
    for name in SendingWay:
        market = Market(people, study.plan, _way(name, people, study), study.assumptions)
        lives[name] = market.live(study.days, lambda day: progress(done + day + 1, total))  # noqa: B023
        done += study.days
    return lives


def vary(study: Study, progress: Progress = lambda _done, _total: None) -> Iterator[Variant]:
    """Yield the study as it is, with each assumption at its bounds, and with other things changed.

    Each run has fewer people than the study, the same in all.
    """
    study = replace(study, people=min(study.people, SENSITIVITY_PEOPLE_MAX))
    changed = list(_changed(study))
    for done, (name, value, one) in enumerate(changed):
        progress(done, len(changed))
        yield Variant(name, value, run(one))


def _changed(study: Study) -> Iterator[tuple[str, float | None, Study]]:
    yield AS_ASSUMED, None, study
    modest = Plan((Campaign(name="monthly_offer", first_day=2, every_days=30),))
    yield MODEST_PLAN, None, replace(study, plan=modest)
    words = (*EXACT_WORDS, *(word for one in study.wordings for word in one.keywords))
    yield LOCAL_WORDS, None, replace(study, block_list=frozenset(words))
    for one in about():
        for value in (one.low, one.high):
            changed = study.assumptions.having(one.name, value)
            yield one.name, value, replace(study, assumptions=changed)


def sheet(study: Study, lives: Lives) -> Mapping[str, Any]:
    """Return what was run and what came of it, for machines."""
    return {
        "people": study.people,
        "days": study.days,
        "seed": study.seed,
        "campaigns": [one.name for one in study.plan.campaigns],
        "ways": {name.value: life.sheet() for name, life in lives.items()},
    }


def _draw(study: Study) -> list[Person]:
    chance = random.Random(study.seed)  # noqa: S311 - people are drawn with it, no secrets
    span = Span(study.days, len(study.plan.sendings(study.days)))
    return draw_people(study.people, span, study.assumptions, study.wordings, chance)


def _way(name: SendingWay, people: Sequence[Person], study: Study) -> Way:
    match name:
        case SendingWay.DIRECT:
            return SendDirectly()
        case SendingWay.BLOCK_LIST:
            return KeepBlockList(study.block_list)
        case SendingWay.ASKFIRST:
            return AskFirst(people, built_in_opt_out(), FIRST_MORNING)


def _check_count(name: str, given: int, most: int) -> None:
    if not 1 <= given <= most:
        raise InvalidInput(name, f"must be a whole number from 1 to {most}")
