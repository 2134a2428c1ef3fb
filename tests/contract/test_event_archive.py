"""What came in with an event comes out again, on both backends."""

from __future__ import annotations

from askfirst.domain.consent.erasure import EraseReason
from askfirst.domain.consent.event import Source
from askfirst.domain.values.ids import EventId, Position
from askfirst.usecases.consent.erase_contact import EraseOrder, erase_contact
from askfirst.usecases.consent.evidence.event_sheet import EventSheet, EvidenceState
from askfirst.usecases.consent.show_event import show_event, show_history
from tests.support.builders import ANA, BUSINESS, RIVAL
from tests.support.evidence import PHONE_WORDS, said_by_phone, tell_story
from tests.support.reading import contact_of
from tests.support.services import World


async def history(world: World) -> tuple[EventSheet, ...]:
    person = await contact_of(world.store)
    start = Position(0)
    return await show_history(world.services, BUSINESS, person, start, 99, with_names=True)


async def test_a_yes_by_phone_comes_out_with_witness_note_and_words(world: World) -> None:
    event = await said_by_phone(world)
    sheet = await show_event(world.services, BUSINESS, event.event_id, with_names=False)
    assert sheet is not None
    assert sheet.witness == {"taken_by": "agent 12", "form": "phone script 3"}
    assert sheet.note == "called back at her wish"
    assert sheet.words is not None
    assert sheet.words.text == PHONE_WORDS
    assert sheet.state is EvidenceState.KEPT
    assert sheet.names == ()


async def test_what_was_typed_and_the_names_come_out(world: World) -> None:
    await tell_story(world)
    sheets = await history(world)
    assert sheets[-1].typed == "STOP please"
    assert sheets[-1].names == (ANA,)


async def test_decisions_stand_at_the_event_that_they_rested_on(world: World) -> None:
    first, second = await tell_story(world)
    assert [sheet.decisions for sheet in await history(world)] == [(), (first,), (second,)]


async def test_evidence_that_was_erased_is_called_erased(world: World) -> None:
    event = await said_by_phone(world)
    person = await contact_of(world.store)
    order = EraseOrder(
        business_id=BUSINESS, person=person, reason=EraseReason.REQUESTED, source=Source.CLI
    )
    await erase_contact(world.services, order)
    sheet = await show_event(world.services, BUSINESS, event.event_id, with_names=True)
    assert sheet is not None
    assert (sheet.evidence, sheet.state, sheet.names) == (None, EvidenceState.ERASED, ())


async def test_an_event_is_found_by_its_own_business_only(world: World) -> None:
    event = await said_by_phone(world)
    names = {"with_names": False}
    assert await show_event(world.services, RIVAL, event.event_id, **names) is None
    assert await show_event(world.services, BUSINESS, EventId(f"evt_{9:026d}"), **names) is None
