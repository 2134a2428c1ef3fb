"""Screen a list: send it, look at the answers, and fetch the rows of each."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Path, Query, Request
from starlette.responses import Response

from askfirst.domain.bulk.import_settings import Role
from askfirst.domain.bulk.screen_job import ScreenJob, ScreenSettings
from askfirst.domain.tenants.api_key import ApiScope
from askfirst.domain.values.errors import InvalidInput, UnknownReference
from askfirst.domain.values.ids import BusinessId, parse_node_id
from askfirst.usecases.bulk.screens.screen_files import rows_of_answer
from askfirst.usecases.bulk.screens.start_screen import (
    begin_screen,
    give_up_screen,
    list_screens,
    parse_screen_id,
    read_screen,
    receive_list,
)
from askfirst.usecases.context.services import Services
from askfirst.web.api.bulk.files import FILE_TYPES, check_file
from askfirst.web.api.bulk.screen_models import (
    ScreenAnswer,
    ScreenPage,
    ScreenQuery,
    ScreenRowsQuery,
)
from askfirst.web.api.platform.cursor import cut, read_cursor, write_cursor
from askfirst.web.api.platform.models import PageQuery
from askfirst.web.api.platform.route import ApiRoute
from askfirst.web.api.platform.strict_route import Caller, World
from askfirst.web.bulk.list_files import CSV, csv_answer, pieces_of
from askfirst.web.import_sheet import screen_sheet_of
from askfirst.web.problems import NotFound

ScreenPath = Annotated[
    str,
    Path(
        alias="id",
        max_length=64,
        description="The id of the screening.",
        examples=["scr_01KGA2V8M0Q3R5T7W9Y1B3D5F7"],
    ),
]


async def post_screen(
    query: Annotated[ScreenQuery, Query()], request: Request, services: World, caller: Caller
) -> ScreenAnswer:
    """Send a list of people, and learn which of them may be written to now, and why not others.

    Files are those of an import: CSV, JSON lines, a workbook (.xlsx) or Parquet; only whom a row
    names is read. All rows are answered in the background, at one ledger position, by the rules of
    the gate: `GET /v1/screens/{id}` has the sums.

    No answer is a permit: the gate decides again on each message, when it is sent.
    """
    check_file(request)
    settings = ScreenSettings(
        sender=parse_node_id(query.sender, "sender") if query.sender else "",
        purpose=query.purpose,
        template=query.template,
        language=query.language,
        country=query.country.upper(),
        sheet=query.sheet,
        columns=((query.phone_column, Role.PHONE),) if query.phone_column else (),
    )
    job = await begin_screen(services, caller.business_id, settings)
    return _answer(await receive_list(services, job, pieces_of(request)))


async def get_screens(
    page: Annotated[PageQuery, Query()], services: World, caller: Caller
) -> ScreenPage:
    """Return your screenings, the newest first. They are forgotten after a week."""
    after = read_cursor(page.after)
    found = await list_screens(services, caller.business_id, after, page.limit + 1)
    shown, more = cut(found, page.limit)
    return ScreenPage(
        data=[_answer(job) for job in shown],
        next_cursor=write_cursor(shown[-1].screen_id) if more else None,
    )


async def get_screen(screen_id: ScreenPath, services: World, caller: Caller) -> ScreenAnswer:
    """Return where a screening is, and how many rows have which answer: the parts sum to 100 %."""
    return _answer(await _find(services, caller.business_id, screen_id))


async def get_screen_rows(
    screen_id: ScreenPath,
    query: Annotated[ScreenRowsQuery, Query()],
    services: World,
    caller: Caller,
) -> Response:
    """Return the rows of one answer as CSV: your own columns behind line, verdict, reason, time.

    Cells that a spreadsheet would take for a formula begin with an apostrophe; numbers do not.
    """
    job = await _find(services, caller.business_id, screen_id)
    parts = rows_of_answer(services, job, query.verdict, query.reason)
    try:
        first = await anext(parts)  # where there are none, it is said before a byte is sent
    except UnknownReference as error:
        raise NotFound("no row of the list has this answer") from error
    return csv_answer(job.screen_id, first, parts)


async def delete_screen(screen_id: ScreenPath, services: World, caller: Caller) -> None:
    """Forget a screening, its list and its answers; while it is at work, it ends."""
    job = await _find(services, caller.business_id, screen_id)
    await give_up_screen(services, caller.business_id, job.screen_id)


async def _find(services: Services, business_id: BusinessId, text: str) -> ScreenJob:
    try:
        return await read_screen(services, business_id, parse_screen_id(text))
    except (UnknownReference, InvalidInput) as error:
        raise NotFound("no screening of this id is here") from error


def _answer(job: ScreenJob) -> ScreenAnswer:
    return ScreenAnswer.model_validate(screen_sheet_of(job), strict=False)


_UNKNOWN: Final = {404: "No screening of this id is here."}
_BAD_ID: Final = {422: "The id in the path cannot be read."}

ROUTES: Final = (
    ApiRoute(
        method="POST",
        path="/v1/screens",
        scope=ApiScope.CONTACTS_READ,
        function=post_screen,
        summary="Screen a list",
        answer=ScreenAnswer,
        status=201,
        files=FILE_TYPES,
        problems={
            400: "The body did not arrive whole.",
            413: "The list is larger than 1 GB.",
            415: "The header `Content-Type` names nothing that can be a table.",
            422: "A setting cannot be, or the list is empty.",
        },
    ),
    ApiRoute(
        method="GET",
        path="/v1/screens",
        scope=ApiScope.CONTACTS_READ,
        function=get_screens,
        summary="List screenings",
        answer=ScreenPage,
        problems={
            422: "`after` is not a cursor of this list, or `limit` is not between 1 and 1000."
        },
    ),
    ApiRoute(
        method="GET",
        path="/v1/screens/{id}",
        scope=ApiScope.CONTACTS_READ,
        function=get_screen,
        summary="Look at a screening",
        answer=ScreenAnswer,
        problems={**_UNKNOWN, **_BAD_ID},
    ),
    ApiRoute(
        method="DELETE",
        path="/v1/screens/{id}",
        scope=ApiScope.CONTACTS_READ,
        function=delete_screen,
        summary="Forget a screening",
        status=204,
        problems={**_UNKNOWN, **_BAD_ID},
    ),
    ApiRoute(
        method="GET",
        path="/v1/screens/{id}/rows",
        scope=ApiScope.CONTACTS_READ,
        function=get_screen_rows,
        summary="Get the rows of one answer",
        media_type=CSV,
        problems={
            404: "No screening of this id is here, or no row has this answer.",
            409: "The list is not screened yet.",
            422: "The id in the path, or the answer, cannot be read.",
        },
    ),
)
