"""Entry points and arrivals, for either backend."""

from __future__ import annotations

from typing import Any

from askfirst.domain.entry_points.entry_point import EntryPoint
from askfirst.domain.values.ids import BusinessId, ContactId, EntryId, PhoneNumberId
from askfirst.domain.values.timestamp import Instant
from askfirst.storage.platform.keyring import Keyring
from askfirst.storage.platform.rows import Row
from askfirst.storage.platform.statements import Statements, TransactionScript


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


def _row_entry(business_id: BusinessId, row: Row) -> EntryPoint:
    return EntryPoint(
        business_id=business_id,
        entry_id=EntryId(row[0]),
        code=row[1],
        sender=PhoneNumberId(row[2]),
        name=row[3],
        prompt_key=row[4],
        locale=row[5],
        words=row[6],
        managed_code=row[7],
        managed_url=row[8],
        created_at=Instant(row[9]),
        ended_at=Instant(row[10]) if row[10] is not None else None,
        arrivals=row[11],
    )
