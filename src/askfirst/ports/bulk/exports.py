"""Everything that is kept of a business, read in its order in one state of the database.

Pages are of at most `limit` rows, so memory is bounded by that. Trouble with the database raises
Unavailable.
"""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from askfirst.domain.bulk.export import (
    ExportedContact,
    ExportedDecision,
    ExportedErasure,
    ExportedEvent,
    ExportOrder,
)
from askfirst.domain.values.ids import BusinessId, Position


class ExportSnapshot(Protocol):
    """One state of the database: whatever is written meanwhile is not in it."""

    async def head(self, business_id: BusinessId) -> Position:
        """Return the newest position of a business's ledger."""
        ...

    async def events(self, order: ExportOrder, after: int, limit: int) -> tuple[ExportedEvent, ...]:
        """Return events from behind a position."""
        ...

    async def contacts(
        self, order: ExportOrder, after: str, limit: int
    ) -> tuple[ExportedContact, ...]:
        """Return people from behind an id, those who were merged into others included."""
        ...

    async def erasures(
        self, order: ExportOrder, after: str, limit: int
    ) -> tuple[ExportedErasure, ...]:
        """Return suppressed names from behind a hash, in hexadecimal."""
        ...

    async def decisions(
        self, order: ExportOrder, after: str, through: str, limit: int
    ) -> tuple[ExportedDecision, ...]:
        """Return decisions from behind an id up to another, which need not be there."""
        ...


class Exports(Protocol):
    """Where exports come from."""

    def snapshot(self) -> AbstractAsyncContextManager[ExportSnapshot]:
        """Hold the state that the database has now, to be read while the block runs."""
        ...


class HasExports(Protocol):
    """Whatever brings exports along."""

    @property
    def exports(self) -> Exports:
        """Where exports come from."""
        ...
