"""Write the rows of a confirmed import: a part at a time, each whole or not at all.

A part is written with what became of its rows, in one transaction. So whoever goes on after a
process has ended begins at the first part that is not written, and no row counts twice.
"""

from __future__ import annotations

from typing import Final, Protocol

from askfirst.domain.bulk.import_job import ImportJob, ImportState, ImportSummary
from askfirst.domain.tasks.task import LeasedTask
from askfirst.domain.value import replace
from askfirst.domain.values.errors import Conflict, UnknownReference, UnsafeStorage
from askfirst.domain.values.ids import ImportId
from askfirst.domain.values.timestamp import MINUTE, SECOND, Instant
from askfirst.ports.bulk.imports import HasImports
from askfirst.ports.consent.change import ImportPart, WriteBatch
from askfirst.ports.consent.ledger import HasLedger
from askfirst.usecases.bulk.imports.judge_rows import entries_of, judge_rows
from askfirst.usecases.bulk.imports.preparations import Preparations
from askfirst.usecases.bulk.imports.prepare_import import PrepareImportNeeds, prepare_import
from askfirst.usecases.bulk.imports.receive_import import read_import
from askfirst.usecases.bulk.imports.summary import SummaryCounter

IMPORT_LEASE: Final = 2 * MINUTE
"""After so long another process goes on, where this one has ended."""
AT_A_TIME: Final = SECOND
"""Then whoever waited meanwhile has a turn: a small file does not wait behind a large one."""
_OPEN: Final = frozenset({ImportState.PREPARING, ImportState.RUNNING})


class RunImportNeeds(PrepareImportNeeds, HasLedger, Protocol):
    """What this use case needs from the world."""


async def work_on_import(
    preparations: Preparations, services: RunImportNeeds, leased: LeasedTask
) -> Instant | None:
    """Go on with an import for its turn: the task of `Queue.IMPORTS`. None: it has no more."""
    import_id = ImportId(leased.task.task_id)
    job = await services.imports.find(leased.task.business_id, import_id)
    if job is None:
        return None
    try:
        job = await go_on_with_import(services, job, AT_A_TIME, preparations)
    except UnknownReference:
        return None
    return services.clock.now() if job.state in _OPEN else None


async def go_on_with_import(
    services: RunImportNeeds, job: ImportJob, span: int, preparations: Preparations | None = None
) -> ImportJob:
    """Prepare an import, or write rows for so long (microseconds); return it as it is then.

    Without `preparations` it is prepared to its end.

    Raises:
        Unavailable: it cannot be written now. What was written before is in force.
        UnknownReference: it was given up meanwhile.
    """
    try:
        if job.state is ImportState.PREPARING:
            if preparations:
                return await preparations.go_on(services, job, span)
            return await prepare_import(services, job)
        if job.state is ImportState.RUNNING:
            return await _write(services, job, span)
    except (Conflict, UnsafeStorage) as error:
        # Another process is at the same part or has done the last, somebody was erased just now,
        # or the import was given up.
        found = await read_import(services, job.business_id, job.import_id)
        if isinstance(error, UnsafeStorage) and found.state is job.state:
            raise
        return found
    return job


async def _write(services: RunImportNeeds, job: ImportJob, span: int) -> ImportJob:
    until = services.clock.steady() + span
    while job.done < job.parts:
        rows = await services.imports.rows(job, job.done)
        now = services.clock.now()
        verdicts = await judge_rows(services, job, rows)
        report = services.imports.written(verdicts)
        part = ImportPart(import_id=job.import_id, part=job.done, report=report)
        change = WriteBatch(
            business_id=job.business_id,
            recorded_at=now,
            items=entries_of(job, rows, verdicts, now),
            import_part=part,
        )
        await services.ledger.commit(change)
        job = replace(job, done=job.done + 1)
        if services.clock.steady() > until:
            break
    if job.done < job.parts:
        return job
    return await _finish(services, job)


async def _finish(services: RunImportNeeds, job: ImportJob) -> ImportJob:
    """Sum up what became of all rows, and forget the file."""
    done = replace(job, state=ImportState.DONE, summary=await _sum_up(services, job))
    if not await services.imports.change(done):
        return await services.imports.find(job.business_id, job.import_id) or done
    await services.imports.forget_rows(done)
    return done


async def _sum_up(services: HasImports, job: ImportJob) -> ImportSummary:
    counter = SummaryCounter()
    for part in range(job.parts):
        for verdict in await services.imports.verdicts(job, part):
            counter.add(verdict)
    counter.other_words = job.preview.summary.other_words if job.preview else 0
    return counter.total()
