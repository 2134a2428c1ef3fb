"""Pages that are not there, are over, or could not be made; never with what was sent."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from askfirst.domain.values.errors import AskfirstError, InvalidInput, NotPermitted
from askfirst.web.asgi import BodyIncomplete, BodyTooLarge
from askfirst.web.pages.reader import Reader, reader_of
from askfirst.web.pages.request_context import House, Visit, visit_of
from askfirst.web.problem_answers import problem_response
from askfirst.web.problems import NotFound, problem_of


def missing(visit: Visit) -> Response:
    """There is no such page of this business."""
    return visit.page("hosted_missing.html", HTTPStatus.NOT_FOUND)


def gone(visit: Visit) -> Response:
    """The link is over, was revoked, or is not one of ours: who has it is not told which."""
    return visit.page("gone.html", HTTPStatus.GONE)


def missing_at_all(house: House, reader: Reader) -> Response:
    """There is no such business, or no such page of anybody."""
    return house.render("hosted_missing.html", reader, HTTPStatus.NOT_FOUND, business=None)


def sorry(house: House, reader: Reader, status: int, words: str) -> Response:
    """It did not work; `words` is the key of what is said."""
    return house.render("sorry.html", reader, status, business=None, words=words)


Handlers = dict[Any, Callable[[Request, Exception], Coroutine[Any, Any, Response]]]


def refusals(house: House) -> Handlers:
    """Return Starlette's table from errors to answers."""

    async def refuse(request: Request, error: Exception) -> Response:
        if _is_for_programs(request):
            return _problem(error)
        if _is_missing(error) and (visit := await _visited(house, request)):
            return missing(visit)
        return _page(house, reader_of(request), error)

    kinds = (AskfirstError, BodyTooLarge, BodyIncomplete, HTTPException, Exception)
    return dict.fromkeys(kinds, refuse)


def _is_for_programs(request: Request) -> bool:
    path = request.url.path
    return path.endswith((".json", "/answers"))


def _is_missing(error: Exception) -> bool:
    is_unrouted = isinstance(error, HTTPException) and error.status_code == HTTPStatus.NOT_FOUND
    return is_unrouted or isinstance(error, NotFound)


async def _visited(house: House, request: Request) -> Visit | None:
    """Whose page was looked for: people are told by the business that they know."""
    _, _, name, *_ = (*request.url.path.split("/"), "", "", "")
    return await visit_of(house, request, name) if name else None


def _problem(error: Exception) -> Response:
    if _is_missing(error):
        error = NotFound("there is no such address")
    if isinstance(error, HTTPException):
        return Response(status_code=error.status_code, headers=error.headers)
    return problem_response(problem_of(error))


def _page(house: House, reader: Reader, error: Exception) -> Response:
    match error:
        case HTTPException(status_code=HTTPStatus.NOT_FOUND) | NotFound():
            return missing_at_all(house, reader)
        case HTTPException():
            page = sorry(house, reader, error.status_code, "failed")
            page.headers.update(error.headers or {})
            return page
        case NotPermitted():
            return sorry(house, reader, HTTPStatus.FORBIDDEN, "error.origin")
        case InvalidInput() | BodyTooLarge() | BodyIncomplete():
            return sorry(house, reader, problem_of(error).status, "failed")
        case _:
            problem = problem_of(error)
            page = sorry(house, reader, problem.status, "failed")
            if problem.retry_after is not None:
                page.headers["retry-after"] = str(problem.retry_after)
            return page
