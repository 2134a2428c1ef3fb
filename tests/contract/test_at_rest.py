"""What lies on disk: events that nobody alters, and nothing about a person in clear."""

from __future__ import annotations

import re
from contextlib import suppress

import pytest

from askfirst.bootstrap.database.store import Store
from askfirst.domain.values.alias import Alias, AliasKind, phone_alias
from tests.support.builders import (
    BUSINESS,
    change,
    decision_record,
    free_form,
    from_template,
    grant,
    key_for,
    opening,
    outcome,
    question,
    sender,
    stop,
)
from tests.support.clocks import NOON, at
from tests.support.reading import all_events, assert_sound, contact_of
from tests.support.stores import Home, RawRefused

FORGERIES = [
    "UPDATE event SET kind = 'granted' WHERE position = 2",
    "UPDATE event SET occurred_at = 0",
    "DELETE FROM event WHERE position = 2",
    "DELETE FROM event",
]
COLUMNS = (
    "event_id, contact_id, kind, occurred_at, recorded_at, source, surface, purposes, assurance, "
    "sender, prompt, absorbed, evidence_digest, leaf_hash, number_proof"
)
FIRST_AS_SECOND = f"INTO event SELECT business_id, 2, {COLUMNS} FROM event WHERE position = 1"
FORGERIES_IN_SQLITE = [
    f"REPLACE {FIRST_AS_SECOND}",
    f"INSERT OR REPLACE {FIRST_AS_SECOND}",
    "UPDATE OR REPLACE event SET position = 1 WHERE position = 2",
]
FORGERIES_IN_POSTGRES = [
    f"INSERT {FIRST_AS_SECOND} ON CONFLICT (business_id, position) DO UPDATE SET kind = 'refused'",
    "MERGE INTO event e USING (SELECT 2 AS p) s ON e.position = s.p WHEN MATCHED THEN DELETE",
]


async def try_to_forge(home: Home, sql: str) -> None:
    store = await home.open()
    await store.ledger.commit(change(grant()))
    await store.ledger.commit(change(stop(at=at(1))))
    before = await all_events(store)
    with suppress(RawRefused):
        await home.raw(sql)
    assert await all_events(store) == before
    await assert_sound(store)
    await store.close()


@pytest.mark.parametrize("sql", FORGERIES)
async def test_events_are_never_updated_or_deleted_even_by_hand(home: Home, sql: str) -> None:
    await try_to_forge(home, sql)


@pytest.mark.parametrize("sql", FORGERIES_IN_SQLITE)
async def test_events_are_never_replaced_in_sqlite(sqlite_home: Home, sql: str) -> None:
    await try_to_forge(sqlite_home, sql)


@pytest.mark.postgres
@pytest.mark.parametrize("sql", FORGERIES_IN_POSTGRES)
async def test_events_are_never_overwritten_in_postgres(postgres_home: Home, sql: str) -> None:
    await try_to_forge(postgres_home, sql)


CANARY = "447911823746"
CANARY_BSUID = "GB.90817263544536"
CANARY_NAME = "Quintessa Featherstonehaugh"
CANARY_TOKEN = "EAAcanarytokenvalue"


def spelt_anyhow(digits: str) -> re.Pattern[bytes]:
    """The digits, with up to two other bytes between them."""
    return re.compile(b"[^0-9]{0,2}".join(digit.encode() for digit in digits))


async def fill(store: Store) -> None:
    ana = (phone_alias(CANARY), Alias(AliasKind.BSUID, CANARY_BSUID))
    raw = f'{{"from":"{CANARY}","name":"{CANARY_NAME}","user_id":"{CANARY_BSUID}"}}'.encode()
    await store.directory.put_sender(sender(), CANARY_TOKEN, NOON)
    await store.ledger.commit(
        change(
            grant(*ana, evidence=raw),
            opening(*ana),
            source_id=f"wamid.{CANARY}",
            body=raw,
            key=key_for(CANARY),
        )
    )
    for number, asked in enumerate((question(*ana), free_form(*ana), from_template(*ana))):
        async with store.gate.hold(asked):
            record = decision_record(
                number, await contact_of(store, ana[0]), question=asked, body=raw
            )
            await store.decisions.record(record)
        await store.decisions.conclude(outcome(number, message_id=f"wamid.{CANARY}"))
    await store.ledger.commit(change(stop(*ana, at=at(1), evidence=raw)))


async def test_no_number_name_or_token_lies_on_disk_in_clear(home: Home) -> None:
    store = await home.open()
    await fill(store)
    content = await home.raw_bytes()
    await store.close()
    content += await home.raw_bytes()
    assert BUSINESS.encode() in content
    assert not spelt_anyhow(CANARY).search(content)
    assert not spelt_anyhow(CANARY_BSUID.removeprefix("GB.")).search(content)
    for word in (*CANARY_NAME.split(), CANARY_TOKEN):
        for spelling in (word, word.lower(), word.upper()):
            assert spelling.encode() not in content
            assert spelling.encode("utf-16-le") not in content
