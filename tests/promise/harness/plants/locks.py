"""Bugs in the lock and the fence: a send that overlaps a stop leaves after all."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, cast

from askfirst.bootstrap.database.store import Store
from askfirst.decision.facts import DecisionContext
from askfirst.decision.question import SendRequest
from askfirst.domain.consent.event import Source
from askfirst.ports.consent.change import Committed, Statement, WriteBatch
from askfirst.ports.sending.gate import Gate, Lease
from askfirst.storage.postgres.connection import Connection
from askfirst.storage.postgres.gate import PostgresGate
from tests.promise.harness.plants.patching import put

_THINKING_SECONDS = 0.002
_CACHED_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class _Unheld:
    """Facts and a promise that nobody keeps."""

    facts: DecisionContext

    def alive(self) -> bool:
        return True


class _CheckThenSend:
    """Looks, and lets go before the first byte: the classic race."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def check(self, *given: Any) -> Any:
        """Say that the database can be decided on, as the gate itself does."""
        return cast("Any", self._gate).check(*given)

    async def look(self, question: SendRequest) -> DecisionContext:
        return await self._gate.look(question)

    @asynccontextmanager
    async def hold(self, question: SendRequest) -> AsyncIterator[Lease]:
        facts = await self._gate.look(question)
        await asyncio.sleep(_THINKING_SECONDS)
        yield _Unheld(facts)


class _Cached:
    """Takes the lock as it should, but remembers the facts for 50 ms."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._facts: dict[object, tuple[float, DecisionContext]] = {}

    def check(self, *given: Any) -> Any:
        """Say that the database can be decided on, as the gate itself does."""
        return cast("Any", self._gate).check(*given)

    async def look(self, question: SendRequest) -> DecisionContext:
        return await self._gate.look(question)

    @asynccontextmanager
    async def hold(self, question: SendRequest) -> AsyncIterator[Lease]:
        async with self._gate.hold(question) as held:
            now, known = time.monotonic(), self._facts.get(question.recipients)
            if known is None or now - known[0] > _CACHED_SECONDS:
                known = self._facts[question.recipients] = (now, held.facts)
            yield _Unheld(known[1])


def _no_lock(store: Store) -> None:
    put(store, "gate", _CheckThenSend(store.gate))


def _allow_cache(store: Store) -> None:
    put(store, "gate", _Cached(store.gate))


def _ack_before_fence(store: Store) -> None:
    """A stop is answered once it is durable; sends that read the older state may still leave."""

    async def wait(*_: object) -> None:
        return

    inside = cast("Any", store)
    if isinstance(store.gate, PostgresGate):
        put(inside._fence, "wait", wait)
    else:
        put(inside._locks, "fence", wait)


def _facts_with_lock(store: Store) -> None:
    """The facts are read on the snapshot of the statement that waits for the lock (PostgreSQL)."""
    gate = cast("Any", store.gate)
    hold_round = gate._hold_round

    async def on_one_snapshot(connection: Connection, *rest: object) -> None:
        await connection.execute("COMMIT; BEGIN ISOLATION LEVEL REPEATABLE READ")
        await hold_round(connection, *rest)

    put(gate, "_hold_round", on_one_snapshot)


def _pages_unfenced(store: Store) -> None:
    """Stops that come by page or REST are answered once they are durable; only Meta's wait."""
    inside = cast("Any", store)
    fenced = inside.commit

    async def commit(change: WriteBatch) -> Committed:
        if not any(_is_by_page(act) for item in change.items for act in item.acts):
            return cast("Committed", await fenced(change))
        return cast("Committed", (await inside._committer.submit(change)).committed)

    put(inside.ledger, "_commit", commit)


def _is_by_page(act: object) -> bool:
    return isinstance(act, Statement) and act.source in (Source.API, Source.FORM)


LOCK_PLANTS: Mapping[str, Callable[[Store], None]] = {
    "no_lock": _no_lock,
    "allow_cache": _allow_cache,
    "ack_before_fence": _ack_before_fence,
    "facts_with_lock": _facts_with_lock,
    "pages_unfenced": _pages_unfenced,
}
