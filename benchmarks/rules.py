"""`python -m benchmarks rules`: what the rules about time and frequency add to those about consent.

The same questions, once by all rules and once by rules 1 to 5 alone, in turns, in this process:
`gate` with the look at the facts in the database, as `POST /v1/check` decides, `alone` on facts
that were read before. Nothing is left out of the look, so `gate` tells what rules cost, and not
what it costs to read how often somebody was written to.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median
from typing import Any, Final

from askfirst.adapters.country_rule_files import built_in_law
from askfirst.adapters.phone_numbers import WorldNumbering
from askfirst.decision.decide import RULES, RuleBook, purpose_of
from askfirst.decision.facts import DecisionContext
from askfirst.decision.policy import Policy
from askfirst.decision.policy_file import parse_policy
from askfirst.decision.question import MessageKind, SendRequest
from askfirst.decision.rules.rule import Case
from askfirst.decision.traffic import PaceState, People, SentMessage, Traffic
from askfirst.domain.brakes.brake import Brake, Cause, Colour, Hold
from askfirst.domain.brakes.subject import BrakeScope, Subject
from askfirst.domain.value import replace
from askfirst.domain.values.alias import phone_alias
from askfirst.domain.values.ids import BrakeId
from askfirst.domain.values.timestamp import DAY, HOUR, Instant
from askfirst.usecases.context.services import Services
from benchmarks.progress import Progress
from benchmarks.setup.people import digits_of
from benchmarks.setup.seeds import (
    BUSINESS,
    LANGUAGE,
    SENDER_ID,
    TEMPLATE,
    open_business,
    record_answers,
)
from benchmarks.setup.world import own_world, prepare

_QUESTIONS: Final = 2_000
_CONSENT: Final = 5
_DAYS_AGO: Final = (40, 25, 16, 9)
_HOURS = Path(__file__).parent / "setup" / "open_hours.toml"
_BOOKS: Final = {
    "consent": RuleBook(tuple(rule for rule in RULES if rule.number <= _CONSENT)),
    "all": RuleBook(RULES),
}
Judged = Callable[[RuleBook, int], Awaitable[bool]]


def bench_rules(
    rounds: int, seconds: float, database_url: str | None, progress: Progress
) -> dict[str, Any]:
    """Decide again and again; what counts is the ratio of the medians."""
    progress.step("recording answers")
    with own_world(database_url) as (settings, _):
        return prepare(settings, lambda services: _measure(services, rounds, seconds, progress))


async def _measure(
    services: Services, rounds: int, seconds: float, progress: Progress
) -> dict[str, Any]:
    await open_business(services)
    await record_answers(services, one_yes_in=1)
    policy = parse_policy(_HOURS.read_text(), built_in_law())
    now = services.clock.now()
    questions = [_question(person) for person in range(_QUESTIONS)]
    facts = [
        _seasoned(number, await services.gate.look(one), now)
        for number, one in enumerate(questions)
    ]

    async def alone(book: RuleBook, number: int) -> bool:
        return book.judge(_case(facts[number], policy, questions[number], now)).allowed

    async def gate(book: RuleBook, number: int) -> bool:
        fresh = await services.gate.look(questions[number])
        fresh = replace(fresh, traffic=facts[number].traffic, brakes=facts[number].brakes)
        return book.judge(_case(fresh, policy, questions[number], now)).allowed

    allowed = [await alone(_BOOKS["all"], number) for number in range(_QUESTIONS)]
    told: dict[str, Any] = {"questions": _QUESTIONS, "allowed": sum(allowed)}
    for name, judged in (("alone", alone), ("gate", gate)):
        costs: dict[str, list[float]] = {book: [] for book in _BOOKS}
        for number in range(rounds):
            progress.step(f"{name}, round {number + 1}")
            for book, rules in _BOOKS.items():
                costs[book].append(await _round(judged, rules, seconds))
        told |= {f"{name}_us_{book}": round(median(found), 2) for book, found in costs.items()}
        ratios = sorted(map(_ratio, costs["all"], costs["consent"]))
        told[f"{name}_ratio"] = round(median(ratios), 3)
        told[f"{name}_spread"] = [round(ratios[0], 3), round(ratios[-1], 3)]
    return told | {"verified": sum(allowed) > _QUESTIONS // 2}


def _ratio(one: float, other: float) -> float:
    return one / other


async def _round(judged: Judged, rules: RuleBook, seconds: float) -> float:
    """Return microseconds of processor time a decision."""
    decided, began, until = 0, time.process_time(), time.monotonic() + seconds
    while time.monotonic() < until:
        for number in range(_QUESTIONS):
            await judged(rules, number)
        decided += _QUESTIONS
    return (time.process_time() - began) * 1_000_000 / decided


def _case(facts: DecisionContext, policy: Policy, question: SendRequest, now: Instant) -> Case:
    return Case(facts, policy, question, purpose_of(facts, policy, question), now, facts.traffic)


_NUMBERING = WorldNumbering()


def _question(person: int) -> SendRequest:
    digits = digits_of(person)
    country = _NUMBERING.country(digits)
    return SendRequest(
        business_id=BUSINESS,
        sender=SENDER_ID,
        recipients=(phone_alias(digits),),
        kind=MessageKind.TEMPLATE,
        template=TEMPLATE,
        language=LANGUAGE,
        country=country,
        place=_NUMBERING.place(digits, country),
        content="offer",
    )


def _seasoned(number: int, facts: DecisionContext, now: Instant) -> DecisionContext:
    """Give a contact none to four messages of the last weeks, and the business some brakes.

    One in ten was written to today, and waits.
    """
    days = [*_DAYS_AGO[: number % (len(_DAYS_AGO) + 1)], *([0] * (number % 10 == 0))]
    sent = tuple(SentMessage(Instant(now - day * DAY - HOUR), "marketing") for day in days)
    traffic = Traffic(
        sent=sent,
        pair=PaceState(Instant(now - DAY), Instant(now - HOUR)),
        sender=PaceState(Instant(now - HOUR), Instant(now - HOUR)),
        people=People(100_000, ((now // HOUR, 1_000), (now // HOUR - 3, 2_000))),
    )
    brake = Brake(
        business_id=BUSINESS,
        brake_id=BrakeId("brk_1"),
        subject=Subject(BrakeScope.CAMPAIGN, "another"),
        holds=Hold.MARKETING,
        colour=Colour.RED,
        cause=Cause.HAND,
        since=now,
        set_by="an operator",
        reason="wrong prices",
    )
    return replace(facts, traffic=traffic, brakes=(brake,))
