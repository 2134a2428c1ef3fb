"""A message that a client wants to send: read whole, decided about, and written anew.

What leaves is made of the fields that were read, so nobody can find another message in it than
the one that was decided about. A field that is not known is refused by its name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from enum import StrEnum
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from askfirst.domain.prompts.chat_question import ChatQuestion
from askfirst.domain.prompts.quick_reply import PREFIX
from askfirst.graph.known.call import CallContent
from askfirst.graph.known.field import UNSET, read_known, write_known
from askfirst.graph.known.message import CONTENTS, RECEIPT, MessageContent
from askfirst.graph.known.template import Language, Template
from askfirst.graph.platform.json_object import read_object
from askfirst.graph.sending.chat_question import read_question
from askfirst.graph.tenants.template_state import template_language

TYPES = CONTENTS - {"template"}
"""Meta's free-form types. A type that is not among them is not sent: doubt means no."""

MARKETING: Final = "marketing"
"""Meta's word for what is not asked for; what somebody is called for counts as that, too."""
CALL_PERMISSION: Final = "call_permission_request"
_PREFIX = PREFIX.encode()
_WORDS = ("type", "recipient_type", "category", "status")
"""What decides about a message; Meta takes these words in any case."""
_READ = frozenset({"body", "text", "sub_text", "caption", "title", "description", "display_text"})
"""The fields whose text people read."""
_NEVER_SENT = RECEIPT - {"messaging_product"}


class MessageKind(StrEnum):
    """What the gate has to ask about a message."""

    TEMPLATE = "template"
    FREE_FORM = "free_form"
    DIRECT = "direct"
    READ_RECEIPT = "read_receipt"
    UNKNOWN = "unknown"


class OutgoingMessage(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a send says about itself. `to` and `recipient` are as the client wrote them.

    `question` is what it asks with buttons of ours; `body` is the message, written anew.
    `is_about_calling`: it calls somebody, or asks whether the business may.

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
    is_about_calling: bool = False
    content: MessageContent | CallContent = msgspec.field(default_factory=MessageContent)
    body: bytes = b"{}"

    def content_hash(self) -> str:
        """Hash what the message says, and nothing of whom it goes to or what it is filed under.

        A template says its name, its language and its parameters. 64 hexadecimal digits.
        """
        said = getattr(self.content, self.type, UNSET) if self.type in CONTENTS else UNSET
        if said is UNSET or self.kind is MessageKind.UNKNOWN:
            return ""
        return hashlib.sha256(self.type.encode() + b"\n" + write_known(said)).hexdigest()

    def texts(self) -> tuple[str, ...]:
        """Return what people read of it: texts, captions, labels; nothing of a template's."""
        said = getattr(self.content, self.type, UNSET) if self.type in TYPES else UNSET
        return tuple(_read(msgspec.to_builtins(said))) if said is not UNSET else ()

    def body_to(self, number: str) -> bytes:
        """Write the message with another spelling of its recipient's number.

        Where it has no `to`, it stays as it is.
        """
        if self.content.to is UNSET or self.content.to == number:
            return self.body
        return write_known(replace(self.content, to=number))


def read_message(body: bytes) -> OutgoingMessage:
    """Read the JSON body of a send; what cannot be read in one way only raises InvalidInput."""
    return understand(read_object(body))


def understand(fields: Mapping[str, Any]) -> OutgoingMessage:
    """Read the fields of a send. Words that decide leave in lower case, in which they were read.

    Raises:
        InvalidInput: `field` is not known, or has no value that is known.
    """
    content = _lowered(read_known(fields, MessageContent))
    kind = _kind_of(content, {name for name in fields if fields[name] is not None})
    if kind is MessageKind.READ_RECEIPT:
        content = MessageContent(**{name: getattr(content, name) for name in RECEIPT})
    template = content.template or Template()
    is_asking_to_call = _asks_to_call(content)
    if is_asking_to_call and kind is MessageKind.FREE_FORM:
        kind = MessageKind.DIRECT
    body = write_known(content)
    return OutgoingMessage(
        kind=kind,
        type=_type(content),
        to=_text(content.to),
        recipient=_text(content.recipient),
        template=template.name or "",
        language=_language(template),
        direct_category=MARKETING if is_asking_to_call else content.category or "",
        is_about_calling=is_asking_to_call,
        is_group=content.recipient_type == "group",
        question=read_question(msgspec.json.decode(body)) if _PREFIX in body else None,
        content=content,
        body=body,
    )


def _read(part: Any) -> Iterator[str]:
    for name, value in part.items() if isinstance(part, dict) else ():
        if isinstance(value, str):
            if name in _READ:
                yield value
        else:
            for one in value if isinstance(value, list | tuple) else (value,):
                yield from _read(one)


def _lowered(content: MessageContent) -> MessageContent:
    lower: dict[str, str] = {}
    for name in _WORDS:
        word = getattr(content, name)
        if word and word != word.lower():
            lower[name] = word.lower()
    return replace(content, **lower) if lower else content


def _type(content: MessageContent) -> str:
    return content.type or ("text" if content.text else "")


def _kind_of(content: MessageContent, present: AbstractSet[str]) -> MessageKind:
    """Return what a message is. What has a second content, or a status, is not surely a message."""
    kind = _type(content)
    if "status" in present:
        is_receipt = content.status == "read" and present <= RECEIPT
        return MessageKind.READ_RECEIPT if is_receipt else MessageKind.UNKNOWN
    if not present.isdisjoint(_NEVER_SENT) or not present & CONTENTS <= {kind}:
        return MessageKind.UNKNOWN
    if kind == "template":
        return MessageKind.TEMPLATE if content.template else MessageKind.UNKNOWN
    if kind not in TYPES or content.category == "":
        return MessageKind.UNKNOWN
    return MessageKind.DIRECT if content.category else MessageKind.FREE_FORM


def _asks_to_call(content: MessageContent) -> bool:
    """Return whether the business asks to call: that is advertising, whatever it is said to be."""
    asked = content.interactive
    if not asked:
        return False
    names = (asked.type, asked.action.name if asked.action else None)
    return CALL_PERMISSION in {name.lower() for name in names if isinstance(name, str)}


def _text(address: str | int | msgspec.UnsetType | None) -> str:
    return "" if address is UNSET or address is None else str(address)


def _language(template: Template) -> str:
    language = template.language
    code = language.code if isinstance(language, Language) else language
    return template_language(code or "")
