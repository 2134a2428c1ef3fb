"""The ledger in SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from askfirst.domain.consent.event import Event, EventFilter
from askfirst.domain.consent.standing import NOTHING_SAID, Standing
from askfirst.domain.prompts.prompt import PromptHash
from askfirst.domain.sending.reachability import NO_OBSTACLES, Obstacles
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.ids import BusinessId, ContactId, Position
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.consent.change import Committed, WriteBatch
from askfirst.storage.consent.standing_codec import decode_standing
from askfirst.storage.consent.workspace import ContactState
from askfirst.storage.platform.keyring import Keyring
from askfirst.storage.platform.rows import filter_row, row_alias, row_event


class SqliteLedger:
    """See ports.ledger.Ledger."""

    def __init__(
        self,
        reading: sqlite3.Connection,
        sql: Mapping[str, str],
        keyring: Keyring,
        commit: Callable[[WriteBatch], Coroutine[Any, Any, Committed]],
    ) -> None:
        self._read = reading.execute
        self._sql = sql
        self._keyring = keyring
        self._commit = commit

    def commit(self, change: WriteBatch) -> Coroutine[Any, Any, Committed]:
        return self._commit(change)

    async def find(self, business_id: BusinessId, person: Alias | ContactId) -> ContactId | None:
        if not isinstance(person, Alias):
            row = self._read(self._sql["survivor"], (business_id, person)).fetchone()
            return ContactId(row[0]) if row else None
        for lookup in self._keyring.lookups(person.key):
            if row := self._read(self._sql["load_alias"], (business_id, lookup)).fetchone():
                return ContactId(row[0])
        return None

    async def names(self, business_id: BusinessId, contact_id: ContactId) -> tuple[Alias, ...]:
        rows = self._read(self._sql["aliases"], (business_id, contact_id)).fetchall()
        return tuple(row_alias(row, business_id, self._keyring) for row in rows)

    async def standing(self, business_id: BusinessId, contact_id: ContactId) -> Standing:
        row = self._read(self._sql["load_contact"], (business_id, contact_id)).fetchone()
        return decode_standing(row[1]) if row else NOTHING_SAID

    async def unreachable_at(
        self, business_id: BusinessId, contact_id: ContactId
    ) -> Instant | None:
        row = self._read(self._sql["load_contact"], (business_id, contact_id)).fetchone()
        return Instant(row[2]) if row and row[2] is not None else None

    async def obstacles(self, business_id: BusinessId, contact_id: ContactId) -> Obstacles:
        row = self._read(self._sql["load_contact"], (business_id, contact_id)).fetchone()
        return ContactState.read(*row).obstacles if row else NO_OBSTACLES

    async def history(
        self, business_id: BusinessId, contact_id: ContactId, after: Position, limit: int
    ) -> tuple[Event, ...]:
        parameters = (business_id, contact_id, after, limit)
        rows = self._read(self._sql["history"], parameters).fetchall()
        return tuple(row_event(row) for row in rows)

    async def events(
        self, business_id: BusinessId, after: Position, limit: int
    ) -> tuple[Event, ...]:
        rows = self._read(self._sql["events"], (business_id, after, limit)).fetchall()
        return tuple(row_event(row) for row in rows)

    async def find_events(
        self,
        business_id: BusinessId,
        wanted: EventFilter,
        after: Position,
        through: Position,
        limit: int,
    ) -> tuple[Event, ...]:
        parameters = (business_id, after, through, *filter_row(wanted), limit)
        rows = self._read(self._sql["find_events"], parameters).fetchall()
        return tuple(row_event(row) for row in rows)

    async def leaves(
        self, business_id: BusinessId, after: Position, limit: int
    ) -> tuple[tuple[Position, bytes], ...]:
        rows = self._read(self._sql["leaves"], (business_id, after, limit)).fetchall()
        return tuple((Position(row[0]), bytes(row[1])) for row in rows)

    async def prompt_purposes(
        self, business_id: BusinessId, prompt: PromptHash
    ) -> frozenset[str] | None:
        row = self._read(self._sql["load_prompt"], (business_id, prompt)).fetchone()
        return frozenset(row[1].split(",")) if row else None

    async def head(self, business_id: BusinessId) -> Position:
        row = self._read(self._sql["head"], (business_id,)).fetchone()
        return Position(row[0] if row else 0)
