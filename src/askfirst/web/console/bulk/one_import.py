"""One import, from what is asked of its file to its report: each state has its page."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Final

from starlette.responses import Response

from askfirst.domain.bulk.import_job import AT_WORK, PART_ROWS, ImportJob, ImportState
from askfirst.domain.bulk.import_settings import DateOrder, QuestionCode, Role
from askfirst.domain.operators.audit_entry import AuditAct
from askfirst.domain.values.errors import AskfirstError, Conflict, InvalidInput, UnknownReference
from askfirst.usecases.bulk.imports.receive_import import (
    answer_import,
    confirm_import,
    give_up_import,
    parse_import_id,
    read_import,
)
from askfirst.usecases.bulk.imports.report_import import report_of
from askfirst.usecases.contacts.countries import list_countries
from askfirst.usecases.operators.write_down import write_down
from askfirst.web.bulk.list_files import csv_answer
from askfirst.web.console.bulk.answers_form import answers_of
from askfirst.web.console.bulk.result_lines import first_lines, lines_of, stored_in
from askfirst.web.console.bulk.waiting import look_again
from askfirst.web.console.desk import Desk, field_of
from askfirst.web.pages.countries import countries_in
from askfirst.web.problems import NotFound

_PAGES: Final[Mapping[ImportState, str]] = MappingProxyType(
    {
        ImportState.RECEIVING: "bulk/import_reading.html",
        ImportState.PREPARING: "bulk/import_reading.html",
        ImportState.ASKING: "bulk/import_asking.html",
        ImportState.READY: "bulk/import_ready.html",
        ImportState.RUNNING: "bulk/import_running.html",
        ImportState.DONE: "bulk/import_done.html",
        ImportState.UNREADABLE: "bulk/import_unreadable.html",
    }
)


async def show_import(desk: Desk) -> Response:
    """Where an import is: what is asked, what it would do, how far it is, or what it did."""
    return _import(desk, await _find(desk))


async def take_answers(desk: Desk) -> Response:
    """Take answers to what was asked of the file, and have it read again."""
    form = await desk.long_form()
    job = await _find(desk)
    try:
        said = answers_of(form, job)
        await write_down(desk.services, desk.actor, AuditAct.IMPORT_ANSWERED, about=job.import_id)
        await answer_import(desk.services, desk.business_id, job.import_id, said)
    except (Conflict, InvalidInput) as error:
        return _import(desk, await _find(desk), error)
    return desk.see(f"/imports/{job.import_id}")


async def take_confirm(desk: Desk) -> Response:
    """Have the rows written that were reviewed: the form names the preview that was seen."""
    form = await desk.form()
    job = await _find(desk)
    try:
        await write_down(desk.services, desk.actor, AuditAct.IMPORT_CONFIRMED, about=job.import_id)
        seen = field_of(form, "hash")
        await confirm_import(desk.services, desk.business_id, job.import_id, seen)
    except (Conflict, InvalidInput) as error:
        return _import(desk, await _find(desk), error)
    return desk.see(f"/imports/{job.import_id}")


async def take_give_up(desk: Desk) -> Response:
    """Forget an import with its file and its report; what it recorded stays."""
    await desk.form()
    job = await _find(desk)
    await write_down(desk.services, desk.actor, AuditAct.IMPORT_GIVEN_UP, about=job.import_id)
    await give_up_import(desk.services, desk.business_id, job.import_id)
    return desk.see("/imports", "import_given_up")


async def show_report(desk: Desk) -> Response:
    """What became of each row, as a file without a word of what stands in it."""
    job = await _find(desk)
    parts = report_of(desk.services, job)
    first = await anext(parts)  # where there is no report yet, it is said before a byte is sent
    return csv_answer(job.import_id, first, parts)


async def _find(desk: Desk) -> ImportJob:
    try:
        import_id = parse_import_id(desk.request.path_params["import"])
        return await read_import(desk.services, desk.business_id, import_id)
    except (UnknownReference, InvalidInput) as error:
        raise NotFound("no import of this id is here") from error


def _import(desk: Desk, job: ImportJob, error: AskfirstError | None = None) -> Response:
    preview, would = job.preview, job.preview.summary if job.preview else None
    told = job.summary or would
    answer = desk.page(
        _PAGES[job.state],
        _status_of(error),
        job=job,
        title=job.settings.name or desk.words.plain("import.unnamed"),
        preview=preview,
        would=lines_of(desk, would) if would else (),
        lost_lines=first_lines(desk, told.alarms) if told else "",
        stored=stored_in(would) if would else 0,
        became=lines_of(desk, job.summary) if job.summary else (),
        recorded=stored_in(job.summary) if job.summary else 0,
        written=min(job.done * PART_ROWS, job.rows),
        questions={one.code.value: one for one in job.questions},
        codes=[one.code.value for one in job.questions],
        roles=[role.value for role in Role],
        orders=[order.value for order in DateOrder],
        columns_code=QuestionCode.COLUMNS.value,
        countries=countries_in(desk.reader.locale, list_countries(desk.services), ""),
        error=error,
        is_still=look_again(desk).is_still,
    )
    return look_again(desk).at(answer) if job.state in AT_WORK else answer


def _status_of(error: AskfirstError | None) -> int:
    match error:
        case None:
            return HTTPStatus.OK
        case Conflict():
            return HTTPStatus.CONFLICT
        case _:
            return HTTPStatus.UNPROCESSABLE_ENTITY
