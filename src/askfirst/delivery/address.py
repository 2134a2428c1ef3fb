"""Where the Graph API is, and how a request to it is written.

A request is one buffer, because its first byte must be with the kernel when `send` returns.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from askfirst.domain.values.errors import InvalidInput
from askfirst.ports.sending.http_connection import NotSent

_VERSION = re.compile(r"/v[0-9]+\.[0-9]+(?=/|$)", re.ASCII)
_TARGET = re.compile(r"/[!-~]*", re.ASCII)
_VALUE = re.compile(r"[\t -~\x80-\xff]*")
_OURS = frozenset(
    {"connection", "content-length", "expect", "host", "te", "transfer-encoding", "upgrade"}
)
_BODILESS = frozenset({"GET", "HEAD", "DELETE"})
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphAddress:
    """A base URL, taken apart. `version` is for targets that name none."""

    host: str
    port: int
    tls: bool
    authority: str
    prefix: str
    version: str

    def path_of(self, target: str) -> str:
        """Give the path of a target at Meta; its own version wins over that of the base URL."""
        version = "" if _VERSION.match(target) else self.version
        return self.prefix + version + target

    def request(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> bytes:
        """Write a whole request; NotSent where it would not be exactly the one that was meant."""
        path = self.path_of(target)
        if not _TARGET.fullmatch(path):
            raise NotSent("the target is not a path")
        head = [f"{method} {path} HTTP/1.1\r\nhost: {self.authority}\r\n"]
        for name, value in headers.items():
            if name in _OURS or not _VALUE.fullmatch(value):
                raise NotSent(f"the header {name} cannot be sent")
            head.append(f"{name}: {value}\r\n")
        if body or method not in _BODILESS:
            head.append(f"content-length: {len(body)}\r\n")
        head.append("accept-encoding: identity\r\n\r\n")  # the body is relayed as it comes
        return "".join(head).encode("latin-1") + body


def parse_base_url(url: str) -> GraphAddress:
    """Read `https://graph.facebook.com`, with or without a version and a path before it."""
    parts = urlsplit(url)
    try:
        port = parts.port or _PORTS[parts.scheme]
    except (KeyError, ValueError) as error:
        raise InvalidInput("graph_url", "must be an http or https URL") from error
    if not parts.hostname or parts.username or parts.query or parts.fragment:
        raise InvalidInput("graph_url", "must be a host with an optional path, nothing more")
    prefix = parts.path.rstrip("/")
    version = prefix[prefix.rfind("/") :] if "/" in prefix else ""
    if not _VERSION.fullmatch(version):
        version = ""
    return GraphAddress(
        host=parts.hostname,
        port=port,
        tls=parts.scheme == "https",
        authority=parts.netloc,
        prefix=prefix.removesuffix(version),
        version=version,
    )
