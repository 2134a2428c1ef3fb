"""Pass on a call that needs no consent: reading, marking as read, uploading media."""

from __future__ import annotations

from collections.abc import Mapping

from askfirst.ports.sending.http_connection import Answer, exchange
from askfirst.usecases.context.services import Services


def new_salt(services: Services) -> bytes:
    """Give fresh random bytes, for what a body must not contain by chance."""
    return services.ids.salt()


async def relay(
    services: Services, method: str, target: str, headers: Mapping[str, str], body: bytes
) -> Answer:
    """Forward one call to Meta and give its answer.

    Raises:
        NotSent: Meta cannot be reached; nothing left.
        OutcomeUnknown: the call left, but no whole answer came back.
    """
    return await exchange(services.lines, method, target, headers, body)
