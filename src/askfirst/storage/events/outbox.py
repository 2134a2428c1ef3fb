"""What still has to be told of requests for codes, for either backend."""

from __future__ import annotations

from askfirst.domain.values.ids import BusinessId, CodeId
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.events.outbox import Telling, Untold
from askfirst.storage.codes.code_rows import CodeRows
from askfirst.storage.platform.keyring import Keyring
from askfirst.storage.platform.rows import Row
from askfirst.storage.platform.statements import Statements

_TOLD, _TELL_AT = 15, 16
"""Places of columns behind those that `CodeRows.read` reads."""


class StoredHappenings:
    """See ports.happenings.Happenings."""

    def __init__(self, statements: Statements, keyring: Keyring) -> None:
        self._statements = statements
        self._rows = CodeRows(keyring)

    async def untold(self, now: Instant, limit: int) -> tuple[Untold, ...]:
        rows = await self._statements.fetch("untold_codes", now, limit)
        return tuple(Untold(BusinessId(row[0]), CodeId(row[1]), Instant(row[2])) for row in rows)

    async def take_up(self, untold: Untold, until: Instant) -> Telling | None:
        rows = await self._statements.write("take_up_untold", *untold, until)
        return self._telling(untold.business_id, rows[0], until) if rows else None

    async def told(self, telling: Telling, until: Instant) -> Telling | None:
        code = telling.code
        row = (code.business_id, code.code_id, telling.until, telling.told + 1, until)
        rows = await self._statements.write("note_told", *row)
        if not rows or rows[0][_TELL_AT] is None:
            return None
        return self._telling(code.business_id, rows[0], until)

    async def postpone(self, telling: Telling, until: Instant) -> None:
        code = telling.code
        row = (code.business_id, code.code_id, telling.until, until)
        await self._statements.write("take_up_untold", *row)

    def _telling(self, business_id: BusinessId, row: Row, until: Instant) -> Telling:
        code = self._rows.read(business_id, row)
        return Telling(code=code, told=row[_TOLD], until=until)
