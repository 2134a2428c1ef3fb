"""What is passed on of each call: parameters and fields that are known, and nothing else.

The Graph API reads parameters from queries and from bodies of several kinds, runs whole batches on
any address, and lets `method` override the method. Whoever holds a key that may send must not reach
around the gate by any of these, so no byte of a client's body or query leaves as it came.
Source: Meta, "Graph API", pages "Batch requests" and "Making multiple requests".

In `fields` the Graph API takes a small language: names, with arguments after a dot and fields of
theirs in braces. One such argument, `.method(…)`, makes of a reading a writing; so those that pass
are listed, too. Source: Meta, "Graph API", "Field expansion".
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from python_multipart.multipart import parse_options_header

from askfirst.domain.value import replace
from askfirst.domain.values.errors import InvalidInput
from askfirst.graph.known.field import Known, read_known, write_known
from askfirst.graph.known.flow import FlowDraft, NoFields
from askfirst.graph.known.number import (
    Blocks,
    CommerceSettings,
    Deregistration,
    Encryption,
    LinkDraft,
    NumberChange,
    NumberCode,
    NumberSettings,
    Registration,
)
from askfirst.graph.known.profile import Profile
from askfirst.graph.known.template_draft import TemplateDraft, TemplatesDraft
from askfirst.graph.known.upload import UploadStart
from askfirst.web.gateway.bodies import JSON, MULTIPART, read_fields
from askfirst.web.gateway.routes import Route
from askfirst.web.multipart import read_parts, write_parts

_ALWAYS: Final = frozenset({"appsecret_proof", "pretty"})
_READING: Final = _ALWAYS | {"after", "before", "fields", "limit", "summary"}
_SPAN: Final = frozenset(
    {"end", "granularity", "metric_types", "product_type", "start", "use_waba_timezone"}
)
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
    ("GET", "message_template_library"): _READING
    | {"industry", "language", "name", "name_or_content", "search", "topic", "usecase"},
    ("GET", "template_analytics"): _READING | _SPAN | {"template_ids"},
    ("GET", "template_group_analytics"): _READING | _SPAN | {"template_group_ids"},
    ("DELETE", "message_templates"): _ALWAYS | {"hsm_id", "hsm_ids", "name"},
    ("GET", "block_users"): _READING,
    ("GET", "flows"): _READING,
    ("GET", "assets"): _READING,
    ("GET", "message_qrdls"): _READING | {"code"},
    ("GET", "message_qrdls/code"): _READING,
    ("POST", "message_qrdls"): _ALWAYS | {"code", "generate_qr_image", "prefilled_message"},
    ("GET", "settings"): _READING | {"include_sip_credentials"},
    ("GET", "whatsapp_business_encryption"): _READING,
    ("GET", "whatsapp_commerce_settings"): _READING,
    ("POST", "whatsapp_commerce_settings"): _ALWAYS | {"is_cart_enabled", "is_catalog_visible"},
    ("POST", "request_code"): _ALWAYS | {"code_method", "language", "locale"},
    ("POST", "verify_code"): _ALWAYS | {"code"},
    ("POST", "uploads"): _ALWAYS | {"file_length", "file_name", "file_type"},
    ("GET", "phone_numbers"): _READING | {"sort"},
    ("GET", "media"): _READING,
    ("POST", "media"): _ALWAYS | {"messaging_product"},
    ("GET", "whatsapp_business_profile"): _READING,
    ("GET", None): _READING | {"phone_number_id"},
    ("DELETE", None): _ALWAYS | {"phone_number_id"},
}
_BODIES: Final[dict[str | None, type[Known]]] = {
    "block_users": Blocks,
    "deprecate": NoFields,
    "deregister": Deregistration,
    "flows": FlowDraft,
    "message_qrdls": LinkDraft,
    "message_templates": TemplateDraft,
    "publish": NoFields,
    "register": Registration,
    "request_code": NumberCode,
    "settings": NumberSettings,
    "uploads": UploadStart,
    "upsert_message_templates": TemplatesDraft,
    "verify_code": NumberCode,
    "whatsapp_business_encryption": Encryption,
    "whatsapp_business_profile": Profile,
    "whatsapp_commerce_settings": CommerceSettings,
}
_OF_A_NODE: Final[tuple[type[Known], ...]] = (NumberChange, FlowDraft, TemplateDraft)
_MAY_BE_EMPTY: Final = frozenset(
    {CommerceSettings, Deregistration, LinkDraft, NoFields, NumberCode, UploadStart}
)
"""Bodies of calls whose address, or its query, may say it all."""
UPLOADED: Final = {
    "media": frozenset({"file", "messaging_product", "type", "ttl_minutes"}),
    "assets": frozenset({"file", "name", "asset_type"}),
}
_UNHEARD: Final = frozenset({"typeFile"})
"""What a product sends beside a file, and Meta does not hear: the type stands with the file."""
_UNNAMED: Final = "file"
_PARAMETERS_MAX: Final = 24
_LENGTH_MAX: Final = 4096
_PLAIN = re.compile(r"[^\x00-\x1f\x7f(){}%]*")
_NUMBER = re.compile(r"[0-9]{1,32}", re.ASCII)
_CURSOR = re.compile(r"[\w=+/.-]*", re.ASCII)
_SWITCH = re.compile(r"0|1|true|false")
_TOKEN = re.compile(
    r"\s*(?:([A-Za-z_][A-Za-z0-9_]*)((?:\.[a-z_]+\([^()]*\))*)|([,{}]))\s*", re.ASCII
)
_ARGUMENT = re.compile(r"\.([a-z_]+)\(([^()]*)\)")
_VALUE = re.compile(r"[\w=+/,.:\"\[\] -]*", re.ASCII)
_ARGUMENTS: Final = frozenset(
    {
        "after",
        "as",
        "before",
        "conversation_directions",
        "conversation_types",
        "country_codes",
        "dimensions",
        "end",
        "granularity",
        "invalidate",
        "limit",
        "metric_types",
        "phone_numbers",
        "pricing_categories",
        "pricing_types",
        "product_types",
        "start",
        "summary",
        "template_ids",
    }
)
_NEVER: Final = frozenset({"access_token"})


def rewrite_target(route: Route, method: str, query: str) -> str:
    """Return the path and the query of a call anew."""
    known = _QUERIES.get((method, route.edge), _ALWAYS)
    parameters = _rewrite_query(query, known)
    return f"{route.path}?{parameters}" if parameters else route.path


def rewrite_body(
    route: Route,
    content_type: str | None,
    body: bytes,
    salt: bytes,
    shape: type[Known] | None = None,
) -> tuple[str, bytes]:
    """Return the body of a call that is no send, anew, with its type. `salt`: fresh random bytes.

    `shape`: the fields that it may have, where the route alone does not say.

    Raises:
        InvalidInput: it cannot be read in one way only, or holds a field that is not known.
    """
    if route.edge in UPLOADED:
        known = UPLOADED[route.edge]
        return _upload(content_type, body, f"askfirst-{salt.hex()}", known)
    shape = shape or _BODIES.get(route.edge)
    if shape is None:
        return JSON, write_known(_fitting(read_fields(content_type, body)))
    if not body and shape in _MAY_BE_EMPTY:
        return JSON, b"{}"
    fields = read_fields(content_type, body)
    return JSON, write_known(read_known(fields, shape))


def _fitting(fields: Mapping[str, Any]) -> Known:
    """Read what is posted to a bare id of which only Meta knows what it names."""
    for shape in _OF_A_NODE[:-1]:
        with contextlib.suppress(InvalidInput):
            return read_known(fields, shape)
    return read_known(fields, _OF_A_NODE[-1])


def _upload(
    content_type: str | None, body: bytes, boundary: str, known: Collection[str]
) -> tuple[str, bytes]:
    """Return a file with what belongs to it; only a file has a name of its own and a type."""
    kind, _ = parse_options_header(content_type)
    if kind != MULTIPART:
        raise InvalidInput("content-type", "must be multipart/form-data, with a file")
    parts = []
    for part in read_parts(content_type or "", body):
        if part.name in _UNHEARD and part.filename is None:
            continue
        if part.name not in known:
            message = "is not a field that askfirst knows, so it is not passed on"
            raise InvalidInput(part.name, message)
        if part.name == "file":
            parts.append(replace(part, filename=part.filename or _UNNAMED))
        elif part.filename is not None:
            raise InvalidInput(part.name, "must not be a file")
        else:
            parts.append(replace(part, content_type=None))
    return f"multipart/form-data; boundary={boundary}", write_parts(parts, boundary)


def _rewrite_query(query: str, known: Collection[str]) -> str:
    """Return the query anew, of known parameters; InvalidInput names another, or a bad value."""
    if not query:
        return ""
    try:
        pairs = parse_qsl(
            query, keep_blank_values=True, errors="strict", max_num_fields=_PARAMETERS_MAX
        )
    except ValueError as error:
        raise InvalidInput("query", "must be parameters in UTF-8") from error
    given: dict[str, str] = {}
    for name, value in pairs:
        if name not in known:
            message = "is not a parameter that askfirst knows for this call"
            raise InvalidInput(name[:64], message)
        if name in given:
            raise InvalidInput(name, "must not be given twice")
        _check(name, value)
        given[name] = value
    return urlencode(given)


def _check(name: str, value: str) -> None:
    is_shaped = _SHAPES.get(name, _matches(_PLAIN))
    if len(value) > _LENGTH_MAX or not is_shaped(value):
        raise InvalidInput(name, "must have a value that Meta documents")


def _matches(shape: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda value: shape.fullmatch(value) is not None


def _are_fields(text: str) -> bool:
    """Return whether a text is a list of names, with known arguments, and lists in braces."""
    place = depth = 0
    wants_name = True
    while place < len(text):
        token = _TOKEN.match(text, place)
        if token is None:
            return False
        place = token.end()
        name, arguments, mark = token.groups()
        if name is not None:
            if not wants_name or name.lower() in _NEVER or not _are_arguments(arguments):
                return False
            wants_name = False
        elif wants_name:
            return False
        else:
            depth += {"{": 1, "}": -1}.get(mark, 0)
            wants_name = mark in ",{"
            if depth < 0:
                return False
    return depth == 0 and not wants_name


def _are_arguments(text: str) -> bool:
    return all(
        name in _ARGUMENTS and _VALUE.fullmatch(value) for name, value in _ARGUMENT.findall(text)
    )


_SHAPES: Final = {
    "fields": _are_fields,
    "limit": _matches(_NUMBER),
    "phone_number_id": _matches(_NUMBER),
    "after": _matches(_CURSOR),
    "before": _matches(_CURSOR),
    "appsecret_proof": _matches(_CURSOR),
    "pretty": _matches(_SWITCH),
}
