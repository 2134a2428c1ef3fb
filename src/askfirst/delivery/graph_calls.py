"""Calls to Meta that need no gate: no message leaves by them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from askfirst.domain.values.errors import InvalidInput, Unavailable
from askfirst.ports.sending.http_connection import Answer, Lines, NotSent, OutcomeUnknown, exchange

Read = TypeVar("Read")


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphCalls:
    """Calls about one thing; `subject` names it where Meta's answer is not of use."""

    lines: Lines
    version: str
    subject: str

    async def make(self, method: str, path: str, token: str, body: bytes = b"") -> Answer:
        """Make one call; Unavailable where no whole answer comes back."""
        headers = {"authorization": f"Bearer {token}"}
        if body:
            headers["content-type"] = "application/json"
        try:
            return await exchange(self.lines, method, f"/{self.version}/{path}", headers, body)
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
