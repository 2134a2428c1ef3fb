"""What Meta answers to a send: the message's id, and how it spells the recipient.

`contacts[].input` → `wa_id` is the authority on which spellings are one subscriber.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import msgspec

from askfirst.domain.values.alias import Alias, parse_alias
from askfirst.domain.values.errors import InvalidInput


class SentTo(NamedTuple):
    """One recipient: as it was asked for, and as WhatsApp knows it ("" where it does not say)."""

    input: str
    wa_id: str
    user_id: str


@dataclass(frozen=True, slots=True)
class SendAnswer:
    """The part of an answer that matters to us; empty for an error or an odd body."""

    message_ids: tuple[str, ...] = ()
    contacts: tuple[SentTo, ...] = ()

    def says_nothing_new(self, asked: Iterable[Alias]) -> bool:
        """Whether Meta names the recipient by a number that it was asked with, and by nothing else.

        So are nearly all answers: then no name has to be made of it.
        """
        if len(self.contacts) != 1:
            return not self.contacts
        _, wa_id, user_id = self.contacts[0]
        return not user_id and wa_id in [name.value for name in asked if name.is_number]

    def names(self) -> tuple[Alias, ...]:
        """Return the names that Meta has for the one recipient of a message."""
        if len(self.contacts) != 1:
            return ()
        (contact,) = self.contacts
        names: list[Alias] = []
        for text in (contact.wa_id, contact.user_id):
            try:
                names += [parse_alias(text)] if text else []
            except InvalidInput:
                continue
        return tuple(names)


class _Sent(msgspec.Struct, gc=False):
    id: str | None = None


class _Contact(msgspec.Struct, gc=False):
    input: str | int | None = None
    wa_id: str | int | None = None
    user_id: str | None = None


class _Answer(msgspec.Struct, gc=False):
    messages: tuple[_Sent, ...] | None = None
    contacts: tuple[_Contact, ...] | None = None


class _Error(msgspec.Struct, gc=False):
    code: int | str | None = None


class _Failure(msgspec.Struct, gc=False):
    error: _Error | None = None


class _Upload(msgspec.Struct, gc=False):
    id: str | int | None = None


_UPLOAD_DECODER = msgspec.json.Decoder(_Upload)
_CODE = re.compile(r"[0-9]{1,9}", re.ASCII)
_DECODER = msgspec.json.Decoder(_Answer)
_FAILURE_DECODER = msgspec.json.Decoder(_Failure)


def read_answer(body: bytes) -> SendAnswer:
    """Read an answer; never raises, because the message has left whatever the answer says."""
    try:
        answer = _DECODER.decode(body)
    except (msgspec.DecodeError, RecursionError):
        return SendAnswer()
    return SendAnswer(
        message_ids=tuple([sent.id for sent in answer.messages or () if sent.id]),
        contacts=tuple(
            [
                SentTo(str(found.input or ""), str(found.wa_id or ""), found.user_id or "")
                for found in answer.contacts or ()
            ]
        ),
    )


def read_upload(body: bytes) -> str:
    """Read the id that an uploaded file got; empty where the answer names none."""
    try:
        found = _UPLOAD_DECODER.decode(body)
    except (msgspec.DecodeError, RecursionError):
        return ""
    return str(found.id or "")


def read_error_code(body: bytes) -> int:
    """Read the code of an error; 0 where there is none."""
    try:
        failure = _FAILURE_DECODER.decode(body)
    except (msgspec.DecodeError, RecursionError):
        return 0
    code = str(failure.error.code) if failure.error else ""
    return int(code) if _CODE.fullmatch(code) else 0
