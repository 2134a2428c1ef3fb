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
from askfirst.domain.values.timestamp import SECOND
from askfirst.usecases.bulk.imports.prepare_import import PrepareImportNeeds, prepare_import

PAUSED_MAX: Final = 4
"""More large files than this begin anew when one of them is done: each takes memory."""
FORGOTTEN_SECONDS: Final = 600.0
"""Nobody went on with it for so long: it was given up, or another process has done it."""


class _PacedReading:
    """One file that is being read; it goes on while `open` is set."""

    def __init__(self, services: PrepareImportNeeds, job: ImportJob) -> None:
        self.revision = job.revision
        self.end: asyncio.TimerHandle | None = None
        self.open = asyncio.Event()
        self.work = asyncio.create_task(prepare_import(services, job, self._turn))

    def go_on(self) -> None:
        """Read until `open` is cleared."""
        self.leave_alone()
        self.open.set()

    def leave(self) -> None:
        """End it; its file is closed when `work` is done."""
        self.leave_alone()
        self.work.cancel()

    def leave_alone(self) -> None:
        """Let nothing end it by time."""
        if self.end is not None:
            self.end.cancel()

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
        reading = self._begun.get(job.import_id)
        if reading is None or reading.revision != job.revision:
            self._drop(job.import_id)
            reading = self._begin(services, job)
        reading.go_on()
        try:
            ended, _ = await asyncio.wait((reading.work,), timeout=span / SECOND)
        except asyncio.CancelledError:
            self._drop(job.import_id)
            raise
        reading.open.clear()
        if ended:
            return reading.work.result()
        if len(self._begun) > PAUSED_MAX:
            self._drop(job.import_id)
        else:
            loop = asyncio.get_running_loop()
            reading.end = loop.call_later(FORGOTTEN_SECONDS, self._drop, job.import_id)
        return job

    @property
    def paused(self) -> int:
        """How many wait for their next turn; each has memory and a file."""
        return len(self._begun)

    async def close(self) -> None:
        """End what paused, and wait until its files are closed: the worker ends."""
        works = [reading.work for reading in self._begun.values()]
        for import_id in list(self._begun):
            self._drop(import_id)
        await asyncio.gather(*works, return_exceptions=True)

    def _begin(self, services: PrepareImportNeeds, job: ImportJob) -> _PacedReading:
        reading = self._begun[job.import_id] = _PacedReading(services, job)

        def make_room(work: asyncio.Task[ImportJob]) -> None:
            # It may end between two turns, when all rows were read: then it has no turn any more.
            reading.leave_alone()
            if self._begun.get(job.import_id) is reading:
                del self._begun[job.import_id]
            _ = work.cancelled() or work.exception()  # the next turn says what is wrong

        reading.work.add_done_callback(make_room)
        return reading

    def _drop(self, import_id: ImportId) -> None:
        if reading := self._begun.pop(import_id, None):
            reading.leave()
