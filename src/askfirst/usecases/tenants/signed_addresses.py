"""Addresses on askfirst for what is at Meta: signed, short-lived, good for one caller alone.

They are not secret: whoever finds one needs the key or token that it was given to.
"""

from __future__ import annotations

import hashlib
from typing import Final, Protocol

from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.timestamp import HOUR, MINUTE
from askfirst.ports.platform.clock import HasClock
from askfirst.ports.tenants.tokens import HasTokens, TokenKind

MEDIA_LIFE: Final = 5 * MINUTE
"""As long as Meta's own addresses of files live."""
UPLOAD_LIFE: Final = 24 * HOUR
"""Meta: a resumable upload may be taken up again for some hours."""
_LIVES: Final = {TokenKind.MEDIA: MEDIA_LIFE, TokenKind.UPLOAD: UPLOAD_LIFE}


class SignedAddressNeeds(HasClock, HasTokens, Protocol):
    """What this use case needs from the world."""


def sign_media(services: SignedAddressNeeds, media: str, caller: str) -> str:
    """Write the path of a file's node at Meta as a token for this caller's secret."""
    return _sign(services, TokenKind.MEDIA, media, caller)


def sign_upload(services: SignedAddressNeeds, session: str, caller: str) -> str:
    """Write the id that Meta gave to a resumable upload as a token for this caller's secret."""
    return _sign(services, TokenKind.UPLOAD, session, caller)


def read_media(services: SignedAddressNeeds, token: str, caller: str) -> str:
    """Return what `sign_media` wrote.

    Raises:
        InvalidInput: it is not ours, has expired, or was given to somebody else.
    """
    return _read(services, TokenKind.MEDIA, token, caller)


def read_upload(services: SignedAddressNeeds, token: str, caller: str) -> str:
    """Return what `sign_upload` wrote.

    Raises:
        InvalidInput: it is not ours, has expired, or was given to somebody else.
    """
    return _read(services, TokenKind.UPLOAD, token, caller)


def _sign(services: SignedAddressNeeds, kind: TokenKind, what: str, caller: str) -> str:
    until = services.clock.now() + _LIVES[kind]
    return services.tokens.sign(kind, {"w": what, "c": _digest(caller), "x": until})


def _read(services: SignedAddressNeeds, kind: TokenKind, token: str, caller: str) -> str:
    fields = services.tokens.read(kind, token)
    if fields["c"] != _digest(caller):
        raise InvalidInput("address", "was given to another key")
    if services.clock.now() >= fields["x"]:
        raise InvalidInput("address", "has expired")
    return str(fields["w"])


def _digest(caller: str) -> str:
    return hashlib.sha256(b"address " + caller.encode()).hexdigest()[:32]
