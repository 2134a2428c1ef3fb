"""Bugs on purpose, each a patch of the built store in one server process.

A harness that never went red proves nothing: it has to find every one of these.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any, cast

from askfirst.bootstrap import wiring
from askfirst.bootstrap.wiring import Store
from askfirst.decision.facts import Facts
from askfirst.decision.question import Question
from askfirst.ports.change import Change, Committed
from askfirst.ports.gate import Gate, Held
from askfirst.storage.postgres.connection import Connection
from askfirst.storage.postgres.gate import PostgresGate

_THINKING_SECONDS = 0.002
_CACHED_SECONDS = 0.05
_MOMENT_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class _Unheld:
    """Facts and a promise that nobody keeps."""

    facts: Facts

    def alive(self) -> bool:
        return True


class _CheckThenSend:
    """Looks, and lets go before the first byte: the classic race."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def look(self, question: Question) -> Facts:
        return await self._gate.look(question)

    @asynccontextmanager
    async def hold(self, question: Question) -> AsyncIterator[Held]:
        facts = await self._gate.look(question)
        await asyncio.sleep(_THINKING_SECONDS)
        yield _Unheld(facts)


class _Cached:
    """Takes the lock as it should, but remembers the facts for 50 ms."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._facts: dict[object, tuple[float, Facts]] = {}

    async def look(self, question: Question) -> Facts:
        return await self._gate.look(question)

    @asynccontextmanager
    async def hold(self, question: Question) -> AsyncIterator[Held]:
        async with self._gate.hold(question) as held:
            now, known = time.monotonic(), self._facts.get(question.recipients)
            if known is None or now - known[0] > _CACHED_SECONDS:
                known = self._facts[question.recipients] = (now, held.facts)
            yield _Unheld(known[1])


def _no_lock(store: Store) -> None:
    cast("Any", store).gate = _CheckThenSend(store.gate)


def _allow_cache(store: Store) -> None:
    cast("Any", store).gate = _Cached(store.gate)


def _ack_before_commit(store: Store) -> None:
    """Webhooks are answered a moment before their change is written.

    Not at once: whatever else a delivery writes would take a change that waits along with it.
    """
    ledger = cast("Any", store.ledger)
    commit = ledger.commit
    writing: set[asyncio.Task[Committed]] = set()

    async def written(change: Change) -> Committed:
        await asyncio.sleep(_MOMENT_SECONDS)
        return cast("Committed", await commit(change))

    async def commit_later(change: Change) -> Committed:
        if not change.body:
            return cast("Committed", await commit(change))
        task = asyncio.create_task(written(change))
        writing.add(task)
        task.add_done_callback(writing.discard)
        return Committed(events=())

    ledger.commit = commit_later


def _ack_before_fence(store: Store) -> None:
    """A stop is answered once it is durable; sends that read the older state may still leave."""

    async def wait(*_: object) -> None:
        return

    inside = cast("Any", store)
    if isinstance(store.gate, PostgresGate):
        inside._fence.wait = wait
    else:
        inside._locks.fence = wait


class _OneSnapshot:
    """A connection whose transactions see the world as it was at their first statement."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def __getattr__(self, name: str) -> object:
        return getattr(self._connection, name)

    def transaction(self) -> AbstractAsyncContextManager[object]:
        return self._connection.transaction(isolation="repeatable_read")


def _facts_with_lock(store: Store) -> None:
    """The facts are read on the snapshot of the statement that waits for the lock (PostgreSQL)."""
    gate = cast("Any", store.gate)
    hold_round = gate._hold_round

    async def on_one_snapshot(connection: Connection, *rest: object) -> None:
        await hold_round(_OneSnapshot(connection), *rest)

    gate._hold_round = on_one_snapshot


PLANTS: Mapping[str, Callable[[Store], None]] = {
    "no_lock": _no_lock,
    "allow_cache": _allow_cache,
    "ack_before_commit": _ack_before_commit,
    "ack_before_fence": _ack_before_fence,
    "facts_with_lock": _facts_with_lock,
}


def plant(name: str) -> None:
    """From now on every store that is opened in this process has the bug."""
    bug = PLANTS[name]
    open_backend = wiring._open_backend

    async def open_and_break(*parts: Any) -> Store:
        store = await open_backend(*parts)
        bug(store)
        return store

    wiring._open_backend = open_and_break  # type: ignore[assignment]
