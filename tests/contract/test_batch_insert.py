"""On PostgreSQL a batch is written as a whole, or whoever waits for it hears of it."""

from __future__ import annotations

from collections.abc import Mapping

import asyncpg
import pytest

from askfirst.domain.values.errors import Unavailable
from askfirst.storage.platform.sql_files import load_statements
from askfirst.storage.postgres.batch_insert import BusinessMissing, insert_batch
from tests.support.builders import (
    BUSINESS,
    change,
    decision_record,
    grant,
    outcome,
    stop,
)
from tests.support.stores import PostgresHome

pytestmark = pytest.mark.postgres
SQL: Mapping[str, str] = load_statements("askfirst.storage.postgres")
_SWALLOW = """
CREATE FUNCTION swallow() RETURNS TRIGGER LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER swallow BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION swallow();
"""

BATCHES: Mapping[str, tuple[object, ...]] = {
    "insert_contacts": ("con_1", b"", None, "", 0, None, None, None),
    "insert_aliases": (b"lookup", "con_1", "phone", b"sealed"),
    "insert_events": (
        *(1, "evt_1", "con_1", "granted", 1, 1, "api", "api", "marketing", 1),
        *("", "", "", b"digest", 1, None, b"hash"),
    ),
    "insert_evidence": (1, b"sealed", b"salt"),
    "insert_seen": (b"source",),
    "insert_webhooks": ("whk_1", 1, b"sealed", 1, "1/2/messages", "sha256=00", ""),
    "open_windows": ("con_1", "1", 1),
    "name_media": (b"media", "1", 1),
    "insert_decisions": (
        *("dec_1", 1, "1", "template", "", "", "", None, "deny", "no_opt_in", 5),
        *("", 0, "policy", None, None, None, None, b"sealed"),
    ),
    "insert_outcomes": ("dec_1", 1, 200, None),
    "insert_sent_messages": ("con_1", "dec_1", 1, "marketing", 1, "content"),
    "insert_marketing_sends": ("dec_1", "con_1", 1, "sender:1"),
    "put_brake_subjects": ("template:offer", 1, None, None, 0),
    "put_paces": ("sender:1", 1, 1),
    "count_people": (1, 1),
}
"""A row for each statement that takes the business from its own row."""


def test_every_batch_is_known_here() -> None:
    written = {name for name, text in SQL.items() if "INSERT INTO" in text and "unnest(" in text}
    assert {name for name in written if "CROSS JOIN unnest(" in SQL[name]} == set(BATCHES)


@pytest.mark.parametrize("name", BATCHES)
async def test_a_batch_of_a_business_without_a_row_is_an_error(
    postgres_home: PostgresHome, name: str
) -> None:
    connection = await asyncpg.connect(postgres_home.url)
    try:
        with pytest.raises(BusinessMissing):
            await insert_batch(connection, SQL, name, BUSINESS, [BATCHES[name]])
        await connection.execute(SQL["ensure_business"], BUSINESS, BUSINESS, 0)
        await insert_batch(connection, SQL, name, BUSINESS, [BATCHES[name]])
    finally:
        await connection.close()


async def test_what_is_written_already_is_no_error_where_the_statement_skips_it(
    postgres_home: PostgresHome,
) -> None:
    connection = await asyncpg.connect(postgres_home.url)
    try:
        await connection.execute(SQL["ensure_business"], BUSINESS, BUSINESS, 0)
        for _ in range(2):
            rows = [BATCHES["insert_outcomes"]]
            await insert_batch(connection, SQL, "insert_outcomes", BUSINESS, rows)
        assert await connection.fetchval("SELECT count(*) FROM outcome") == 1
    finally:
        await connection.close()


@pytest.mark.parametrize("table", ["seen", "event", "contact", "alias"])
async def test_a_change_of_which_a_row_was_not_written_is_not_acknowledged(
    postgres_home: PostgresHome, table: str
) -> None:
    store = await postgres_home.open()
    for statement in _SWALLOW.format(table=table).strip().splitlines():
        await postgres_home.raw(statement)
    with pytest.raises(Unavailable):
        await store.ledger.commit(change(grant(), source_id="wamid.1"))
    assert await store.ledger.head(BUSINESS) == 0
    await store.close()


async def test_a_decision_that_was_not_written_lets_nothing_leave(
    postgres_home: PostgresHome,
) -> None:
    store = await postgres_home.open()
    for statement in _SWALLOW.format(table="decision").strip().splitlines():
        await postgres_home.raw(statement)
    with pytest.raises(Unavailable):
        await store.decisions.record(decision_record())
    await store.close()


async def test_a_decision_about_a_business_without_a_row_makes_the_row(
    postgres_home: PostgresHome,
) -> None:
    store = await postgres_home.open()
    assert await store.decisions.record(decision_record()) is None
    await store.decisions.conclude(outcome())
    assert await store.directory.businesses() == (BUSINESS,)
    await store.ledger.commit(change(stop()))
    assert await store.ledger.head(BUSINESS) == 1
    await store.close()
