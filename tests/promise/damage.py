"""Ways to damage a ledger from outside, as whoever owns the database can: each hides its traces."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from random import Random

from askfirst.domain.consent.event import leaf_bytes, leaf_hash
from askfirst.storage.platform.rows import row_event
from tests.support.stores import Home, SqliteHome

Damaging = Callable[[Home, Random], Awaitable[None]]

_TRIGGERS = ("event_is_never_updated", "event_is_never_deleted", "event_is_never_replaced")
_EVENT = (
    "business_id, position, event_id, contact_id, kind, occurred_at, recorded_at, source, surface,"
    " purposes, assurance, sender, prompt, absorbed, evidence_digest, number_proof, choice"
)
WAYS: dict[str, Damaging] = {}


def way(damaging: Damaging) -> Damaging:
    """List it."""
    WAYS[damaging.__name__] = damaging
    return damaging


@asynccontextmanager
async def unguarded(home: Home) -> AsyncIterator[None]:
    """Take the guards away while the block runs, and put them back as they were."""
    if isinstance(home, SqliteHome):
        rows = await home.raw("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        for name, _ in rows:
            await home.raw(f"DROP TRIGGER {name}")
        yield
        for _, text in rows:
            await home.raw(text)
        return
    for what in ("UPDATE", "DELETE"):
        await home.raw(f"ALTER TABLE event DISABLE RULE event_is_never_{what.lower()}d")
    await home.raw("ALTER TABLE event DISABLE TRIGGER event_is_never_truncated")
    yield
    for what in ("UPDATE", "DELETE"):
        await home.raw(f"ALTER TABLE event ENABLE RULE event_is_never_{what.lower()}d")
    await home.raw("ALTER TABLE event ENABLE TRIGGER event_is_never_truncated")


async def positions(home: Home, where: str = "true") -> list[int]:
    rows = await home.raw(f"SELECT position FROM event WHERE {where} ORDER BY position")
    return [row[0] for row in rows]


async def change(home: Home, assignment: str, where: str) -> None:
    async with unguarded(home):
        await home.raw(f"UPDATE event SET {assignment} WHERE {where}")


async def some(home: Home, random: Random, where: str = "true") -> int:
    return random.choice(await positions(home, where))


@way
async def the_last_events_deleted(home: Home, random: Random) -> None:
    last = (await positions(home))[-1]
    async with unguarded(home):
        await home.raw(f"DELETE FROM event WHERE position > {last - random.randint(1, 9)}")


@way
async def the_last_events_deleted_and_the_count_put_right(home: Home, random: Random) -> None:
    await the_last_events_deleted(home, random)
    await home.raw("UPDATE business SET last_position = (SELECT max(position) FROM event)")


@way
async def an_event_in_between_deleted(home: Home, random: Random) -> None:
    there = await positions(home)
    async with unguarded(home):
        await home.raw(f"DELETE FROM event WHERE position = {random.choice(there[:-1])}")


@way
async def a_stop_made_a_yes(home: Home, random: Random) -> None:
    position = await some(home, random, "kind = 'withdrawn'")
    await change(home, "kind = 'granted', purposes = 'marketing'", f"position = {position}")


@way
async def a_yes_dated_back(home: Home, random: Random) -> None:
    position = await some(home, random, "kind = 'granted'")
    await change(home, "occurred_at = occurred_at - 86400000000", f"position = {position}")


@way
async def a_claim_made_sure(home: Home, random: Random) -> None:
    position = await some(home, random, "assurance < 3")
    await change(home, "assurance = 3", f"position = {position}")


@way
async def a_purpose_added(home: Home, random: Random) -> None:
    position = await some(home, random, "kind = 'granted'")
    await change(home, "purposes = purposes || ',utility'", f"position = {position}")


@way
async def an_unknown_kind(home: Home, random: Random) -> None:
    await change(home, "kind = 'nonsense'", f"position = {await some(home, random)}")


@way
async def the_evidence_exchanged(home: Home, random: Random) -> None:
    position = await some(home, random)
    await change(home, "evidence_digest = leaf_hash", f"position = {position}")


@way
async def a_yes_given_to_another_person(home: Home, random: Random) -> None:
    granted, stopped = await some(home, random, "kind = 'granted'"), "kind = 'withdrawn'"
    other = await some(home, random, stopped)
    whose = f"(SELECT contact_id FROM event WHERE position = {other})"
    await change(home, f"contact_id = {whose}", f"position = {granted}")


@way
async def a_leaf_hash_moved(home: Home, random: Random) -> None:
    one, other = random.sample(await positions(home), 2)
    rows = await home.raw(f"SELECT leaf_hash FROM event WHERE position = {one}")
    await change(home, f"leaf_hash = {literal(home, rows[0][0])}", f"position = {other}")


@way
async def an_event_written_anew_with_its_hash(home: Home, random: Random) -> None:
    there = await positions(home, "kind = 'granted'")
    await rewrite(home, random.choice(there[:-1]), "assurance = 3")


@way
async def two_events_exchanged(home: Home, random: Random) -> None:
    one, other = random.sample(await positions(home), 2)
    async with unguarded(home):
        for old, new in ((one, -1), (other, one), (-1, other)):
            await home.raw(f"UPDATE event SET position = {new} WHERE position = {old}")


@way
async def a_yes_copied_over_a_stop(home: Home, random: Random) -> None:
    stopped = await some(home, random, "kind = 'withdrawn'")
    granted = await some(home, random, "kind = 'granted'")
    standing = (
        "(SELECT c.standing FROM contact c, event e WHERE e.contact_id = c.contact_id"
        f" AND e.position = {granted})"
    )
    whose = f"(SELECT contact_id FROM event WHERE position = {stopped})"
    await home.raw(f"UPDATE contact SET standing = {standing} WHERE contact_id = {whose}")


@way
async def what_stands_wiped(home: Home, random: Random) -> None:
    position = await some(home, random)
    empty = literal(home, b"")
    await home.raw(
        f"UPDATE contact SET standing = {empty} WHERE contact_id ="
        f" (SELECT contact_id FROM event WHERE position = {position})"
    )


@way
async def a_contact_deleted(home: Home, random: Random) -> None:
    position = await some(home, random)
    whose = f"(SELECT contact_id FROM event WHERE position = {position})"
    await home.raw(f"DELETE FROM contact WHERE contact_id = {whose}")


@way
async def a_name_led_to_a_merged_contact(home: Home, random: Random) -> None:
    merged = await home.raw("SELECT contact_id FROM contact WHERE absorbed_by IS NOT NULL")
    alive = await home.raw("SELECT contact_id FROM contact WHERE absorbed_by IS NULL")
    one, other = random.choice(merged)[0], random.choice(alive)[0]
    await home.raw(f"UPDATE alias SET contact_id = '{one}' WHERE contact_id = '{other}'")


@way
async def a_guard_dropped(home: Home, random: Random) -> None:
    if isinstance(home, SqliteHome):
        await home.raw(f"DROP TRIGGER {random.choice(_TRIGGERS)}")
    elif random.random() < 0.5:
        await home.raw("DROP TRIGGER event_is_never_truncated ON event")
    else:
        await home.raw(f"DROP RULE event_is_never_{random.choice(('updated', 'deleted'))} ON event")


@way
async def a_guard_made_harmless(home: Home, random: Random) -> None:
    if isinstance(home, SqliteHome):
        await home.raw("DROP TRIGGER event_is_never_updated")
        await home.raw(
            "CREATE TRIGGER event_is_never_updated BEFORE UPDATE ON event BEGIN SELECT 1; END"
        )
    elif random.random() < 0.5:
        await home.raw("ALTER TABLE event DISABLE RULE event_is_never_updated")
    else:
        await home.raw(
            "CREATE OR REPLACE FUNCTION event_refuse_change(what TEXT) RETURNS BOOLEAN"
            " LANGUAGE plpgsql AS 'BEGIN RETURN true; END'"
        )


@way
async def all_events_truncated(home: Home, random: Random) -> None:
    async with unguarded(home):
        verb = "DELETE FROM" if isinstance(home, SqliteHome) else "TRUNCATE"
        await home.raw(f"{verb} event")
        if random.random() < 0.5:
            await home.raw("UPDATE business SET last_position = 0")


def literal(home: Home, content: bytes) -> str:
    """Write bytes as SQL of the backend."""
    if isinstance(home, SqliteHome):
        return f"x'{bytes(content).hex()}'"
    return f"'\\x{bytes(content).hex()}'::bytea"


async def rewrite(home: Home, position: int, assignment: str) -> None:
    """Change an event and its leaf hash, so that the two fit, and what stands as well."""
    await change(home, assignment, f"position = {position}")
    row = (await home.raw(f"SELECT {_EVENT} FROM event WHERE position = {position}"))[0]
    fresh = leaf_hash(leaf_bytes(row_event(row)))
    await change(home, f"leaf_hash = {literal(home, fresh)}", f"position = {position}")


def copy_of(home: SqliteHome, target: str) -> None:
    """Ask SQLite for a copy, as the guide says."""
    connection = sqlite3.connect(home.path)
    connection.execute("VACUUM INTO ?", [target])
    connection.close()
