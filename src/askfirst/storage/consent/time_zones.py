"""Where people live by the word of the business, for either backend."""

from __future__ import annotations

from functools import lru_cache

from askfirst.domain.values.ids import BusinessId, ContactId
from askfirst.storage.platform.statements import Statements


@lru_cache(maxsize=1024)
def split_zones(text: str | None) -> tuple[str, ...]:
    """Read the column `time_zones` of a contact."""
    return tuple(sorted(set(text.split(",")))) if text else ()


class StoredTimeZones:
    """See ports.consent.time_zones.TimeZones."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    async def of(self, business_id: BusinessId, contact_id: ContactId) -> tuple[str, ...]:
        rows = await self._statements.fetch("time_zones", business_id, contact_id)
        return split_zones(rows[0][0]) if rows else ()

    async def put(self, business_id: BusinessId, contact_id: ContactId, zone: str) -> bool:
        rows = await self._statements.write("set_time_zone", business_id, contact_id, zone)
        return bool(rows)
