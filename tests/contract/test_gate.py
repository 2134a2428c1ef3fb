"""The contract of `ports.gate.Gate`: fresh facts, and stops that wait out the sends before them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

import pytest

from askfirst.bootstrap.database.store import Store
from askfirst.decision.facts import DecisionContext
from askfirst.domain.consent.event import EventKind
from askfirst.domain.consent.standing import NOTHING_SAID, Answer, view
from askfirst.domain.tenants.sender import TemplateState
from askfirst.domain.value import replace
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.ids import PhoneNumberId, Position
from askfirst.domain.values.purpose import MARKETING as MARKETING_PURPOSE
from askfirst.domain.values.purpose import Category
from askfirst.ports.consent.change import Statement, WriteBatch, WriteEntry
from tests.support.builders import (
    ANA,
    ANA_BSUID,
    BEN,
    BUENOS_AIRES,
    BUENOS_AIRES_WITHOUT_9,
    BUSINESS,
    MARKETING,
    OTHER_SENDER,
    RIVAL,
    acquaintance,
    change,
    free_form,
    from_template,
    grant,
    key_for,
    opening,
    person,
    question,
    refuse,
    sender,
    statement,
    stop,
    template,
)
from tests.support.clocks import NOON, at
from tests.support.stores import settle

Result = TypeVar("Result")


def marketing(facts: DecisionContext) -> Answer:
    return view(facts.standing, MARKETING_PURPOSE).answer


async def soon(job: Awaitable[Result]) -> Result:
    """Half a second is long for a write, and short for a wait behind a permit of two."""
    return await asyncio.wait_for(job, 0.5)


class TestLook:
    async def test_nobody_ever_said_anything_to_an_unknown_business(self, store: Store) -> None:
        facts = await store.gate.look(question())
        assert (facts.position, facts.contacts, facts.strangers) == (0, (), 1)
        assert facts.standing == NOTHING_SAID
        assert facts.sender is None

    async def test_facts_are_as_of_the_newest_acknowledged_position(self, store: Store) -> None:
        for number in range(1, 20):
            await store.ledger.commit(change(grant() if number % 2 else stop(), at=at(number)))
            facts = await store.gate.look(question())
            assert facts.position == number

    async def test_a_stop_is_seen_by_the_very_next_look(self, store: Store) -> None:
        for number in range(10):
            await store.ledger.commit(change(grant(at=at(2 * number))))
            assert marketing(await store.gate.look(question())) is Answer.GRANTED
            await store.ledger.commit(change(stop(at=at(2 * number + 1))))
            assert marketing(await store.gate.look(question())) is Answer.WITHDRAWN

    async def test_two_names_of_one_person_lead_to_one_contact(self, store: Store) -> None:
        await store.ledger.commit(change(grant(ANA, ANA_BSUID)))
        facts = await store.gate.look(question(ANA, ANA_BSUID))
        assert (len(facts.contacts), facts.strangers) == (1, 0)

    async def test_two_names_of_two_people_lead_to_two_contacts(self, store: Store) -> None:
        await store.ledger.commit(change(grant(ANA), grant(ANA_BSUID)))
        assert len((await store.gate.look(question(ANA, ANA_BSUID))).contacts) == 2

    async def test_a_name_that_leads_to_nobody_is_a_stranger(self, store: Store) -> None:
        await store.ledger.commit(change(grant(ANA)))
        facts = await store.gate.look(question(ANA, ANA_BSUID))
        assert (len(facts.contacts), facts.strangers) == (1, 1)

    async def test_no_recipient_still_shows_the_sender(self, store: Store) -> None:
        await store.ledger.commit(change(grant()))
        await store.directory.put_sender(sender(), None, NOON)
        facts = await store.gate.look(replace(question(), recipients=()))
        assert facts.sender == sender()
        assert facts.contacts == ()

    async def test_the_sender_must_be_of_the_same_business(self, store: Store) -> None:
        await store.ledger.commit(change(grant(), business=RIVAL))
        await store.ledger.commit(change(grant()))
        await store.directory.put_sender(sender(), None, NOON)
        assert (await store.gate.look(question())).sender == sender()
        assert (await store.gate.look(question(business_id=RIVAL))).sender is None

    async def test_a_template_is_found_by_name_and_language(self, store: Store) -> None:
        await store.ledger.commit(change(grant()))
        await store.directory.put_sender(sender(), None, NOON)
        await store.directory.put_templates((template(state=TemplateState.PAUSED),))
        found = (await store.gate.look(from_template())).template
        assert found is not None
        assert (found.category, found.state) == (Category.MARKETING, TemplateState.PAUSED)
        assert (await store.gate.look(from_template(language="de"))).template is None
        assert (await store.gate.look(from_template(name="other"))).template is None

    async def test_the_window_is_the_one_of_the_asking_sender(self, store: Store) -> None:
        await store.ledger.commit(change(opening(at=at(1)), opening(at=at(0))))
        await store.ledger.commit(change(opening(at=at(7), sender=OTHER_SENDER)))
        assert (await store.gate.look(free_form())).window_opened_at == at(1)
        other = await store.gate.look(free_form(sender=OTHER_SENDER))
        assert other.window_opened_at == at(7)
        third = await store.gate.look(free_form(sender=PhoneNumberId("999")))
        assert third.window_opened_at is None

    async def test_many_looks_at_once_each_get_their_own_answer(self, store: Store) -> None:
        acts = [grant(person(n)) if n % 3 else refuse(person(n)) for n in range(60)]
        await store.ledger.commit(change(*acts))
        looks = [store.gate.look(question(person(number))) for number in range(70)]
        answers = [marketing(facts) for facts in await asyncio.gather(*looks)]
        expected = [Answer.GRANTED if n % 3 else Answer.REFUSED for n in range(60)]
        assert answers == expected + [Answer.UNASKED] * 10

    async def test_looks_of_many_businesses_at_once_do_not_mix(self, store: Store) -> None:
        await store.ledger.commit(change(grant()))
        await store.ledger.commit(change(refuse(), business=RIVAL))
        looks = [
            store.gate.look(question(business_id=BUSINESS if number % 2 else RIVAL))
            for number in range(40)
        ]
        answers = [marketing(facts) for facts in await asyncio.gather(*looks)]
        assert answers == [Answer.REFUSED, Answer.GRANTED] * 20


class TestNeighbours:
    async def test_a_no_counts_for_the_number_that_may_be_the_same(self, store: Store) -> None:
        await store.ledger.commit(change(grant(BUENOS_AIRES, at=at(1))))
        await store.ledger.commit(change(stop(BUENOS_AIRES_WITHOUT_9, at=at(2))))
        assert marketing(await store.gate.look(question(BUENOS_AIRES))) is Answer.WITHDRAWN
        async with store.gate.hold(question(BUENOS_AIRES)) as held:
            assert marketing(held.facts) is Answer.WITHDRAWN

    async def test_a_yes_does_not_count_for_it(self, store: Store) -> None:
        await store.ledger.commit(change(grant(BUENOS_AIRES)))
        facts = await store.gate.look(question(BUENOS_AIRES_WITHOUT_9))
        assert (facts.contacts, marketing(facts)) == ((), Answer.UNASKED)

    async def test_a_newer_yes_of_the_number_itself_stands(self, store: Store) -> None:
        await store.ledger.commit(change(stop(BUENOS_AIRES_WITHOUT_9, at=at(1))))
        await store.ledger.commit(change(grant(BUENOS_AIRES, at=at(2))))
        assert marketing(await store.gate.look(question(BUENOS_AIRES))) is Answer.GRANTED

    async def test_a_stop_of_the_neighbour_waits_for_a_send_to_us(self, store: Store) -> None:
        await store.ledger.commit(change(grant(BUENOS_AIRES), refuse(BUENOS_AIRES_WITHOUT_9)))
        async with store.gate.hold(question(BUENOS_AIRES)):
            waiting = asyncio.ensure_future(
                store.ledger.commit(change(stop(BUENOS_AIRES_WITHOUT_9)))
            )
            await settle()
            assert not waiting.done()
        await soon(waiting)


RESTRICTIONS = [
    stop(),
    refuse(),
    statement(EventKind.SUSPENDED),
    statement(EventKind.NATIVE_STOPPED, purposes=MARKETING),
    statement(EventKind.ERASED),
]


class TestHold:
    @pytest.mark.parametrize("act", RESTRICTIONS, ids=lambda act: act.kind.value)
    async def test_a_no_is_not_acknowledged_while_an_older_hold_is_open(
        self, store: Store, act: Statement
    ) -> None:
        await store.ledger.commit(change(grant()))
        async with store.gate.hold(question()) as held:
            assert marketing(held.facts) is Answer.GRANTED
            assert held.alive()
            waiting = asyncio.ensure_future(store.ledger.commit(change(act)))
            await settle()
            assert not waiting.done()
        assert len((await soon(waiting)).events) == 1

    async def test_a_yes_does_not_wait(self, store: Store) -> None:
        await store.ledger.commit(change(grant()))
        async with store.gate.hold(question()):
            committed = await soon(store.ledger.commit(change(grant(), opening())))
        assert [event.kind for event in committed.events] == [EventKind.GRANTED]

    async def test_a_stop_is_not_delayed_by_holds_on_other_contacts(self, store: Store) -> None:
        await store.ledger.commit(change(grant(), grant(BEN)))
        async with store.gate.hold(question(BEN)):
            committed = await soon(store.ledger.commit(change(stop())))
        assert [event.kind for event in committed.events] == [EventKind.WITHDRAWN]

    async def test_a_stop_is_not_delayed_by_another_stop_that_waits(self, store: Store) -> None:
        await store.ledger.commit(change(grant(), grant(BEN)))
        async with store.gate.hold(question(BEN)):
            bens = asyncio.ensure_future(store.ledger.commit(change(stop(BEN))))
            await settle()
            await soon(store.ledger.commit(change(stop())))
            assert not bens.done()
        await soon(bens)

    async def test_a_stop_waits_only_for_its_own_contact_among_holds_begun_together(
        self, store: Store
    ) -> None:
        await store.ledger.commit(change(grant(), grant(BEN)))
        ends = [asyncio.Event(), asyncio.Event()]

        async def send(alias: Alias, end: asyncio.Event) -> None:
            async with store.gate.hold(question(alias)):
                await end.wait()

        sends = [asyncio.ensure_future(send(a, e)) for a, e in zip((ANA, BEN), ends, strict=True)]
        await settle()
        ends[0].set()
        await settle()
        committed = await soon(store.ledger.commit(change(stop(ANA))))
        assert [event.kind for event in committed.events] == [EventKind.WITHDRAWN]
        ends[1].set()
        await asyncio.gather(*sends)

    async def test_a_hold_begun_after_a_stop_was_acknowledged_sees_it(self, store: Store) -> None:
        await store.ledger.commit(change(grant()))
        await store.ledger.commit(change(stop()))
        async with store.gate.hold(question()) as held:
            assert marketing(held.facts) is Answer.WITHDRAWN

    async def test_a_hold_begun_while_a_stop_waits_sees_it_or_is_waited_for(
        self, store: Store
    ) -> None:
        await store.ledger.commit(change(grant()))
        async with store.gate.hold(question()):
            waiting = asyncio.ensure_future(store.ledger.commit(change(stop())))
            await settle()
            second = asyncio.ensure_future(self.answer_under_hold(store))
            await settle()
        await soon(waiting)
        assert await soon(second) is Answer.WITHDRAWN

    async def answer_under_hold(self, store: Store) -> Answer:
        async with store.gate.hold(question()) as held:
            return marketing(held.facts)

    async def test_a_second_delivery_of_a_stop_waits_like_the_first(self, store: Store) -> None:
        await store.ledger.commit(change(grant()))
        async with store.gate.hold(question()):
            first = asyncio.ensure_future(store.ledger.commit(change(stop(), source_id="w1")))
            await settle()
            second = asyncio.ensure_future(store.ledger.commit(change(stop(), source_id="w1")))
            await settle()
            assert not first.done()
            assert not second.done()
        assert (await soon(first)).duplicates == 0
        assert (await soon(second)).duplicates == 1

    async def test_a_repeated_request_to_stop_waits_like_the_first(self, store: Store) -> None:
        await store.ledger.commit(change(grant()))
        async with store.gate.hold(question()):
            first = asyncio.ensure_future(store.ledger.commit(change(stop(), key=key_for())))
            await settle()
            again = asyncio.ensure_future(store.ledger.commit(change(stop(), key=key_for())))
            await settle()
            assert not first.done()
            assert not again.done()
        await soon(first)
        assert (await soon(again)).replayed

    @pytest.mark.parametrize("name", [ANA, ANA_BSUID], ids=["phone", "bsuid"])
    async def test_a_merge_waits_for_sends_to_either_side(self, store: Store, name: Alias) -> None:
        await store.ledger.commit(change(grant(ANA), grant(ANA_BSUID)))
        async with store.gate.hold(question(name)):
            merge = change(acquaintance(ANA, ANA_BSUID, at=at(1)))
            waiting = asyncio.ensure_future(store.ledger.commit(merge))
            await settle()
            assert not waiting.done()
        await soon(waiting)

    async def test_a_stop_under_any_name_waits_for_a_send_under_another(self, store: Store) -> None:
        await store.ledger.commit(change(grant(ANA, ANA_BSUID)))
        async with store.gate.hold(question(ANA_BSUID)):
            waiting = asyncio.ensure_future(store.ledger.commit(change(stop(ANA))))
            await settle()
            assert not waiting.done()
        await soon(waiting)

    async def test_every_stop_of_a_batch_waits(self, store: Store) -> None:
        await store.ledger.commit(change(grant(), grant(BEN)))
        items = (WriteEntry(acts=(stop(ANA),)), WriteEntry(acts=(stop(BEN),)))
        async with store.gate.hold(question(BEN)):
            both = WriteBatch(business_id=BUSINESS, recorded_at=NOON, items=items)
            waiting = asyncio.ensure_future(store.ledger.commit(both))
            await settle()
            assert not waiting.done()
        await soon(waiting)

    async def test_a_stop_waits_for_every_send_to_its_contact(self, store: Store) -> None:
        await store.ledger.commit(change(grant()))
        async with store.gate.hold(question()):
            async with store.gate.hold(question()):
                waiting = asyncio.ensure_future(store.ledger.commit(change(stop())))
                await settle()
            await settle()
            assert not waiting.done()
        await soon(waiting)

    async def test_a_send_that_fails_lets_go(self, store: Store) -> None:
        await store.ledger.commit(change(grant()))
        with pytest.raises(RuntimeError, match="broken wire"):
            async with store.gate.hold(question()):
                raise RuntimeError("broken wire")
        await soon(store.ledger.commit(change(stop())))

    async def test_a_send_that_is_cancelled_lets_go(self, store: Store) -> None:
        await store.ledger.commit(change(grant()))

        async def send() -> None:
            async with store.gate.hold(question()):
                await asyncio.sleep(60)

        sending = asyncio.ensure_future(send())
        await settle()
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        committed = await soon(store.ledger.commit(change(stop())))
        assert [event.kind for event in committed.events] == [EventKind.WITHDRAWN]

    async def test_two_sends_to_one_contact_go_on_at_once(self, store: Store) -> None:
        await store.ledger.commit(change(grant()))
        both_inside = asyncio.Barrier(2)

        async def send() -> int:
            async with store.gate.hold(question()):
                return await asyncio.wait_for(both_inside.wait(), 1)

        assert sorted(await asyncio.gather(send(), send())) == [0, 1]

    async def test_hundreds_of_sends_are_all_served(self, store: Store) -> None:
        await store.ledger.commit(change(*[grant(person(number)) for number in range(50)]))

        async def send(number: int) -> Answer:
            async with store.gate.hold(question(person(number % 50))) as held:
                await asyncio.sleep(0.001)
                assert held.alive()
                return marketing(held.facts)

        answers = await asyncio.gather(*(send(number) for number in range(400)))
        assert set(answers) == {Answer.GRANTED}

    async def test_facts_under_a_hold_are_of_the_acknowledged_head(self, store: Store) -> None:
        await store.ledger.commit(change(grant()))
        await store.ledger.commit(change(grant(BEN)))
        async with store.gate.hold(question()) as held:
            assert held.facts.position == Position(2)
