"""Writes messages as Meta takes them; what is in them is decided elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from askfirst.domain.consent.stop_confirmation import StopQuestion
from askfirst.domain.prompts.interpolation import FilledPrompt
from askfirst.domain.tenants.sender import Sender
from askfirst.domain.values.alias import Alias
from askfirst.ports.sending.http_connection import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message, ready for a line: the path at Meta, headers, body.

    `kept` is what may be written down of the body, where that is not all of it.
    """

    target: str
    headers: Mapping[str, str]
    body: bytes
    kept: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeMessage:
    """A one-time code that is to be sent; `reference` comes back with what becomes of it."""

    template: str
    language: str
    digits: str
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What Meta's answer to a message says: its id, and the names of the recipient.

    `code` is Meta's, of the error, where it took no message.
    """

    is_accepted: bool
    code: int = 0
    message_id: str = ""
    names: tuple[Alias, ...] = ()


class Composer(Protocol):
    """Writes messages of a sender, and reads the answers. `token` is the sender's, of Meta's."""

    def question(self, sender: Sender, token: str, to: Alias, prompt: FilledPrompt) -> Letter:
        """Write a question with its two buttons, for an open window."""
        ...

    def code(self, sender: Sender, token: str, to: Alias, message: CodeMessage) -> Letter:
        """Write an authentication template with its code."""
        ...

    def stop_confirmation(self, sender: Sender, token: str, to: Alias, text: str) -> Letter:
        """Write the confirmation of a stop: a plain text, without a preview of anything."""
        ...

    def stop_question(self, sender: Sender, token: str, to: Alias, asked: StopQuestion) -> Letter:
        """Write the question after what may be a stop: a text with three buttons."""
        ...

    def preference_link(
        self, sender: Sender, token: str, to: Alias, text: str, kept: str
    ) -> Letter:
        """Write the link to a person's page, without a preview; `kept` is the text without it."""
        ...

    def read(self, answer: Answer) -> Reading:
        """Read Meta's answer; never raises, because the message has left whatever it says."""
        ...


class HasComposer(Protocol):
    """Whatever brings the composer of messages along."""

    @property
    def composer(self) -> Composer:
        """The composer of messages."""
        ...
