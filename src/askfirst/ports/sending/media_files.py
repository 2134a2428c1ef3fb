"""The bytes of a file at Meta, as they come: nothing of them is kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Final, Protocol

FILE_BYTES_MAX: Final = 100 * 1024 * 1024
"""Meta keeps documents of 100 MB, and nothing larger. Source: Meta, "Media", "Supported types"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaFile:
    """What a server of files answered: the head, and `parts` of the body.

    `length` is how many bytes this answer has, None where it does not say; `content_range` is the
    header of that name, "" without one. Reading more than `length` or FILE_BYTES_MAX bytes, or
    fewer than `length`, raises OutcomeUnknown.
    """

    status: int
    content_type: str
    length: int | None
    content_range: str
    parts: AsyncIterator[bytes]


class AddressNotMetas(Exception):
    """The address is on no server to which a token of Meta's may go; nothing was called."""


class MediaFiles(Protocol):
    """Servers of files. They are those that were named beforehand, and no other."""

    def fetch(
        self, address: str, token: str, byte_range: str
    ) -> AbstractAsyncContextManager[MediaFile]:
        """Ask for a file, or for a range of its bytes (a `Range` header; "" for all of it).

        Raises:
            AddressNotMetas: the address is none that may be called.
            NotSent: the server cannot be reached, or too many files are on their way.
            OutcomeUnknown: no head of an answer came.
        """
        ...


class HasMediaFiles(Protocol):
    """Whatever brings files at Meta along."""

    @property
    def media_files(self) -> MediaFiles:
        """Files at Meta."""
        ...
