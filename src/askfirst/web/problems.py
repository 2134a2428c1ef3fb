"""What went wrong, as HTTP says it: RFC 9457 problem details, and one table from error to status.

A problem names the field and says what would be right. It never repeats the value that was
given: values are numbers and names of people, and problems end up in logs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from askfirst.domain.prompts.prompt_rule import LintSeverity
from askfirst.domain.values.errors import (
    AskfirstError,
    Conflict,
    InvalidInput,
    LedgerDamaged,
    NotAuthenticated,
    NotPermitted,
    TooMany,
    Unavailable,
    UnknownReference,
)
from askfirst.usecases.prompts.manage_prompts import NotPublished
from askfirst.web.asgi import BodyIncomplete, BodyTooLarge, Headers

CONTENT_TYPE = b"application/problem+json"

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}", re.ASCII)


@dataclass(frozen=True, slots=True)
class FieldError:
    """What one field must be."""

    field: str
    message: str


class Malformed(AskfirstError):
    """The body is not JSON as we take it; `field` is where, if that is known."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class InvalidFields(AskfirstError):
    """Several fields are not valid."""

    def __init__(self, errors: tuple[FieldError, ...]) -> None:
        super().__init__("several fields are not valid")
        self.errors = errors


class NotFound(AskfirstError):
    """Nothing of this business has that id, number or address."""


class MethodNotAllowed(AskfirstError):
    """The address exists, the method does not; `allow` lists those that do."""

    def __init__(self, allow: str) -> None:
        super().__init__(f"use {allow}")
        self.allow = allow


class UnsupportedMediaType(AskfirstError):
    """The body is announced as neither JSON nor, where a file is taken, CSV."""


class FileTooLarge(AskfirstError):
    """The file is larger than the route takes."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One row of the table. `detail` is for errors that bring no words of their own."""

    code: str
    status: int
    title: str
    detail: str = ""


KINDS: Mapping[type[BaseException], Kind] = {
    Malformed: Kind("malformed", 400, "The body is not well-formed"),
    BodyIncomplete: Kind("incomplete", 400, "The body did not arrive", "send the whole body"),
    NotAuthenticated: Kind("not_authenticated", 401, "A valid API key is required"),
    NotPermitted: Kind("not_permitted", 403, "The caller may not do this"),
    NotFound: Kind("not_found", 404, "Not found"),
    MethodNotAllowed: Kind("method_not_allowed", 405, "The address does not take this method"),
    Conflict: Kind("conflict", 409, "It conflicts with what is there"),
    FileTooLarge: Kind("too_large", 413, "The body is too large"),
    BodyTooLarge: Kind("too_large", 413, "The body is too large", "send at most 64 kB"),
    UnsupportedMediaType: Kind("unsupported_media_type", 415, "The body is of another type"),
    InvalidFields: Kind("invalid_input", 422, "A value is not valid"),
    InvalidInput: Kind("invalid_input", 422, "A value is not valid"),
    UnknownReference: Kind("unknown_reference", 422, "A value names nothing that exists here"),
    NotPublished: Kind("not_published", 422, "The words break rules that bind"),
    TooMany: Kind("too_many", 429, "A limit is reached"),
    LedgerDamaged: Kind("ledger_damaged", 503, "The ledger does not fit together"),
    Unavailable: Kind("unavailable", 503, "No answer can be given now"),
    BaseException: Kind(
        "internal", 500, "Something went wrong here", "the cause is in the log of the server"
    ),
}
"""The one table from error to HTTP. A class that is not listed takes the row of its parent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One error, ready to be told. `code` is stable; `type` is a URI reference made of it."""

    kind: Kind
    detail: str
    errors: tuple[FieldError, ...] = ()
    retry_after: int | None = None
    policy: str = ""
    headers: tuple[tuple[bytes, bytes], ...] = ()

    @property
    def status(self) -> int:
        return self.kind.status


def problem_of(error: BaseException) -> Problem:
    """Find the row of an error, and what it may tell."""
    kind = next(KINDS[cls] for cls in type(error).__mro__ if cls in KINDS)
    errors = _fields(error)
    told = isinstance(error, AskfirstError) and kind is not KINDS[BaseException]
    detail = str(error) if told else kind.detail
    if errors:
        detail = "; ".join(f"{one.field}: {one.message}" for one in errors)
    return Problem(
        kind=kind,
        detail=detail,
        errors=errors,
        retry_after=error.retry_after_seconds if isinstance(error, Unavailable | TooMany) else None,
        policy=error.policy if isinstance(error, TooMany) else "",
        headers=_headers(error),
    )


def encode(problem: Problem) -> bytes:
    """Write a problem as JSON."""
    content: dict[str, Any] = {
        "type": f"/problems/{problem.kind.code}",
        "title": problem.kind.title,
        "status": problem.kind.status,
        "detail": problem.detail,
        "code": problem.kind.code,
    }
    if problem.errors:
        content["errors"] = [
            {"field": error.field, "message": error.message} for error in problem.errors
        ]
    if problem.retry_after is not None:
        content["retry_after"] = problem.retry_after
    if problem.policy:
        content["policy"] = problem.policy
    return msgspec.json.encode(content)


def headers_of(problem: Problem) -> Headers:
    """Return the headers that go with a problem."""
    headers: Headers = [(b"cache-control", b"no-store"), *problem.headers]
    if problem.retry_after is not None:
        headers.append((b"retry-after", str(problem.retry_after).encode()))
    return headers


def safe_path(parent: str, key: str | int) -> str:
    """Name a place in a body; a key that is no plain name may be a number of someone's."""
    if isinstance(key, int):
        return f"{parent}[{key}]"
    if not _NAME.fullmatch(key):
        return parent
    return f"{parent}.{key}" if parent else key


def _fields(error: BaseException) -> tuple[FieldError, ...]:
    match error:
        case InvalidFields():
            return error.errors
        case NotPublished():
            return tuple(
                FieldError(one.where, f"{one.message}. {one.rule.fix}")
                for one in error.findings
                if one.severity is LintSeverity.ERROR
            )
        case InvalidInput():
            return (FieldError(error.field, error.message),)
        case Malformed() if error.field:
            return (FieldError(error.field, error.message),)
        case _:
            return ()


def _headers(error: BaseException) -> tuple[tuple[bytes, bytes], ...]:
    """RFC 6750, section 3, for keys; RFC 9110, section 15.5.6, for methods."""
    match error:
        case NotAuthenticated():
            return ((b"www-authenticate", b'Bearer realm="askfirst"'),)
        case NotPermitted(needed=needed) if needed:
            challenge = f'Bearer realm="askfirst", error="insufficient_scope", scope="{needed}"'
            return ((b"www-authenticate", challenge.encode()),)
        case MethodNotAllowed():
            return ((b"allow", error.allow.encode()),)
        case _:
            return ()
