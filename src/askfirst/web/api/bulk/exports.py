"""Export what is kept of the business, as JSON lines that are written while they are read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, suppress
from typing import Annotated, Final

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from askfirst import __version__
from askfirst.domain.bulk.export import ExportKind, ExportOrder
from askfirst.domain.tenants.api_key import ApiScope
from askfirst.domain.values.errors import NotPermitted
from askfirst.usecases.bulk.exports.export_business import export_business
from askfirst.web.api.platform.route import ApiRoute
from askfirst.web.api.platform.strict_route import Caller, World
from askfirst.web.exports.export_lines import MEDIA_TYPE, export_lines

SECONDS_MAX: Final = 600
"""How long one state of the database is held for a caller: whoever is slower goes on behind it."""


class ExportQuery(BaseModel):
    """From where on, and with what."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    after: str = Field(
        "",
        max_length=128,
        description="Go on behind this: the position (ledger), the id (contacts, decisions), or "
        "the contact or hash (suppressions) of the last line that you have, or `next` of the end.",
        examples=["1500"],
    )
    numbers: bool = Field(
        False,
        description="With people's numbers and ids (contacts, suppressions). Needs the scope "
        "`numbers:read`, too.",
    )
    evidence: bool = Field(
        False,
        description="With what was given to prove answers (contacts, ledger). Numbers may stand in "
        "it, so it needs the scope `numbers:read`, too.",
    )


async def get_export(
    kind: Annotated[
        ExportKind, Path(description="What is exported.", examples=[ExportKind.LEDGER])
    ],
    query: Annotated[ExportQuery, Query()],
    services: World,
    caller: Caller,
) -> Response:
    """Return contacts, suppressions, decisions or the ledger as JSON lines, in one state of it all.

    The first line says what it is of, the last (`"line":"end"`) that it is whole. Without a last
    line the connection was cut: call again with `after`. A call takes ten minutes at most.
    """
    if (query.numbers or query.evidence) and ApiScope.NUMBERS_READ not in caller.scopes:
        needed = ApiScope.NUMBERS_READ.value
        raise NotPermitted(f"the key lacks the scope {needed}", needed=needed)
    order = ExportOrder(
        business_id=caller.business_id,
        kind=kind,
        after=query.after,
        with_numbers=query.numbers,
        with_evidence=query.evidence,
    )
    lines = export_lines(export_business(services, order), __version__)
    first = await anext(lines)  # what cannot be is said before a byte is sent
    return ExportResponse(first, lines)


class ExportResponse(StreamingResponse):
    """Sends as fast as it is taken; the state is let go where the caller is gone, or too slow."""

    def __init__(self, first: bytes, lines: AsyncGenerator[bytes, None]) -> None:
        super().__init__(
            _joined(first, lines), media_type=MEDIA_TYPE, headers={"cache-control": "no-store"}
        )
        self._lines = lines

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with aclosing(self._lines):
            with suppress(TimeoutError):
                async with asyncio.timeout(SECONDS_MAX):
                    await super().__call__(scope, receive, send)


async def _joined(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for part in rest:
        yield part


ROUTES: Final = (
    ApiRoute(
        method="GET",
        path="/v1/exports/{kind}",
        scope=ApiScope.EXPORTS_READ,
        function=get_export,
        summary="Export what is kept of the business",
        media_type=MEDIA_TYPE,
        problems={
            422: "There is no export of this kind, or `after` or another parameter is wrong.",
        },
    ),
)
