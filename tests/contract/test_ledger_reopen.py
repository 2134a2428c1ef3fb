"""What was acknowledged is there after the store was closed and opened, under newer keys too."""

from __future__ import annotations

import os

import pytest

from askfirst.bootstrap.database.store import Store
from askfirst.domain.consent.standing import Answer
from askfirst.domain.values.errors import Unavailable
from askfirst.domain.values.ids import Position
from askfirst.storage.platform.errors import KeyMissing
from askfirst.storage.platform.keyring import Keyring
from tests.support.builders import (
    ANA,
    ANA_BSUID,
    BEN,
    BUSINESS,
    acquaintance,
    change,
    free_form,
    grant,
    key_for,
    opening,
    prompt,
    question,
    refuse,
    sender,
    stop,
    template,
    unreachable,
)
from tests.support.clocks import NOON, CountingIds, at
from tests.support.reading import all_events, answer_of, assert_sound, contact_of
from tests.support.stores import Home, fixed_keyring


async def fill(store: Store) -> None:
    words = prompt()
    yes = grant(ANA, ANA_BSUID, prompt=words.hash, evidence=b"page")
    await store.ledger.commit(
        change(yes, opening(), source_id="w1", body=b"raw", prompt=words, key=key_for())
    )
    await store.ledger.commit(change(stop(BEN), unreachable(BEN, at=at(3))))
    await store.ledger.commit(change(refuse(at=at(-5))))
    await store.directory.put_sender(sender(), "EAAtoken", NOON)
    await store.directory.put_templates((template(),))


async def test_everything_is_there_after_close_and_open(home: Home) -> None:
    store = await home.open()
    await fill(store)
    before = await all_events(store)
    await store.close()
    store = await home.open()
    assert await all_events(store) == before
    await assert_sound(store)
    assert await answer_of(store, BEN) is Answer.WITHDRAWN
    assert await contact_of(store, ANA) == await contact_of(store, ANA_BSUID)
    assert await store.ledger.unreachable_at(BUSINESS, await contact_of(store, BEN)) == at(3)
    assert await store.ledger.prompt_purposes(BUSINESS, prompt().hash)
    assert (await store.gate.look(free_form())).window_opened_at == NOON
    assert await store.directory.senders(BUSINESS) == (sender(),)
    assert await store.directory.token(BUSINESS, sender().phone_number_id) == "EAAtoken"
    assert await store.directory.templates(BUSINESS, "", 9) == (template(),)
    await store.close()


async def test_positions_go_on_after_close_and_open(home: Home) -> None:
    ids = CountingIds()
    store = await home.open(ids=ids)
    await fill(store)
    await store.close()
    store = await home.open(ids=ids)
    committed = await store.ledger.commit(change(grant(at=at(9))))
    assert committed.events[0].position == 4
    await assert_sound(store)
    await store.close()


async def test_idempotency_keys_and_source_ids_are_remembered_after_close_and_open(
    home: Home,
) -> None:
    store = await home.open()
    await fill(store)
    await store.close()
    store = await home.open()
    assert (await store.ledger.commit(change(grant(), key=key_for()))).replayed
    assert (await store.ledger.commit(change(stop(), source_id="w1"))).duplicates == 1
    await store.close()


async def test_a_closed_store_takes_no_writes(home: Home) -> None:
    store = await home.open()
    await store.close()
    with pytest.raises(Unavailable):
        await store.ledger.commit(change(grant()))


async def test_a_rotated_keyring_finds_what_older_keys_wrote(home: Home) -> None:
    store = await home.open()
    await fill(store)
    await store.close()
    store = await home.open(fixed_keyring().rotated().rotated())
    assert await answer_of(store, BEN) is Answer.WITHDRAWN
    assert (await store.ledger.commit(change(grant(), key=key_for()))).replayed
    assert (await store.ledger.commit(change(stop(), source_id="w1"))).duplicates == 1
    assert (await store.gate.look(question(BEN))).contacts == (await contact_of(store, BEN),)
    assert await store.directory.token(BUSINESS, sender().phone_number_id) == "EAAtoken"
    async with store.gate.hold(question(BEN)) as held:
        assert held.facts.contacts == (await contact_of(store, BEN),)
    await store.close()


async def test_a_rotated_keyring_goes_on_with_the_same_contacts(home: Home) -> None:
    store = await home.open()
    await fill(store)
    old = await contact_of(store, BEN)
    await store.close()
    store = await home.open(fixed_keyring().rotated())
    await store.ledger.commit(change(grant(BEN, at=at(60)), source_id="w9"))
    await store.ledger.commit(change(acquaintance(BEN, ANA, at=at(61))))
    assert await contact_of(store, BEN) in (old, await contact_of(store, ANA))
    assert (await store.ledger.commit(change(grant(BEN), source_id="w9"))).duplicates == 1
    history = await store.ledger.history(BUSINESS, await contact_of(store), Position(0), 99)
    assert [event.position for event in history] == [1, 2, 3, 4, 5]
    await assert_sound(store)
    await store.close()


async def test_a_keyring_that_lacks_a_version_refuses_to_start(home: Home) -> None:
    rotated = fixed_keyring().rotated()
    store = await home.open(rotated)
    await store.close()
    with pytest.raises(KeyMissing):
        await home.open(fixed_keyring())
    with pytest.raises(KeyMissing):
        await home.open(Keyring.generate(os.urandom))
    store = await home.open(rotated)
    await store.close()
