"""The OpenAPI document of a table of routes: what FastAPI cannot know is added here."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import msgspec
from fastapi import FastAPI

from askfirst import __version__
from askfirst.web.api.platform.models import ProblemAnswer
from askfirst.web.api.platform.route import ApiRoute
from askfirst.web.api.platform.strict_route import add_routes

ABOUT = """\
No message leaves without a live opt-in. Record what people answered, ask whether a message may
leave, read the ledger.

Every call carries an API key: `Authorization: Bearer ask_…`. Errors are problems as RFC 9457
has them: `code` is stable, `errors` name the fields, values that were sent are never repeated.
Lists are paged: give `next_cursor` as `after`.
"""

_REF = "#/components/schemas/"
_PROBLEM_TYPE = "application/problem+json"
WORDS = {
    400: "The body is not well-formed.",
    401: "No live API key was given.",
    403: "The key lacks the scope.",
    404: "Nothing of this business has that id, number or address.",
    409: "It conflicts with what is there: a key or token was used before, a sender is another "
    "business's, or none is in service.",
    413: "The body is larger than 64 kB.",
    415: "The body is not announced as JSON.",
    422: "A value is not valid; `errors` names the fields.",
    429: "A limit is reached; `Retry-After` says for how long.",
    503: "No answer can be given now: nothing is acknowledged; send it again with the same "
    "Idempotency-Key.",
}


def describe(routes: tuple[ApiRoute, ...]) -> dict[str, Any]:
    """Describe every route of a table, whichever way it is served."""
    app = framework()
    add_routes(app, routes, responses_of)
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
    for route in routes:
        operation = whole["paths"][route.path][route.method.lower()]
        schemas |= _describe_structs(operation, route)
        _add_access(operation, route)
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
    """List the problems that a route may answer with."""
    return {code: _problem(code) for code in route.refusals}


def _describe_structs(operation: dict[str, Any], route: ApiRoute) -> Mapping[str, Any]:
    """Put structs into an operation, since FastAPI knows pydantic's models only; give schemas."""
    schemas: dict[str, Any] = {}
    if _is_struct(route.request):
        content = _content(route.request, schemas)
        if route.example is not None:
            content["application/json"]["examples"] = {"one": {"value": route.example}}
        operation["requestBody"] = {"required": True, "content": content}
    if _is_struct(route.answer):
        operation["responses"][str(route.status)]["content"] = _content(route.answer, schemas)
    return schemas


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


def _problem(code: int) -> dict[str, Any]:
    content = {_PROBLEM_TYPE: {"schema": {"$ref": _REF + "ProblemAnswer"}}}
    return {"description": WORDS[code], "content": content}
