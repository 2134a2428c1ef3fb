"""Screen a list: ask of each of its people what the gate would say, all in one state of the ledger.

The same facts are read and the same `decide` is run as for a send, so the answers are those of
`check_send` at that moment. They are no permits: the gate decides again when a message is sent.

A list is screened in one go, because a state of the database lasts no longer than its transaction.
Whoever goes on after a process has ended begins anew, with files of its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterable, Iterator, Sequence
from datetime import UTC
from typing import Final, Protocol

from askfirst.domain.bulk.columns import lay_out
from askfirst.domain.bulk.import_settings import ImportSettings, Role
from askfirst.domain.bulk.screen_job import (
    AT_WORK_FOR,
    SCREEN_ROWS,
    RowAnswer,
    ScreenJob,
    ScreenState,
)
from askfirst.domain.bulk.table import Record
from askfirst.domain.tasks.task import LeasedTask
from askfirst.domain.transparency.ledger_check import LedgerState
from askfirst.domain.value import replace
from askfirst.domain.values.errors import Conflict, InvalidInput, UnknownReference, UnsafeStorage
from askfirst.domain.values.ids import Position, ScreenId
from askfirst.domain.values.timestamp import MINUTE, SECOND, Instant
from askfirst.ports.bulk.screens import HasScreens, ListRow, Snapshot
from askfirst.ports.bulk.tables import HasTables, SourceFile, Table
from askfirst.ports.platform.clock import HasClock
from askfirst.ports.platform.phone_numbers import HasNumbering
from askfirst.ports.prompts.prompts import HasProfiles
from askfirst.ports.sending.asking_policy import HasAskingPolicy
from askfirst.usecases.bulk.imports.read_rows import RowContext
from askfirst.usecases.bulk.screens.list_rows import ListReader
from askfirst.usecases.bulk.screens.screen_files import (
    PART_CHARACTERS,
    ScreenFiles,
    size_of,
)
from askfirst.usecases.bulk.screens.start_screen import read_screen
from askfirst.usecases.contacts.countries import country_of as home_of

SCREEN_LEASE: Final = 2 * MINUTE
SCREENS_AT_ONCE: Final = 4
"""A process takes turns between so many lists: a small one does not wait behind a large one."""
_LIFE_SIGN: Final = 5 * SECOND
_LOOKED_AT_AGAIN: Final = 10 * SECOND
_WHO: Final = frozenset({Role.WA_ID, Role.BSUID, Role.COUNTRY, Role.CALLING_CODE})
"""Of a list only whom its rows name is read."""
_NAMELESS: Final = frozenset({"jsonl", "parquet"})


class ScreensRows(Protocol):
    """One state of the database, at one moment, of which row after row is asked (`Screening`)."""

    now: Instant
    position: Position
    ledger: LedgerState
    fingerprint: str
    """That of the policy which is followed."""

    async def answers(self, rows: Sequence[ListRow], /) -> list[RowAnswer]:
        """Answer rows as the gate would, in their order."""
        ...

    async def ledger_now(self) -> LedgerState:
        """Return how the ledger is by now."""
        ...


class BeginsScreenings(Protocol):
    """Whatever asks the gate's rules of the rows of a list (`Screening.begin`)."""

    def begin_screening(self, job: ScreenJob, state: Snapshot, /) -> Awaitable[ScreensRows]:
        """Begin with what holds for all: the sender, the template, the state of the ledger."""
        ...


class RunScreenNeeds(
    BeginsScreenings,
    HasClock,
    HasAskingPolicy,
    HasNumbering,
    HasProfiles,
    HasScreens,
    HasTables,
    Protocol,
):
    """What this use case needs from the world."""


async def work_on_screen(services: RunScreenNeeds, leased: LeasedTask) -> Instant | None:
    """Screen a list: the task of `Queue.SCREENS`. None: there is nothing left to do."""
    try:
        job = await read_screen(services, leased.task.business_id, ScreenId(leased.task.task_id))
        job = await go_on_with_screen(services, job)
    except UnknownReference:
        return None
    is_open = job.state is ScreenState.SCREENING
    return Instant(services.clock.now() + _LOOKED_AT_AGAIN) if is_open else None


async def go_on_with_screen(services: RunScreenNeeds, job: ScreenJob) -> ScreenJob:
    """Screen a list, unless that is done or somebody is at it; return it as it is then.

    Raises:
        Unavailable: the database does not answer; try again later.
        UnknownReference: it was given up meanwhile.
    """
    now = services.clock.now()
    if job.state is not ScreenState.SCREENING or now < job.seen_at + AT_WORK_FOR:
        return job
    begun = replace(job, attempt=job.attempt + 1, seen_at=now, rows=0)
    try:
        begun = await _changed(services, begun)
        return await _screen_file(services, begun)
    except (Conflict, UnsafeStorage) as error:
        found = await read_screen(services, job.business_id, job.screen_id)
        if isinstance(error, UnsafeStorage) and found.attempt == begun.attempt:
            raise
        return found


async def _changed(services: HasScreens, job: ScreenJob) -> ScreenJob:
    if not await services.screens.change(job):
        found = await services.screens.find(job.business_id, job.screen_id)
        if found is None:
            await services.screens.forget(job)  # it was given up: nothing of it stays
            raise UnknownReference("screen", "the screening was given up")
        raise Conflict("somebody else is at this screening")
    return replace(job, revision=job.revision + 1)


async def _screen_file(services: RunScreenNeeds, job: ScreenJob) -> ScreenJob:
    with services.tables.source_file() as file:
        for part in range(job.source_parts):
            file.write(await services.screens.source(job, part))
        try:
            done = await _screen(services, job, file)
        except InvalidInput as error:
            problem = f"{error.field}: {error.message}"
            done = replace(job, state=ScreenState.UNREADABLE, problem=problem)
            done = await _changed(services, done)
    await services.screens.forget_others(done)
    return done


async def _screen(services: RunScreenNeeds, job: ScreenJob, file: SourceFile) -> ScreenJob:
    """Screen it in one state of the database, which is that of now."""
    settings = job.settings
    country = settings.country or await home_of(services, job.business_id)
    asked = ImportSettings(
        purpose=settings.purpose or "marketing",
        columns=settings.columns,
        sheet=settings.sheet,
        country=country,
        everybody=True,
    )
    table = await asyncio.to_thread(file.open_table, asked, services.tables.words, country)
    reader = ListReader(_context(services, table, asked, country))
    async with (
        ScreenFiles(services, job, table.shape.header) as files,
        services.screens.snapshot() as state,
    ):
        screening = await services.begin_screening(job, state)
        for records in _in_parts(table.records()):
            files.add(records, await screening.answers(reader.read(records)))
            await files.write_full()
            job = await _with_life_sign(services, job, files.rows)
            await asyncio.sleep(0)
        await files.write_all()
        ledger = await screening.ledger_now()
    if ledger is not screening.ledger:
        raise Conflict("what is known of the ledger has changed meanwhile: it is screened anew")
    done = replace(
        job,
        state=ScreenState.DONE,
        rows=files.rows,
        counts=files.counts(),
        decided_at=screening.now,
        position=screening.position,
        policy=screening.fingerprint,
    )
    return await _changed(services, done)


async def _with_life_sign(services: RunScreenNeeds, job: ScreenJob, rows: int) -> ScreenJob:
    now = services.clock.now()
    if now < job.seen_at + _LIFE_SIGN:
        return job
    return await _changed(services, replace(job, seen_at=now, rows=rows))


def _in_parts(records: Iterable[Record]) -> Iterator[list[Record]]:
    """Take so many together, or fewer where they are long: memory does not grow with a row."""
    part: list[Record] = []
    size = 0
    for record in records:
        part.append(record)
        size += size_of(record)
        if len(part) >= SCREEN_ROWS or size >= PART_CHARACTERS:
            yield part
            part, size = [], 0
    if part:
        yield part


def _context(
    services: RunScreenNeeds, table: Table, asked: ImportSettings, country: str
) -> RowContext:
    """Say how rows are read: as those of an import, but for whom they name alone.

    Raises:
        InvalidInput: it cannot be told which column names people, or which sheet is meant.
    """
    shape = table.shape
    if len(shape.sheets) > 1 and not asked.sheet:
        raise InvalidInput("sheet", f"must be named: {', '.join(shape.sheets)}")
    is_named = bool(shape.header_line) or shape.format in _NAMELESS
    layout = lay_out(shape.header, asked, services.tables.words, is_named=is_named)
    places = {role: at for role, at in layout.places.items() if role in _WHO}
    if not layout.phones and not places.keys() & {Role.WA_ID, Role.BSUID}:
        raise InvalidInput("columns", "must say which column holds the phone number")
    return RowContext(
        settings=asked,
        layout=replace(layout, places=places, questions=()),
        words=services.tables.words,
        numbering=services.numbering,
        zone=UTC,
        country=country,
        topics=services.policy.topics,
        now=services.clock.now(),
        is_named=is_named,
    )
