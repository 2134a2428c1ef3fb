"""The part of a delivery that is one business's: Meta may put several accounts into one POST.

Each change that stays is byte for byte what Meta wrote, so that what a receiver makes of its text
is the same; only what stands around the changes is written anew.
"""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from askfirst.domain.inbound.delivery import Place
from askfirst.domain.values.ids import PhoneNumberId, WabaId
from askfirst.graph.inbound.webhook import field_name, node_id


class _Metadata(msgspec.Struct, gc=False):
    phone_number_id: str | int | None = None


class _Value(msgspec.Struct, gc=False):
    metadata: _Metadata | None = None


class _Change(msgspec.Struct, gc=False):
    field: str | None = None
    value: _Value | None = None


class _Entry(msgspec.Struct, gc=False):
    id: str | int | None = None
    time: msgspec.Raw = msgspec.Raw(b"null")
    changes: tuple[msgspec.Raw, ...] = ()


class _Envelope(msgspec.Struct, gc=False):
    object: msgspec.Raw = msgspec.Raw(b"null")
    entry: tuple[msgspec.Raw, ...] = ()


def own_part(body: bytes, places: Collection[Place]) -> bytes:
    """Leave out every change that stands in none of the places; all of them are there: the body.

    What is not of Meta's shape is nobody's, and left out.
    """
    envelope = msgspec.json.decode(body, type=_Envelope)
    cut = [_own_entry(entry, places) for entry in envelope.entry]
    if all(is_whole for _, is_whole in cut):
        return body
    kept = b",".join(entry for entry, _ in cut if entry)
    return b'{"object":' + bytes(envelope.object) + b',"entry":[' + kept + b"]}"


def _own_entry(raw: msgspec.Raw, places: Collection[Place]) -> tuple[bytes, bool]:
    """Write an entry with the changes that stay; empty where none does. Was that all of it?"""
    try:
        entry = msgspec.json.decode(raw, type=_Entry)
    except msgspec.DecodeError:
        return b"", False
    kept = [change for change in entry.changes if _place(entry, change) in places]
    if not kept:
        return b"", False
    if len(kept) == len(entry.changes):
        return bytes(raw), True
    parts = [b'"id":' + msgspec.json.encode(entry.id), b'"time":' + bytes(entry.time)]
    changes = b",".join(bytes(change) for change in kept)
    return b"{" + b",".join([*parts, b'"changes":[' + changes + b"]"]) + b"}", False


def _place(entry: _Entry, raw: msgspec.Raw) -> Place | None:
    try:
        change = msgspec.json.decode(raw, type=_Change)
    except msgspec.DecodeError:
        return None
    metadata = change.value.metadata if change.value else None
    account = node_id(entry.id)
    number = node_id(metadata.phone_number_id) if metadata else None
    return Place(
        WabaId(account) if account else None,
        PhoneNumberId(number) if number else None,
        field_name(change.field),
    )
