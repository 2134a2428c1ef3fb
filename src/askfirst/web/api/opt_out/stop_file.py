"""Stops that come as a file: each row is stored or refused, by line."""

from __future__ import annotations

from email.message import Message
from typing import Final

from fastapi import Request
from pydantic import Field

from askfirst.domain.opt_out.stop_file import StopFile
from askfirst.domain.tenants.api_key import ApiScope
from askfirst.usecases.opt_out.import_stops import RowRemark, import_stops
from askfirst.web.api.platform.models import Told
from askfirst.web.api.platform.route import ApiRoute
from askfirst.web.api.platform.strict_route import Caller, World
from askfirst.web.asgi import BodyTooLarge, know_caller, read_body
from askfirst.web.problems import FileTooLarge, UnsupportedMediaType

FILE_BYTES_MAX: Final = 4 * 1024 * 1024
"""Some 100,000 rows. `askfirst stops import` takes larger files."""


class RowRemarkAnswer(Told):
    """What is to be said of one row. It never repeats what stands in it."""

    line: int = Field(description="The line in the file; the first is 1.")
    field: str = Field(description="The column, or `row` where it is about all of it.")
    reason: str = Field(description="What would be right, or how the row was understood.")


class ImportedStopsAnswer(Told):
    """What became of each row of the file."""

    stored: int = Field(description="Rows that are stored and in force.")
    known: int = Field(description="Of those, rows that were there before: they changed nothing.")
    refused: list[RowRemarkAnswer] = Field(
        description="Rows that could not be read. Nobody was stopped by them: correct them and "
        "send the file again."
    )
    noted: list[RowRemarkAnswer] = Field(
        description="Stored rows of which something was not understood."
    )


async def post_stops(request: Request, services: World, caller: Caller) -> ImportedStopsAnswer:
    """Record a list of people who opted out: an unsubscribe list, a suppression list.

    The body is a CSV file. Its first line names the columns, in any order: `phone` (with a plus, or
    as it is dialled in your business's country), `wa_id` or `bsuid`; and, if you have them, `scope`
    (`everything`, or purposes such as `marketing`; empty is everything), `said_at` and `note`.

    When the answer comes, every stored row is in force: no message that was allowed before can
    still be sent. The same file again changes nothing.

    A stop never ends a yes that was said after `said_at`. Without `said_at` a row counts from now.
    """
    business_id = caller.business_id
    file = StopFile(await _read_csv(request))
    told = await import_stops(services, business_id, file.digest, file.rows())
    request.app.state.metrics.events("api", told.stored - told.known)
    return ImportedStopsAnswer(
        stored=told.stored,
        known=told.known,
        refused=[_remark(one) for one in told.refused],
        noted=[_remark(one) for one in told.noted],
    )


def _remark(one: RowRemark) -> RowRemarkAnswer:
    return RowRemarkAnswer(line=one.line, field=one.field, reason=one.reason)


async def _read_csv(request: Request) -> bytes:
    message = Message()
    message["content-type"] = request.headers.get("content-type", "")
    if message.get_content_type() != "text/csv":
        raise UnsupportedMediaType("must be sent as Content-Type: text/csv")
    know_caller(request.scope)
    try:
        return await read_body(request.scope, request.receive, FILE_BYTES_MAX)
    except BodyTooLarge as error:
        raise FileTooLarge("send at most 4 MB; send a larger file in parts") from error


ROUTES: Final = (
    ApiRoute(
        method="POST",
        path="/v1/stops",
        scope=ApiScope.CONSENTS_WRITE,
        function=post_stops,
        summary="Record a file of stops",
        answer=ImportedStopsAnswer,
        takes_csv=True,
        problems={
            400: "The body did not arrive whole.",
            413: "The file is larger than 4 MB.",
            415: "The header `Content-Type` does not say `text/csv`.",
            422: "The first line does not name the columns. Nothing was recorded.",
            503: "The database does not answer. Rows before that are in force: send the same file "
            "again.",
        },
    ),
)
