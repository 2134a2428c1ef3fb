"""From an entry to the question, from a proof to a sure number, from a page to the ledger."""

from __future__ import annotations

import json
from typing import Any

import pytest

from askfirst.domain.consent.answer_limits import ADDRESS_MOST, NUMBER_MOST
from askfirst.domain.consent.consent import ConsentVerb
from askfirst.domain.consent.event import Assurance, EventKind, Source, evidence_digest
from askfirst.domain.consent.number_confirmation import Proof
from askfirst.domain.consent.standing import Answer
from askfirst.domain.prompts.catalogue import Prompt, Wording
from askfirst.domain.prompts.interpolation import Filling
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.prompts.quick_reply import Reply, ReplyVerb, reply_payload
from askfirst.domain.tenants.sender import SenderState
from askfirst.domain.value import replace
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.errors import Conflict, InvalidInput, NotPermitted, TooMany
from askfirst.domain.values.purpose import MARKETING, UTILITY
from askfirst.domain.values.timestamp import HOUR
from askfirst.ports.consent.proofs import PersonalLink
from askfirst.usecases.consent.answer_prompt import answer_prompt
from askfirst.usecases.consent.confirmation_page import open_thanks, say_thanks
from askfirst.usecases.consent.issue_receipt import issue_receipt
from askfirst.usecases.consent.manage_links import make_link
from askfirst.usecases.consent.preference_center import (
    grant_preference,
    show_preferences,
    withdraw_preference,
)
from askfirst.usecases.consent.prove_number import ProofOrder, offer_proof
from askfirst.usecases.entry_points.ask_in_chat import ask_in_chat
from askfirst.usecases.entry_points.manage_entries import (
    end_entry,
)
from askfirst.usecases.inbound.take_webhook import Taken, take_webhook
from askfirst.usecases.prompts.manage_prompts import publish_prompt, put_draft
from askfirst.usecases.prompts.show_prompt import open_token, show_prompt
from tests.support.asking import ORIGIN, entry_of, open_business, public_answer
from tests.support.builders import (
    ANA,
    ANA_BSUID,
    BEN,
    BUSINESS,
    RIVAL,
    change,
    grant,
    refuse,
    sender,
    stop,
)
from tests.support.clocks import NOON
from tests.support.notices import tapped, typed
from tests.support.reading import all_events, answer_of, contact_of, standing_of
from tests.support.services import World
from tests.support.stores import Home


@pytest.fixture
async def world(sqlite_world: World) -> World:
    return await open_business(sqlite_world)


async def hear(world: World, text: str, **parts: Any) -> Taken:
    return await take_webhook(world.services, [typed(text, **parts)], b"{}")


async def proof_for(world: World, alias: Alias = ANA, **parts: Any) -> Any:
    known: dict[str, Any] = {"purposes": (MARKETING,), "words": "It is me", "locale": "en"}
    order = ProofOrder(business_id=BUSINESS, alias=alias, **(known | parts))
    return await offer_proof(world.services, order)


async def answer_proof(world: World) -> Proof:
    """Let somebody say yes on a page; gives the proof that the thank-you page offers."""
    answer = await public_answer(world)
    event = (await answer_prompt(world.services, answer)).events[0]
    token = await say_thanks(world.services, event, answer, "en")
    thanks = await open_thanks(world.services, BUSINESS, token)
    assert thanks is not None
    assert thanks.proof is not None
    world.clock.advance(60)
    return thanks.proof.proof


async def link_for(world: World) -> PersonalLink:
    made = await make_link(world.services, BUSINESS, ANA, 30)
    assert made is not None
    return made[0]


# An entry, and what follows.


async def test_a_first_message_is_attributed_and_is_no_yes(world: World) -> None:
    entry = await entry_of(world)
    taken = await hear(world, f"Hi there, I saw your window. {entry.code.lower()}")
    (arrival,) = taken.arrivals
    assert arrival.entry.entry_id == entry.entry_id
    assert await all_events(world.store) == ()
    found = await world.services.entries.entry(BUSINESS, entry.entry_id)
    assert found is not None
    assert found.arrivals == 1


async def test_a_second_delivery_is_not_attributed_again(world: World) -> None:
    entry = await entry_of(world)
    await hear(world, entry.text)
    assert not (await hear(world, entry.text)).arrivals


@pytest.mark.parametrize("text", ["Hello!", "AF-00000000"])
async def test_without_a_known_code_nothing_is_attributed(world: World, text: str) -> None:
    await entry_of(world)
    assert not (await hear(world, text)).arrivals


async def test_an_ended_entry_attributes_nothing(world: World) -> None:
    entry = await entry_of(world)
    await end_entry(world.services, BUSINESS, entry.entry_id)
    assert not (await hear(world, entry.text)).arrivals


async def test_the_question_is_asked_once_with_two_buttons(world: World) -> None:
    entry = await entry_of(world)
    (first,) = (await hear(world, entry.text)).arrivals
    assert await ask_in_chat(world.services, first)
    (sent,) = world.connections.sent
    message = json.loads(sent.body)
    assert message["to"] == "+" + ANA.value
    assert "Acme" in message["interactive"]["body"]["text"]
    assert len(message["interactive"]["action"]["buttons"]) == 2
    (second,) = (await hear(world, entry.text, source_id="wamid.2")).arrivals
    assert not await ask_in_chat(world.services, second)
    assert len(world.connections.sent) == 1


@pytest.mark.parametrize(
    "said", [grant(), stop(), stop(purposes=()), stop(purposes=("marketing",))]
)
async def test_whoever_has_answered_is_left_in_peace(world: World, said: Any) -> None:
    await world.store.ledger.commit(change(said))
    entry = await entry_of(world)
    (arrival,) = (await hear(world, entry.text)).arrivals
    assert not await ask_in_chat(world.services, arrival)
    assert world.connections.sent == []


async def test_the_tap_on_the_question_is_a_yes_from_the_number(world: World) -> None:
    entry = await entry_of(world)
    (arrival,) = (await hear(world, entry.text)).arrivals
    await ask_in_chat(world.services, arrival)
    message = json.loads(world.connections.sent[0].body)
    payload = message["interactive"]["action"]["buttons"][0]["reply"]["id"]
    await take_webhook(world.services, [tapped(payload, source_id="wamid.tap")], b"{}")
    (event,) = await all_events(world.store)
    assert (event.kind, event.assurance) == (EventKind.GRANTED, Assurance.CONFIRMED)


async def test_a_tap_on_words_that_were_replaced_is_no_yes(world: World) -> None:
    shown = await show_prompt(world.services, BUSINESS, "chat", "en", Filling(business="Acme"))
    version = shown.filled.version
    wording = Wording(text="{kinds} from {business} on WhatsApp? Reply {stop} to stop.")
    newer = Prompt(
        key="chat", surface=Surface.CHAT, purposes=("marketing",), wordings={"en": wording}
    )
    await put_draft(world.services, BUSINESS, newer)
    await publish_prompt(world.services, BUSINESS, "chat")
    for verb, answer in ((ReplyVerb.YES, Answer.UNASKED), (ReplyVerb.NO, Answer.REFUSED)):
        reply = Reply(verb=verb, purposes=version.purposes, prompt=version.hash)
        notice = tapped(reply_payload(reply), source_id=f"wamid.{verb}")
        await take_webhook(world.services, [notice], b"{}")
        assert await answer_of(world.store) is answer


async def test_an_entry_needs_a_sender_in_service(world: World) -> None:
    paused = sender(state=SenderState.PAUSED)
    await world.store.directory.put_sender(paused, None, NOON)
    with pytest.raises(Conflict):
        await entry_of(world)


# A number that proves itself.


async def test_the_number_itself_raises_what_was_said(world: World) -> None:
    await world.store.ledger.commit(change(grant(assurance=Assurance.SHOWN)))
    offered = await proof_for(world)
    taken = await hear(world, f"hello {offered.proof.text} thanks")
    assert taken.events == 1
    standing = await standing_of(world.store)
    yeses = standing.scopes["marketing"].yeses
    assert max(yes.assurance for yes in yeses) is Assurance.CONFIRMED
    found = await world.services.proofs.proof(BUSINESS, offered.proof.proof_id)
    assert found is not None
    assert found.proven_at == NOON


async def test_a_proof_in_the_second_of_its_yes_comes_after_it(world: World) -> None:
    world.clock.advance(0.4)
    await answer_prompt(world.services, await public_answer(world))
    world.clock.advance(0.1)
    offered = await proof_for(world)
    world.clock.advance(0.1)
    await hear(world, offered.proof.text, occurred_at=NOON)
    yeses = (await standing_of(world.store)).scopes["marketing"].yeses
    assert max(yes.assurance for yes in yeses) is Assurance.CONFIRMED


async def test_another_number_changes_nothing(world: World) -> None:
    await world.store.ledger.commit(change(grant(assurance=Assurance.SHOWN)))
    offered = await proof_for(world)
    taken = await hear(world, offered.proof.text, aliases=(BEN,))
    assert taken.events == 0
    assert (await hear(world, offered.proof.text, source_id="wamid.2")).events == 1


async def test_a_proof_works_once(world: World) -> None:
    await world.store.ledger.commit(change(grant(assurance=Assurance.SHOWN)))
    offered = await proof_for(world)
    await hear(world, offered.proof.text)
    assert (await hear(world, offered.proof.text, source_id="wamid.2")).events == 0


async def test_a_stop_with_a_proof_in_it_is_a_stop_and_raises_nothing(world: World) -> None:
    await world.store.ledger.commit(change(grant(assurance=Assurance.SHOWN)))
    world.clock.advance(60)
    offered = await proof_for(world)
    await hear(world, f"STOP ({offered.proof.code})", occurred_at=None)
    kinds = [event.kind for event in await all_events(world.store)]
    assert kinds == [EventKind.GRANTED, EventKind.WITHDRAWN]
    assert await answer_of(world.store) is Answer.WITHDRAWN


async def test_a_text_that_says_stop_is_offered_to_nobody_as_a_proof(world: World) -> None:
    with pytest.raises(InvalidInput, match="must not say stop"):
        await proof_for(world, words="No more offers please")


async def test_a_text_that_may_be_a_stop_is_offered_to_nobody_as_a_proof(world: World) -> None:
    with pytest.raises(InvalidInput, match="offers would rest until the person says"):
        await proof_for(world, words="You send far too many messages")


@pytest.mark.parametrize(("seconds", "events"), [(1799.9, 1), (1800, 0)])
async def test_a_proof_is_over_after_half_an_hour(
    world: World, seconds: float, events: int
) -> None:
    offered = await proof_for(world)
    world.clock.advance(seconds)
    assert (await hear(world, offered.proof.text)).events == events


async def test_proving_a_number_makes_no_yes(world: World) -> None:
    offered = await proof_for(world)
    await hear(world, offered.proof.text)
    assert await answer_of(world.store) is Answer.UNASKED


async def test_proving_a_number_lifts_no_no(world: World) -> None:
    await world.store.ledger.commit(change(grant(), stop()))
    offered = await proof_for(world)
    await hear(world, offered.proof.text)
    assert await answer_of(world.store) is Answer.WITHDRAWN


async def test_another_businesss_proof_proves_nothing_here(world: World) -> None:
    offered = await proof_for(world)
    elsewhere = replace(offered.proof, business_id=RIVAL)
    await world.services.proofs.put(elsewhere)
    world.clock.advance(1)
    await hear(world, offered.proof.text)
    found = await world.services.proofs.proof(RIVAL, elsewhere.proof_id)
    assert found is not None
    assert found.proven_at is None


async def test_without_a_number_the_contact_must_be_the_same(world: World) -> None:
    offered = await proof_for(world)
    assert (await hear(world, offered.proof.text, aliases=(ANA_BSUID,))).events == 0
    await world.store.ledger.commit(change(grant(ANA, ANA_BSUID)))
    text = typed(offered.proof.text, aliases=(ANA_BSUID,), source_id="wamid.2")
    assert (await take_webhook(world.services, [text], b"{}")).events == 1


# An answer from a stranger's browser.


async def test_an_answer_from_a_known_site_is_shown(world: World) -> None:
    committed = await answer_prompt(world.services, await public_answer(world))
    assert committed.events[0].assurance is Assurance.SHOWN


@pytest.mark.parametrize("origin", ["", "null", "https://evil.example", ORIGIN + ":8443"])
async def test_another_site_is_refused(world: World, origin: str) -> None:
    with pytest.raises(NotPermitted):
        await answer_prompt(world.services, await public_answer(world, origin=origin))
    assert await all_events(world.store) == ()


@pytest.mark.parametrize("verb", [ConsentVerb.CONFIRM, ConsentVerb.WITHDRAW])
async def test_a_stranger_can_only_answer(world: World, verb: ConsentVerb) -> None:
    with pytest.raises(InvalidInput):
        await answer_prompt(world.services, await public_answer(world, verb=verb))


async def test_an_answer_without_its_token_is_refused(world: World) -> None:
    for token in ("", "1.e30.AAAA"):
        with pytest.raises(InvalidInput):
            await answer_prompt(world.services, await public_answer(world, token=token))
    late = await public_answer(world)
    world.clock.advance(HOUR / 1_000_000)
    with pytest.raises(InvalidInput):
        await answer_prompt(world.services, late)
    assert await all_events(world.store) == ()


async def test_a_token_is_no_yes_of_two_people(world: World) -> None:
    answer = await public_answer(world)
    await answer_prompt(world.services, answer)
    with pytest.raises(Conflict):
        await answer_prompt(world.services, replace(answer, phone="+447700900456"))


async def test_one_address_cannot_answer_for_everybody(world: World) -> None:
    for number in range(ADDRESS_MOST):
        await answer_prompt(
            world.services, await public_answer(world, phone=f"+4477009{number:05d}")
        )
    with pytest.raises(TooMany):
        await answer_prompt(world.services, await public_answer(world, phone="+447700999999"))
    world.clock.advance(600)
    await answer_prompt(world.services, await public_answer(world, phone="+447700999999"))


async def test_nobody_is_answered_for_again_and_again(world: World) -> None:
    for number in range(NUMBER_MOST):
        await answer_prompt(
            world.services, await public_answer(world, address=f"198.51.100.{number}")
        )
    with pytest.raises(TooMany):
        await answer_prompt(world.services, await public_answer(world, address="198.51.100.99"))


@pytest.mark.parametrize("said", [stop(), stop(purposes=("marketing",)), refuse()])
async def test_a_stranger_lifts_no_no_by_typing_a_number(world: World, said: Any) -> None:
    await world.store.ledger.commit(change(said))
    world.clock.advance(60)
    committed = await answer_prompt(world.services, await public_answer(world))
    assert committed.events[0].source is Source.FORM
    assert await answer_of(world.store) in {Answer.WITHDRAWN, Answer.REFUSED}


async def test_the_number_itself_says_yes_again_after_its_no(world: World) -> None:
    await world.store.ledger.commit(change(stop(purposes=())))
    world.clock.advance(60)
    answer = await public_answer(world)
    event = (await answer_prompt(world.services, answer)).events[0]
    token = await say_thanks(world.services, event, answer, "en")
    thanks = await open_thanks(world.services, BUSINESS, token)
    assert thanks is not None
    assert thanks.proof is not None
    text = thanks.proof.proof.text
    assert (await hear(world, text, aliases=(BEN,), occurred_at=None)).events == 0
    assert await answer_of(world.store) is Answer.WITHDRAWN
    await hear(world, text, source_id="wamid.2", occurred_at=None)
    assert await answer_of(world.store) is Answer.GRANTED
    newest = (await all_events(world.store))[-1]
    assert (newest.kind, newest.assurance) == (EventKind.GRANTED, Assurance.CONFIRMED)
    assert newest.prompt is not None
    words = await world.services.prompts.version(BUSINESS, newest.prompt)
    assert words is not None
    assert words.text == "Yes, please send me offers and news from Acme on WhatsApp."
    assert text.startswith(words.text)


@pytest.mark.parametrize(
    "message", ["{code}", "Who are you? ({code})", "I never said: {text}", "{text} No!"]
)
async def test_a_yes_is_said_in_its_own_words_or_not_at_all(world: World, message: str) -> None:
    await world.store.ledger.commit(change(stop(purposes=())))
    proof = await answer_proof(world)
    changed = message.format(code=proof.code, text=proof.text)
    before = len(await all_events(world.store))
    await hear(world, changed, occurred_at=None)
    said = {event.kind for event in (await all_events(world.store))[before:]}
    assert said <= {EventKind.WITHDRAWN, EventKind.DOUBTED}
    assert await answer_of(world.store) is Answer.WITHDRAWN
    retold = f" {proof.text.upper()}\n"
    assert (await hear(world, retold, source_id="wamid.2", occurred_at=None)).events == 1
    assert await answer_of(world.store) is Answer.GRANTED


async def test_the_evidence_holds_the_words_that_were_sent(world: World, sqlite_home: Home) -> None:
    proof = await answer_proof(world)
    await hear(world, proof.text, occurred_at=None)
    event = (await all_events(world.store))[-1]
    ((salt,),) = await sqlite_home.raw("SELECT salt FROM evidence")
    content = {"message": "wamid.1", "proof": proof.proof_id, "words": proof.text}
    written = json.dumps(content, sort_keys=True, separators=(",", ":")).encode()
    assert event.evidence_digest == evidence_digest(written, salt)


async def test_the_thank_you_page_tells_nothing_about_the_number(world: World) -> None:
    await world.store.ledger.commit(change(stop()))
    shown = []
    for phone in ("+447700900123", "+447700900456"):
        answer = await public_answer(world, phone=phone)
        event = (await answer_prompt(world.services, answer)).events[0]
        token = await say_thanks(world.services, event, answer, "en")
        thanks = await open_thanks(world.services, BUSINESS, token)
        assert thanks is not None
        shown.append((thanks.is_proof_needed, thanks.proof is not None))
    assert shown[0] == shown[1]


# A person's own page.


async def test_the_page_shows_what_was_said_and_shown(world: World) -> None:
    answer = await public_answer(world)
    await answer_prompt(world.services, answer)
    shown = await show_preferences(world.services, await link_for(world))
    (said,) = shown.said
    assert said.words is not None
    assert "Acme" in said.words.text
    assert shown.ending == "23"
    answers = {purpose.name: view.answer for purpose, view in shown.answers}
    assert answers["marketing"] is Answer.GRANTED
    assert answers["utility"] is Answer.UNASKED


async def test_one_step_ends_everything(world: World) -> None:
    await world.store.ledger.commit(change(grant(purposes=("marketing", "utility"))))
    await withdraw_preference(world.services, await link_for(world), None)
    assert await answer_of(world.store) is Answer.WITHDRAWN
    assert await answer_of(world.store, purpose="utility") is Answer.WITHDRAWN


async def test_one_purpose_ends_alone_and_comes_back_with_a_shown_question(world: World) -> None:
    await world.store.ledger.commit(change(grant(purposes=("marketing", "utility"))))
    link = await link_for(world)
    world.clock.advance(1)
    await withdraw_preference(world.services, link, UTILITY)
    assert await answer_of(world.store) is Answer.GRANTED
    assert await answer_of(world.store, purpose="utility") is Answer.WITHDRAWN
    world.clock.advance(1)
    filling = Filling(business="Acme", purposes=("utility",))
    shown = await show_prompt(world.services, BUSINESS, "preferences", "en", filling)
    token = open_token(world.services, shown.token)
    await grant_preference(world.services, link, (UTILITY,), token)
    assert await answer_of(world.store, purpose="utility") is Answer.GRANTED


async def test_a_receipt_is_given_to_its_holder_only(world: World) -> None:
    ana = (await world.store.ledger.commit(change(grant()))).events[0]
    await world.store.ledger.commit(change(grant(BEN)))
    ben = await contact_of(world.store, BEN)
    assert await issue_receipt(world.services, BUSINESS, ana.position, ana.contact_id)
    assert await issue_receipt(world.services, BUSINESS, ana.position, ben) is None
    assert await issue_receipt(world.services, RIVAL, ana.position) is None
