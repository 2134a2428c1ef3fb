"""Count what a database holds, past askfirst: plain SQL, once the server has ended."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Mapping

import asyncpg

from askfirst.bootstrap.settings import Settings
from benchmarks.setup.seeds import BUSINESS

# Numbered parameters read the same in both dialects once the sign is changed.
_STATEMENTS = {
    "webhooks": "SELECT count(*) FROM webhook WHERE business_id = $1",
    "seen": "SELECT count(*) FROM seen WHERE business_id = $1",
    "openings": "SELECT count(*) FROM opening WHERE business_id = $1",
    "moved_openings": "SELECT count(*) FROM opening WHERE business_id = $1 AND opened_at >= $2",
    "contacts": "SELECT count(*) FROM contact WHERE business_id = $1",
    "events": "SELECT count(*) FROM event WHERE business_id = $1",
    "newest": "SELECT coalesce(max(position), 0) FROM event WHERE business_id = $1",
    "stops": "SELECT count(*) FROM event WHERE business_id = $1 AND kind = 'withdrawn'",
    "granted": "SELECT count(*) FROM event WHERE business_id = $1 AND kind = 'granted'",
    "decisions": "SELECT count(*) FROM decision WHERE business_id = $1",
    "allowed": "SELECT count(*) FROM decision WHERE business_id = $1 AND verdict = 'allow'",
    "outcomes": "SELECT count(*) FROM outcome WHERE business_id = $1 AND status = 200",
    "codes": "SELECT count(*) FROM code WHERE business_id = $1",
    "approved": "SELECT count(*) FROM code WHERE business_id = $1 AND state = 'approved'",
    "confirmed": "SELECT count(*) FROM event WHERE business_id = $1 AND kind = 'confirmed'",
}


def count_rows(settings: Settings, since: int = 0) -> Mapping[str, int]:
    """Count; `since` is from when on an opening counts as moved, in microseconds."""
    if settings.sqlite_path is None:
        return asyncio.run(_postgres(settings.database_url, since))
    connection = sqlite3.connect(settings.sqlite_path)
    try:
        return {
            name: connection.execute(
                text.replace("$", "?"), (BUSINESS, since)[: _arity(text)]
            ).fetchone()[0]
            for name, text in _STATEMENTS.items()
        }
    finally:
        connection.close()


async def _postgres(url: str, since: int) -> Mapping[str, int]:
    connection = await asyncpg.connect(url)
    try:
        return {
            name: await connection.fetchval(text, *(BUSINESS, since)[: _arity(text)])
            for name, text in _STATEMENTS.items()
        }
    finally:
        await connection.close()


def _arity(statement: str) -> int:
    return statement.count("$")
