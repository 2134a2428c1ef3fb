"""Files: taken within Meta's limits, described, and handed out by ranges.

Source: Meta, "Media", "Supported media types", and "Resumable Upload API".
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from askfirst.graph.platform.errors import GraphCode
from askfirst.simulator.graph.refused import Refused
from askfirst.simulator.state.belongings import StoredFile, UploadSession

_MB: Final = 1024 * 1024
_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
_TYPES: Final[Mapping[str, int]] = {
    **dict.fromkeys(("audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"), 16 * _MB),
    **dict.fromkeys(("video/mp4", "video/3gpp"), 16 * _MB),
    **dict.fromkeys(("image/jpeg", "image/png"), 5 * _MB),
    "image/webp": 500 * 1024,
    "text/plain": 100 * _MB,
    "application/pdf": 100 * _MB,
    "application/msword": 100 * _MB,
    "application/vnd.ms-excel": 100 * _MB,
    "application/vnd.ms-powerpoint": 100 * _MB,
    f"{_OFFICE}.wordprocessingml.document": 100 * _MB,
    f"{_OFFICE}.spreadsheetml.sheet": 100 * _MB,
    f"{_OFFICE}.presentationml.presentation": 100 * _MB,
}
"""How many bytes a file of each type may have."""
_KINDS: Final = {"audio": "audio", "image": "image", "video": "video"}
_RANGE = re.compile(r"bytes=([0-9]*)-([0-9]*)", re.ASCII)


def plain(mime_type: str) -> str:
    """Return a type without its parameters."""
    return mime_type.partition(";")[0].strip().lower()


def check_file(mime_type: str, content: bytes) -> None:
    """Refuse a file that Meta does not take."""
    most = _TYPES.get(plain(mime_type))
    if most is None:
        details = f"Param file must be a file with one of the following types: {', '.join(_TYPES)}."
        raise Refused(GraphCode.PARAMETER_INVALID, details)
    if not 0 < len(content) <= most:
        details = f"A file of this type has 1 to {most} bytes."
        raise Refused(GraphCode.MEDIA_UPLOAD_FAILED, details)


def message_type(mime_type: str) -> str:
    """Return as what a file comes in a message."""
    kind = plain(mime_type)
    return "sticker" if kind == "image/webp" else _KINDS.get(kind.partition("/")[0], "document")


def describe(file: StoredFile, base: str) -> Mapping[str, Any]:
    """Answer `GET /{media_id}`."""
    return {
        "messaging_product": "whatsapp",
        "url": f"{base}/cdn/{file.file_id}?hash={file.sha256[:16]}",
        "mime_type": file.mime_type,
        "sha256": file.sha256,
        "file_size": len(file.content),
        "id": file.file_id,
    }


class Piece(NamedTuple):
    """Bytes of a file, and the header that says which; None where there are no such bytes."""

    content: bytes | None
    content_range: str = ""


def cut(content: bytes, wanted: str) -> Piece:
    """Cut the range out that a `Range` header names; the whole where it names none."""
    found = _RANGE.fullmatch(wanted)
    if found is None or found[1] == found[2] == "":
        return Piece(content)
    size = len(content)
    first = int(found[1]) if found[1] else max(0, size - int(found[2]))
    last = min(int(found[2]), size - 1) if found[1] and found[2] else size - 1
    if first > last:
        return Piece(None, f"bytes */{size}")
    return Piece(content[first : last + 1], f"bytes {first}-{last}/{size}")


def begin_upload(session_id: str, fields: Mapping[str, str]) -> UploadSession:
    """Answer `POST /{app}/uploads`.

    Whoever says nothing of the file gets a session, too, and cannot put anything in: one product
    finds out so whether its token is good.
    """
    length = str(fields.get("file_length") or "")
    kind = str(fields.get("file_type") or "")
    if not length and not kind:
        return UploadSession(session_id=session_id, length=0, mime_type="")
    if not length.isdigit() or not kind:
        details = "The parameters file_length and file_type are required."
        raise Refused(GraphCode.PARAMETER_INVALID, details)
    return UploadSession(session_id=session_id, length=int(length), mime_type=kind)


def take_piece(session: UploadSession, offset: str, content: bytes) -> Mapping[str, Any]:
    """Answer `POST /upload:…`: the handle of the file, once it is whole."""
    if (offset or "0") != str(len(session.content)):
        raise Refused(GraphCode.PARAMETER_INVALID, "file_offset is not where the upload stands.")
    if len(session.content) + len(content) > session.length:
        raise Refused(GraphCode.PARAMETER_INVALID, "The file is longer than file_length.")
    session.content += content
    if len(session.content) < session.length:
        return {"id": session.session_id, "file_offset": len(session.content)}
    mark = base64.b64encode(session.session_id.encode()).decode()
    return {"h": f"4:{mark}:{base64.b64encode(session.mime_type.encode()).decode()}"}
