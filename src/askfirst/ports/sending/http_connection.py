"""The way out by HTTP: all that leaves for Meta leaves by a connection of this kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from askfirst.domain.tenants.sender import Sender, Template
from askfirst.domain.value import Value

_SUCCESS: Final = range(200, 300)


class Answer(Value, frozen=True, kw_only=True):
    """A server's answer: status, the headers that matter, body."""

    status: int
    content_type: str
    body: bytes
    retry_after: str = ""

    @property
    def is_success(self) -> bool:
        """The server did what it was asked."""
        return self.status in _SUCCESS


class OutcomeUnknown(Exception):
    """The request left, but no whole answer came back: it must not be sent again blindly."""


class NotSent(Exception):
    """No byte of the request left."""


class HttpConnection(Protocol):
    """A connection that is ready to carry one request."""

    def send(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> None:
        """Hand the whole request to the kernel, now, without waiting; NotSent if it cannot.

        Synchronous, so that nothing comes between the caller's last look and the first byte.
        """
        ...

    def release(self) -> None:
        """Give the connection back unused; harmless after `send`."""
        ...

    async def answer(self) -> Answer:
        """Wait for the answer; OutcomeUnknown on a time-out or a broken connection."""
        ...


class HttpConnections(Protocol):
    """Connections to one server, kept alive between requests."""

    async def open(self) -> HttpConnection:
        """Return a ready connection; NotSent where none can be had in time."""
        ...

    async def close(self) -> None:
        """Close all connections."""
        ...


async def exchange(
    connections: HttpConnections, method: str, target: str, headers: Mapping[str, str], body: bytes
) -> Answer:
    """Send one request and wait for its answer, for calls that need no gate.

    Raises:
        NotSent: the server cannot be reached; nothing left.
        OutcomeUnknown: the request left, but no whole answer came back.
    """
    connection = await connections.open()
    try:
        connection.send(method, target, headers, body)
    finally:
        connection.release()
    return await connection.answer()


class TemplateSource(Protocol):
    """Meta's list of templates."""

    async def read(self, sender: Sender, token: str) -> tuple[Template, ...]:
        """Read all templates of the sender's WABA; Unavailable where Meta does not answer."""
        ...


class TemplatesRefused(Exception):
    """Meta did not make the templates: the HTTP status of its answer, and its error's code or 0."""

    def __init__(self, status: int, code: int = 0) -> None:
        super().__init__(f"Meta answered {status} to the templates for codes")
        self.status, self.code = status, code


class CodeTemplates(Protocol):
    """The templates for one-time codes, which are askfirst's own."""

    async def make(
        self, sender: Sender, token: str, languages: Sequence[str]
    ) -> tuple[Template, ...]:
        """Make them at the sender's WABA, all or none; gives them as Meta has them now.

        TemplatesRefused where Meta refuses, Unavailable where it does not answer.
        """
        ...


class HasHttpConnections(Protocol):
    """Whatever brings connections to Graph along."""

    @property
    def connections(self) -> HttpConnections:
        """Connections to Graph."""
        ...


class HasTemplateSource(Protocol):
    """Whatever brings templates as Graph has them along."""

    @property
    def template_source(self) -> TemplateSource:
        """Templates as Graph has them."""
        ...


class HasCodeTemplates(Protocol):
    """Whatever brings templates of codes at Graph along."""

    @property
    def code_templates(self) -> CodeTemplates:
        """Templates of codes at Graph."""
        ...
