"""A message that a client wants to send, read just far enough to decide about it.

Two parsers must never disagree about whom a message goes to, or which template it is: a body
with a repeated key, at any depth, is refused. So are NaN, broken UTF-8 and odd nesting.
"""

from __future__ import annotations

import json
import re
from enum import StrEnum
from typing import Any

import msgspec

from askfirst.domain.chat_question import ChatQuestion
from askfirst.domain.errors import InvalidInput
from askfirst.domain.reply import PREFIX
from askfirst.graph.own_buttons import read_question
from askfirst.graph.template_state import template_language

DEPTH_MAX = 64
TYPES = frozenset(
    {
        "audio",
        "contacts",
        "document",
        "image",
        "interactive",
        "location",
        "reaction",
        "sticker",
        "text",
        "video",
    }
)
"""Meta's free-form types. A type that is not among them is not sent: doubt means no."""

_DECODER = msgspec.json.Decoder()
_TO = re.compile(rb'"to"[ \t\n\r]*:[ \t\n\r]*("(?:[^"\\]|\\.)*"|-?[0-9]+|null)')
_ESCAPED_LETTER = re.compile(rb"\\u00[67]")
_SPACE = re.compile(r"[ \t\n\r]*")
_VALUES = json.JSONDecoder()
_BRACKET_OR_TEXT = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)


class MessageKind(StrEnum):
    """What the gate has to ask about a message."""

    TEMPLATE = "template"
    FREE_FORM = "free_form"
    DIRECT = "direct"
    READ_RECEIPT = "read_receipt"
    UNKNOWN = "unknown"


class OutgoingMessage(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a send says about itself. `to` and `recipient` are as the client wrote them.

    `question` is what it asks with buttons of ours.

    A struct, because it is made for every send and costs a sixth of a dataclass.
    """

    kind: MessageKind
    type: str = ""
    to: str = ""
    recipient: str = ""
    template: str = ""
    language: str = ""
    direct_category: str = ""
    is_group: bool = False
    question: ChatQuestion | None = None


def read_message(body: bytes) -> OutgoingMessage:
    """Read the body of a send; what cannot be read in one way only raises InvalidInput."""
    fields = _read_object(body)
    to, recipient = _address(fields, "to"), _address(fields, "recipient")
    kind = _word(fields.get("type"))
    if not kind and "text" in fields:
        kind = "text"
    if fields.get("status") is not None:
        is_receipt = _word(fields["status"]) == "read" and not (to or recipient or kind)
        return OutgoingMessage(
            kind=MessageKind.READ_RECEIPT if is_receipt else MessageKind.UNKNOWN,
            type=kind,
            to=to,
            recipient=recipient,
        )
    template = fields.get("template")
    named = template if isinstance(template, dict) else {}
    category = fields.get("category")
    return OutgoingMessage(
        kind=_kind_of(kind, has_template=template is not None, category=category),
        type=kind,
        to=to,
        recipient=recipient,
        template=_text(named.get("name")),
        language=_language(named.get("language")),
        direct_category=_word(category),
        is_group=_word(fields.get("recipient_type")) == "group",
        question=read_question(fields) if _may_hold_ours(body) else None,
    )


def _may_hold_ours(body: bytes) -> bool:
    """Most bodies are cleared here, without a walk through them."""
    return PREFIX.encode() in body or _ESCAPED_LETTER.search(body) is not None


def _kind_of(kind: str, *, has_template: bool, category: object) -> MessageKind:
    if kind == "template":
        return MessageKind.TEMPLATE if has_template else MessageKind.UNKNOWN
    if has_template or kind not in TYPES:
        return MessageKind.UNKNOWN
    if category is None:
        return MessageKind.FREE_FORM
    return MessageKind.DIRECT if _word(category) else MessageKind.UNKNOWN


def _read_object(body: bytes) -> dict[str, Any]:
    if body.count(b"{") + body.count(b"[") > DEPTH_MAX and _depth(body) > DEPTH_MAX:
        raise InvalidInput("body", f"must not be nested deeper than {DEPTH_MAX} levels")
    try:
        fields = _DECODER.decode(body)
        # Written again, what we read is what came: then no key was there twice.
        again = msgspec.json.encode(fields)
        if again != body and again != msgspec.json.format(body, indent=-1):
            _PAIRS.decode(body.decode())
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise InvalidInput("body", "must be JSON in UTF-8") from error
    if not isinstance(fields, dict):
        raise InvalidInput("body", "must be a JSON object")
    return fields


def _refuse_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    kept = dict(pairs)
    if len(kept) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise InvalidInput(twice[:64], "must not be given twice")
    return kept


_PAIRS = json.JSONDecoder(object_pairs_hook=_refuse_repeats)


def _depth(body: bytes) -> int:
    deepest = depth = 0
    for token in _BRACKET_OR_TEXT.findall(body):
        if token in b"{[":
            depth += 1
            deepest = max(deepest, depth)
        elif token in b"}]":
            depth -= 1
    return deepest


def _address(fields: dict[str, Any], name: str) -> str:
    value = fields.get(name)
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise InvalidInput(name, "must be a phone number or a user id, as text")


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _word(value: object) -> str:
    return value.lower() if isinstance(value, str) else ""


def _language(value: object) -> str:
    code = value.get("code") if isinstance(value, dict) else value
    return template_language(_text(code))


class _Addressed(msgspec.Struct, gc=False):
    to: str | int | msgspec.UnsetType | None = msgspec.UNSET


_ADDRESSES = msgspec.json.Decoder(_Addressed)


def with_recipient(body: bytes, to: str) -> bytes:
    """Give the same bytes with the value of the top-level `to` replaced, nothing else touched.

    The body is one that `read_message` took. Where it has no `to`, it stays as it is.
    """
    try:
        now = _ADDRESSES.decode(body).to
    except msgspec.DecodeError as error:
        raise InvalidInput("to", "must be a phone number, as text") from error
    if now is msgspec.UNSET or now == to:
        return body
    start, end = _place_of_to(body)
    return body[:start] + msgspec.json.encode(to) + body[end:]


def _place_of_to(body: bytes) -> tuple[int, int]:
    """Find the bytes of the value.

    `"to":` cannot stand inside a JSON text, whose quotes are escaped. So if it is there once,
    and no key spells its letters as escapes, it is the one that the decoder saw.
    """
    found = list(_TO.finditer(body))
    if len(found) == 1 and not _ESCAPED_LETTER.search(body):
        return found[0].span(1)
    return _walk_to(body)


def _walk_to(body: bytes) -> tuple[int, int]:
    """Find the value member by member: the sure way, for bodies with another `to` inside."""
    text = body.decode()
    place = _skip(text, _skip(text, 0) + 1)
    while True:
        key, place = _VALUES.raw_decode(text, place)
        start = _skip(text, _skip(text, place) + 1)
        _, end = _VALUES.raw_decode(text, start)
        if key == "to":
            return len(text[:start].encode()), len(text[:end].encode())
        place = _skip(text, _skip(text, end) + 1)


def _skip(text: str, place: int) -> int:
    found = _SPACE.match(text, place)
    return found.end() if found else place
