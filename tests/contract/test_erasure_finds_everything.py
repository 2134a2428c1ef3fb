"""After a rich life and an erasure, nothing in any table tells who the person was.

The walk knows no table by name: it reads every column of every table, opens whatever is sealed, and
looks for the digits, the ids, and the keyed hash by which the person was found.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import pytest

from askfirst.bootstrap.database.store import Store
from askfirst.domain.consent.erasure import EraseReason, PersonMarks
from askfirst.domain.consent.event import Source
from askfirst.domain.consent.number_confirmation import Proof, ProofKind
from askfirst.domain.held.held_message import HeldMessage, HeldState
from askfirst.domain.inbound.dead_letter import Route
from askfirst.domain.opt_out.reading import About
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.transparency.ledger_check import Head
from askfirst.domain.value import replace
from askfirst.domain.values.alias import Alias, AliasKind, phone_alias
from askfirst.domain.values.errors import UnsafeStorage
from askfirst.domain.values.ids import (
    ContactId,
    DecisionId,
    EntryId,
    HeldId,
    LinkId,
    PhoneNumberId,
    Position,
    ProofId,
    WabaId,
)
from askfirst.ports.consent.erase_requests import EraseRequest
from askfirst.ports.consent.proofs import PersonalLink
from askfirst.ports.held.held_messages import HeldContent, HeldEnd
from askfirst.ports.tenants.directory import UNROUTED
from askfirst.storage.platform.keyring import Keyring
from askfirst.usecases.consent.erase_contact import EraseOrder, erase_contact
from askfirst.usecases.consent.export_contact import export_contact
from askfirst.usecases.consent.issue_receipt import issue_receipt, public_keys, verify_receipt
from askfirst.usecases.transparency.verify_ledger import Pages, verify_business
from tests.support.asking import entry_of, open_business
from tests.support.builders import (
    BEN,
    BUSINESS,
    SENDER,
    WABA,
    acquaintance,
    change,
    decision_record,
    free_form,
    grant,
    key_for,
    opening,
    outcome,
    prompt,
    question,
    stop,
)
from tests.support.clocks import NOON, at
from tests.support.codes import code as code_request
from tests.support.codes import kept
from tests.support.reading import assert_sound, contact_of
from tests.support.services import World
from tests.support.stores import Home, fixed_keyring

DIGITS = "447911823746"
MIA = phone_alias(DIGITS)
MIA_BSUID = Alias(AliasKind.BSUID, "GB.90817263544536")
MIA_PARENT = Alias(AliasKind.PARENT_BSUID, "GB.ENT.55443322")
NAMES = (MIA, MIA_BSUID, MIA_PARENT)
WAMID = "wamid." + base64.b64encode(b"\x1d\x0c" + DIGITS.encode() + b"\x15\x02").decode()
EXPECTED = frozenset(
    {
        *("alias", "evidence", "webhook", "decision", "proof", "code"),
        *("stop_confirmation", "dead_letter", "held_message"),
    }
)
"""Tables in which a person is found before: a life that leaves one out would prove less."""


def delivery(number: str, waba: str = WABA, sender: str = SENDER) -> dict[str, Any]:
    name = WAMID if number == DIGITS else f"wamid.{number}"
    value = {
        "metadata": {"phone_number_id": sender},
        "contacts": [{"wa_id": number}, {"wa_id": BEN.value}],
        "messages": [{"from": number, "id": name}, {"from": BEN.value, "id": "wamid.ben"}],
    }
    return {"id": waba, "changes": [{"field": "messages", "value": value}]}


def body(*entries: dict[str, Any]) -> bytes:
    return json.dumps({"object": "whatsapp_business_account", "entry": list(entries)}).encode()


async def live(world: World) -> ContactId:
    """A person is known twice, merged, written to, refused, heard, and asks to be erased."""
    store = world.store
    await open_business(world)
    said = body(delivery(DIGITS))
    first = change(
        grant(MIA, evidence=said, prompt=prompt().hash), key=key_for(DIGITS), prompt=prompt()
    )
    await store.ledger.commit(first)
    await store.ledger.commit(change(grant(MIA_BSUID, evidence=said, purposes=("utility",))))
    absorbed = await contact_of(store, MIA_BSUID)
    await store.asking.personal_links.put(link("lnk_old", absorbed))
    await store.ledger.commit(
        change(acquaintance(*NAMES), opening(*NAMES), source_id=WAMID, body=said)
    )
    contact = await contact_of(store, MIA)
    await send(store, contact)
    await hand_over(world, contact)
    await prove(world)
    spoken = stop(*NAMES, at=at(9), evidence=said, sender=SENDER, stop_languages=("en",))
    spoken = replace(spoken, about=About.ERASURE)
    await store.ledger.commit(
        change(spoken, source_id="wamid.stop", body=body(delivery("+44 7911 823746")))
    )
    await store.asking.personal_links.put(link("lnk_new", contact))
    entry = await entry_of(world)
    await store.asking.entries.arrive(entry, contact, WAMID, NOON)
    wish = EraseRequest(
        business_id=BUSINESS, contact_id=contact, requested_at=NOON, surface=Surface.PREFERENCES
    )
    assert await store.erasures.request(wish)
    waiting = body(delivery(DIGITS), delivery(BEN.value, "999", "998"))
    route = Route(WabaId("999"), PhoneNumberId("998"))
    await store.dead_letters.keep(waiting, [route], NOON)
    return contact


def link(name: str, contact: ContactId) -> PersonalLink:
    return PersonalLink(
        link_id=LinkId(name),
        business_id=BUSINESS,
        contact_id=contact,
        created_at=NOON,
        expires_at=at(900),
    )


async def send(store: Store, contact: ContactId) -> None:
    for number, (whom, asked) in enumerate(
        ((contact, question(MIA)), (None, free_form(MIA)), (None, question(MIA_BSUID)))
    ):
        sent = json.dumps({"to": DIGITS}).encode()
        await store.decisions.record(decision_record(number, whom, question=asked, body=sent))
        await store.decisions.conclude(outcome(number, message_id=WAMID))


async def hand_over(world: World, contact: ContactId) -> None:
    """One message waits that no stop of theirs ends, and one has left, under Meta's id."""
    kept = world.store.held_messages
    for number, purpose in enumerate(("authentication", "marketing")):
        message = HeldMessage(
            business_id=BUSINESS,
            held_id=HeldId(f"hld_{number}"),
            contact_id=contact,
            sender=SENDER,
            purpose=purpose,
            campaign="",
            state=HeldState.HELD,
            reason="quiet_hours",
            decision_id=DecisionId("dec_1"),
            position=await world.store.ledger.head(BUSINESS),
            held_at=NOON,
            due_at=at(60),
            expires_at=at(900),
        )
        content = HeldContent(question=question(MIA), target="/1", body=DIGITS.encode())
        assert await kept.hold(message, content)
        if purpose == "marketing":
            end = HeldEnd(state=HeldState.SENT, at=at(60), message_id=WAMID)
            assert await kept.end(message, end)


async def prove(world: World) -> None:
    proof = Proof(
        proof_id=ProofId("prf_1"),
        business_id=BUSINESS,
        kind=ProofKind.CONSENT,
        code="AF-00000000000000000000000001",
        text="It is me (AF-00000000000000000000000001)",
        alias=MIA,
        sender=SENDER,
        created_at=NOON,
        expires_at=at(1800),
        purposes=("marketing",),
    )
    await world.store.asking.proofs.put(proof)
    assert await kept(world.store, code_request(1, number=MIA, reference="order 7"))


async def erase(world: World) -> None:
    order = EraseOrder(
        business_id=BUSINESS, person=MIA, reason=EraseReason.REQUESTED, source=Source.API
    )
    await erase_contact(world.services, order)


async def tables_of(home: Home) -> list[str]:
    if home.backend == "sqlite":
        rows = await home.raw("SELECT name FROM sqlite_master WHERE type = 'table'")
    else:
        rows = await home.raw(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
        )
    return sorted(str(row[0]) for row in rows if not str(row[0]).startswith("sqlite_"))


async def found_in(home: Home, keyring: Keyring) -> set[str]:
    """The tables that tell of the person, in clear or to whoever has the keys."""
    rows = {table: await home.raw(f"SELECT * FROM {table}") for table in await tables_of(home)}
    texts = {
        value
        for found in rows.values()
        for row in found
        for value in row
        if isinstance(value, str) and len(value) < 80
    }
    contexts = [text.encode() for text in {*texts, BUSINESS, UNROUTED}]
    hashes = {lookup for name in NAMES for lookup in keyring.lookups(name.key)}
    told = set()
    for table, found in rows.items():
        for value in (value for row in found for value in row):
            if is_telling(value, hashes) or is_telling(opened(value, contexts, keyring), hashes):
                told.add(table)
    return told


def is_telling(value: Any, hashes: Iterable[bytes]) -> bool:
    if isinstance(value, str):
        value = value.encode()
    if not isinstance(value, bytes | bytearray | memoryview):
        value = str(value).encode()
    content = bytes(value)
    return PersonMarks(NAMES).are_in(content) or any(one in content for one in hashes)


def opened(value: Any, contexts: Iterable[bytes], keyring: Keyring) -> bytes:
    """What is sealed in a column, whatever it was bound to."""
    if isinstance(value, bytes) and len(value) > 30:
        for context in contexts:
            with suppress(UnsafeStorage):
                return keyring.open(value, context)
    return b""


@pytest.fixture
def keyring() -> Keyring:
    return fixed_keyring()


async def test_the_walk_finds_the_person_wherever_they_are(
    world: World, home: Home, keyring: Keyring
) -> None:
    await live(world)
    assert await found_in(home, keyring) >= EXPECTED


async def test_an_erasure_leaves_nothing_but_the_suppression(
    world: World, home: Home, keyring: Keyring
) -> None:
    contact = await live(world)
    await erase(world)
    assert await found_in(home, keyring) == {"suppression"}
    for table in ("personal_link", "opening", "asked", "review", "erase_request", "erasure"):
        rows = await home.raw(f"SELECT * FROM {table} WHERE contact_id = '{contact}'")
        assert rows == []
    await assert_sound(world.store)


async def test_the_suppression_tells_no_contact(world: World, home: Home) -> None:
    """Or the ledger's lines would lead from it to a number that can be tried."""
    await live(world)
    await erase(world)
    rows = await home.raw("SELECT * FROM suppression")
    assert len(rows) == len(NAMES)
    assert {len(row) for row in rows} == {3}


async def test_what_is_for_others_stays(world: World, home: Home, keyring: Keyring) -> None:
    await live(world)
    kept_bodies = change(grant(BEN, at=at(3)), body=body(delivery("447700900999")))
    await world.store.ledger.commit(kept_bodies)
    before = len(await home.raw("SELECT 1 FROM webhook"))
    await erase(world)
    assert before == 3
    assert len(await home.raw("SELECT 1 FROM webhook")) == 1
    ((letter_id,),) = await home.raw("SELECT dead_letter_id FROM dead_letter")
    letter = await world.store.dead_letters.find(str(letter_id))
    assert letter is not None
    assert [len(entry["changes"]) for entry in json.loads(letter.body)["entry"]] == [0, 1]


async def test_a_stop_that_waits_for_somebody_unknown_is_not_taken(world: World) -> None:
    """Nobody knows whose it is, so the erasure of one business may not end it for another."""
    await live(world)
    route = Route(WabaId("777"), PhoneNumberId("776"))
    unknown = body(delivery(DIGITS, "777", "776"))
    letter, _ = await world.store.dead_letters.keep(unknown, [route], NOON)
    await erase(world)
    found = await world.store.dead_letters.find(letter.letter_id)
    assert found is not None
    assert found.body == unknown


async def test_a_receipt_from_before_still_verifies(world: World) -> None:
    await live(world)
    receipt = await issue_receipt(world.services, BUSINESS, Position(1))
    assert receipt is not None
    await erase(world)
    keys = await public_keys(world.services, BUSINESS)
    told = verify_receipt(world.services, receipt, keys)
    assert told["event"]["state"] == "given"


async def test_the_past_still_fits_together(world: World) -> None:
    await live(world)
    await erase(world)
    steps = [step async for step in verify_business(world.store.audit, BUSINESS, Head(), Pages())]
    assert sum(step.events for step in steps) >= await world.store.ledger.head(BUSINESS)
    assert [damage for step in steps for damage in step.damages] == []


async def test_an_export_tells_it_all_before(world: World) -> None:
    await live(world)
    told = await export_contact(world.services, BUSINESS, MIA)
    assert {one["value"] for one in told["identifiers"]} == {name.value for name in NAMES}
    assert [event["type"] for event in told["events"]] == [
        *("granted", "granted", "linked", "withdrawn"),
    ]
    assert told["notices"][0]["text"] == prompt().text
    assert len(told["decisions"]) + len(told["other_messages"]) == 3
    assert (len(told["codes"]), len(told["number_confirmations"])) == (1, 1)
    assert len(told["deliveries"]) == 2
    assert told["erase_requested_at"] is not None
    assert [(one["position"], one["about"], one["outcome"]) for one in told["reviews"]] == [
        (told["events"][-1]["position"], "erasure", None)
    ]
    written = json.dumps(told)
    assert BEN.value not in json.dumps(told["deliveries"])
    assert "AF-0000000000" not in written
    assert EntryId(told["entry_points"][0]["entry"]).startswith("ent_")


TOLD = {
    "alias": "identifiers",
    "arrival": "entry_points",
    "audit_entry": "looked_at",
    "asked": "questions_in_chat",
    "contact": "standing",
    "decision": "decisions",
    "erase_request": "erase_requested_at",
    "erasure": "",  # of who is being erased nothing is left to tell
    "event": "events",
    "held_message": "held_messages",
    "late_stop": "events",  # made of them
    "marketing_send": "marketing_messages",
    "opening": "last_wrote",
    "personal_link": "preference_links",
    "review": "reviews",
    "sent_message": "counted_messages",
    "stats_person": "events",  # what they were counted as: nothing that their events do not say
}
"""The part of an export that tells of a table whose rows name a contact."""


async def test_each_table_that_names_a_contact_has_a_part_in_the_export(
    world: World, home: Home
) -> None:
    await live(world)
    told = await export_contact(world.services, BUSINESS, MIA)
    naming = {table for table in await tables_of(home) if await names_a_contact(home, table)}
    assert naming == TOLD.keys()
    assert {part for part in TOLD.values() if part} <= told.keys()


async def names_a_contact(home: Home, table: str) -> bool:
    if home.backend == "sqlite":
        rows = await home.raw(f"SELECT name FROM pragma_table_info('{table}')")
    else:
        rows = await home.raw(
            f"SELECT column_name FROM information_schema.columns WHERE table_name = '{table}'"
        )
    return "contact_id" in {row[0] for row in rows}
