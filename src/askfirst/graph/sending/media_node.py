"""What Meta answers about a file and about a resumable upload.

Source: Meta, "Media" (retrieve a media URL), and "Resumable Upload API".
"""

from __future__ import annotations

import re
from typing import Final

import msgspec
from msgspec import UNSET, UnsetType

MIME_TYPE: Final = re.compile(r"[\w.+-]{1,64}/[\w.+-]{1,64}", re.ASCII)
_DIGITS_MAX: Final = 16
_SESSION: Final = re.compile(r"upload:[A-Za-z0-9+/=_:-]{1,1024}(\?sig=[A-Za-z0-9_-]{1,256})?")


class MediaNode(msgspec.Struct, kw_only=True, gc=False, omit_defaults=True):
    """A file: only its known fields, each absent where Meta did not say it."""

    messaging_product: str | UnsetType = UNSET
    url: str | UnsetType = UNSET
    mime_type: str | UnsetType = UNSET
    sha256: str | UnsetType = UNSET
    file_size: int | str | UnsetType = UNSET
    id: str | int | UnsetType = UNSET

    @property
    def size(self) -> int | None:
        """How many bytes the file has; None where Meta does not say."""
        text = "" if self.file_size is UNSET else str(self.file_size)
        return int(text) if text.isascii() and text.isdigit() and len(text) < _DIGITS_MAX else None

    @property
    def plain_type(self) -> str:
        """The type without parameters, in small letters; "" where it is none."""
        return plain_type("" if self.mime_type is UNSET else self.mime_type)


class _Session(msgspec.Struct, kw_only=True, gc=False, omit_defaults=True):
    id: str | UnsetType = UNSET
    file_offset: int | UnsetType = UNSET


_NODES = msgspec.json.Decoder(MediaNode)
_SESSIONS = msgspec.json.Decoder(_Session)


def plain_type(text: str) -> str:
    """Return a content type without its parameters; "" where it is none."""
    plain = text.partition(";")[0].strip().lower()
    return plain if MIME_TYPE.fullmatch(plain) else ""


def is_same_kind(announced: str, given: str) -> bool:
    """Return whether bytes of type `given` may be a file that was announced as another type.

    Servers of files do not always know a type as exactly as Graph does; a page in place of a
    picture is an error.
    """
    if not given or given in (announced, "application/octet-stream"):
        return True
    return announced.partition("/")[0] == given.partition("/")[0] != "text"


def read_media_node(body: bytes) -> MediaNode | None:
    """Read an answer about a file; None where it is none."""
    try:
        return _NODES.decode(body)
    except (msgspec.DecodeError, RecursionError):
        return None


def write_media_node(node: MediaNode, url: str) -> bytes:
    """Write the node with another address, where it has one."""
    if node.url is UNSET:
        return msgspec.json.encode(node)
    return msgspec.json.encode(msgspec.structs.replace(node, url=url))


def read_session(body: bytes) -> str:
    """Read the id of a resumable upload, with its signature; "" where there is none."""
    try:
        found = _SESSIONS.decode(body).id
    except (msgspec.DecodeError, RecursionError):
        return ""
    return found if found is not UNSET and _SESSION.fullmatch(found) else ""


def rename_session(body: bytes, name: str) -> bytes:
    """Write an answer about an upload with another id."""
    return msgspec.json.encode(msgspec.structs.replace(_SESSIONS.decode(body), id=name))
