"""What still has to be told of requests for codes, for either backend."""

from __future__ import annotations

from collections.abc import Sequence

from askfirst.domain.tasks.task import LeasedTask
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.events.outbox import Telling
from askfirst.storage.codes.code_rows import CodeRows
from askfirst.storage.platform.keyring import Keyring
from askfirst.storage.platform.rows import Row
from askfirst.storage.platform.statements import Statements, TransactionScript
from askfirst.storage.tasks.tasks import extend_step

_TOLD = 15
"""Place of the column behind those that `CodeRows.read` reads."""


class StoredOutbox:
    """See ports.events.outbox.Outbox."""

    def __init__(self, statements: Statements, keyring: Keyring) -> None:
        self._statements = statements
        self._rows = CodeRows(keyring)

    async def untold(self, leased: LeasedTask) -> Telling | None:
        task = leased.task
        rows = await self._statements.fetch("find_untold", task.business_id, task.task_id)
        return self._telling(leased, rows)

    async def told(self, telling: Telling, until: Instant) -> Telling | None:
        code, leased = telling.code, telling.leased
        row = (code.business_id, code.code_id, telling.told + 1)

        def talk() -> TransactionScript[Sequence[Row]]:
            if (yield extend_step(leased, until)):
                return (yield "note_told", row)
            return ()

        rows = await self._statements.talk(code.business_id, talk)
        return self._telling(leased, rows)

    def _telling(self, leased: LeasedTask, rows: Sequence[Row]) -> Telling | None:
        for row in rows:
            code = self._rows.read(leased.task.business_id, row)
            if row[_TOLD] < len(code.history):
                return Telling(leased=leased, code=code, told=row[_TOLD])
        return None
