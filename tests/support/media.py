"""Meta's server of files, as the test wrote it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from askfirst.ports.sending.http_connection import OutcomeUnknown
from askfirst.ports.sending.media_files import AddressNotMetas, MediaFile


@dataclass(slots=True)
class FakeMediaFiles:
    """Meta's server of files: one file, and what was asked for."""

    content: bytes = b"picture"
    content_type: str = "image/jpeg"
    status: int = 200
    length: int | None = -1
    content_range: str = ""
    is_metas: bool = True
    asked: list[tuple[str, str, str]] = field(default_factory=list)

    @asynccontextmanager
    async def fetch(self, address: str, token: str, byte_range: str) -> AsyncIterator[MediaFile]:
        if not self.is_metas:
            raise AddressNotMetas
        self.asked.append((address, token, byte_range))
        length = len(self.content) if self.length == -1 else self.length
        yield MediaFile(
            status=self.status,
            content_type=self.content_type,
            length=length,
            content_range=self.content_range,
            parts=self._parts(length),
        )

    async def _parts(self, length: int | None) -> AsyncIterator[bytes]:
        for place in range(0, len(self.content), 3):
            yield self.content[place : place + 3]
        if length is not None and length != len(self.content):
            raise OutcomeUnknown
