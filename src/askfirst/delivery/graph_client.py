"""The client of the Graph API: where it is, and calls by which no message leaves."""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar
from urllib.parse import urlsplit

from askfirst.delivery.http_client import (
    ANSWER_SECONDS_MAX,
    CONNECT_SECONDS_MAX,
    CONNECTIONS_MAX,
    HttpAddress,
    HttpClient,
    parse_address,
)
from askfirst.domain.values.errors import InvalidInput, Unavailable
from askfirst.ports.sending.http_connection import (
    Answer,
    HttpConnections,
    NotSent,
    OutcomeUnknown,
    exchange,
)

GRAPH_URL: Final = "ASKFIRST_GRAPH_URL"
_VERSION = re.compile(r"/v[0-9]+\.[0-9]+(?=/|$)", re.ASCII)

Read = TypeVar("Read")


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphAddress(HttpAddress):
    """Where the Graph API is. `version` is for targets that name none."""

    version: str

    def path_of(self, target: str) -> str:
        """Return the path of a target at Meta; its own version wins over that of the base URL."""
        version = "" if _VERSION.match(target) else self.version
        return self.prefix + version + target


def parse_graph_url(url: str) -> GraphAddress:
    """Read `https://graph.facebook.com`, with or without a version and a path before it.

    Raises:
        InvalidInput: it is none; the error's field is the setting.
    """
    server = parse_address(url, GRAPH_URL)
    parts = urlsplit(url)
    if parts.query or parts.fragment:
        raise InvalidInput(GRAPH_URL, "must be a host with an optional path, nothing more")
    prefix = parts.path.rstrip("/")
    version = prefix[prefix.rfind("/") :] if "/" in prefix else ""
    if not _VERSION.fullmatch(version):
        version = ""
    return GraphAddress(
        host=server.host,
        port=server.port,
        tls=server.tls,
        authority=server.authority,
        prefix=prefix.removesuffix(version),
        version=version,
    )


def graph_client(
    base_url: str,
    *,
    connections_max: int = CONNECTIONS_MAX,
    connect_seconds: float = CONNECT_SECONDS_MAX,
    answer_seconds: float = ANSWER_SECONDS_MAX,
    tls: ssl.SSLContext | None = None,
) -> HttpClient:
    """Make a client of the Graph API at this address; nothing is opened yet."""
    return HttpClient(
        parse_graph_url(base_url),
        connections_max=connections_max,
        connect_seconds=connect_seconds,
        answer_seconds=answer_seconds,
        tls=tls,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphCalls:
    """Calls about one thing; `subject` names it where Meta's answer is not of use."""

    connections: HttpConnections
    version: str
    subject: str

    async def make(self, method: str, path: str, token: str, body: bytes = b"") -> Answer:
        """Make one call; Unavailable where no whole answer comes back."""
        headers = {"authorization": f"Bearer {token}"}
        if body:
            headers["content-type"] = "application/json"
        try:
            return await exchange(
                self.connections, method, f"/{self.version}/{path}", headers, body
            )
        except (NotSent, OutcomeUnknown) as error:
            raise Unavailable(f"Meta did not answer a request for {self.subject}") from error

    def read(self, answer: Answer, reader: Callable[[bytes], Read]) -> Read:
        """Read the body of a success; Unavailable where it is none, or not what was asked for."""
        if not answer.is_success:
            raise self.refused(answer)
        try:
            return reader(answer.body)
        except InvalidInput as error:
            message = f"Meta's answer to a request for {self.subject} could not be read"
            raise Unavailable(message) from error

    def refused(self, answer: Answer) -> Unavailable:
        """Say that Meta did not do what it was asked."""
        return Unavailable(f"Meta answered {answer.status} to a request for {self.subject}")
