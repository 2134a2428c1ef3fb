"""The timeline, for either backend."""

from __future__ import annotations

from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.consent.timeline import Newest
from askfirst.storage.platform.statements import Statements


class StoredTimeline:
    """See ports.timeline.Timeline."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    async def newest_after(self, moment: Instant) -> tuple[Newest, ...]:
        rows = await self._statements.fetch("newest_events_after", moment)
        return tuple(Newest(BusinessId(row[0]), Instant(row[1])) for row in rows)

    async def accept(self, newest: Newest, now: Instant) -> None:
        await self._statements.write("accept_clock", *newest, now)
