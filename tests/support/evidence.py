"""A person with a story: asked on every kind of place, answered, written to, stopped."""

from __future__ import annotations

from askfirst.decision.question import MessageKind
from askfirst.domain.consent.attestation import Attestation
from askfirst.domain.consent.consent import Consent, ConsentVerb
from askfirst.domain.consent.event import Event, NumberProof, Source
from askfirst.domain.prompts.prompt import PromptVersion, Surface
from askfirst.domain.values.ids import DecisionId, Position
from askfirst.domain.values.purpose import Purpose
from askfirst.usecases.consent.record_consent import record_consent
from askfirst.usecases.prompts.show_prompt import open_live_token, show_openly
from askfirst.usecases.sending.outbound.sends import Send
from askfirst.usecases.sending.send_message import send_message
from tests.support.builders import ANA, BUSINESS, change, opening, question, sender, stop
from tests.support.clocks import at
from tests.support.services import World

PHONE_WORDS = "May we send you offers on WhatsApp? You can stop at any time by replying STOP."
OFFER = Send(
    question=question(kind=MessageKind.PURPOSE),
    target="/v24.0/200/messages",
    headers={"authorization": "Bearer token"},
    body=b'{"to":"+447700900123"}',
)


def version(surface: Surface, text: str, *purposes: str, locale: str = "en") -> PromptVersion:
    """Words that were shown."""
    key = f"{surface.value}_words"
    return PromptVersion(key=key, locale=locale, surface=surface, purposes=purposes, text=text)


async def said(world: World, moment: float, verb: ConsentVerb, **parts: object) -> Event:
    """Record what Ana said at a moment."""
    world.clock.set(at(moment))
    known: dict[str, object] = {
        "business_id": BUSINESS,
        "alias": ANA,
        "purposes": (Purpose("marketing"),),
        "surface": Surface.SIGNUP,
        "source": Source.API,
        "number_proof": NumberProof.VOUCHED,
    }
    consent = Consent(verb=verb, **(known | parts))  # type: ignore[arg-type]
    return (await record_consent(world.services, consent)).events[0]


async def said_by_phone(world: World) -> Event:
    """Ana says yes to offers on the phone; Grace takes it down, with a note."""
    return await said(
        world,
        10,
        ConsentVerb.GRANT,
        surface=Surface.PHONE,
        source=Source.CLI,
        prompt=version(Surface.PHONE, PHONE_WORDS, "marketing"),
        evidence=b'{"note":"called back at her wish"}',
        witness=Attestation(taken_by="agent 12", form="phone script 3"),
    )


async def said_at_sign_up(world: World, moment: float = 5) -> Event:
    """Ana ticks the box at sign-up: a question of ours, so her yes counts."""
    world.clock.set(at(moment - 1))
    shown = await show_openly(world.services, BUSINESS, "signup", "en", ())
    token = open_live_token(world.services, shown.token)
    return await said(world, moment, ConsentVerb.GRANT, prompt=token)


async def offered(world: World, moment: float, send: Send = OFFER) -> DecisionId:
    """Try to send Ana an offer."""
    world.clock.set(at(moment))
    return (await send_message(world.services, send)).decision_id


async def stopped_in_chat(world: World, moment: float) -> Position:
    """Ana types STOP."""
    world.clock.set(at(moment))
    typed = b'{"message":"wamid.1","words":"STOP please"}'
    said_so = stop(at=at(moment), evidence=typed, surface=Surface.CHAT, source=Source.WEBHOOK)
    committed = await world.store.ledger.commit(change(opening(at=at(moment - 1)), said_so))
    return committed.events[-1].position


async def tell_story(world: World) -> list[DecisionId]:
    """Ana says yes at sign-up and by phone, gets an offer, stops, and gets no second one."""
    await world.store.directory.put_sender(sender(), "token", at(0))
    await said_at_sign_up(world)
    await said_by_phone(world)
    first = await offered(world, 60)
    await stopped_in_chat(world, 100)
    return [first, await offered(world, 200)]
