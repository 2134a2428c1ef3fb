"""Which of Meta's routes exist here: a closed list, the rest is refused.

The path that is asked at Meta is written anew from what was understood, so no two readings of
a path can differ.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Final

MESSAGE_BYTES_MAX: Final = 1024 * 1024
UPLOAD_BYTES_MAX: Final = 100 * 1024 * 1024
"""Meta takes documents of 100 MB."""

ALLOWED: Final = (
    "POST /{phone_number_id}/messages, POST /{phone_number_id}/marketing_messages, "
    "GET and POST /{waba_id}/message_templates, GET /{waba_id}/phone_numbers, "
    "GET /{phone_number_id}, GET and POST /{phone_number_id}/media, "
    "GET and DELETE /{media_id}, GET and POST /{phone_number_id}/whatsapp_business_profile"
)


class RouteKind(Enum):
    """What a call is, and so what it needs."""

    SEND = "send"
    """A message: the gate decides."""
    OWN = "own"
    """About a sender or WABA of the caller's business."""
    UPLOAD = "upload"
    """The same, with a file."""
    OWN_OR_MEDIA = "own_or_media"
    MEDIA = "media"
    """About a file that Meta keeps."""


@dataclass(frozen=True, slots=True)
class Route:
    """A call that was understood: `path` is what to ask at Meta, without the query.

    It is about a `node`, or about that node's `edge`.
    """

    kind: RouteKind
    node: str
    path: str
    edge: str | None


_PATH = re.compile(r"(/v[0-9]{1,3}\.[0-9]{1,2})?/([0-9]{1,32})(?:/([a-z_]{1,40}))?/?", re.ASCII)
_KINDS = {
    ("POST", "messages"): RouteKind.SEND,
    ("POST", "marketing_messages"): RouteKind.SEND,
    ("GET", "message_templates"): RouteKind.OWN,
    ("POST", "message_templates"): RouteKind.OWN,
    ("GET", "phone_numbers"): RouteKind.OWN,
    ("GET", "media"): RouteKind.OWN,
    ("POST", "media"): RouteKind.UPLOAD,
    ("GET", "whatsapp_business_profile"): RouteKind.OWN,
    ("POST", "whatsapp_business_profile"): RouteKind.OWN,
    ("GET", None): RouteKind.OWN_OR_MEDIA,
    ("DELETE", None): RouteKind.MEDIA,
}


@lru_cache(maxsize=1024)
def find_route(method: str, path: str) -> Route | None:
    """Match a call, with any version of the Graph API before it or none."""
    found = _PATH.fullmatch(path)
    if found is None:
        return None
    version, node, edge = found.groups()
    kind = _KINDS.get((method, edge))
    if kind is None:
        return None
    clean = f"{version or ''}/{node}/{edge}" if edge else f"{version or ''}/{node}"
    return Route(kind, node, clean, edge)
