"""A way to Meta that leads nowhere: it takes every request and remembers it."""

from collections.abc import Mapping
from dataclasses import dataclass

from askfirst.domain.sender import Sender, Template
from askfirst.ports.line import Answer

ACCEPTED = b'{"messaging_product":"whatsapp","contacts":[],"messages":[{"id":"wamid.stub"}]}'


@dataclass(frozen=True)
class Sent:
    """One request that left."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


class StubLine:
    """A connection of StubLines."""

    def __init__(self, sent: list[Sent]) -> None:
        self._sent = sent

    def send(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> None:
        self._sent.append(Sent(method, target, dict(headers), body))

    def release(self) -> None:
        pass

    async def answer(self) -> Answer:
        return Answer(status=200, content_type="application/json", body=ACCEPTED)


class StubLines:
    """Meta, to the gateway's eyes: every message is accepted."""

    def __init__(self) -> None:
        self.sent: list[Sent] = []

    async def open(self) -> StubLine:
        return StubLine(self.sent)

    async def close(self) -> None:
        pass


class NoTemplates:
    """Meta's list of templates, empty."""

    async def read(self, sender: Sender, token: str) -> tuple[Template, ...]:
        return ()
