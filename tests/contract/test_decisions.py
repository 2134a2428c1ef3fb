"""The contract of `ports.gate.DecisionLog`."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from askfirst.bootstrap.database.store import Store
from askfirst.decision.decide import decide
from askfirst.decision.decision import Verdict
from askfirst.decision.policy import Policy
from askfirst.decision.reason import Reason
from askfirst.decision.reservation import CODE_ONCE, STOP_CONFIRMATION_ONCE
from askfirst.domain.consent.event import Assurance
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.value import replace
from askfirst.domain.values.ids import DecisionId, Position
from askfirst.domain.values.purpose import Category
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.sending.gate import DecisionRecord
from tests.support.builders import (
    ANA,
    ANA_BSUID,
    BUSINESS,
    RIVAL,
    SENDER,
    acquaintance,
    change,
    decision,
    decision_record,
    free_form,
    from_template,
    grant,
    opening,
    outcome,
    question,
    reservation,
    sender,
    stop,
    stop_confirmation,
    template,
)
from tests.support.clocks import NOON, at
from tests.support.reading import contact_of
from tests.support.stores import Home


async def is_written(store: Store, record: DecisionRecord) -> bool:
    return await store.decisions.record(record) is None


async def stopped(store: Store, moment: float = 10) -> Position:
    """Ana wrote, then stopped everything; gives the position of the stop."""
    await store.directory.put_sender(sender(), None, NOON)
    await store.ledger.commit(change(opening(at=at(moment - 1))))
    said = stop(at=at(moment), sender=SENDER, stop_languages=())
    committed = await store.ledger.commit(change(said))
    return committed.events[-1].position


async def confirmation(store: Store, number: int, stop_position: int) -> DecisionRecord:
    once = reservation(kind=STOP_CONFIRMATION_ONCE, key=str(stop_position))
    used = decision(reasons=(Reason.STOP_CONFIRMATION,), rule=8, reservations=(once,))
    return decision_record(number, await contact_of(store), decision=used)


async def test_a_decision_is_read_back_without_recipients_and_body(store: Store) -> None:
    asked = from_template(ANA, country="DE")
    kept = decision_record(
        question=asked,
        decision=decision(Verdict.DENY, retry_at=at(60), reasons=(Reason.NO_OPT_IN,)),
    )
    assert await is_written(store, kept)
    (found,) = await store.decisions.decisions(BUSINESS, "", 9)
    assert found == replace(kept, body=b"", question=replace(asked, recipients=()))


async def test_a_decision_is_durable_when_record_returns(home: Home) -> None:
    store = await home.open()
    await store.decisions.record(decision_record())
    await store.close()
    store = await home.open()
    assert len(await store.decisions.decisions(BUSINESS, "", 9)) == 1
    await store.close()


@pytest.mark.parametrize("size", range(1, 7))
async def test_decisions_are_paged_in_the_order_of_their_ids(store: Store, size: int) -> None:
    for number in (3, 1, 5, 2, 4):
        await store.decisions.record(decision_record(number))
    seen: list[str] = [""]
    for _ in range(6):
        page = await store.decisions.decisions(BUSINESS, seen[-1], size)
        seen += [record.decision_id for record in page]
    assert seen == ["", *(decision_record(number).decision_id for number in range(1, 6))]


async def test_decisions_of_another_business_are_not_shown(store: Store) -> None:
    await store.decisions.record(decision_record(question=question(business_id=RIVAL)))
    assert await store.decisions.decisions(BUSINESS, "", 9) == ()
    assert len(await store.decisions.decisions(RIVAL, "", 9)) == 1


async def test_an_outcome_is_written_once(home: Home) -> None:
    store = await home.open()
    await store.decisions.record(decision_record())
    await store.decisions.conclude(outcome(message_id="wamid.1"))
    await store.decisions.conclude(outcome(status=500))
    await store.close()
    rows = await home.raw("SELECT left_at, status, message FROM outcome")
    ((left_at, status, message),) = rows
    assert (left_at, status) == (NOON, 200)
    assert b"wamid" not in bytes(message)


async def test_a_stop_is_confirmed_once(store: Store) -> None:
    position = await stopped(store)
    assert await is_written(store, await confirmation(store, 1, position))
    assert not await is_written(store, await confirmation(store, 2, position))
    kept = await store.decisions.decisions(BUSINESS, "", 9)
    assert [record.decision_id for record in kept] == [decision_record(1).decision_id]


async def test_of_confirmations_at_once_one_is_written(store: Store) -> None:
    position = await stopped(store)
    records = [await confirmation(store, number, position) for number in range(1, 31)]
    used = await asyncio.gather(*(is_written(store, record) for record in records))
    assert sum(used) == 1
    assert len(await store.decisions.decisions(BUSINESS, "", 99)) == 1


async def test_only_the_stop_that_waits_is_confirmed(store: Store) -> None:
    first = await stopped(store)
    again = await stopped(store, moment=20)
    assert not await is_written(store, await confirmation(store, 1, again))
    assert await is_written(store, await confirmation(store, 2, first))
    await store.ledger.commit(change(grant(at=at(25))))
    third = await stopped(store, moment=30)
    assert not await is_written(store, await confirmation(store, 3, first))
    assert await is_written(store, await confirmation(store, 4, third))


async def test_the_facts_tell_which_stop_was_confirmed(store: Store) -> None:
    position = await stopped(store)
    assert (await store.gate.look(free_form())).confirmed_stop == 0
    await store.decisions.record(await confirmation(store, 1, position))
    facts = await store.gate.look(free_form())
    assert (facts.stop_to_confirm, facts.confirmed_stop) == (position, position)
    assert facts.stop_said_at == at(10)
    refused = decide(facts, Policy(), stop_confirmation(), at(20))
    assert refused.reason is Reason.NO_STOP_TO_CONFIRM


async def test_a_stop_that_was_confirmed_is_not_confirmed_again_after_a_merge(
    store: Store,
) -> None:
    await store.ledger.commit(change(grant(ANA_BSUID)))
    position = await stopped(store)
    before = await store.gate.look(free_form())
    allowed = decide(before, Policy(), stop_confirmation(), at(20))
    assert allowed.reason is Reason.STOP_CONFIRMATION
    assert [one.key for one in allowed.reservations] == [str(position)]
    await store.decisions.record(await confirmation(store, 1, position))
    await store.ledger.commit(change(acquaintance(ANA, ANA_BSUID, at=at(15))))
    assert await contact_of(store, ANA) == await contact_of(store, ANA_BSUID)
    after = await store.gate.look(free_form())
    refused = decide(after, Policy(), stop_confirmation(), at(20))
    assert refused.reason is Reason.NO_STOP_TO_CONFIRM
    assert not await is_written(store, await confirmation(store, 2, position))


async def wish_for_code(store: Store, moment: float = 10, **parts: Any) -> Position:
    """Ana chose WhatsApp for a code, says the product; gives the position of the wish."""
    await store.directory.put_sender(sender(), None, NOON)
    await store.directory.put_templates((template("login", category=Category.AUTHENTICATION),))
    wish = grant(
        at=at(moment),
        purposes=("authentication",),
        assurance=Assurance.ASSERTED,
        surface=Surface.CODE,
        **parts,
    )
    committed = await store.ledger.commit(change(wish))
    return committed.events[-1].position


async def code_sent(store: Store, number: int, wish: int) -> DecisionRecord:
    once = reservation(kind=CODE_ONCE, key=str(wish))
    used = decision(reasons=(Reason.CODE_ASKED_FOR,), rule=8, reservations=(once,))
    return decision_record(number, await contact_of(store), decision=used)


async def test_a_wish_for_a_code_is_answered_with_one_code(store: Store) -> None:
    wish = await wish_for_code(store)
    asked = from_template(name="login")
    before = await store.gate.look(asked)
    assert before.answered_code == 0
    (once,) = decide(before, Policy(), asked, at(20)).reservations
    assert (once.kind, once.key) == (CODE_ONCE, str(wish))
    assert await is_written(store, await code_sent(store, 1, wish))
    assert not await is_written(store, await code_sent(store, 2, wish))
    after = await store.gate.look(asked)
    assert after.answered_code == wish
    assert decide(after, Policy(), asked, at(20)).reason is Reason.ASSURANCE_TOO_LOW
    kept = await store.decisions.decisions(BUSINESS, "", 9)
    assert [record.decision_id for record in kept] == [decision_record(1).decision_id]


async def test_of_codes_for_one_wish_at_once_one_is_written(store: Store) -> None:
    wish = await wish_for_code(store)
    records = [await code_sent(store, number, wish) for number in range(1, 31)]
    used = await asyncio.gather(*(is_written(store, record) for record in records))
    assert sum(used) == 1
    assert len(await store.decisions.decisions(BUSINESS, "", 99)) == 1


async def test_a_newer_wish_is_answered_anew_but_not_an_older_one(store: Store) -> None:
    first = await wish_for_code(store)
    second = await wish_for_code(store, moment=20)
    assert await is_written(store, await code_sent(store, 1, second))
    assert not await is_written(store, await code_sent(store, 2, first))
    third = await wish_for_code(store, moment=30)
    assert await is_written(store, await code_sent(store, 3, third))


async def test_a_code_uses_no_confirmation_of_a_stop_up(store: Store) -> None:
    stop_position = await stopped(store)
    wish = await wish_for_code(store, moment=11)
    assert await is_written(store, await code_sent(store, 1, wish))
    assert await is_written(store, await confirmation(store, 2, stop_position))


async def test_a_wish_that_was_answered_is_not_answered_again_after_a_merge(store: Store) -> None:
    await store.ledger.commit(change(grant(ANA_BSUID, purposes=("authentication",))))
    wish = await wish_for_code(store)
    await store.decisions.record(await code_sent(store, 1, wish))
    await store.ledger.commit(change(acquaintance(ANA, ANA_BSUID, at=at(15))))
    assert await contact_of(store, ANA) == await contact_of(store, ANA_BSUID)
    assert (await store.gate.look(from_template(name="login"))).answered_code == wish
    assert not await is_written(store, await code_sent(store, 2, wish))


async def test_many_decisions_at_once_are_all_written(store: Store) -> None:
    records = [decision_record(number) for number in range(1, 301)]
    assert all(await asyncio.gather(*(is_written(store, record) for record in records)))
    assert len(await store.decisions.decisions(BUSINESS, "", 999)) == 300


async def test_a_decision_that_cannot_be_written_does_not_take_others_with_it(
    store: Store,
) -> None:
    await store.decisions.record(decision_record(5))
    records = [decision_record(number) for number in range(1, 10)]
    results = await asyncio.gather(
        *(is_written(store, record) for record in records), return_exceptions=True
    )
    assert [result is True for result in results] == [number != 5 for number in range(1, 10)]
    assert len(await store.decisions.decisions(BUSINESS, "", 99)) == 9


async def test_a_broken_batch_uses_no_exception_up(store: Store) -> None:
    position = await stopped(store)
    await store.decisions.record(decision_record(5))
    clash = replace(
        await confirmation(store, 1, position), decision_id=DecisionId("dec_" + "0" * 25 + "5")
    )
    with pytest.raises(Exception):  # noqa: B017, PT011 - each driver has its own
        await store.decisions.record(clash)
    assert await is_written(store, await confirmation(store, 6, position))


async def test_sweeping_shuts_bodies_for_good_and_keeps_the_rows(home: Home) -> None:
    store = await home.open()
    await store.decisions.record(decision_record(1, decided_at=NOON))
    await store.decisions.record(decision_record(2, decided_at=Instant(at(60))))
    await store.ledger.commit(change(grant()))
    await store.sweep(BUSINESS, at(30))
    assert len(await store.decisions.decisions(BUSINESS, "", 9)) == 2
    await store.close()
    rows = await home.raw("SELECT sealed IS NULL FROM decision ORDER BY decision_id")
    assert [bool(row[0]) for row in rows] == [True, False]
