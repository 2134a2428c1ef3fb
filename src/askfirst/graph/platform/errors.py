"""Meta's errors, as far as we say them ourselves.

Clients branch on the integer code. A refusal of ours has the shape of Meta's, so that typed
clients raise what they would raise anyway; the `askfirst` object inside tells ours from theirs.
Source: Meta, "Error codes" (HTTP statuses from its copy of December 2025).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final

import msgspec

TOKEN_ERROR: Final = "OAuthException"  # noqa: S105 - the name of a type
"""The type that most of Meta's errors have, whatever they are about."""
METHOD_ERROR: Final = "GraphMethodException"
"""The type of the error about a call that the Graph API does not know."""


class GraphCode(IntEnum):
    """The codes we use, by what they mean."""

    UNKNOWN = 1
    TEMPORARY = 2
    PERMISSION_DENIED = 10
    NODE_MISSING = 33
    PARAMETER_INVALID = 100
    TOKEN_INVALID = 190
    CALLBACK_UNVERIFIED = 2200
    WABA_RATE_LIMIT = 80007
    RATE_LIMIT = 130429
    ACCESS_DENIED = 131005
    PARAMETER_MISSING = 131008
    PARAMETER_VALUE_INVALID = 131009
    SERVICE_UNAVAILABLE = 131016
    RECIPIENT_IS_SENDER = 131021
    UNDELIVERABLE = 131026
    RECIPIENT_NOT_ALLOWED = 131030
    WINDOW_CLOSED = 131047
    MARKETING_LIMIT = 131049
    MARKETING_STOPPED = 131050
    TYPE_UNSUPPORTED = 131051
    MEDIA_FAILED = 131052
    MEDIA_UPLOAD_FAILED = 131053
    MARKETING_TEMPLATES_ONLY = 131055
    PAIR_RATE_LIMIT = 131056
    USER_ID_UNSUPPORTED = 131062
    PARAMETER_COUNT = 132000
    TEMPLATE_MISSING = 132001
    TEMPLATE_PAUSED = 132015
    TEMPLATE_DISABLED = 132016
    IDENTITY_CHANGED = 137000
    BLOCK_FAILED = 139100
    BLOCKLIST_FULL = 139101


@dataclass(frozen=True, slots=True)
class GraphError:
    """One code with the HTTP status and the title Meta gives it."""

    code: GraphCode
    http: int
    title: str


_ROWS = (
    (GraphCode.UNKNOWN, 400, "An unknown error occurred"),
    (GraphCode.TEMPORARY, 503, "Service temporarily unavailable"),
    (GraphCode.PERMISSION_DENIED, 403, "Application does not have permission for this action"),
    (GraphCode.NODE_MISSING, 400, "The business phone number does not exist"),
    (GraphCode.PARAMETER_INVALID, 400, "Invalid parameter"),
    (GraphCode.TOKEN_INVALID, 401, "Invalid OAuth access token"),
    (GraphCode.CALLBACK_UNVERIFIED, 400, "Callback verification failed"),
    (GraphCode.WABA_RATE_LIMIT, 400, "Rate limit issues"),
    (GraphCode.RATE_LIMIT, 400, "Rate limit hit"),
    (GraphCode.ACCESS_DENIED, 403, "Access denied"),
    (GraphCode.PARAMETER_MISSING, 400, "Required parameter is missing"),
    (GraphCode.PARAMETER_VALUE_INVALID, 400, "Parameter value is not valid"),
    (GraphCode.SERVICE_UNAVAILABLE, 500, "Service unavailable"),
    (GraphCode.RECIPIENT_IS_SENDER, 400, "Recipient cannot be sender"),
    (GraphCode.UNDELIVERABLE, 400, "Message undeliverable"),
    (GraphCode.RECIPIENT_NOT_ALLOWED, 400, "Recipient phone number not in allowed list"),
    (GraphCode.WINDOW_CLOSED, 400, "Re-engagement message"),
    (GraphCode.MARKETING_LIMIT, 400, "Message not sent to maintain healthy ecosystem engagement"),
    (GraphCode.MARKETING_STOPPED, 400, "User has stopped marketing messages from this business"),
    (GraphCode.TYPE_UNSUPPORTED, 400, "Unsupported message type"),
    (GraphCode.MEDIA_FAILED, 400, "Media download error"),
    (GraphCode.MEDIA_UPLOAD_FAILED, 400, "Media upload error"),
    (GraphCode.MARKETING_TEMPLATES_ONLY, 400, "Only marketing templates are supported"),
    (GraphCode.PAIR_RATE_LIMIT, 400, "Business and customer pair rate limit hit"),
    (GraphCode.USER_ID_UNSUPPORTED, 400, "This message needs a phone number"),
    (GraphCode.PARAMETER_COUNT, 400, "Number of parameters does not match"),
    (GraphCode.TEMPLATE_MISSING, 404, "Template name does not exist in the translation"),
    (GraphCode.TEMPLATE_PAUSED, 400, "Template is paused"),
    (GraphCode.TEMPLATE_DISABLED, 400, "Template is disabled"),
    (GraphCode.IDENTITY_CHANGED, 400, "The recipient's identity has changed"),
    (GraphCode.BLOCK_FAILED, 400, "Failed to block/unblock users"),
    (GraphCode.BLOCKLIST_FULL, 400, "Blocklist limit reached"),
)
_CODES = frozenset(int(code) for code in GraphCode)
ERRORS = {code: GraphError(code, http, title) for code, http, title in _ROWS}
"""Every code we say. INVARIANT: one row for each member of GraphCode; a test counts them."""


def error_body(
    code: int,
    details: str,
    *,
    askfirst: Mapping[str, Any] | None = None,
    message: str | None = None,
    transient: bool = False,
    kind: str = TOKEN_ERROR,
) -> bytes:
    """Write an error as the Graph API does; it never has a `messages` key.

    Some clients take any answer with `messages` for a success. `fbtrace_id` is made of the
    content, because there is no trace of Meta's behind it.
    """
    known = ERRORS.get(GraphCode(code)) if code in _CODES else None
    title = message or (known.title if known else ERRORS[GraphCode.UNKNOWN].title)
    error: dict[str, Any] = {
        "message": f"(#{code}) {title}",
        "type": kind,
        "code": code,
        "is_transient": transient,
        "error_data": {"messaging_product": "whatsapp", "details": details},
    }
    if askfirst is not None:
        error["askfirst"] = dict(askfirst)
    error["fbtrace_id"] = _trace(msgspec.json.encode(error))
    return msgspec.json.encode({"error": error})


def http_status(code: int) -> int:
    """Return the HTTP status Meta answers a code with."""
    return ERRORS[GraphCode(code)].http if code in _CODES else 400


def _trace(content: bytes) -> str:
    digest = hashlib.blake2b(content, digest_size=15).digest()
    return "A" + base64.urlsafe_b64encode(digest).decode().rstrip("=")
