"""Which files a webhook names: pictures, voice notes, documents, wherever in it they stand.

Meta describes a file by an object with `id` and `mime_type`, in messages, in edits, in echoes of
what was sent from the phone, in the history of a number and in records of calls. A customer writes
texts into a webhook, never objects, so each such object is Meta's own word.
Source: Meta, "Webhooks reference", "Media".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from askfirst.domain.inbound.named_media import NamedMedia, is_media_id
from askfirst.domain.values.ids import PhoneNumberId, WabaId

MEDIA_MAX: Final = 1_000
"""Meta: "up to 1,000 updates per POST"; what is named beyond is not kept, and so not passed on."""

_MARK: Final = b'"mime_type"'


def read_media(body: bytes) -> tuple[NamedMedia, ...]:
    """Return the files that a verified webhook names; never raises, they are not what matters most.

    Most webhooks name none and cost a search for one word.
    """
    if _MARK not in body:
        return ()
    try:
        envelope = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError):
        return ()
    found: dict[NamedMedia, None] = {}
    for waba_id, value in _values(envelope):
        sender = _digits(_member(value.get("metadata"), "phone_number_id"))
        for media_id in _ids(value):
            if len(found) == MEDIA_MAX:
                return tuple(found)
            place = (
                PhoneNumberId(sender) if sender else None,
                WabaId(waba_id) if waba_id else None,
            )
            found[NamedMedia(media_id=media_id, phone_number_id=place[0], waba_id=place[1])] = None
    return tuple(found)


def _values(envelope: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what each change says, with its account."""
    for entry in _items(_member(envelope, "entry")):
        for change in _items(_member(entry, "changes")):
            value = _member(change, "value")
            if isinstance(value, dict):
                yield _digits(_member(entry, "id")), value


def _ids(value: dict[str, Any]) -> Iterator[str]:
    """Look for files at any depth, without recursion: depth is the sender's choice."""
    waiting: list[Any] = [value]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            if "mime_type" in node and (media_id := _digits(node.get("id"))):
                yield media_id
            waiting += node.values()
        elif isinstance(node, list):
            waiting += node


def _items(node: Any) -> list[Any]:
    return node if isinstance(node, list) else []


def _member(node: Any, name: str) -> Any:
    return node.get(name) if isinstance(node, dict) else None


def _digits(value: Any) -> str:
    text = str(value) if isinstance(value, str | int) else ""
    return text if is_media_id(text) else ""
