"""Tokens as compact JWS (RFC 7515), signed with HMAC-SHA-256 under keys of the keyring.

What a token is for stands in its `typ`, which key signed it in its `kid`: the version in the
keyring. Neither is believed: a header is one of the few that are written here, or it is refused, so
a token has no say in how it is checked (RFC 8725, section 3.1). When a token is over stands among
its fields; its reader decides, because a late one still tells what was shown.

A token is signed and checked with each question that is shown and answered, so that is written
here, in two lines, where joserfc takes ten times as long; a test holds both to the same texts.
"""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Mapping
from typing import Any, Final

from joserfc import jws
from joserfc.jwk import OctKey

from askfirst.domain.values.errors import InvalidInput
from askfirst.ports.tenants.tokens import TokenKind

ALGORITHM: Final = "HS256"
_LENGTH_MAX: Final = 4096


class JwsTokens:
    """See ports.tenants.tokens.Tokens. `keys` are those of each version; the highest one signs."""

    def __init__(self, keys: Mapping[int, bytes]) -> None:
        current = max(keys)
        self._key = keys[current]
        self._segments = {kind: _segment(kind, current, self._key) for kind in TokenKind}
        self._readers = {
            kind: {_segment(kind, version, key): key for version, key in keys.items()}
            for kind in TokenKind
        }

    def sign(self, kind: TokenKind, fields: Mapping[str, Any]) -> str:
        content = json.dumps(fields, separators=(",", ":"), sort_keys=True).encode()
        signed = f"{self._segments[kind]}.{_encoded(content)}"
        return f"{signed}.{_signature(self._key, signed)}"

    def read(self, kind: TokenKind, text: str) -> Mapping[str, Any]:
        """The text must be the one that was signed, byte for byte: one token has one spelling."""
        key = self._readers[kind].get(text.partition(".")[0])
        if key is None or len(text) > _LENGTH_MAX or not text.isascii():
            raise _unknown()
        signed, _, claimed = text.rpartition(".")
        if not hmac.compare_digest(_signature(key, signed), claimed):
            raise _unknown()
        # What follows was signed here: it has the one shape that is written here.
        fields: Mapping[str, Any] = json.loads(_decoded(signed.partition(".")[2]))
        return fields


def _segment(kind: TokenKind, version: int, key: bytes) -> str:
    """Return the header of all tokens of one kind and key, as it is spelt in them."""
    header = {"alg": ALGORITHM, "kid": str(version), "typ": f"{kind.value}-token+jws"}
    imported = OctKey.import_key(key)
    return jws.serialize_compact(header, b"{}", imported, algorithms=[ALGORITHM]).partition(".")[0]


def _signature(key: bytes, signed: str) -> str:
    """Sign header and content as RFC 7515 says of HS256, appendix A.1."""
    return _encoded(hmac.digest(key, signed.encode(), "sha256"))


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _unknown() -> InvalidInput:
    return InvalidInput("token", "is not one of ours, or was changed")
