"""The contract of an erasure: what goes, what stays, what may be said of the name afterwards."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from askfirst.bootstrap.database.store import Store
from askfirst.domain.consent.erasure import EraseReason
from askfirst.domain.consent.event import Assurance, EventKind, NumberProof, Source
from askfirst.domain.consent.standing import Answer, view
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.tasks.task import Queue
from askfirst.domain.value import replace
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.errors import Conflict, Erased, UnknownReference
from askfirst.domain.values.ids import Position
from askfirst.domain.values.purpose import AUTHENTICATION, MARKETING
from askfirst.ports.consent.change import AliasesMoved, Command, ContactErased, Statement
from askfirst.usecases.consent.erase_contact import EraseOrder, erase_contact, finish_erasures
from tests.support.builders import (
    ANA,
    ANA_BSUID,
    BEN,
    BUENOS_AIRES,
    BUENOS_AIRES_WITHOUT_9,
    BUSINESS,
    RIVAL,
    acquaintance,
    change,
    free_form,
    from_template,
    grant,
    opening,
    person,
    statement,
    stop,
    unreachable,
)
from tests.support.clocks import at
from tests.support.reading import assert_sound, contact_of
from tests.support.services import World

CLAIM: dict[str, Any] = {
    "source": Source.API,
    "assurance": Assurance.SHOWN,
    "number_proof": NumberProof.VOUCHED,
}


async def erase(world: World, alias: Alias = ANA) -> None:
    order = EraseOrder(
        business_id=BUSINESS, person=alias, reason=EraseReason.REQUESTED, source=Source.API
    )
    await erase_contact(world.services, order)


def signed(*aliases: Alias, **parts: Any) -> Statement:
    """A yes in a message that Meta signed."""
    own: dict[str, Any] = {
        "source": Source.WEBHOOK,
        "surface": Surface.CHAT,
        "number_proof": NumberProof.PROVEN,
        "assurance": Assurance.CONFIRMED,
    }
    return grant(*aliases, **(own | parts))


async def answer(store: Store, alias: Alias = ANA, purpose: Any = MARKETING) -> Answer:
    contact = await store.ledger.find(BUSINESS, alias)
    assert contact is not None
    return view(await store.ledger.standing(BUSINESS, contact), purpose).answer


async def test_whoever_is_erased_is_found_no_more(world: World, store: Store) -> None:
    await store.ledger.commit(change(grant(ANA, ANA_BSUID), opening(ANA)))
    await erase(world)
    assert await store.ledger.find(BUSINESS, ANA) is None
    assert await store.ledger.find(BUSINESS, ANA_BSUID) is None
    facts = await store.gate.look(from_template(ANA))
    assert facts.contacts == ()
    await assert_sound(store)


async def test_the_event_stays_and_says_so(world: World, store: Store) -> None:
    await store.ledger.commit(change(grant(ANA)))
    contact = await contact_of(store, ANA)
    await erase(world)
    history = await store.ledger.history(BUSINESS, contact, Position(0), 10)
    assert [event.kind for event in history] == [EventKind.GRANTED, EventKind.ERASED]


async def test_nobody_cannot_be_erased_and_nobody_twice(world: World, store: Store) -> None:
    with pytest.raises(UnknownReference):
        await erase(world)
    await store.ledger.commit(change(grant(ANA)))
    await erase(world)
    with pytest.raises(UnknownReference):
        await erase(world)


@pytest.mark.parametrize("source", [Source.API, Source.CLI, Source.CONSOLE, Source.IMPORT])
async def test_a_claim_of_a_yes_is_refused(world: World, store: Store, source: Source) -> None:
    await store.ledger.commit(change(grant(ANA, ANA_BSUID)))
    await erase(world)
    for alias in (ANA, ANA_BSUID):
        with pytest.raises(Erased):
            await store.ledger.commit(
                change(grant(alias, at=at(9), **(CLAIM | {"source": source})))
            )
    assert await store.ledger.find(BUSINESS, ANA) is None


async def test_a_claim_is_refused_also_for_who_is_there_again(world: World, store: Store) -> None:
    await store.ledger.commit(change(grant(ANA)))
    await erase(world)
    await store.ledger.commit(change(opening(ANA, at=at(60))))
    assert await answer(store) is Answer.ERASED
    with pytest.raises(Erased):
        await store.ledger.commit(change(grant(ANA, at=at(61), **CLAIM)))


async def test_a_refused_claim_leaves_the_others_of_its_moment_alone(
    world: World, store: Store
) -> None:
    await store.ledger.commit(change(grant(ANA)))
    await erase(world)
    jobs = [change(grant(one, at=at(9), **CLAIM)) for one in (BEN, ANA, person(7))]
    done = await asyncio.gather(*map(store.ledger.commit, jobs), return_exceptions=True)
    assert [isinstance(one, Erased) for one in done] == [False, True, False]


@pytest.mark.parametrize(
    "parts",
    [
        {"source": Source.FORM, "number_proof": NumberProof.TYPED, "assurance": Assurance.SHOWN},
        {"source": Source.API, "surface": Surface.CODE, "number_proof": NumberProof.PROVEN},
    ],
    ids=["on a page", "by a code"],
)
async def test_what_anybody_may_say_is_held_as_a_no(
    world: World, store: Store, parts: dict[str, Any]
) -> None:
    """A page that answered otherwise would tell who was erased."""
    await store.ledger.commit(change(grant(ANA)))
    await erase(world)
    said = statement(EventKind.GRANTED, ANA, at=at(60), purposes=("authentication",), **parts)
    committed = await store.ledger.commit(change(said, at=at(61)))
    assert EventKind.GRANTED in [event.kind for event in committed.events]
    assert await answer(store, purpose=AUTHENTICATION) is Answer.ERASED
    await assert_sound(store)


async def test_a_yes_of_their_own_makes_them_somebody_new(world: World, store: Store) -> None:
    await store.ledger.commit(change(grant(ANA, ANA_BSUID)))
    before = await contact_of(store, ANA)
    await erase(world)
    await store.ledger.commit(
        change(opening(ANA, ANA_BSUID, at=at(60)), signed(ANA, ANA_BSUID, at=at(60)), at=at(60))
    )
    assert await contact_of(store, ANA) != before
    assert await answer(store) is Answer.GRANTED
    await store.ledger.commit(change(grant(ANA, at=at(70), purposes=("utility",), **CLAIM)))
    await assert_sound(store)


async def test_a_yes_of_their_own_to_one_thing_lifts_nothing_else(
    world: World, store: Store
) -> None:
    """To the rest the erasure is what a stop of everything is: a file's claim lifts none."""
    await store.ledger.commit(change(grant(ANA)))
    await erase(world)
    await store.ledger.commit(change(signed(ANA, at=at(60), purposes=("utility",)), at=at(60)))
    claim = grant(ANA, at=at(70), assurance=Assurance.ASSERTED)
    await store.ledger.commit(change(claim))
    assert await answer(store) is Answer.ERASED


async def test_news_of_who_was_erased_makes_nobody(world: World, store: Store) -> None:
    """Statuses of messages from before still come, and an import may tell noes."""
    await store.ledger.commit(change(grant(ANA, ANA_BSUID)))
    await erase(world)
    told: tuple[Command, ...] = (
        acquaintance(ANA, ANA_BSUID, at=at(60)),
        unreachable(ANA, at=at(60)),
        stop(ANA, at=at(1), source=Source.HISTORY),
        stop(ANA, at=at(1), source=Source.IMPORT),
    )
    for number, act in enumerate(told):
        await store.ledger.commit(change(act, source_id=f"news-{number}", body=b"447700900123"))
    assert await store.ledger.find(BUSINESS, ANA) is None


async def test_a_no_is_recorded_also_of_who_was_erased(world: World, store: Store) -> None:
    await store.ledger.commit(change(grant(ANA)))
    await erase(world)
    await store.ledger.commit(change(stop(ANA, at=at(60))))
    assert await answer(store) is Answer.WITHDRAWN


async def test_a_new_number_of_who_was_erased_is_suppressed_too(world: World, store: Store) -> None:
    await store.ledger.commit(change(grant(ANA), grant(BEN, **CLAIM)))
    await erase(world)
    moved = AliasesMoved(old=(ANA,), new=(BEN,), at=at(60))
    await store.ledger.commit(change(moved, at=at(61)))
    assert await answer(store, BEN) is Answer.ERASED
    with pytest.raises(Erased):
        await store.ledger.commit(change(grant(BEN, at=at(70), **CLAIM)))


async def test_a_neighbouring_number_keeps_the_no(world: World, store: Store) -> None:
    """In Argentina both may be one subscriber, so the yes of the other must not come back."""
    await store.ledger.commit(change(stop(BUENOS_AIRES, at=at(1))))
    await store.ledger.commit(change(grant(BUENOS_AIRES_WITHOUT_9)))
    await erase(world, BUENOS_AIRES)
    assert await answer(store, BUENOS_AIRES_WITHOUT_9) is Answer.WITHDRAWN
    with pytest.raises(Erased):
        await store.ledger.commit(change(grant(BUENOS_AIRES_WITHOUT_9, at=at(99), **CLAIM)))


async def test_another_business_knows_nothing_of_it(world: World, store: Store) -> None:
    await store.ledger.commit(change(grant(ANA)))
    await store.ledger.commit(change(grant(ANA), business=RIVAL))
    await erase(world)
    assert await store.ledger.find(RIVAL, ANA) is not None
    await store.ledger.commit(change(grant(ANA, at=at(9), **CLAIM), business=RIVAL))


async def test_names_that_changed_meanwhile_are_not_left_behind(store: Store) -> None:
    await store.ledger.commit(change(grant(ANA, ANA_BSUID)))
    contact = await contact_of(store, ANA)
    act = ContactErased(
        aliases=(ANA,), contact_id=contact, at=at(60), source=Source.API, evidence=b"{}"
    )
    with pytest.raises(Conflict):
        await store.ledger.commit(change(act, at=at(60)))
    assert await contact_of(store, ANA) == contact


async def test_an_erasure_among_other_writes_stands_where_it_came(
    world: World, store: Store
) -> None:
    await store.ledger.commit(change(grant(ANA)))
    contact = await contact_of(store, ANA)
    act = ContactErased(
        aliases=(ANA,), contact_id=contact, at=at(60), source=Source.API, evidence=b"{}"
    )
    jobs = [
        change(stop(ANA, at=at(59)), at=at(59)),
        change(act, at=at(60)),
        change(opening(ANA, at=at(61)), at=at(61)),
        change(grant(ANA, at=at(62), **CLAIM), at=at(62)),
    ]
    done = await asyncio.gather(*map(store.ledger.commit, jobs), return_exceptions=True)
    assert [type(one) is Erased for one in done] == [False, False, False, True]
    assert await contact_of(store, ANA) != contact
    await assert_sound(store)


async def test_an_erasure_waits_for_sends_as_a_stop_does(world: World, store: Store) -> None:
    await store.ledger.commit(change(grant(ANA)))
    async with store.gate.hold(free_form(ANA)):
        erasing = asyncio.create_task(erase(world))
        done, _ = await asyncio.wait((erasing,), timeout=0.3)
        assert not done
    await asyncio.wait_for(erasing, 10)


async def test_of_many_sends_at_once_none_leaves_after_an_erasure(
    world: World, store: Store
) -> None:
    """Each send leaves under the lock, if it may; an erasure comes in between them."""
    people = [person(number) for number in range(6)]
    for one in people:
        await store.ledger.commit(change(grant(one)))
    erased: set[Alias] = set()
    late: list[Alias] = []
    count = 0

    async def send(one: Alias) -> None:
        nonlocal count
        for _ in range(25):
            async with store.gate.hold(from_template(one)) as held:
                if view(held.facts.standing, MARKETING).answer is Answer.GRANTED:
                    await asyncio.sleep(0.001)  # what a decision takes to be written down
                    count += 1
                    late.extend({one} & erased)

    async def take(one: Alias, seconds: float) -> None:
        await asyncio.sleep(seconds)
        await erase(world, one)
        erased.add(one)

    jobs = [send(one) for one in people for _ in range(3)]
    await asyncio.gather(*jobs, *(take(one, 0.01 * place) for place, one in enumerate(people)))
    assert late == []
    assert count


async def test_an_erasure_that_was_cut_short_is_finished_by_its_task(
    world: World, store: Store
) -> None:
    await store.ledger.commit(change(grant(ANA), body=b'{"from":"447700900123"}'))

    class Cut(Exception):
        pass

    class NotFinishing:
        async def finish(self, _: object) -> None:
            raise Cut

    with pytest.raises(Cut):
        await erase_contact(
            replace(world.services, erasures=NotFinishing()),  # type: ignore[arg-type]
            EraseOrder(
                business_id=BUSINESS, person=ANA, reason=EraseReason.REQUESTED, source=Source.API
            ),
        )
    leased = await store.tasks.claim(BUSINESS, Queue.ERASURES, at(10_000), at(10_060))
    assert leased is not None
    await finish_erasures(world.services, leased)
    removed = await store.erasures.finish(BUSINESS)
    assert removed.webhooks == 0
