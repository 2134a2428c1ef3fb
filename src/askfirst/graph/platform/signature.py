"""The signature that Meta puts on every webhook: `X-Hub-Signature-256: sha256=<hex>`.

HMAC-SHA256 with the app secret over the raw bytes, before anything parses them.
Source: Meta, "Create a webhook endpoint", section "Validating payloads".
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Sequence

_HEADER = re.compile(r"sha256=([0-9a-fA-F]{64})", re.ASCII)


def sign(body: bytes, secret: bytes) -> str:
    """Return the header's value, in lower-case hexadecimal: some receivers take nothing else."""
    return "sha256=" + hmac.digest(secret, body, "sha256").hex()


def verify(body: bytes, header: str | None, secrets: Sequence[bytes]) -> bool:
    """Return whether one of the secrets signed these bytes.

    Every secret is tried in constant time, so the time tells neither how much of a forged
    signature was right nor which secret is in use. An empty secret signs nothing.

    When it fails: no header, a malformed one, or no secret at all is a no.
    """
    found = _HEADER.fullmatch(header or "")
    if found is None:
        return False
    claimed = bytes.fromhex(found[1])
    right = False
    for secret in secrets:
        expected = hmac.digest(secret, body, "sha256")
        right |= hmac.compare_digest(expected, claimed) and bool(secret)
    return right
