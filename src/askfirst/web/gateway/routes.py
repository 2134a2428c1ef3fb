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

from askfirst.domain.tenants.api_key import ApiScope

MESSAGE_BYTES_MAX: Final = 1024 * 1024
UPLOAD_BYTES_MAX: Final = 100 * 1024 * 1024
"""Meta takes documents of 100 MB."""

ALLOWED: Final = (
    "messages, marketing messages, calls, files, and reading; with a key that has the scope "
    "manage also templates, flows, links, blocks, settings of numbers and where webhooks go "
    "(Guard your client)"
)


class RouteKind(Enum):
    """What a call is, and so what it needs."""

    SEND = "send"
    """A message: the gate decides."""
    CALL = "call"
    """A voice call: the gate decides, where it is the business that calls."""
    GROUP = "group"
    """A group: no yes of one person covers it."""
    OWN = "own"
    """About a sender or WABA of the caller's business."""
    TEMPLATES = "templates"
    """The same, after which the registry of templates is read anew."""
    UPLOAD = "upload"
    """The same, with a file."""
    WEBHOOKS = "webhooks"
    """Where the webhooks of an account go: askfirst answers itself."""
    BLOCK = "block"
    """People that a sender blocks, or blocks no more: a block is a stop."""
    NODE = "node"
    """One node by its bare id: a sender, a WABA, a file, a template, a flow."""
    FLOW = "flow"
    """Something of a flow of the business."""
    LIBRARY = "library"
    """What Meta shows to everybody who has a token."""
    FILE = "file"
    """The bytes of a file; `node` is a signed address of ours."""
    SESSION = "session"
    """A resumable upload is to begin; `node` is an app, which only Meta knows."""
    PIECE = "piece"
    """A resumable upload goes on; `node` is its signed name."""
    DEBUG_TOKEN = "debug_token"  # noqa: S105 - the name of Meta's route
    """What a token may do: askfirst answers for its own keys."""


READERS: Final = frozenset({ApiScope.SEND, ApiScope.MANAGE})
SENDERS: Final = frozenset({ApiScope.SEND})
MANAGERS: Final = frozenset({ApiScope.MANAGE})
FORWARDERS: Final = frozenset({ApiScope.MANAGE, ApiScope.RECEIVERS_WRITE})


@dataclass(frozen=True, slots=True)
class Route:
    """A call that was understood: `path` is what to ask at Meta, without the query.

    It is about a `node`, or about that node's `edge`. A key needs one of `scopes`.
    """

    kind: RouteKind
    method: str
    node: str
    path: str
    edge: str | None
    scopes: frozenset[ApiScope] = READERS

    @property
    def version(self) -> str:
        """The version that the client named, with a slash before it; "" for none."""
        return _VERSION.match(self.path)[0]  # type: ignore[index] # it matches everything


_VERSION = re.compile(r"(?:/v[0-9]{1,3}\.[0-9]{1,2}(?=/))?", re.ASCII)
_PATH = re.compile(
    r"(/v[0-9]{1,3}\.[0-9]{1,2})?/([0-9]{1,32})(?:/([a-z_]{1,40})(?:/([A-Za-z0-9]{1,40}))?)?/?",
    re.ASCII,
)
_SIGNED = r"[A-Za-z0-9_-]{1,512}\.[A-Za-z0-9_-]{1,2048}\.[A-Za-z0-9_-]{1,256}"
_FILE = re.compile(rf"/media/({_SIGNED})", re.ASCII)
_PIECE = re.compile(rf"(/v[0-9]{{1,3}}\.[0-9]{{1,2}})?/upload:({_SIGNED})", re.ASCII)
_NAMED = re.compile(r"(/v[0-9]{1,3}\.[0-9]{1,2})?/([a-z_]{1,40})/?", re.ASCII)
_NAMES: Final = {
    "debug_token": RouteKind.DEBUG_TOKEN,
    "message_template_library": RouteKind.LIBRARY,
}
_WITH_CODE: Final = "message_qrdls"
"""The edge whose members have names: codes of links, which Meta makes of letters and digits."""

_READ: Final = (
    "block_users",
    "flows",
    "media",
    "message_qrdls",
    "message_template_library",
    "message_templates",
    "phone_numbers",
    "settings",
    "template_analytics",
    "template_group_analytics",
    "whatsapp_business_encryption",
    "whatsapp_business_profile",
    "whatsapp_commerce_settings",
)
_CHANGED: Final = (
    "deregister",
    "flows",
    "message_qrdls",
    "register",
    "request_code",
    "settings",
    "verify_code",
    "whatsapp_business_encryption",
    "whatsapp_business_profile",
    "whatsapp_commerce_settings",
)
_KINDS: Final[dict[tuple[str, str | None], tuple[RouteKind, frozenset[ApiScope]]]] = {
    **{("GET", edge): (RouteKind.OWN, READERS) for edge in _READ},
    **{("POST", edge): (RouteKind.OWN, MANAGERS) for edge in _CHANGED},
    ("POST", "messages"): (RouteKind.SEND, SENDERS),
    ("POST", "marketing_messages"): (RouteKind.SEND, SENDERS),
    ("POST", "calls"): (RouteKind.CALL, SENDERS),
    ("POST", "groups"): (RouteKind.GROUP, SENDERS),
    ("POST", "message_templates"): (RouteKind.TEMPLATES, MANAGERS),
    ("POST", "upsert_message_templates"): (RouteKind.TEMPLATES, MANAGERS),
    ("DELETE", "message_templates"): (RouteKind.TEMPLATES, MANAGERS),
    ("POST", "media"): (RouteKind.UPLOAD, SENDERS),
    ("POST", "block_users"): (RouteKind.BLOCK, MANAGERS),
    ("DELETE", "block_users"): (RouteKind.BLOCK, MANAGERS),
    ("GET", "subscribed_apps"): (RouteKind.WEBHOOKS, READERS),
    ("POST", "subscribed_apps"): (RouteKind.WEBHOOKS, FORWARDERS),
    ("DELETE", "subscribed_apps"): (RouteKind.WEBHOOKS, FORWARDERS),
    ("GET", "assets"): (RouteKind.FLOW, READERS),
    ("POST", "assets"): (RouteKind.FLOW, MANAGERS),
    ("POST", "publish"): (RouteKind.FLOW, MANAGERS),
    ("POST", "deprecate"): (RouteKind.FLOW, MANAGERS),
    ("POST", "uploads"): (RouteKind.SESSION, READERS),
    ("GET", None): (RouteKind.NODE, READERS),
    ("POST", None): (RouteKind.NODE, MANAGERS),
    ("DELETE", None): (RouteKind.NODE, READERS),
}


@lru_cache(maxsize=1024)
def find_route(method: str, path: str) -> Route | None:
    """Match a call, with any version of the Graph API before it or none."""
    found = _PATH.fullmatch(path)
    if found is None:
        return _find_named(method, path)
    version, node, edge, code = found.groups()
    clean = "/".join((version or "", node, *filter(None, (edge, code))))
    if code is not None:
        if edge != _WITH_CODE or method not in ("GET", "DELETE"):
            return None
        scopes = READERS if method == "GET" else MANAGERS
        return Route(RouteKind.OWN, method, node, clean, f"{edge}/code", scopes)
    kind = _KINDS.get((method, edge))
    return None if kind is None else Route(kind[0], method, node, clean, edge, kind[1])


def _find_named(method: str, path: str) -> Route | None:
    if method == "GET" and (found := _FILE.fullmatch(path)):
        return Route(RouteKind.FILE, method, found[1], "", None)
    if method in ("GET", "POST") and (found := _PIECE.fullmatch(path)):
        return Route(RouteKind.PIECE, method, found[2], f"{found[1] or ''}/upload:", None)
    found = _NAMED.fullmatch(path)
    kind = _NAMES.get(found[2]) if found and method == "GET" else None
    if found is None or kind is None:
        return None
    return Route(kind, method, "", f"{found[1] or ''}/{found[2]}", found[2])
