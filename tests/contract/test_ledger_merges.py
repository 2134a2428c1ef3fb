"""Two contacts that are one person: one contact, every name, the most restrictive answer."""

from __future__ import annotations

import itertools

import pytest

from askfirst.bootstrap.database.store import Store
from askfirst.domain.consent.event import EventKind
from askfirst.domain.consent.standing import Answer
from askfirst.domain.values.alias import Alias, AliasKind
from askfirst.domain.values.ids import ContactId, Position
from askfirst.ports.consent.change import Statement, WriteBatch, WriteEntry
from tests.support.builders import (
    ANA,
    ANA_BSUID,
    BEN,
    BUSINESS,
    RIVAL,
    SENDER,
    acquaintance,
    change,
    free_form,
    grant,
    opening,
    refuse,
    statement,
    stop,
    unreachable,
)
from tests.support.clocks import at
from tests.support.reading import all_events, answer_of, assert_sound, contact_of
from tests.support.stores import Home

ANA_PARENT = Alias(AliasKind.PARENT_BSUID, "GB.ENT.77")


async def two(store: Store, phone: Statement, bsuid: Statement) -> None:
    """One act under the number, one under the BSUID: two contacts, so far."""
    await store.ledger.commit(change(phone, at=at(100)))
    await store.ledger.commit(change(bsuid, at=at(100)))


async def meet(store: Store, *names: Alias, moment: float = 200) -> None:
    await store.ledger.commit(change(acquaintance(*(names or (ANA, ANA_BSUID)), at=at(moment))))


async def test_an_act_under_two_names_makes_one_contact(store: Store) -> None:
    committed = await store.ledger.commit(change(grant(ANA, ANA_BSUID)))
    assert [event.kind for event in committed.events] == [EventKind.GRANTED]
    assert await contact_of(store, ANA) == await contact_of(store, ANA_BSUID)


async def test_a_new_name_is_learnt_without_an_event(store: Store) -> None:
    await store.ledger.commit(change(grant(ANA)))
    await meet(store)
    assert await contact_of(store, ANA_BSUID) == await contact_of(store, ANA)
    assert await store.ledger.head(BUSINESS) == 1


async def test_after_a_merge_every_name_leads_to_the_survivor(store: Store) -> None:
    await two(store, grant(ANA), grant(ANA_BSUID))
    older = await contact_of(store, ANA)
    await meet(store)
    assert await contact_of(store, ANA) == older
    assert await contact_of(store, ANA_BSUID) == older


async def test_after_a_merge_the_absorbed_contacts_id_leads_to_the_survivor(store: Store) -> None:
    await two(store, grant(ANA), grant(ANA_BSUID))
    survivor, absorbed = await contact_of(store, ANA), await contact_of(store, ANA_BSUID)
    assert await store.ledger.find(BUSINESS, absorbed) == absorbed
    await meet(store)
    assert await store.ledger.find(BUSINESS, absorbed) == survivor
    assert await store.ledger.find(BUSINESS, survivor) == survivor
    assert await store.ledger.find(BUSINESS, ContactId("con_01KGA2V8M0H2J4K6M8N0P2Q4R6")) is None
    assert await store.ledger.find(RIVAL, survivor) is None


async def test_a_merge_is_one_event_that_names_the_absorbed_contact(store: Store) -> None:
    await two(store, grant(ANA), grant(ANA_BSUID))
    survivor, absorbed = await contact_of(store, ANA), await contact_of(store, ANA_BSUID)
    await meet(store)
    link = (await all_events(store))[-1]
    assert (link.kind, link.contact_id, link.absorbed) == (EventKind.LINKED, survivor, absorbed)
    await meet(store, moment=300)
    assert await store.ledger.head(BUSINESS) == 3


async def test_the_history_of_the_survivor_includes_the_absorbed_contacts_events(
    store: Store,
) -> None:
    await two(store, grant(ANA), stop(ANA_BSUID))
    await store.ledger.commit(change(grant(BEN), at=at(100)))
    await meet(store)
    contact = await contact_of(store, ANA)
    history = await store.ledger.history(BUSINESS, contact, Position(0), 100)
    assert [event.position for event in history] == [1, 2, 4]
    second = await store.ledger.history(BUSINESS, contact, Position(1), 1)
    assert [event.position for event in second] == [2]


ANSWERS = {
    Answer.GRANTED: grant,
    Answer.REFUSED: refuse,
    Answer.WITHDRAWN: stop,
}


@pytest.mark.parametrize("moments", [(10, 20), (20, 10), (10, 10)])
@pytest.mark.parametrize(("one", "other"), list(itertools.product(ANSWERS, repeat=2)))
async def test_a_merge_takes_the_most_restrictive_answer(
    store: Store, one: Answer, other: Answer, moments: tuple[int, int]
) -> None:
    first, second = moments
    await two(store, ANSWERS[one](ANA, at=at(first)), ANSWERS[other](ANA_BSUID, at=at(second)))
    await meet(store)
    both_granted = one is other is Answer.GRANTED
    assert (await answer_of(store) is Answer.GRANTED) == both_granted
    await assert_sound(store)


async def test_a_merge_that_is_heard_of_late_is_just_as_restrictive(store: Store) -> None:
    await two(store, refuse(ANA, at=at(10)), grant(ANA_BSUID, at=at(20)))
    late = acquaintance(ANA, ANA_BSUID, at=at(5))
    await store.ledger.commit(change(late, at=at(200)))
    assert await answer_of(store) is Answer.REFUSED
    await assert_sound(store)


async def test_an_older_yes_that_comes_after_a_merge_does_not_lift_the_no(store: Store) -> None:
    await two(store, grant(ANA, at=at(10)), stop(ANA_BSUID, at=at(5)))
    await meet(store)
    await store.ledger.commit(change(grant(ANA, at=at(150)), at=at(300)))
    assert await answer_of(store) is Answer.WITHDRAWN
    await assert_sound(store)


async def test_a_newer_yes_after_a_merge_counts(store: Store) -> None:
    await two(store, grant(ANA, at=at(10)), stop(ANA_BSUID, at=at(5)))
    await meet(store)
    await store.ledger.commit(change(grant(ANA_BSUID, at=at(250))))
    assert await answer_of(store) is Answer.GRANTED
    await assert_sound(store)


async def test_a_no_from_before_the_merge_that_arrives_after_it_counts(store: Store) -> None:
    await two(store, grant(ANA, at=at(10)), grant(ANA_BSUID, at=at(20)))
    await meet(store)
    await store.ledger.commit(change(stop(ANA_BSUID, at=at(30)), at=at(300)))
    assert await answer_of(store) is Answer.WITHDRAWN
    await assert_sound(store)


async def test_an_older_no_of_one_side_that_arrives_after_the_merge_stops_the_others_yes(
    store: Store,
) -> None:
    await two(store, grant(ANA, at=at(50)), grant(ANA_BSUID, at=at(60)))
    await meet(store)
    assert await answer_of(store) is Answer.GRANTED
    await store.ledger.commit(change(stop(ANA, at=at(40)), at=at(300)))
    assert await answer_of(store) is Answer.WITHDRAWN
    await assert_sound(store)


async def test_chains_of_merges_keep_every_name_and_every_no(store: Store) -> None:
    await two(store, grant(ANA, at=at(10)), grant(ANA_BSUID, at=at(11)))
    await store.ledger.commit(change(stop(ANA_PARENT, at=at(9)), at=at(100)))
    await meet(store, ANA_PARENT, ANA_BSUID)
    assert await answer_of(store, ANA) is Answer.GRANTED
    await meet(store, ANA_BSUID, ANA, moment=210)
    contacts = {await contact_of(store, name) for name in (ANA, ANA_BSUID, ANA_PARENT)}
    assert len(contacts) == 1
    assert await answer_of(store) is Answer.WITHDRAWN
    history = await store.ledger.history(BUSINESS, contacts.pop(), Position(0), 100)
    assert len(history) == 5
    await assert_sound(store)


async def test_three_contacts_can_be_merged_by_one_act(store: Store) -> None:
    await two(store, grant(ANA), grant(ANA_BSUID))
    await store.ledger.commit(change(refuse(ANA_PARENT), at=at(100)))
    await store.ledger.commit(
        change(statement(EventKind.CONFIRMED, ANA, ANA_BSUID, ANA_PARENT, at=at(200)))
    )
    assert await answer_of(store) is Answer.REFUSED
    await assert_sound(store)


async def test_a_merge_within_the_batch_that_made_the_contacts_stands_too(store: Store) -> None:
    items = (
        WriteEntry(acts=(grant(ANA, at=at(1)),)),
        WriteEntry(acts=(stop(ANA_BSUID, at=at(2)), opening(ANA_BSUID, at=at(2)))),
        WriteEntry(acts=(acquaintance(ANA, ANA_BSUID, at=at(3)),)),
        WriteEntry(acts=(grant(ANA_BSUID, at=at(4), purposes=("utility",)),)),
    )
    await store.ledger.commit(WriteBatch(business_id=BUSINESS, recorded_at=at(9), items=items))
    assert await answer_of(store) is Answer.WITHDRAWN
    facts = await store.gate.look(free_form(ANA))
    assert facts.window_opened_at == at(2)
    await assert_sound(store)


async def test_windows_of_both_sides_are_merged_to_the_newest(store: Store) -> None:
    await store.ledger.commit(change(opening(ANA, at=at(30)), opening(ANA_BSUID, at=at(40))))
    await meet(store)
    for name in (ANA, ANA_BSUID):
        facts = await store.gate.look(free_form(name, sender=SENDER))
        assert facts.window_opened_at == at(40)


async def test_an_older_window_of_the_absorbed_side_does_not_move_ours_back(store: Store) -> None:
    await store.ledger.commit(change(opening(ANA, at=at(40)), opening(ANA_BSUID, at=at(30))))
    await meet(store)
    assert (await store.gate.look(free_form(ANA))).window_opened_at == at(40)


async def test_an_unreachable_number_stays_unreachable_through_a_merge(store: Store) -> None:
    await two(store, grant(ANA_BSUID), grant(ANA))
    await store.ledger.commit(change(unreachable(ANA, at=at(150))))
    await meet(store)
    contact = await contact_of(store, ANA)
    assert await store.ledger.unreachable_at(BUSINESS, contact) == at(150)


async def test_a_late_act_is_folded_over_a_merge_from_before_the_store_was_opened(
    home: Home,
) -> None:
    store = await home.open()
    await two(store, grant(ANA, at=at(10)), stop(ANA_BSUID, at=at(20)))
    await meet(store)
    await store.close()
    store = await home.open()
    await store.ledger.commit(change(grant(ANA, at=at(30)), at=at(300)))
    assert await answer_of(store) is Answer.WITHDRAWN
    await assert_sound(store)
    await store.close()
