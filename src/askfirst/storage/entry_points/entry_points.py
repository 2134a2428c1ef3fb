"""Entry points and arrivals, for either backend."""

from __future__ import annotations

from typing import Any, NamedTuple

from askfirst.domain.entry_points.entry_point import EntryPoint
from askfirst.domain.values.ids import BusinessId, ContactId, EntryId, PhoneNumberId
from askfirst.domain.values.timestamp import Instant
from askfirst.storage.platform.keyring import Keyring
from askfirst.storage.platform.rows import Row
from askfirst.storage.platform.statements import Statements, TransactionScript


class EntryRow(NamedTuple):
    """The columns of statements `entries`, `entry` and `entry_by_code`."""

    entry_id: str
    code: str
    phone_number_id: str
    name: str
    prompt_key: str
    locale: str
    words: str
    managed_code: str
    managed_url: str
    created_at: int
    ended_at: int | None
    arrivals: int


class StoredEntries:
    """See ports.entries.Entries."""

    def __init__(self, statements: Statements, keyring: Keyring) -> None:
        self._statements = statements
        self._keyring = keyring

    async def put(self, entry: EntryPoint) -> None:
        await self._statements.write("put_entry", *_entry_row(entry))

    async def list(self, business_id: BusinessId, after: str, limit: int) -> tuple[EntryPoint, ...]:
        rows = await self._statements.fetch("entries", business_id, after, limit)
        return tuple(_row_entry(business_id, row) for row in rows)

    async def entry(self, business_id: BusinessId, entry_id: EntryId) -> EntryPoint | None:
        rows = await self._statements.fetch("entry", business_id, entry_id)
        return _row_entry(business_id, rows[0]) if rows else None

    async def by_code(self, business_id: BusinessId, code: str) -> EntryPoint | None:
        rows = await self._statements.fetch("entry_by_code", business_id, code)
        return _row_entry(business_id, rows[0]) if rows else None

    async def end(self, business_id: BusinessId, entry_id: EntryId, now: Instant) -> bool:
        return bool(await self._statements.write("end_entry", business_id, entry_id, now))

    async def arrive(
        self, entry: EntryPoint, contact_id: ContactId, source: str, at: Instant
    ) -> bool:
        lookup = self._keyring.lookup("arrival:" + source)
        row = (entry.business_id, lookup, entry.entry_id, contact_id, at)
        return bool(await self._statements.write("add_arrival", *row))

    async def ask_once(
        self, business_id: BusinessId, contact_id: ContactId, key: str, now: Instant
    ) -> bool:
        person = (business_id, contact_id, key)

        def talk() -> TransactionScript[bool]:
            if (yield "asked_before", person):
                return False
            return bool((yield "mark_asked", (*person, now)))

        return await self._statements.talk(business_id, talk)


def _entry_row(entry: EntryPoint) -> tuple[Any, ...]:
    return (
        entry.business_id,
        entry.entry_id,
        entry.code,
        entry.sender,
        entry.name,
        entry.prompt_key,
        entry.locale,
        entry.words,
        entry.managed_code,
        entry.managed_url,
        entry.created_at,
    )


def _row_entry(business_id: BusinessId, columns: Row) -> EntryPoint:
    row = EntryRow._make(columns)
    return EntryPoint(
        business_id=business_id,
        entry_id=EntryId(row.entry_id),
        code=row.code,
        sender=PhoneNumberId(row.phone_number_id),
        name=row.name,
        prompt_key=row.prompt_key,
        locale=row.locale,
        words=row.words,
        managed_code=row.managed_code,
        managed_url=row.managed_url,
        created_at=Instant(row.created_at),
        ended_at=Instant(row.ended_at) if row.ended_at is not None else None,
        arrivals=row.arrivals,
    )
