"""Text of every script is kept letter for letter; time to the microsecond."""

from __future__ import annotations

import pytest

from askfirst.bootstrap.database.store import Store
from askfirst.domain.consent.event import evidence_digest
from askfirst.domain.tenants.api_key import Business
from askfirst.domain.tenants.sender import TEMPLATE_NAME_MAX
from askfirst.domain.values.alias import Alias, AliasKind
from askfirst.domain.values.errors import AskfirstError
from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.timestamp import Instant
from tests.support.builders import (
    ANA,
    BUSINESS,
    api_key,
    change,
    grant,
    key_for,
    person,
    prompt,
    sender,
    sighting,
    template,
)
from tests.support.clocks import NOON, CountingIds
from tests.support.reading import all_events, assert_sound
from tests.support.stores import Home

TEXTS = [
    "Zoë Ångström",
    "e\u0301 is not é",
    "مرحبا بالعالم",
    "हिन्दी में नमस्ते",
    "退订 👩‍👩‍👧‍👦 🏳️‍🌈",
    "'; DROP TABLE event; --",
    "a\u200bb\u202ec\ufeffd",
    'back\\slash "quotes" %s ? $1',
    "line\nbreak\ttab\r\n",
    "𝒳" * 500,
]


@pytest.mark.parametrize("text", TEXTS)
async def test_a_prompts_words_are_kept_letter_for_letter(home: Home, text: str) -> None:
    store = await home.open()
    words = prompt(text)
    await store.ledger.commit(change(grant(prompt=words.hash), prompt=words))
    await store.close()
    assert [row[0] for row in await home.raw("SELECT words FROM prompt")] == [text]


@pytest.mark.parametrize("text", TEXTS)
async def test_names_are_kept_letter_for_letter(store: Store, text: str) -> None:
    await store.directory.put_business(Business(business_id=BUSINESS, name=text), NOON)
    await store.directory.put_sender(sender(name=text), text, NOON)
    await store.directory.add_key(api_key(name=text), b"d" * 32)
    found = await store.directory.business(BUSINESS)
    assert found is not None
    assert found.name == text
    assert (await store.directory.senders(BUSINESS))[0].name == text
    assert await store.directory.token(BUSINESS, sender().phone_number_id) == text
    assert (await store.directory.keys(BUSINESS))[0].name == text


@pytest.mark.parametrize("text", [*TEXTS, "nul\0inside"])
async def test_ids_of_any_text_deduplicate(store: Store, text: str) -> None:
    await store.ledger.commit(change(grant(), source_id=text, key=key_for(text)))
    assert (await store.ledger.commit(change(grant(), source_id=text))).duplicates == 1
    assert (await store.ledger.commit(change(grant(), key=key_for(text)))).replayed
    assert not (await store.ledger.commit(change(grant(), source_id=text + "x"))).duplicates


@pytest.mark.parametrize("text", [*TEXTS, "nul\0inside"])
async def test_evidence_is_committed_to_byte_for_byte(home: Home, text: str) -> None:
    ids = CountingIds()
    store = await home.open(ids=ids)
    (event,) = (await store.ledger.commit(change(grant(evidence=text.encode())))).events
    await store.close()
    ((salt,),) = await home.raw("SELECT salt FROM evidence")
    assert evidence_digest(text.encode(), bytes(salt)) == event.evidence_digest


async def test_names_that_differ_only_in_case_or_accents_are_different(store: Store) -> None:
    names = [Alias(AliasKind.BSUID, "GB.abc"), Alias(AliasKind.BSUID, "GB.ABC")]
    for name in names:
        await store.ledger.commit(change(grant(name)))
    contacts = {await store.ledger.find(BUSINESS, name) for name in names}
    assert len(contacts) == 2
    await store.directory.put_templates(
        (template("offer_é"), template("offer_e"), template("OFFER_E"))
    )
    assert len(await store.directory.templates(BUSINESS, "", 9)) == 3


async def test_a_nul_is_refused_as_wrong_or_kept_on_both_backends(store: Store) -> None:
    async def is_kept(words: str) -> bool:
        try:
            wording = prompt(words)
            await store.ledger.commit(change(grant(prompt=wording.hash), prompt=wording))
        except AskfirstError:
            return False
        return True

    assert not await is_kept("nul\0inside")
    assert await is_kept("no nul inside")


async def test_the_longest_template_name_is_kept(store: Store) -> None:
    name = "n" * TEMPLATE_NAME_MAX
    await store.ledger.commit(change(sighting(name=name)))
    assert [found.name for found in await store.directory.templates(BUSINESS, "", 9)] == [name]


@pytest.mark.parametrize("microseconds", [0, 1, 999_999, 1_000_001, 253_402_300_799_999_999])
async def test_every_microsecond_is_kept(store: Store, microseconds: int) -> None:
    moment = Instant(microseconds)
    await store.ledger.commit(change(grant(at=moment)))
    (event,) = await all_events(store)
    assert event.occurred_at == moment
    assert event.recorded_at == max(moment, NOON)


async def test_long_lists_and_long_texts_are_kept(store: Store) -> None:
    topics = tuple(f"marketing.topic_{number}" for number in range(200))
    wording = prompt("w" * 4096)
    await store.ledger.commit(
        change(grant(purposes=topics, prompt=wording.hash, evidence=b"e" * 100_000), prompt=wording)
    )
    (event,) = await all_events(store)
    assert event.purposes == topics
    await assert_sound(store)


async def test_a_business_may_have_the_longest_id(store: Store) -> None:
    business = BusinessId("b" * 63)
    await store.ledger.commit(change(grant(), business=business, body=b"raw"))
    assert await store.ledger.head(business) == 1
    assert await store.ledger.find(business, ANA) is not None
    assert await store.ledger.find(business, person(1)) is None
