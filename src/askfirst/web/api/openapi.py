"""The OpenAPI document of a table of routes: what FastAPI cannot know is added here."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from importlib import resources
from inspect import cleandoc
from typing import Any, Final

import msgspec
from fastapi import FastAPI

from askfirst import __version__
from askfirst.web.api.platform.models import ProblemAnswer
from askfirst.web.api.platform.route import ApiRoute, ApiSection
from askfirst.web.api.platform.strict_route import add_routes
from askfirst.web.problems import KINDS, FieldError, Kind, Problem, encode

ABOUT = """\
Record what people answered, ask whether a message may be sent, and read the ledger. No message
is sent without an opt-in that is in force.

Every call carries an API key: `Authorization: Bearer ask_…`. Errors are problems (RFC 9457):
`code` is stable, `errors` name the fields, and values that were sent are never repeated. Lists
are paged: send `next_cursor` as `after`.
"""

_REF = "#/components/schemas/"
_PROBLEM_TYPE = "application/problem+json"
CSV: Final = "text/csv"
WORDS: Final[Mapping[int, str]] = {
    400: "The body is not well-formed JSON, or did not arrive whole.",
    401: "There is no API key, or it was revoked.",
    403: "The API key lacks the scope that this call needs.",
    413: "The body is larger than 64 kB.",
    415: "The header `Content-Type` does not say `application/json`.",
    422: "A value is missing or wrong; `errors` name each field and say what would be right.",
    503: "The database does not answer, so nothing is acknowledged. Send the call again, with "
    "the same Idempotency-Key where it takes one.",
}
"""What leads to the problems that every route has; for its own, a route brings the words."""

_CODES: Final[Mapping[int, tuple[str, ...]]] = {
    400: ("malformed", "incomplete"),
    401: ("not_authenticated",),
    403: ("not_permitted",),
    404: ("not_found",),
    409: ("conflict",),
    413: ("too_large",),
    415: ("unsupported_media_type",),
    422: ("invalid_input", "unknown_reference"),
    429: ("too_many",),
    503: ("unavailable",),
}
_DETAILS: Final[Mapping[str, str]] = {
    "malformed": "the body is not JSON",
    "not_authenticated": "needs an API key: Authorization: Bearer ask_…",
    "too_large": "send at most 64 kB",
    "unsupported_media_type": "must be sent as Content-Type: application/json",
    "unavailable": "the database cannot be read now",
}
_KINDS: Final = {kind.code: kind for kind in KINDS.values()}

_FILE: Final = {"type": "string", "format": "binary"}

Examples = Mapping[str, Any]


def describe(sections: tuple[ApiSection, ...]) -> dict[str, Any]:
    """Describe every route of every section, whichever way it is served."""
    app = framework()
    add_routes(app, tuple(route for section in sections for route in section.routes), responses_of)
    whole = copy.deepcopy(app.openapi())
    schemas = whole["components"]["schemas"]
    problem = ProblemAnswer.model_json_schema(ref_template=_REF + "{model}")
    schemas |= problem.pop("$defs")
    schemas["ProblemAnswer"] = problem
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    whole["components"]["securitySchemes"] = {
        "key": {"type": "http", "scheme": "bearer", "description": "An API key: `ask_…`."}
    }
    whole["tags"] = [{"name": one.title, "description": one.about} for one in sections]
    for section in sections:
        examples = examples_of(section)
        for route in section.routes:
            operation = whole["paths"][route.path][route.method.lower()]
            operation["tags"] = [section.title]
            schemas |= _describe_structs(operation, route)
            told = operation["responses"][str(route.status)]
            told["description"] = _told(route)
            if route.media_type:
                told["content"] = {route.media_type: {"schema": _FILE}}
            _add_access(operation, route)
            _add_examples(operation, route, examples[route.name])
    return whole


def framework() -> FastAPI:
    """Make the app of the framework's that routes are added to."""
    return FastAPI(
        title="askfirst",
        version=__version__,
        description=ABOUT,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )


def responses_of(route: ApiRoute) -> dict[int | str, dict[str, Any]]:
    """List the problems that a route may answer with, each with what leads to it."""
    return {code: _problem(route, code) for code in route.refusals}


def examples_of(section: ApiSection) -> Mapping[str, Examples]:
    """Read the examples of a feature: for each route by its name `request`, `answer`, `problems`.

    `request` has bodies by what they are; `problems` have, by status, the members of a problem
    that are not the same for all of its kind; `path` has what stands in the path, where it is not
    the example of the parameter.
    """
    file = resources.files("askfirst.web.api").joinpath(section.feature, "examples.json")
    read: Mapping[str, Examples] = json.loads(file.read_text(encoding="utf-8"))
    return read


def _describe_structs(operation: dict[str, Any], route: ApiRoute) -> Mapping[str, Any]:
    """Put structs into an operation, since FastAPI knows pydantic's models only; give schemas."""
    schemas: dict[str, Any] = {}
    if _is_struct(route.request):
        operation["requestBody"] = {"required": True, "content": _content(route.request, schemas)}
    if route.takes_csv:
        content = {CSV: {"schema": {"type": "string"}}}
        operation["requestBody"] = {"required": True, "content": content}
    if route.files:
        files = {kind: {"schema": dict(_FILE)} for kind in route.files}
        operation["requestBody"] = {"required": True, "content": files}
    if _is_struct(route.answer):
        operation["responses"][str(route.status)]["content"] = _content(route.answer, schemas)
    return schemas


def _told(route: ApiRoute) -> str:
    if route.media_type:
        return "The file."
    return cleandoc(route.answer.__doc__ or "") if route.answer is not None else "Done. No body."


def _content(struct: Any, schemas: dict[str, Any]) -> dict[str, Any]:
    (schema,), found = msgspec.json.schema_components([struct], ref_template=_REF + "{name}")
    schemas |= found
    return {"application/json": {"schema": schema}}


def _is_struct(kind: type | None) -> bool:
    return kind is not None and issubclass(kind, msgspec.Struct)


def _add_access(operation: dict[str, Any], route: ApiRoute) -> None:
    operation["security"] = [{"key": []}]
    needed = f"Needs the scope `{route.scope.value}`." if route.scope else "Any live key will do."
    operation["description"] = operation["description"].rstrip() + "\n\n" + needed


def _add_examples(operation: dict[str, Any], route: ApiRoute, given: Examples) -> None:
    for one in operation.get("parameters", ()):
        if one["in"] == "path":
            shown = given.get("path", {}).get(one["name"])
            one["example"] = shown or one["schema"]["examples"][0]
    if route.request is not None:
        named = {
            f"example{number}": {"summary": summary, "value": value}
            for number, (summary, value) in enumerate(given["request"].items(), start=1)
        }
        operation["requestBody"]["content"]["application/json"]["examples"] = named
    if route.takes_csv or route.files:
        operation["requestBody"]["content"][CSV]["example"] = given["request"]
    if route.answer is not None:
        content = operation["responses"][str(route.status)]["content"]
        content["application/json"]["example"] = given["answer"]
    for status in route.refusals:
        own = given.get("problems", {}).get(str(status), {})
        response = operation["responses"][str(status)]
        response["content"][_PROBLEM_TYPE]["example"] = _problem_example(route, status, own)
        codes = (*_CODES[status], own.get("code", _CODES[status][0]))
        response["x-problem-codes"] = list(dict.fromkeys(codes))


def _problem(route: ApiRoute, status: int) -> dict[str, Any]:
    content = {_PROBLEM_TYPE: {"schema": {"$ref": _REF + "ProblemAnswer"}}}
    return {"description": route.problems.get(status) or WORDS[status], "content": content}


def _problem_example(route: ApiRoute, status: int, given: Examples) -> Any:
    """Write a problem as the server writes it."""
    kind: Kind = _KINDS[given.get("code", _CODES[status][0])]
    errors = tuple(FieldError(**error) for error in given.get("errors", ()))
    detail = given.get("detail") or _DETAILS.get(kind.code, kind.detail)
    if errors:
        detail = "; ".join(f"{one.field}: {one.message}" for one in errors)
    if kind.code == "not_permitted" and route.scope is not None:
        detail = f"the key lacks the scope {route.scope.value}"
    problem = Problem(
        kind=kind,
        detail=detail,
        errors=errors,
        retry_after=given.get("retry_after", 1 if kind.code == "unavailable" else None),
        policy=given.get("policy", ""),
    )
    return json.loads(encode(problem))
