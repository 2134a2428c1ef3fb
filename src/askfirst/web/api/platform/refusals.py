"""What FastAPI, pydantic and the use cases refuse, as problems."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from askfirst.domain.values.errors import AskfirstError
from askfirst.web.asgi import BodyIncomplete, BodyTooLarge
from askfirst.web.problem_answers import problem_response
from askfirst.web.problems import (
    FieldError,
    InvalidFields,
    Malformed,
    MethodNotAllowed,
    NotFound,
    problem_of,
    safe_path,
)

ERRORS_MAX = 20

# Where a body has two shapes, pydantic puts the name of the shape into the place.
_SHAPES = frozenset({"words", "hash", "token"})

_PHRASES: Mapping[str, str] = {
    "missing": "is required",
    "extra_forbidden": "is not known here",
    "string_type": "must be a text",
    "string_too_long": "must have at most {max_length} characters",
    "string_too_short": "must have at least {min_length} character",
    "list_type": "must be a list",
    "too_long": "must have at most {max_length} entries",
    "dict_type": "must be an object",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "enum": "must be {expected}",
    "int_parsing": "must be a whole number",
    "greater_than_equal": "must be {ge} or more",
    "string_pattern_mismatch": "must have the form that the documentation names",
    "less_than_equal": "must be {le} or less",
}
"""pydantic's words for what is wrong, in ours; none of them contains what was sent."""


def refuse_with_problems(app: FastAPI) -> None:
    """Answer every error of an app as RFC 9457 says."""
    for kind in (AskfirstError, BodyTooLarge, BodyIncomplete, Exception):
        app.add_exception_handler(kind, _refuse)
    app.add_exception_handler(RequestValidationError, _refuse_fields)
    app.add_exception_handler(HTTPException, _refuse_route)


def answer(error: BaseException) -> Response:
    """Write an error as a response."""
    return problem_response(problem_of(error))


async def _refuse(request: Request, error: Exception) -> Response:  # noqa: ARG001 - Starlette's shape
    return answer(error)


async def _refuse_fields(request: Request, error: Exception) -> Response:  # noqa: ARG001 - the same
    found = error.errors() if isinstance(error, RequestValidationError) else []
    return answer(InvalidFields(field_errors(found)))


async def _refuse_route(request: Request, error: Exception) -> Response:  # noqa: ARG001 - the same
    if not isinstance(error, HTTPException):
        return answer(error)
    match error.status_code:
        case HTTPStatus.NOT_FOUND:
            return answer(NotFound("there is no such address; see /docs"))
        case HTTPStatus.METHOD_NOT_ALLOWED:
            return answer(MethodNotAllowed((error.headers or {}).get("Allow", "")))
        case HTTPStatus.BAD_REQUEST:
            return answer(Malformed("the request is not well-formed"))
        case _:
            return answer(error)


def field_errors(found: Sequence[Any]) -> tuple[FieldError, ...]:
    """Name each field and what it must be."""
    errors = (FieldError(_field(one["loc"]), _phrase(one)) for one in found[:ERRORS_MAX])
    return tuple(dict.fromkeys(errors))


def _field(location: Sequence[str | int]) -> str:
    path = ""
    for index, part in enumerate(location[1:], start=1):
        if not (part in _SHAPES and location[index - 1] == "prompt"):
            path = safe_path(path, part)
    return path or str(location[0])


def _phrase(error: Mapping[str, Any]) -> str:
    phrase = _PHRASES.get(error["type"], "is not valid; see /docs")
    return phrase.format_map(error.get("ctx", {}))
