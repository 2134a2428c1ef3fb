"""Import a file: send it, look at the preview, confirm that, and fetch the report."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Path, Query, Request
from starlette.responses import Response

from askfirst.domain.bulk.import_job import ImportJob
from askfirst.domain.bulk.import_settings import ImportSettings
from askfirst.domain.tenants.api_key import ApiScope
from askfirst.domain.values.errors import InvalidInput, UnknownReference
from askfirst.domain.values.ids import BusinessId
from askfirst.usecases.bulk.imports.receive_import import (
    ImportAnswers,
    answer_import,
    begin_import,
    confirm_import,
    give_up_import,
    list_imports,
    parse_import_id,
    read_import,
    receive_file,
)
from askfirst.usecases.bulk.imports.report_import import report_of
from askfirst.usecases.context.services import Services
from askfirst.web.api.bulk.files import FILE_TYPES, check_file
from askfirst.web.api.bulk.models import (
    ConfirmRequest,
    ImportAnswer,
    ImportAnswersRequest,
    ImportPage,
    ImportQuery,
)
from askfirst.web.api.platform.cursor import cut, read_cursor, write_cursor
from askfirst.web.api.platform.models import PageQuery
from askfirst.web.api.platform.route import ApiRoute
from askfirst.web.api.platform.strict_route import Caller, World
from askfirst.web.bulk.list_files import CSV, csv_answer, pieces_of
from askfirst.web.import_sheet import sheet_of
from askfirst.web.problems import NotFound

ImportPath = Annotated[
    str,
    Path(
        alias="id",
        max_length=64,
        description="The id of the import.",
        examples=["imp_01KGA2V8M0Q3R5T7W9Y1B3D5F7"],
    ),
]


async def post_import(
    query: Annotated[ImportQuery, Query()], request: Request, services: World, caller: Caller
) -> ImportAnswer:
    """Send a file of people: CSV, JSON lines, a workbook (.xlsx) or Parquet. Nothing is recorded.

    It is read in the background: `GET /v1/imports/{id}` tells what was found, what has to be
    answered, and what an import would do. The encoding, the delimiter and the columns are found;
    what stands in the file counts, not its name or `Content-Type`.

    A yes of a file is `asserted`, unless its row brings proof: the words, the time, how, and who
    took it down. No row lifts a no, and an empty cell says nothing.
    """
    check_file(request)
    settings = ImportSettings(
        mode=query.mode,
        purpose=query.purpose,
        preset=query.preset,
        country=query.country.upper(),
        time_zone=query.time_zone,
        date_order=query.date_order,
        everybody=query.everybody,
    )
    job = await begin_import(services, caller.business_id, settings)
    return _answer(await receive_file(services, job, pieces_of(request)))


async def get_imports(
    page: Annotated[PageQuery, Query()], services: World, caller: Caller
) -> ImportPage:
    """Return your imports, the newest first. A file that is not confirmed goes after a week."""
    after = read_cursor(page.after)
    found = await list_imports(services, caller.business_id, after, page.limit + 1)
    shown, more = cut(found, page.limit)
    return ImportPage(
        data=[_answer(job) for job in shown],
        next_cursor=write_cursor(shown[-1].import_id) if more else None,
    )


async def get_import(import_id: ImportPath, services: World, caller: Caller) -> ImportAnswer:
    """Return where an import is: its questions, its preview, its progress, its summary."""
    return _answer(await _find(services, caller.business_id, import_id))


async def post_import_answers(
    import_id: ImportPath, body: ImportAnswersRequest, services: World, caller: Caller
) -> ImportAnswer:
    """Answer what is asked of a file, or have it read in another way. It is read again then."""
    said = ImportAnswers(
        columns=tuple((one.name, one.holds) for one in body.columns),
        only=tuple(body.only),
        sheet=body.sheet,
        country=body.country.upper(),
        time_zone=body.time_zone,
        date_order=body.date_order,
        everybody=body.everybody,
        encoding=body.encoding,
        delimiter=body.delimiter,
    )
    job = await _find(services, caller.business_id, import_id)
    return _answer(await answer_import(services, caller.business_id, job.import_id, said))


async def confirm(
    import_id: ImportPath, body: ConfirmRequest, services: World, caller: Caller
) -> ImportAnswer:
    """Have the rows recorded that you reviewed, in the background.

    Each row is looked at once more when its turn comes: who has said no meanwhile stays a no. The
    same file again, or the same call, changes nothing.
    """
    job = await _find(services, caller.business_id, import_id)
    return _answer(await confirm_import(services, caller.business_id, job.import_id, body.hash))


async def get_import_report(import_id: ImportPath, services: World, caller: Caller) -> Response:
    """Return what became of each row, as CSV: its line, the outcome, why, what was repaired.

    Opt-outs that could not be read come first. It has no word of what stands in the file.
    """
    job = await _find(services, caller.business_id, import_id)
    parts = report_of(services, job)
    first = await anext(parts)  # where there is no report yet, it is said before a byte is sent
    return csv_answer(job.import_id, first, parts)


async def delete_import(import_id: ImportPath, services: World, caller: Caller) -> None:
    """Forget an import, its file and its report; while it runs, it ends. What it recorded stays."""
    job = await _find(services, caller.business_id, import_id)
    await give_up_import(services, caller.business_id, job.import_id)


async def _find(services: Services, business_id: BusinessId, text: str) -> ImportJob:
    try:
        return await read_import(services, business_id, parse_import_id(text))
    except (UnknownReference, InvalidInput) as error:
        raise NotFound("no import of this id is here") from error


def _answer(job: ImportJob) -> ImportAnswer:
    return ImportAnswer.model_validate(sheet_of(job), strict=False)


_UNKNOWN: Final = {404: "No import of this id is here."}

ROUTES: Final = (
    ApiRoute(
        method="POST",
        path="/v1/imports",
        scope=ApiScope.CONSENTS_WRITE,
        function=post_import,
        summary="Send a file to import",
        answer=ImportAnswer,
        status=201,
        files=FILE_TYPES,
        problems={
            400: "The body did not arrive whole.",
            413: "The file is larger than 1 GB.",
            415: "The header `Content-Type` names nothing that can be a table.",
            422: "A setting cannot be, or the file is empty.",
        },
    ),
    ApiRoute(
        method="GET",
        path="/v1/imports",
        scope=ApiScope.CONTACTS_READ,
        function=get_imports,
        summary="List imports",
        answer=ImportPage,
        problems={
            422: "`after` is not a cursor of this list, or `limit` is not between 1 and 1000."
        },
    ),
    ApiRoute(
        method="GET",
        path="/v1/imports/{id}",
        scope=ApiScope.CONTACTS_READ,
        function=get_import,
        summary="Look at an import",
        answer=ImportAnswer,
        problems={**_UNKNOWN, 422: "The id in the path cannot be read."},
    ),
    ApiRoute(
        method="DELETE",
        path="/v1/imports/{id}",
        scope=ApiScope.CONSENTS_WRITE,
        function=delete_import,
        summary="Forget an import",
        status=204,
        problems={
            **_UNKNOWN,
            422: "The id in the path cannot be read.",
        },
    ),
    ApiRoute(
        method="POST",
        path="/v1/imports/{id}/answers",
        scope=ApiScope.CONSENTS_WRITE,
        function=post_import_answers,
        summary="Answer what is asked of a file",
        request=ImportAnswersRequest,
        answer=ImportAnswer,
        problems={**_UNKNOWN, 409: "It is being worked on, or done."},
    ),
    ApiRoute(
        method="POST",
        path="/v1/imports/{id}/confirm",
        scope=ApiScope.CONSENTS_WRITE,
        function=confirm,
        summary="Confirm an import",
        request=ConfirmRequest,
        answer=ImportAnswer,
        problems={**_UNKNOWN, 409: "It is not the hash of the preview, or there is none yet."},
    ),
    ApiRoute(
        method="GET",
        path="/v1/imports/{id}/report",
        scope=ApiScope.CONTACTS_READ,
        function=get_import_report,
        summary="Get the report of an import",
        media_type=CSV,
        problems={
            **_UNKNOWN,
            409: "The import is not done.",
            422: "The id in the path cannot be read.",
        },
    ),
)
