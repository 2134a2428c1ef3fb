"""What the way out to Meta may say, for the faces: they know no ports."""

from __future__ import annotations

from askfirst.ports.sending.http_connection import Answer, NotSent, OutcomeUnknown
from askfirst.ports.sending.media_files import FILE_BYTES_MAX, AddressNotMetas, MediaFile

__all__ = [
    "FILE_BYTES_MAX",
    "AddressNotMetas",
    "Answer",
    "MediaFile",
    "NotSent",
    "OutcomeUnknown",
]
