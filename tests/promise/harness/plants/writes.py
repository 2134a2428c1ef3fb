"""Bugs in what is written, and when it is acknowledged."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping
from typing import Any, cast

from askfirst.bootstrap.database.store import Store
from askfirst.ports.consent.change import Committed, WriteBatch, WriteEntry
from askfirst.storage.consent.planner import Planner
from tests.promise.harness.plants.patching import put

_MOMENT_SECONDS = 0.1


def _ack_before_commit(store: Store) -> None:
    """Webhooks are answered a moment before their change is written: long enough to be killed in.

    Not at once: whatever else a delivery writes would take a change that waits along with it.
    """
    ledger = cast("Any", store.ledger)
    commit = ledger.commit
    writing: set[asyncio.Task[Committed]] = set()

    async def written(change: WriteBatch) -> Committed:
        await asyncio.sleep(_MOMENT_SECONDS)
        return cast("Committed", await commit(change))

    async def commit_later(change: WriteBatch) -> Committed:
        if not change.body:
            return cast("Committed", await commit(change))
        task = asyncio.create_task(written(change))
        writing.add(task)
        task.add_done_callback(writing.discard)
        return Committed(events=())

    put(ledger, "commit", commit_later)


def _no_dedupe(_: Store) -> None:
    """Each delivery is new, whatever its id."""

    def hash_anew(_: Planner, hashed: dict[object, list[bytes]], item: WriteEntry) -> list[bytes]:
        return hashed.setdefault((item.source_id, item.source_at), [os.urandom(16)])

    put(Planner, "_hash_source", hash_anew)


def _sync_off(store: Store) -> None:
    """SQLite leaves it to the system when a commit reaches the disk: a power cut loses it."""
    cast("Any", store)._file.writing.execute("PRAGMA synchronous = OFF")


WRITE_PLANTS: Mapping[str, Callable[[Store], None]] = {
    "ack_before_commit": _ack_before_commit,
    "no_dedupe": _no_dedupe,
    "sync_off": _sync_off,
}
