"""Pass on a call that needs no consent: reading, marking as read, uploading media."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager

from askfirst.ports.platform.clock import HasIds
from askfirst.ports.sending.http_connection import Answer, HasHttpConnections, exchange
from askfirst.ports.sending.media_files import HasMediaFiles, MediaFile


def new_salt(services: HasIds) -> bytes:
    """Return fresh random bytes, for what a body must not contain by chance."""
    return services.ids.salt()


async def relay(
    services: HasHttpConnections, method: str, target: str, headers: Mapping[str, str], body: bytes
) -> Answer:
    """Forward one call to Meta and give its answer.

    Raises:
        NotSent: Meta cannot be reached; nothing left.
        OutcomeUnknown: the call left, but no whole answer came back.
    """
    return await exchange(services.connections, method, target, headers, body)


def fetch_file(
    services: HasMediaFiles, address: str, token: str, byte_range: str
) -> AbstractAsyncContextManager[MediaFile]:
    """Open a file at an address that Meta has just named; see `MediaFiles.fetch`.

    Raises:
        AddressNotMetas: the address is none that may be called.
        NotSent: the server cannot be reached, or too many files are on their way.
        OutcomeUnknown: no head of an answer came.
    """
    return services.media_files.fetch(address, token, byte_range)
