"""What is passed on of each call: parameters and fields that are known, and nothing else.

The Graph API reads parameters from queries and from bodies of several kinds, runs whole batches on
any address, and lets `method` override the method. Whoever holds a key that may send must not reach
around the gate by any of these, so no byte of a client's body or query leaves as it came.
Source: Meta, "Graph API", pages "Batch requests" and "Making multiple requests".
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from python_multipart.multipart import parse_options_header

from askfirst.domain.values.errors import InvalidInput
from askfirst.graph.known.field import Known, read_known, write_known
from askfirst.graph.known.profile import Profile
from askfirst.graph.known.template_draft import TemplateDraft
from askfirst.web.gateway.bodies import JSON, MULTIPART, read_fields
from askfirst.web.gateway.query import rewrite_query
from askfirst.web.gateway.routes import Route, RouteKind
from askfirst.web.multipart import read_parts, write_parts

_ALWAYS: Final = frozenset({"appsecret_proof", "pretty"})
_READING: Final = _ALWAYS | {"after", "before", "fields", "limit", "summary"}
_QUERIES: Final = {
    ("GET", "message_templates"): _READING
    | {
        "category",
        "content",
        "language",
        "name",
        "name_or_content",
        "quality_score",
        "since",
        "sort",
        "status",
        "until",
    },
    ("GET", "phone_numbers"): _READING | {"sort"},
    ("GET", "media"): _READING,
    ("POST", "media"): _ALWAYS | {"messaging_product"},
    ("GET", "whatsapp_business_profile"): _READING,
    ("GET", None): _READING | {"phone_number_id"},
    ("DELETE", None): _ALWAYS | {"phone_number_id"},
}
_BODIES: Final[dict[str | None, type[Known]]] = {
    "message_templates": TemplateDraft,
    "whatsapp_business_profile": Profile,
}
_UPLOAD: Final = frozenset({"file", "messaging_product", "type", "ttl_minutes"})
_UNNAMED: Final = "file"


def rewrite_target(route: Route, method: str, query: str) -> str:
    """Give the path and the query of a call anew."""
    known = _QUERIES.get((method, route.edge), _ALWAYS)
    parameters = rewrite_query(query, known)
    return f"{route.path}?{parameters}" if parameters else route.path


def rewrite_body(
    route: Route, content_type: str | None, body: bytes, salt: bytes
) -> tuple[str, bytes]:
    """Give the body of a call that is no send, anew, with its type. `salt`: fresh random bytes.

    Raises:
        InvalidInput: it cannot be read in one way only, or holds a field that is not known.
    """
    if route.kind is RouteKind.UPLOAD:
        return _upload(content_type, body, f"askfirst-{salt.hex()}")
    shape = _BODIES[route.edge]
    fields = read_fields(content_type, body)
    return JSON, write_known(read_known(fields, shape))


def _upload(content_type: str | None, body: bytes, boundary: str) -> tuple[str, bytes]:
    """Give a file with what belongs to it; only a file has a name of its own and a type."""
    kind, _ = parse_options_header(content_type)
    if kind != MULTIPART:
        raise InvalidInput("content-type", "must be multipart/form-data, with a file")
    parts = []
    for part in read_parts(content_type or "", body):
        if part.name not in _UPLOAD:
            message = "is not a field that askfirst knows, so it is not passed on"
            raise InvalidInput(part.name, message)
        if part.name == "file":
            parts.append(replace(part, filename=part.filename or _UNNAMED))
        elif part.filename is not None:
            raise InvalidInput(part.name, "must not be a file")
        else:
            parts.append(replace(part, content_type=None))
    return f"multipart/form-data; boundary={boundary}", write_parts(parts, boundary)
