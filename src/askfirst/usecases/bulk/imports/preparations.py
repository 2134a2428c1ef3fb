"""Read files of imports a slice at a time: a small one does not wait behind a large one.

What a file's rows say of each other is known only when all were read, so nothing of it is kept
before: a reading that pauses stays in the memory of its process. Where that ends, or another
process has the next turn, the file is read from its start.
"""

from __future__ import annotations

import asyncio
from typing import Final

from askfirst.domain.bulk.import_job import ImportJob
from askfirst.domain.values.ids import ImportId
from askfirst.domain.values.timestamp import MINUTE, SECOND
from askfirst.ports.platform.clock import HasClock
from askfirst.usecases.bulk.imports.prepare_import import PrepareImportNeeds, prepare_import

PAUSED_MAX: Final = 4
"""More large files than this begin anew when one of them is done: each takes memory."""
_FORGOTTEN_AFTER: Final = 10 * MINUTE
"""Nobody went on with it for so long: it was given up, or another process has done it."""


class _PacedReading:
    """One file that is being read; it goes on while `open` is set."""

    def __init__(self, services: PrepareImportNeeds, job: ImportJob) -> None:
        self.revision = job.revision
        self.seen_at = services.clock.steady()
        self.open = asyncio.Event()
        self.work = asyncio.create_task(prepare_import(services, job, self._turn))

    async def _turn(self) -> None:
        await asyncio.sleep(0)
        await self.open.wait()


class Preparations:
    """The readings of one process, each of which goes on when its import has a turn."""

    def __init__(self) -> None:
        self._begun: dict[ImportId, _PacedReading] = {}

    async def go_on(self, services: PrepareImportNeeds, job: ImportJob, span: int) -> ImportJob:
        """Read for so long (microseconds); return the import as it is then.

        Raises:
            UnsafeStorage: the file is gone: the import was given up.
        """
        self._forget_left(services)
        reading = self._begun.get(job.import_id)
        if reading is None or reading.revision != job.revision:
            self._drop(job.import_id)
            reading = self._begun[job.import_id] = _PacedReading(services, job)
        reading.open.set()
        try:
            ended, _ = await asyncio.wait((reading.work,), timeout=span / SECOND)
        except asyncio.CancelledError:
            self._drop(job.import_id)
            raise
        reading.open.clear()
        reading.seen_at = services.clock.steady()
        if ended:
            del self._begun[job.import_id]
            return reading.work.result()
        if len(self._begun) > PAUSED_MAX:
            self._drop(job.import_id)
        return job

    def _forget_left(self, services: HasClock) -> None:
        since = services.clock.steady() - _FORGOTTEN_AFTER
        for import_id in [one for one, it in self._begun.items() if it.seen_at < since]:
            self._drop(import_id)

    def _drop(self, import_id: ImportId) -> None:
        if reading := self._begun.pop(import_id, None):
            reading.work.cancel()
