"""Pairs of facts and requests, drawn by a seed: where laws are tried by the million.

Standings are folded from drawn histories beforehand, and policies made; a pair then picks from
both and draws the rest. So a pair costs microseconds, and a seed always gives the same pairs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from askfirst.decision.facts import DecisionContext
from askfirst.decision.policy import NoticeTerms, Policy, Terms
from askfirst.decision.question import MessageKind, SendRequest
from askfirst.decision.template_checks import CheckAction, TemplateChecks
from askfirst.decision.traffic import (
    NO_TRAFFIC,
    PaceState,
    People,
    SentMessage,
    Traffic,
)
from askfirst.domain.brakes.brake import Brake, Cause, Colour, Hold
from askfirst.domain.brakes.subject import BrakeScope, Subject
from askfirst.domain.consent.choice import PauseUntil
from askfirst.domain.consent.event import Assurance, Event, EventKind, NumberProof
from askfirst.domain.consent.standing import Standing
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.sending.reachability import NO_OBSTACLES, Obstacles
from askfirst.domain.tenants.sender import Reading, SenderState, TemplateState
from askfirst.domain.transparency.ledger_check import LedgerState
from askfirst.domain.values.alias import phone_alias
from askfirst.domain.values.ids import BrakeId, ContactId, HeldId, Position
from askfirst.domain.values.purpose import Category, Purpose
from askfirst.domain.values.timestamp import DAY, HOUR, MINUTE, SECOND, Instant
from tests.properties.histories import NAMES, ORDER, RECORDED, arrange, event, stored
from tests.support.builders import ANA, ANA_BSUID, BUSINESS, SENDER, sender, template

_STANDINGS, _POLICIES = 600, 40
_MOMENTS = (0, 1, 5, MINUTE, 11 * MINUTE, DAY - 1, DAY, 61 * DAY, 366 * DAY)
_LAX = TemplateChecks(became_marketing=CheckAction.WARN)
_STRICT = TemplateChecks(
    without_stop=CheckAction.REFUSE,
    utility_like_ad=CheckAction.REFUSE,
    reply_like_ad=CheckAction.REFUSE,
)
_READINGS = (
    None,
    Reading(has_stop=True, is_advertising=False),
    Reading(has_stop=False, is_advertising=True),
)
_ONE_PERSON = (ContactId("con_1"),)
_CONTACTS = ((), _ONE_PERSON, _ONE_PERSON, _ONE_PERSON, (*_ONE_PERSON, ContactId("con_2")))
_OWN = phone_alias("15550100001")
_RECIPIENTS = (
    (ANA,),
    (ANA,),
    (ANA,),
    (ANA_BSUID,),
    (ANA, ANA_BSUID),
    (),
    (_OWN,),
)
_PURPOSES = (*NAMES, ORDER, "marketing", "marketing", "utility")
_KINDS = (EventKind.GRANTED, EventKind.GRANTED, EventKind.GRANTED, *EventKind)
_WITHOUT_CONTENT = frozenset({EventKind.ERASED, EventKind.SUSPENDED, EventKind.ACCEPTED})
_UNFOLDED = frozenset({EventKind.LINKED})
_Any = TypeVar("_Any")


@dataclass(frozen=True, slots=True)
class Pair:
    """What is known, what is asked, by which policy and when."""

    facts: DecisionContext
    request: SendRequest
    policy: Policy
    now: Instant


def pairs(seed: int, count: int) -> Iterator[Pair]:
    """Draw pairs."""
    dice = Random(seed)
    standings = [_standing(dice) for _ in range(_STANDINGS)]
    policies = [Policy(), *(_policy(dice) for _ in range(_POLICIES))]
    for _ in range(count):
        now = Instant(1000 + dice.choice(_MOMENTS))
        yield Pair(
            _facts(dice, dice.choice(standings), now), _request(dice), dice.choice(policies), now
        )


def _standing(dice: Random) -> Standing:
    return stored(arrange(_event(dice) for _ in range(dice.randint(0, 5))))


def _event(dice: Random) -> Event:
    kind = dice.choice([kind for kind in _KINDS if kind not in _UNFOLDED])
    names = () if kind in _WITHOUT_CONTENT else (dice.choice(_PURPOSES),)
    if kind is EventKind.WITHDRAWN and dice.random() < 0.3:
        names = ()
    return event(
        kind,
        dice.randint(0, 9),
        purposes=names,
        assurance=dice.choice(list(Assurance)),
        number_proof=dice.choice(list(NumberProof)),
        surface=dice.choice([Surface.SIGNUP, Surface.CODE]),
        choice=PauseUntil(Instant(RECORDED + dice.choice([HOUR, 30 * DAY])))
        if kind is EventKind.PAUSED
        else None,
    )


def _policy(dice: Random) -> Policy:
    consented = (Category.AUTHENTICATION, Category.UTILITY, Category.MARKETING)
    return Policy(
        purposes={category: _terms(dice) for category in consented},
        topics=frozenset({"marketing.offers", "marketing.news"}),
        topic_days=dice.choice([{}, {"marketing.offers": 1}, {ORDER: 60}]),
        countries=dice.choice([{}, {"DE": {Category.MARKETING: _terms(dice)}}]),
        templates=dice.choice([{}, {"offer": Purpose("marketing.offers")}]),
        native_stop_covers_business=dice.random() < 0.5,
        notices=dice.choice([NoticeTerms(), NoticeTerms(enough_for=frozenset({"utility"}))]),
        template_checks=dice.choice([TemplateChecks(), _LAX, _STRICT]),
    )


def _terms(dice: Random) -> Terms:
    return Terms(
        assurance_min=dice.choice(list(Assurance)),
        number_proof_min=dice.choice(list(NumberProof)),
        age_days_max=dice.choice([0, 1, 365]),
    )


def _facts(dice: Random, standing: Standing, now: Instant) -> DecisionContext:
    contacts = dice.choice(_CONTACTS)
    return DecisionContext(
        position=Position(dice.randint(5, 99)),
        contacts=contacts,
        strangers=int(dice.random() < 0.1),
        standing=standing,
        sender=None if dice.random() < 0.05 else sender(state=_mostly(dice, list(SenderState))),
        template=None
        if dice.random() < 0.3
        else template(
            category=dice.choice(list(Category)),
            state=_mostly(dice, list(TemplateState)),
            previous_category=_mostly(dice, [None, *Category]),
            category_changed_at=Instant(7),
            accepted_change=dice.choice([None, Instant(6), Instant(7)]),
            reading=dice.choice(_READINGS),
        ),
        window_opened_at=None
        if dice.random() < 0.4
        else Instant(max(0, now - dice.choice([0, HOUR, DAY - 1, DAY]))),
        stop_to_confirm=Position(dice.randint(0, 5)),
        stop_said_at=Instant(max(0, now - dice.choice([0, MINUTE, HOUR]))),
        confirmed_stop=Position(dice.randint(0, 5)),
        answered_code=Position(dice.randint(0, 5)),
        obstacles=_obstacles(dice, now),
        time_zones=dice.choice([(), (), ("Europe/London",)]),
        traffic=_traffic(dice, now),
        ledger=_mostly(dice, list(LedgerState)),
        brakes=_brakes(dice, now),
    )


def _brakes(dice: Random, now: Instant) -> tuple[Brake, ...]:
    """Draw what is held: nothing, mostly."""
    if dice.random() < 0.8:
        return ()
    return tuple(_brake(dice, now) for _ in range(dice.randint(1, 2)))


def _brake(dice: Random, now: Instant) -> Brake:
    subjects = (
        Subject(BrakeScope.BUSINESS),
        Subject(BrakeScope.SENDER, SENDER),
        Subject(BrakeScope.TEMPLATE, "offer"),
        Subject(BrakeScope.METHOD, "signup.shown"),
    )
    holds = dice.choice(list(Hold))
    hard = [Colour.RED, Colour.RESTRICTED]
    return Brake(
        business_id=BUSINESS,
        brake_id=BrakeId("brk_1"),
        subject=dice.choice(subjects),
        holds=holds,
        colour=dice.choice([*hard, Colour.YELLOW] if holds is Hold.MARKETING else hard),
        cause=dice.choice(list(Cause)),
        since=Instant(max(0, now - HOUR)),
        lifts_at=dice.choice([None, now, Instant(now + HOUR)]),
    )


def _obstacles(dice: Random, now: Instant) -> Obstacles:
    """Draw what Meta answered before: nothing, mostly."""
    if dice.random() < 0.8:
        return NO_OBSTACLES
    day = now // DAY
    return Obstacles(
        failed_days=dice.choice([(), (day,), (day, day - 1, day - 2)]),
        deferred_until=dice.choice([None, Instant(now + HOUR), Instant(now)]),
        held_out_until=dice.choice([None, Instant(now + DAY), Instant(now)]),
    )


def _traffic(dice: Random, now: Instant) -> Traffic:
    """Draw what was sent before: nothing, mostly."""
    if dice.random() < 0.7:
        return NO_TRAFFIC
    ago = (0, MINUTE, 2 * HOUR, DAY - 1, DAY, 8 * DAY)
    sent = tuple(
        SentMessage(
            Instant(max(0, now - dice.choice(ago))),
            dice.choice(_PURPOSES),
            is_outside=dice.random() < 0.5,
            is_same=dice.random() < 0.2,
        )
        for _ in range(dice.randint(0, 3))
    )
    owed = Instant(now + dice.choice([0, SECOND, HOUR]))
    return Traffic(
        sent=sent[:2],
        nearby=sent[2:],
        pair=PaceState(now, owed) if dice.random() < 0.2 else PaceState(),
        sender=PaceState(now, owed) if dice.random() < 0.2 else PaceState(),
        people=People(dice.choice([None, 1, 250]), ((now // HOUR, 1),)),
    )


def _request(dice: Random) -> SendRequest:
    kind = dice.choice(list(MessageKind))
    names_purpose = kind in (MessageKind.PURPOSE, MessageKind.DIRECT)
    return SendRequest(
        business_id=BUSINESS,
        sender=SENDER,
        recipients=dice.choice(_RECIPIENTS),
        kind=kind,
        purpose=Purpose(dice.choice(_PURPOSES)) if names_purpose else None,
        template="offer" if kind is MessageKind.TEMPLATE else "",
        language="en" if kind is MessageKind.TEMPLATE else "",
        country=dice.choice(["GB", "GB", "DE", "US", "IR", ""]),
        is_altered=dice.random() < 0.03,
        doubt=dice.randint(0, 5) if kind is MessageKind.STOP_QUESTION else 0,
        content=dice.choice(["", "a hash"]),
        campaign=dice.choice(["", "spring_sale"]),
        reads_like_ad=dice.random() < 0.1,
        held=dice.choice(["", "", "", HeldId("hld_1")]),
    )


def _mostly(dice: Random, states: list[_Any]) -> _Any:
    """The first of them in nine of ten draws."""
    return states[0] if dice.random() < 0.9 else dice.choice(states)
