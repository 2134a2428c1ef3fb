"""The OpenAPI document: what FastAPI cannot know is added here."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import msgspec

from askfirst.web.api.platform.access import SCOPES
from askfirst.web.api.platform.models import ProblemAnswer
from askfirst.web.api.sending.check import PATH as CHECK_PATH
from askfirst.web.api.sending.models import CheckAnswer, CheckRequest

ABOUT = """\
No message leaves without a live opt-in. Record what people answered, ask whether a message may
leave, read the ledger.

Every call carries an API key: `Authorization: Bearer ask_…`. Errors are problems as RFC 9457
has them: `code` is stable, `errors` name the fields, values that were sent are never repeated.
Lists are paged: give `next_cursor` as `after`.
"""

_REF = "#/components/schemas/"
_PROBLEM_TYPE = "application/problem+json"
_WITH_BODY = frozenset({"POST", "PUT"})
WORDS = {
    400: "The body is not well-formed.",
    401: "No live API key was given.",
    403: "The key lacks the scope.",
    404: "There is nothing of that name.",
    409: "It conflicts with what is there: a key or token was used before, a sender is another "
    "business's, or none is in service.",
    413: "The body is larger than 64 kB.",
    415: "The body is not announced as JSON.",
    422: "A value is not what it must be; `errors` name the fields.",
    429: "A limit is reached; `Retry-After` says for how long.",
    503: "No answer can be given now: nothing is acknowledged; send it again with the same "
    "Idempotency-Key.",
}
_CONFLICTS = frozenset(
    {
        *("/v1/consents", "/v1/senders/{phone_number_id}", "/v1/entries", "/v1/confirmations"),
        *("/v1/codes", "/v1/codes/{id}/resend"),
    }
)
_LIMITED = frozenset({"/v1/codes", "/v1/codes/{id}/resend"})
_LISTS_EVERYTHING = frozenset({"/v1/senders", "/v1/me", "/v1/business", "/v1/prompts"})
_MAKES_WHAT_IT_NAMES = frozenset({"/v1/senders/{phone_number_id}"})
_LOOKS_UP = frozenset({"/v1/contacts/lookup", "/v1/preference-links"})


def responses_of(method: str, path: str) -> dict[int | str, dict[str, Any]]:
    """List the problems that a route may answer with."""
    codes = {401, 503} | ({403} if SCOPES[method, path] else set())
    if method in _WITH_BODY:
        codes |= {400, 413, 415, 422}
    if path in _CONFLICTS and method in _WITH_BODY:
        codes.add(409)
    if path in _LIMITED:
        codes.add(429)
    if path in _LOOKS_UP or ("{" in path and path not in _MAKES_WHAT_IT_NAMES):
        codes |= {404, 422}
    if method == "GET" and path not in _LISTS_EVERYTHING:
        codes.add(422)
    return {code: _problem(code) for code in sorted(codes)}


def complete(document: Mapping[str, Any]) -> dict[str, Any]:
    """Add the check door, the schema of problems, the key and the scopes."""
    whole = copy.deepcopy(dict(document))
    schemas = whole["components"]["schemas"]
    problem = ProblemAnswer.model_json_schema(ref_template=_REF + "{model}")
    schemas |= problem.pop("$defs")
    schemas["ProblemAnswer"] = problem
    _, check_schemas = msgspec.json.schema_components(
        [CheckRequest, CheckAnswer], ref_template=_REF + "{name}"
    )
    schemas |= check_schemas
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    whole["paths"][CHECK_PATH] = {"post": _check_operation()}
    whole["components"]["securitySchemes"] = {
        "key": {"type": "http", "scheme": "bearer", "description": "An API key: `ask_…`."}
    }
    for path, operations in whole["paths"].items():
        for method, operation in operations.items():
            _add_access(operation, method.upper(), path)
    return whole


def _check_operation() -> dict[str, Any]:
    example = {"sender": "106540352242922", "to": "+447700900123", "purpose": "marketing"}
    return {
        "summary": "May this message leave?",
        "description": (
            "Decides on fresh facts and sends nothing. Give `to`, `recipient` or both; give "
            "`purpose`, or `template` with its `language`. An answer is not a permit: a stop may "
            "come in right after it. Only the gateway sends under the lock."
        ),
        "operationId": "post_check",
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": {"$ref": _REF + "CheckRequest"},
                    "examples": {"number": {"value": example}},
                }
            },
        },
        "responses": {
            "200": {
                "description": "The decision.",
                "content": {"application/json": {"schema": {"$ref": _REF + "CheckAnswer"}}},
            },
        }
        | {str(code): told for code, told in responses_of("POST", CHECK_PATH).items()},
    }


def _add_access(operation: dict[str, Any], method: str, path: str) -> None:
    scope = SCOPES[method, path]
    operation["security"] = [{"key": []}]
    needed = f"Needs the scope `{scope.value}`." if scope else "Any live key will do."
    operation["description"] = operation["description"].rstrip() + "\n\n" + needed


def _problem(code: int) -> dict[str, Any]:
    content = {_PROBLEM_TYPE: {"schema": {"$ref": _REF + "ProblemAnswer"}}}
    return {"description": WORDS[code], "content": content}
