"""The gate, with what is known of the ledger among its facts."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from types import TracebackType

from askfirst.decision.facts import DecisionContext
from askfirst.decision.question import SendRequest
from askfirst.domain.transparency.ledger_check import LedgerState
from askfirst.domain.value import replace
from askfirst.ports.sending.gate import Gate, Lease
from askfirst.usecases.memory.ledger_watch import LedgerWatch


class WatchedGate:
    """See ports.gate.Gate. A ledger that is sound costs nothing more than to know it."""

    def __init__(self, gate: Gate, watch: LedgerWatch) -> None:
        self._gate = gate
        self._watch = watch

    async def look(self, question: SendRequest) -> DecisionContext:
        """Read the facts once."""
        facts = await self._gate.look(question)
        state = self._watch.state(question.business_id)
        return facts if state is LedgerState.SOUND else replace(facts, ledger=state)

    def hold(self, question: SendRequest) -> AbstractAsyncContextManager[Lease]:
        """Take the lock, then read the facts."""
        hold = self._gate.hold(question)
        state = self._watch.state(question.business_id)
        return hold if state is LedgerState.SOUND else _HeldBack(hold, state)


@dataclass(frozen=True, slots=True)
class _Marked:
    """See ports.gate.Held."""

    facts: DecisionContext
    held: Lease

    def alive(self) -> bool:
        return self.held.alive()


class _HeldBack:
    """A hold whose facts say that the ledger is not sound."""

    def __init__(self, hold: AbstractAsyncContextManager[Lease], state: LedgerState) -> None:
        self._hold = hold
        self._state = state

    async def __aenter__(self) -> Lease:
        held = await self._hold.__aenter__()
        return _Marked(replace(held.facts, ledger=self._state), held)

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool | None:
        return await self._hold.__aexit__(kind, error, trace)
