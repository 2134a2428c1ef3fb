"""Connections to PostgreSQL that keep the promise, or none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias, cast

import asyncpg

from askfirst.domain.consent.standing import fold_all
from askfirst.domain.values.errors import Unavailable, UnsafeStorage
from askfirst.storage.consent.standing_codec import encode_standing
from askfirst.storage.platform.keyring import Keyring
from askfirst.storage.platform.rows import row_event
from askfirst.storage.platform.sql_files import FOLDED_BY_POSITION, load_migrations, load_statements
from askfirst.storage.platform.statements import Result, TransactionScript
from askfirst.storage.postgres.trouble import unavailable

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

TROUBLE = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
    TimeoutError,
)
"""What the driver raises; translated to ours at the border."""

_SETTINGS = {
    "application_name": "askfirst",
    "lock_timeout": "10s",
    "statement_timeout": "30s",
    "idle_in_transaction_session_timeout": "10s",
    "default_transaction_isolation": "read committed",
    "jit": "off",
    # Every statement here finds rows by key: planning it once is enough, and a scan is wrong.
    "enable_seqscan": "off",
    "plan_cache_mode": "force_generic_plan",
}
_PLAN_FOR_SHARDS = """
SELECT set_config('plan_cache_mode', 'auto', false) FROM pg_extension WHERE extname = 'citus'
"""
"""A sharded database finds the shard by the parameters, so it cannot plan without them."""
_SAFETY = """
SELECT current_setting('fsync') AS fsync, current_setting('full_page_writes') AS full_page_writes,
       current_setting('synchronous_commit') AS synchronous_commit,
       pg_is_in_recovery() AS is_standby
"""
_MUST_BE_ON = ("fsync", "full_page_writes")
_DURABLE = ("on", "remote_apply", "remote_write")
"""With the others a commit returns before the disk (`off`) or the standby (`local`) has it."""
_MIGRATION_LOCK = 0x61736B66
_EPOCH_LOCK = 1_634_952_814
"""Shared by all who write (see `check_epoch` in the migrations), held alone by who changes them."""


async def connect(url: str, told: Mapping[str, str]) -> Connection:
    """Open a connection, with settings of the caller's; Unavailable where nobody answers."""
    settings = {**_SETTINGS, **told}
    try:
        connection = await asyncpg.connect(
            url, server_settings=settings, timeout=5, command_timeout=30
        )
    except TROUBLE as error:
        raise unavailable(error) from error
    try:
        await connection.execute(_PLAN_FOR_SHARDS)
    except BaseException as error:
        connection.terminate()
        if isinstance(error, TROUBLE):
            raise unavailable(error) from error
        raise
    return connection


def is_about_data(error: Unavailable) -> bool:
    """Return whether what was written, not the connection, was the trouble (SQLSTATE 22, 23)."""
    state = getattr(error.__cause__, "sqlstate", None)
    return state is not None and state[:2] in ("22", "23")


def has_collided(error: Unavailable) -> bool:
    """Return whether others were in the way, by a deadlock or by what they wrote."""
    return getattr(error.__cause__, "sqlstate", None) in ("40P01", "40001")


def may_go_alone(error: Unavailable) -> bool:
    """Return whether a batch may be tried again job by job: the data, or a deadlock with others."""
    return is_about_data(error) or has_collided(error)


async def check_settings(connection: Connection) -> None:
    """Raise UnsafeStorage where an acknowledged event could be lost, or reads be stale."""
    told = await connection.fetchrow(_SAFETY)
    if told is None:
        raise UnsafeStorage("PostgreSQL does not tell its settings")
    for name in _MUST_BE_ON:
        if told[name] != "on":
            raise UnsafeStorage(f"PostgreSQL must run with {name} = on")
    if (durable := told["synchronous_commit"]) not in _DURABLE:
        raise UnsafeStorage(
            f"PostgreSQL runs with synchronous_commit = {durable}: what was acknowledged could be "
            "lost; set it to on, for the server, the database and the role"
        )
    if told["is_standby"]:
        raise UnsafeStorage("this is a standby: the gate reads the primary only")


async def run_script(
    connection: Connection, sql: Mapping[str, str], script: TransactionScript[Result]
) -> Result:
    """Run the steps of a script in the transaction that is open."""
    try:
        name, parameters = next(script)
        while True:
            rows = await connection.fetch(sql[name], *parameters)
            name, parameters = script.send(rows)
    except StopIteration as end:
        return cast("Result", end.value)


async def write_something(connection: Connection) -> None:
    """Lock a row for writing: it takes a transaction number, and a flush of the log to commit.

    A database that is read-only refuses it; nothing grows by it.
    """
    await connection.execute("SELECT version FROM schema_version FOR NO KEY UPDATE")


async def migrate(connection: Connection) -> None:
    """Bring the schema up to date, one process at a time; a newer schema is refused."""
    migrations = load_migrations("askfirst.storage.postgres")
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock($1)", _MIGRATION_LOCK)
        await connection.execute(
            "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL PRIMARY KEY)"
        )
        version = await connection.fetchval("SELECT coalesce(max(version), 0) FROM schema_version")
        if version > migrations[-1][0]:
            raise UnsafeStorage("the database was written by a newer askfirst")
        if version < migrations[-1][0]:
            await connection.execute("SELECT pg_advisory_xact_lock($1)", _EPOCH_LOCK)
        for number, script in migrations:
            if number > version:
                await connection.execute(script)
                await connection.execute("INSERT INTO schema_version VALUES ($1)", number)
            if number == FOLDED_BY_POSITION > version > 0:
                await _refold(connection)


async def _refold(connection: Connection) -> None:
    """Fold every ledger anew: standings of before were folded by another rule."""
    sql = load_statements("askfirst.storage.postgres")
    for (business_id,) in await connection.fetch(sql["businesses"]):
        rows = await connection.fetch(sql["events"], business_id, 0, None)
        for contact, standing in fold_all(map(row_event, rows)).items():
            content = encode_standing(standing)
            await connection.execute(sql["refold"], business_id, contact, content)


async def register_keys(connection: Connection, keyring: Keyring) -> None:
    """Tell the database every version of the keyring, before anything is written with it.

    When it returns, no process without a new one writes or lets a message leave any more.

    Raises:
        KeyMissing: a key that wrote here is not in it: its suppressions could not be found.
    """
    fresh = keyring.unknown_to(await _known_keys(connection))
    if not fresh:
        return
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock($1)", _EPOCH_LOCK)
        fresh = keyring.unknown_to(await _known_keys(connection))  # others may have been faster
        await connection.executemany(
            "INSERT INTO key_version (version, fingerprint) VALUES ($1, $2)", fresh.items()
        )


async def _known_keys(connection: Connection) -> dict[int, str]:
    rows = await connection.fetch("SELECT version, fingerprint FROM key_version")
    return {row[0]: row[1] for row in rows}
