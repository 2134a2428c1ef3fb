"""Named statements in PostgreSQL: what writes goes together, a transaction for each business."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple, cast

from askfirst.domain.values.errors import Unavailable
from askfirst.storage.platform.committer import Committer
from askfirst.storage.platform.rows import Row
from askfirst.storage.platform.statements import Apart, Result, Step, TransactionScript
from askfirst.storage.postgres.connection import Connection, has_collided, may_go_alone, run_script
from askfirst.storage.postgres.lane import DedicatedConnection
from askfirst.storage.postgres.platform.in_step import Entangled, run_in_step
from askfirst.storage.postgres.platform.shared_reads import SharedReads

_BEGINNINGS: Final = 5
"""How often a job is begun that collides with others; each time, somebody else has come through."""


class _Job(NamedTuple):
    business_id: str
    begin: Callable[[], TransactionScript[object]]
    apart: Apart | None = None


class PostgresStatements:
    """See storage.statements.Statements. Reading does not wait for what is being written."""

    def __init__(
        self, reading: DedicatedConnection, writing: DedicatedConnection, sql: Mapping[str, str]
    ) -> None:
        self._reads = SharedReads(reading, sql)
        self._writing = writing
        self._sql = sql
        self._batches = Committer[_Job](self._run)

    async def fetch(self, name: str, *parameters: object) -> Sequence[Row]:
        return await self._reads.fetch(name, *parameters)

    async def write(self, name: str, *parameters: object) -> Sequence[Row]:
        return await self.talk(str(parameters[0]), lambda: _one((name, parameters)))

    async def talk(
        self,
        business_id: str,
        begin: Callable[[], TransactionScript[Result]],
        apart: Apart | None = None,
    ) -> Result:
        return cast("Result", await self._batches.submit(_Job(business_id, begin, apart)))

    async def close(self) -> None:
        """Write what waits."""
        await self._batches.close()

    async def _run(self, jobs: Sequence[_Job]) -> Sequence[object]:
        results: list[object] = [None] * len(jobs)
        by_business: dict[str, list[int]] = {}
        for index, job in enumerate(jobs):
            by_business.setdefault(job.business_id, []).append(index)
        for indexes in by_business.values():
            own = await self._of_business([jobs[index] for index in indexes])
            for index, result in zip(indexes, own, strict=True):
                results[index] = result
        return results

    async def _of_business(self, jobs: Sequence[_Job]) -> list[object]:
        """Commit a business's jobs; where one breaks the batch, commit them one by one."""
        if len(jobs) == 1:
            return [await self._alone(jobs[0])]
        try:
            return await self._commit_in_step(jobs)
        except Exception as error:  # noqa: BLE001 - whoever waits must hear of it
            if isinstance(error, Unavailable) and not may_go_alone(error):
                return [error] * len(jobs)
        return [await self._alone(job) for job in jobs]

    async def _alone(self, job: _Job) -> object:
        """Commit one job; begin it anew where it collides with another process.

        Two processes may lock the same rows in opposite order, and the database then lets one win.
        """
        result: object = None
        for _ in range(_BEGINNINGS):
            try:
                (result,) = await self._commit([job])
            except Exception as error:  # noqa: BLE001 - whoever waits must hear of it
                result = error
            if not (isinstance(result, Unavailable) and has_collided(result)):
                break
        return result

    async def _commit_in_step(self, jobs: Sequence[_Job]) -> list[object]:
        """Commit jobs that are apart in step; where that cannot be told, all after one another."""
        try:
            return await self._writing.write(lambda connection: self._in_step(connection, jobs))
        except Entangled:
            return await self._commit(jobs)

    async def _commit(self, jobs: Sequence[_Job]) -> list[object]:
        return await self._writing.write(lambda connection: self._together(connection, jobs))

    async def _together(self, connection: Connection, jobs: Sequence[_Job]) -> list[object]:
        return [await run_script(connection, self._sql, job.begin()) for job in jobs]

    async def _in_step(self, connection: Connection, jobs: Sequence[_Job]) -> list[object]:
        results: list[object] = [None] * len(jobs)
        for indexes in _groups(jobs):
            own = [jobs[index] for index in indexes]
            if len(own) == 1:
                found = await self._together(connection, own)
            else:
                found = await run_in_step(connection, self._sql, [job.begin() for job in own])
            for index, result in zip(indexes, found, strict=True):
                results[index] = result
        return results


def _groups(jobs: Sequence[_Job]) -> list[list[int]]:
    """Put jobs of a kind together, one about each thing; what comes second for one goes alone."""
    groups: dict[str, dict[object, int]] = {}
    alone: list[list[int]] = []
    for index, job in enumerate(jobs):
        if job.apart is None:
            alone.append([index])
            continue
        kind, thing = job.apart
        if groups.setdefault(kind, {}).setdefault(thing, index) != index:
            alone.append([index])
    return [*(list(group.values()) for group in groups.values()), *alone]


def _one(step: Step) -> TransactionScript[Sequence[Row]]:
    rows = yield step
    return rows
