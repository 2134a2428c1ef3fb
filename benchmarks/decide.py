"""`python -m benchmarks decide`: the decision alone, in this process."""

from __future__ import annotations

import time
from itertools import product
from statistics import median
from typing import Any

from askfirst.adapters.clock import SystemClock
from askfirst.adapters.country_rule_files import built_in_law
from askfirst.adapters.phone_numbers import WorldNumbering
from askfirst.decision.decide import decide
from askfirst.decision.facts import DecisionContext
from askfirst.decision.policy import Policy
from askfirst.decision.question import MessageKind, SendRequest
from askfirst.domain.consent.event import Assurance, Event, EventKind, NumberProof, Source
from askfirst.domain.consent.standing import Standing, fold
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.tenants.sender import Sender, Template, TemplateState
from askfirst.domain.values.ids import ContactId, EventId, Position
from askfirst.domain.values.purpose import MARKETING, UTILITY, Category
from askfirst.domain.values.timestamp import DAY, HOUR, Instant
from benchmarks.progress import Progress
from benchmarks.setup.people import aliases_of
from benchmarks.setup.seeds import BUSINESS, LANGUAGE, SENDER_ID, TEMPLATE, WABA_ID

Case = tuple[DecisionContext, SendRequest]

_HISTORIES = (
    (EventKind.GRANTED,),
    (EventKind.GRANTED,),
    (EventKind.GRANTED, EventKind.WITHDRAWN, EventKind.GRANTED),
    (EventKind.GRANTED, EventKind.WITHDRAWN),
    (EventKind.GRANTED, EventKind.NATIVE_STOPPED),
    (EventKind.REFUSED,),
    (),
)
_KINDS = (MessageKind.TEMPLATE, MessageKind.TEMPLATE, MessageKind.PURPOSE, MessageKind.FREE_FORM)
_COUNTRIES = ("GB", "IN", "DE", "BR", "US")
_NUMBERING = WorldNumbering()
_SENDER = Sender(
    business_id=BUSINESS,
    phone_number_id=SENDER_ID,
    waba_id=WABA_ID,
    digits="15550100001",
    name="Bench",
)


def bench_decide(rounds: int, seconds: float, progress: Progress) -> dict[str, Any]:
    """Decide on varied facts, again and again."""
    progress.step("deciding")
    now, policy = SystemClock().now(), Policy(law=built_in_law())
    cases = _cases(now)
    allowed = sum(decide(facts, policy, question, now).allowed for facts, question in cases)
    costs = []
    for number in range(rounds):
        progress.step(f"round {number + 1}")
        costs.append(_round(cases, policy, now, seconds))
    return {
        "us_per_decision": round(median(costs), 2),
        "decisions_per_second": round(1_000_000 / median(costs)),
        "spread": [round(min(costs), 2), round(max(costs), 2)],
        "cases": len(cases),
        "allowed": allowed,
        "verified": 0 < allowed < len(cases),
    }


def _round(cases: list[Case], policy: Policy, now: Instant, seconds: float) -> float:
    """Return microseconds of processor time a decision."""
    decided, began = 0, time.process_time()
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        for facts, question in cases:
            decide(facts, policy, question, now)
        decided += len(cases)
    return (time.process_time() - began) * 1_000_000 / decided


def _cases(now: Instant) -> list[Case]:
    combined = product(range(len(_HISTORIES)), _KINDS, _COUNTRIES)
    return [
        (_facts(number, history, now), _question(number, kind, country))
        for number, (history, kind, country) in enumerate(combined)
    ]


def _facts(number: int, history: int, now: Instant) -> DecisionContext:
    return DecisionContext(
        position=Position(1_000 + number),
        contacts=(ContactId(f"con_{number:026d}"),),
        standing=_standing(number, _HISTORIES[history], now),
        sender=_SENDER,
        template=Template(
            business_id=BUSINESS,
            waba_id=WABA_ID,
            name=TEMPLATE,
            language=LANGUAGE,
            category=(Category.MARKETING, Category.UTILITY)[number % 2],
            state=TemplateState.IN_SERVICE,
            seen_at=now,
        ),
        window_opened_at=Instant(now - (2 + number % 40) * HOUR),
    )


def _standing(number: int, kinds: tuple[EventKind, ...], now: Instant) -> Standing:
    events = []
    for place, kind in enumerate(kinds):
        at = Instant(now - (10 - place) * DAY)
        event = Event(
            event_id=EventId(f"evt_{number:026d}"),
            business_id=BUSINESS,
            contact_id=ContactId(f"con_{number:026d}"),
            position=Position(number + place + 1),
            kind=kind,
            occurred_at=at,
            recorded_at=at,
            source=Source.API,
            surface=Surface.SIGNUP,
            number_proof=NumberProof.VOUCHED,
            purposes=(MARKETING.name, UTILITY.name),
            assurance=(Assurance.SHOWN, Assurance.CONFIRMED)[number % 2],
        )
        events.append(event)
    return fold(events)


def _question(number: int, kind: MessageKind, country: str) -> SendRequest:
    return SendRequest(
        business_id=BUSINESS,
        sender=SENDER_ID,
        recipients=aliases_of(number)[:1],
        kind=kind,
        template=TEMPLATE if kind is MessageKind.TEMPLATE else "",
        language=LANGUAGE if kind is MessageKind.TEMPLATE else "",
        purpose=MARKETING if kind is MessageKind.PURPOSE else None,
        country=country,
        place=_NUMBERING.place("", country),
    )
