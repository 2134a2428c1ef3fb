"""The ledger in PostgreSQL."""

from __future__ import annotations

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
from askfirst.storage.postgres.lane import DedicatedConnection


class PostgresLedger:
    """See ports.ledger.Ledger."""

    def __init__(
        self,
        reading: DedicatedConnection,
        sql: Mapping[str, str],
        keyring: Keyring,
        commit: Callable[[WriteBatch], Coroutine[Any, Any, Committed]],
    ) -> None:
        self._reading = reading
        self._sql = sql
        self._keyring = keyring
        self._commit = commit

    def commit(self, change: WriteBatch) -> Coroutine[Any, Any, Committed]:
        return self._commit(change)

    async def find(self, business_id: BusinessId, person: Alias | ContactId) -> ContactId | None:
        if not isinstance(person, Alias):
            rows = await self._fetch("survivor", business_id, person)
            return ContactId(rows[0][0]) if rows else None
        lookups = self._keyring.lookups(person.key)
        rows = await self._fetch("load_aliases", business_id, lookups)
        return next((ContactId(row[1]) for row in rows if row[1] is not None), None)

    async def names(self, business_id: BusinessId, contact_id: ContactId) -> tuple[Alias, ...]:
        rows = await self._fetch("aliases", business_id, contact_id)
        return tuple(row_alias(row, business_id, self._keyring) for row in rows)

    async def standing(self, business_id: BusinessId, contact_id: ContactId) -> Standing:
        rows = await self._fetch("load_contact", business_id, contact_id)
        return decode_standing(rows[0][1]) if rows else NOTHING_SAID

    async def unreachable_at(
        self, business_id: BusinessId, contact_id: ContactId
    ) -> Instant | None:
        rows = await self._fetch("load_contact", business_id, contact_id)
        return Instant(rows[0][2]) if rows and rows[0][2] is not None else None

    async def obstacles(self, business_id: BusinessId, contact_id: ContactId) -> Obstacles:
        rows = await self._fetch("load_contact", business_id, contact_id)
        return ContactState.read(*rows[0]).obstacles if rows else NO_OBSTACLES

    async def history(
        self, business_id: BusinessId, contact_id: ContactId, after: Position, limit: int
    ) -> tuple[Event, ...]:
        rows = await self._fetch("history", business_id, contact_id, after, limit)
        return tuple(row_event(row) for row in rows)

    async def events(
        self, business_id: BusinessId, after: Position, limit: int
    ) -> tuple[Event, ...]:
        rows = await self._fetch("events", business_id, after, limit)
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
        rows = await self._fetch("find_events", *parameters)
        return tuple(row_event(row) for row in rows)

    async def leaves(
        self, business_id: BusinessId, after: Position, limit: int
    ) -> tuple[tuple[Position, bytes], ...]:
        rows = await self._fetch("leaves", business_id, after, limit)
        return tuple((Position(row[0]), row[1]) for row in rows)

    async def prompt_purposes(
        self, business_id: BusinessId, prompt: PromptHash
    ) -> frozenset[str] | None:
        rows = await self._fetch("load_prompts", business_id, [prompt])
        return frozenset(rows[0][1].split(",")) if rows else None

    async def head(self, business_id: BusinessId) -> Position:
        rows = await self._fetch("head", business_id)
        return Position(rows[0][0] if rows else 0)

    async def _fetch(self, name: str, *parameters: object) -> list[Any]:
        statement = self._sql[name]
        return await self._reading.run(lambda connection: connection.fetch(statement, *parameters))
