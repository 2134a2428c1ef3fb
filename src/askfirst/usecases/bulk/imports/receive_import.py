"""Receive a file, look at what was found in it, answer what is asked, confirm it, give it up."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final, Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from askfirst.domain.bulk.import_job import ImportJob, ImportState
from askfirst.domain.bulk.import_settings import DateOrder, ImportMode, ImportSettings, Role
from askfirst.domain.tasks.task import Queue, Task, TaskId
from askfirst.domain.value import replace
from askfirst.domain.values.errors import Conflict, InvalidInput, UnknownReference
from askfirst.domain.values.ids import BusinessId, ImportId, Prefix, parse_id
from askfirst.domain.values.purpose import parse_purpose
from askfirst.ports.bulk.imports import HasImports
from askfirst.ports.bulk.tables import HasTables
from askfirst.ports.platform.clock import HasClock, HasIds
from askfirst.ports.sending.asking_policy import HasAskingPolicy
from askfirst.ports.tasks.tasks import HasTasks
from askfirst.usecases.bulk.keep_source import keep_source

_CHANGED: Final = "was changed by somebody else meanwhile; look at it again"
_AT_WORK: Final = "is being worked on; wait until it is done with that"


class ReceiveImportNeeds(
    HasClock, HasIds, HasImports, HasAskingPolicy, HasTables, HasTasks, Protocol
):
    """What this use case needs from the world."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportAnswers:
    """What an operator answers; what is None or empty is left as it is."""

    columns: tuple[tuple[str, Role], ...] = ()
    only: tuple[str, ...] = ()
    sheet: str = ""
    country: str = ""
    time_zone: str = ""
    date_order: DateOrder | None = None
    everybody: bool | None = None
    encoding: str = ""
    delimiter: str = ""


async def begin_import(
    services: ReceiveImportNeeds, business_id: BusinessId, settings: ImportSettings
) -> ImportJob:
    """Open an import, to be given its file.

    Raises:
        InvalidInput: a setting is not one that can be.
    """
    _check(services, settings)
    now = services.clock.now()
    job = ImportJob(
        business_id=business_id,
        import_id=services.ids.import_(),
        state=ImportState.RECEIVING,
        settings=settings,
        created_at=now,
    )
    await services.imports.add(job)
    return job


async def receive_file(
    services: ReceiveImportNeeds, job: ImportJob, content: AsyncIterator[bytes]
) -> ImportJob:
    """Take in a file, in parts of any size, and have it read.

    Raises:
        InvalidInput: it is empty.
    """
    kept = await keep_source(services.imports, job, content)
    return await file_is_whole(services, job, *kept)


async def put_file_part(
    services: HasImports, business_id: BusinessId, import_id: ImportId, part: int, content: bytes
) -> None:
    """Take a part of the file of an import that was begun, from 0; at most `SOURCE_BYTES`.

    Raises:
        UnknownReference: there is no such import.
        Conflict: its file is whole already.
    """
    job = await read_import(services, business_id, import_id)
    if job.state is not ImportState.RECEIVING:
        raise Conflict("the file of this import is whole already")
    await services.imports.put_source(job, part, content)


async def file_is_whole(
    services: ReceiveImportNeeds, job: ImportJob, digest: str, size: int, parts: int
) -> ImportJob:
    """Note that all parts of a file are there, and have it read."""
    received = replace(
        job,
        state=ImportState.PREPARING,
        digest=digest,
        size=size,
        source_parts=parts,
    )
    return await _set_to_work(services, received)


async def answer_import(
    services: ReceiveImportNeeds, business_id: BusinessId, import_id: ImportId, said: ImportAnswers
) -> ImportJob:
    """Take answers to what was asked of a file, and have it read again.

    Raises:
        InvalidInput: an answer is not one that can be.
        UnknownReference: there is no such import.
        Conflict: it is being worked on, or done.
    """
    job = await read_import(services, business_id, import_id)
    if job.state not in (ImportState.ASKING, ImportState.READY, ImportState.UNREADABLE):
        raise Conflict(f"the import {_AT_WORK}")
    settings = _with_answers(job.settings, said)
    _check(services, settings)
    again = replace(job, state=ImportState.PREPARING, settings=settings, preview=None, questions=())
    return await _set_to_work(services, again)


async def confirm_import(
    services: ReceiveImportNeeds, business_id: BusinessId, import_id: ImportId, preview_hash: str
) -> ImportJob:
    """Have the rows written that were reviewed: `preview_hash` names the preview.

    Confirming once more what was confirmed changes nothing.

    Raises:
        UnknownReference: there is no such import.
        Conflict: there is no preview yet, or another one.
    """
    job = await read_import(services, business_id, import_id)
    if job.preview is None or job.preview.hash != preview_hash:
        raise Conflict("this is not the hash of the import's preview; look at the preview again")
    if job.state in (ImportState.RUNNING, ImportState.DONE):
        return job
    if job.state is not ImportState.READY:
        raise Conflict(f"the import {_AT_WORK}")
    return await _set_to_work(services, replace(job, state=ImportState.RUNNING, done=0))


async def give_up_import(
    services: ReceiveImportNeeds, business_id: BusinessId, import_id: ImportId
) -> None:
    """Forget an import with its file and report, at whatever it is; what it recorded stays.

    Whoever is working on it finds it gone at its next step, and ends.

    Raises:
        UnknownReference: there is no such import.
    """
    await services.imports.forget(await read_import(services, business_id, import_id))


async def read_import(
    services: HasImports, business_id: BusinessId, import_id: ImportId
) -> ImportJob:
    """Return an import as it is now.

    Raises:
        UnknownReference: there is no such import.
    """
    job = await services.imports.find(business_id, import_id)
    if job is None:
        raise UnknownReference("import", "no such import")
    return job


async def list_imports(
    services: HasImports, business_id: BusinessId, after: str, limit: int
) -> tuple[ImportJob, ...]:
    """Return a page of the business's imports, the newest first."""
    return await services.imports.list(business_id, after, limit)


def parse_import_id(text: str) -> ImportId:
    """Read the id of an import."""
    return ImportId(parse_id(Prefix.IMPORT, text, "import"))


def task_of(job: ImportJob) -> Task:
    """Name the task that works on an import."""
    return Task(job.business_id, Queue.IMPORTS, TaskId(job.import_id))


async def _set_to_work(services: ReceiveImportNeeds, job: ImportJob) -> ImportJob:
    if not await services.imports.change(job):
        raise Conflict(f"the import {_CHANGED}")
    await services.tasks.enqueue(task_of(job), services.clock.now())
    return replace(job, revision=job.revision + 1)


def _check(services: ReceiveImportNeeds, settings: ImportSettings) -> None:
    if settings.mode is ImportMode.CONTACTS or settings.purpose:
        parse_purpose(settings.purpose, services.policy.topics, "purpose")
    if settings.preset and services.tables.words.preset(settings.preset) is None:
        known = ", ".join(one.name for one in services.tables.words.presets)
        raise InvalidInput("preset", f"must be one of {known}")
    if settings.time_zone:
        try:
            ZoneInfo(settings.time_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            right = "must be a zone of the IANA database, such as Europe/London"
            raise InvalidInput("time_zone", right) from error


def _with_answers(settings: ImportSettings, said: ImportAnswers) -> ImportSettings:
    named = {name for name, _ in said.columns}
    once = {role for _, role in said.columns if role not in (Role.PHONE, Role.NONE)}
    kept = tuple(
        (name, role) for name, role in settings.columns if name not in named and role not in once
    )
    return replace(
        settings,
        columns=(*kept, *said.columns),
        only=said.only or settings.only,
        sheet=said.sheet or settings.sheet,
        country=said.country or settings.country,
        time_zone=said.time_zone or settings.time_zone,
        date_order=said.date_order or settings.date_order,
        everybody=settings.everybody if said.everybody is None else said.everybody,
        encoding=said.encoding or settings.encoding,
        delimiter=said.delimiter or settings.delimiter,
    )
