"""What a commit tells of the standing it left is what a fresh look at the gate finds."""

from __future__ import annotations

import asyncio
import random

import pytest

from askfirst.bootstrap.database.store import Store
from askfirst.decision.facts import DecisionContext
from askfirst.decision.policy import Policy
from askfirst.decision.telling.effect import effect_of
from askfirst.decision.telling.remedy import Effect
from askfirst.domain.consent.event import Assurance, EventKind, NumberProof, Source
from askfirst.domain.consent.standing import Standing
from askfirst.domain.value import replace
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.errors import AskfirstError
from askfirst.domain.values.ids import PhoneNumberId, Position
from askfirst.domain.values.purpose import Purpose
from askfirst.ports.consent.change import (
    Command,
    ContactErased,
    WriteBatch,
)
from tests.support.builders import (
    ANA,
    ANA_BSUID,
    BEN,
    BUENOS_AIRES,
    BUSINESS,
    acquaintance,
    change,
    grant,
    key_for,
    opening,
    question,
    spelt_by_meta,
    statement,
    stop,
)
from tests.support.clocks import at

STEPS = 40
NEIGHBOUR = spelt_by_meta("541123456789")
PEOPLE = (ANA, ANA_BSUID, BEN, BUENOS_AIRES, NEIGHBOUR)
KINDS = (
    *(EventKind.GRANTED,) * 6,
    EventKind.REFUSED,
    EventKind.WITHDRAWN,
    EventKind.CONFIRMED,
    EventKind.NATIVE_STOPPED,
    EventKind.NATIVE_RESUMED,
    EventKind.INFORMED,
    EventKind.DOUBTED,
)
SCOPES = (("marketing",), ("marketing.offers",), ("marketing", "utility"), ("authentication",))
NAMES = ("marketing", "marketing.offers", "utility", "authentication")


def asking(act: Command, alias: Alias, second: int) -> WriteBatch:
    return replace(change(act, at=at(second)), standing_of=alias)


async def looked(store: Store, alias: Alias) -> DecisionContext:
    return await store.gate.look(question(alias, sender=PhoneNumberId("")))


def effects(facts: DecisionContext, alias: Alias, second: int) -> list[Effect]:
    asked = [question(alias, sender=PhoneNumberId(""), purpose=Purpose(name)) for name in NAMES]
    return [effect_of(facts, Policy(), one, at(second)) for one in asked]


def some_act(draw: random.Random, second: int) -> tuple[Command, Alias]:
    alias = draw.choice(PEOPLE)
    said = at(max(0, second - draw.choice((0, 0, 1, 7))))
    if draw.random() < 0.1:
        return opening(alias, at=said), alias
    if draw.random() < 0.1:
        return acquaintance(ANA, ANA_BSUID, at=said), alias
    kind = draw.choice(KINDS)
    parts = {
        "purposes": draw.choice(SCOPES),
        "number_proof": draw.choice(tuple(NumberProof)),
        "assurance": draw.choice(tuple(Assurance)),
        "source": draw.choice((Source.API, Source.FORM, Source.WEBHOOK)),
    }
    return statement(kind, alias, at=said, **parts), alias


def assert_same(told: Standing, facts: DecisionContext, alias: Alias, second: int) -> None:
    assert told == facts.standing
    of_commit = DecisionContext(position=Position(1), standing=told)
    assert effects(of_commit, alias, second) == effects(facts, alias, second)


@pytest.mark.parametrize("seed", range(12))
async def test_whatever_was_said_before_it_is_what_a_fresh_look_finds(
    store: Store, seed: int
) -> None:
    draw, told = random.Random(seed), 0
    for second in range(1, STEPS):
        act, alias = some_act(draw, second)
        if alias not in act.aliases:  # type: ignore[union-attr]
            alias = act.aliases[0]  # type: ignore[union-attr]
        try:
            committed = await store.ledger.commit(asking(act, alias, second))
        except AskfirstError:
            continue
        if committed.standing is not None:
            told += 1
            assert_same(committed.standing, await looked(store, alias), alias, second)
    assert told > STEPS // 4


async def test_a_stop_in_the_same_transaction_is_in_what_the_yes_is_told(store: Store) -> None:
    yes, no = asking(grant(ANA), ANA, 1), change(stop(ANA, at=at(2)), at=at(2))
    told, _ = await asyncio.gather(store.ledger.commit(yes), store.ledger.commit(no))
    assert told.standing is None or told.standing == (await looked(store, ANA)).standing


async def test_the_no_of_a_neighbouring_number_is_in_it(store: Store) -> None:
    await store.ledger.commit(change(stop(NEIGHBOUR, at=at(9)), at=at(9)))
    typed = grant(BUENOS_AIRES, at=at(10), number_proof=NumberProof.TYPED)
    committed = await store.ledger.commit(asking(typed, BUENOS_AIRES, 10))
    assert committed.standing is not None
    assert_same(committed.standing, await looked(store, BUENOS_AIRES), BUENOS_AIRES, 10)
    assert not effects(await looked(store, BUENOS_AIRES), BUENOS_AIRES, 10)[0].is_effective


async def test_nothing_is_told_of_a_write_that_waits_for_sends(store: Store) -> None:
    assert (await store.ledger.commit(asking(stop(ANA, at=at(1)), ANA, 1))).standing is None


async def test_nothing_is_told_beside_an_erasure(store: Store) -> None:
    committed = await store.ledger.commit(change(grant(ANA)))
    act = ContactErased(
        aliases=(ANA,),
        contact_id=committed.events[0].contact_id,
        at=at(3),
        source=Source.API,
        evidence=b"{}",
    )
    yes, erasure = asking(grant(ANA, at=at(2)), ANA, 2), change(act, at=at(3))
    told, _ = await asyncio.gather(store.ledger.commit(yes), store.ledger.commit(erasure))
    assert told.standing is None


async def test_an_answer_that_is_sent_again_is_told_what_is_in_force_now(store: Store) -> None:
    first = replace(asking(grant(ANA, at=at(1)), ANA, 1), idempotency=key_for())
    await store.ledger.commit(first)
    await store.ledger.commit(change(stop(ANA, at=at(2)), at=at(2)))
    again = await store.ledger.commit(first)
    assert again.replayed
    assert again.standing is not None
    assert again.standing == (await looked(store, ANA)).standing
    assert first.business_id == BUSINESS
