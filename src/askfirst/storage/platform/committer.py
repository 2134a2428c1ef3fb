"""Group commit: while one transaction is being committed, the next batch gathers.

An idle store commits a lone write at once, a busy one takes all that waited. Only what nobody
waits for may rest for a moment, so that it goes with the next write instead of making a transaction
of its own. Each caller learns only of its own success or failure.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from askfirst.domain.values.errors import Unavailable

Job = TypeVar("Job")

JOBS_MAX = 512
WAITING_MAX = 20_000
_TURNS_MAX = 8
_FAILURE_SECONDS = 10.0
REST_SECONDS = 0.01
"""How long a job that may rest waits for others to go with."""


class Committer(Generic[Job]):
    """Runs batches one after another. `run` gives one result or exception per job, in order."""

    def __init__(self, run: Callable[[Sequence[Job]], Awaitable[Sequence[object]]]) -> None:
        self._run = run
        self._waiting: list[tuple[Job, asyncio.Future[object]]] = []
        self._pressing = 0
        self._rest: asyncio.TimerHandle | None = None
        self._worker: asyncio.Task[None] | None = None
        self._closed = False
        self._failure: Unavailable | None = None
        self._failed_at = 0.0

    async def submit(self, job: Job) -> object:
        """Wait until the job is durable; raises what the job raised."""
        return await self.enqueue(job)

    def enqueue(self, job: Job, *, may_rest: bool = False) -> asyncio.Future[object]:
        """Take a job; the future is done when it is durable, and need not be awaited.

        One that `may_rest` goes with the next that does not, or alone after `REST_SECONDS`.

        Raises:
            Unavailable: too many wait, or the store is closing; the job was not taken.
        """
        if self._closed:
            raise Unavailable("the store is closing")
        if len(self._waiting) >= WAITING_MAX:
            raise Unavailable("too many writes are waiting")
        loop = asyncio.get_running_loop()
        future: asyncio.Future[object] = loop.create_future()
        self._waiting.append((job, future))
        if not may_rest:
            self._pressing += 1
            self._start()
        elif self._rest is None and self._worker is None:
            self._rest = loop.call_later(REST_SECONDS, self._end_rest)
        return future

    def _start(self) -> None:
        if self._rest is not None:
            self._rest.cancel()
            self._rest = None
        if self._worker is None:
            self._worker = asyncio.create_task(self._drain())

    def _end_rest(self) -> None:
        """Write what rested, with all that came since."""
        self._pressing = len(self._waiting)
        self._start()

    def raise_recent_failure(self) -> None:
        """Raise Unavailable where the newest batch failed with trouble of the database.

        For some seconds only: a store to which nobody writes any more must be tried again.
        """
        failure = self._failure
        if failure and asyncio.get_running_loop().time() - self._failed_at < _FAILURE_SECONDS:
            raise Unavailable(failure.message, trouble=failure.trouble)

    async def close(self) -> None:
        """Commit what waits, then take no more."""
        self._closed = True
        if self._waiting:
            self._end_rest()
        if self._worker is not None:
            await self._worker

    async def _drain(self) -> None:
        while self._pressing:
            await self._gather()
            batch, self._waiting = self._waiting[:JOBS_MAX], self._waiting[JOBS_MAX:]
            self._pressing = len(self._waiting)
            try:
                results = await self._run([job for job, _ in batch])
            except Exception as error:  # noqa: BLE001 - whoever waits must hear of it
                results = [error] * len(batch)
            self._note(results[0])
            for (_, future), result in zip(batch, results, strict=True):
                if future.cancelled():
                    continue
                if isinstance(result, BaseException):
                    future.set_exception(result)
                else:
                    future.set_result(result)
        self._worker = None
        if self._waiting:
            loop = asyncio.get_running_loop()
            self._rest = loop.call_later(0 if self._closed else REST_SECONDS, self._end_rest)

    def _note(self, result: object) -> None:
        if isinstance(result, Unavailable) and result.trouble is not None:
            self._failure = result
            self._failed_at = asyncio.get_running_loop().time()
        else:
            self._failure = None

    async def _gather(self) -> None:
        """Close the batch when a turn of the loop brings no more jobs; no timer is involved here.

        A commit costs the same for one job as for fifty, and callers that were answered together
        write again together. An idle store loses a turn of an empty loop: some microseconds.
        """
        for _ in range(_TURNS_MAX):
            before = len(self._waiting)
            await asyncio.sleep(0)
            if len(self._waiting) == before or before >= JOBS_MAX:
                return


def unheard(future: asyncio.Future[object]) -> asyncio.Future[object]:
    """Let a future fail in silence where nobody awaits it."""
    future.add_done_callback(lambda done: done.cancelled() or done.exception())
    return future
