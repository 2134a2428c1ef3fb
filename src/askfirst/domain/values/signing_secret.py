"""The secret that a call-out is signed with, as Standard Webhooks spells it."""

from __future__ import annotations

import base64
from typing import Final

_PREFIX: Final = "whsec_"
_BYTES: Final = range(24, 65)
ENTROPY_BYTES: Final = 32
EXPECTED: Final = "must be whsec_ and base64 of 24 to 64 bytes"


def signing_secret(entropy: bytes) -> str:
    """Write random bytes as a secret.

    Raises:
        ValueError: they are too few, or too many.
    """
    if len(entropy) not in _BYTES:
        raise ValueError(EXPECTED)
    return _PREFIX + base64.b64encode(entropy).decode()


def is_signing_secret(text: str) -> bool:
    """Return whether a text is a secret that is long enough to sign with."""
    try:
        secret = base64.b64decode(text.removeprefix(_PREFIX), validate=True)
    except ValueError:
        return False
    return text.startswith(_PREFIX) and len(secret) in _BYTES
