"""A voice call as the gate sees it: the business calls somebody, or answers a call that is there.

Source: Meta, "Calling API".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from msgspec.structs import replace

from askfirst.graph.known.call import ANSWERS, CallContent
from askfirst.graph.known.field import UNSET, read_known, write_known
from askfirst.graph.sending.outgoing import MARKETING, MessageKind, OutgoingMessage

CALL: Final = "call"
_CONNECT: Final = "connect"


def understand_call(fields: Mapping[str, Any]) -> OutgoingMessage:
    """Read what is posted to `/calls`. What names nobody, and answers a call, asks nothing.

    Raises:
        InvalidInput: a field is not known, or has no value that is known.
    """
    content = read_known(fields, CallContent)
    content = replace(content, action=(content.action or "").lower())
    to, recipient = _text(content.to), _text(content.recipient)
    kind = MessageKind.UNKNOWN
    if content.action == _CONNECT:
        kind = MessageKind.DIRECT
    elif content.action in ANSWERS and not to and not recipient:
        kind = MessageKind.READ_RECEIPT
    return OutgoingMessage(
        kind=kind,
        type=CALL,
        to=to,
        recipient=recipient,
        direct_category=MARKETING,
        is_about_calling=True,
        content=content,
        body=write_known(content),
    )


def _text(address: object) -> str:
    return "" if address is UNSET or address is None else str(address)
