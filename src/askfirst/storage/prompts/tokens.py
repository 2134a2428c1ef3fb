"""Tokens signed with the keyring: a version, the fields, a keyed hash."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any

from askfirst.domain.values.errors import InvalidInput
from askfirst.ports.tenants.tokens import TokenKind
from askfirst.storage.platform.keyring import Keyring

_LENGTH_MAX = 4096


class KeyringTokens:
    """See ports.tokens.Tokens."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def sign(self, kind: TokenKind, fields: Mapping[str, Any]) -> str:
        content = json.dumps(fields, separators=(",", ":"), sort_keys=True).encode()
        version = self._keyring.current
        mac = self._keyring.mac(version, _bound(kind, content))
        if mac is None:
            message = "the current key is in the keyring"
            raise AssertionError(message)
        return ".".join((str(version), _text(content), _text(mac)))

    def read(self, kind: TokenKind, text: str) -> Mapping[str, Any]:
        """The text must be the one that was signed, byte for byte: one token has one spelling."""
        version, _, rest = text.partition(".")
        content_text, _, mac_text = rest.partition(".")
        try:
            number, content, mac = int(version), _bytes(content_text), _bytes(mac_text)
        except (ValueError, binascii.Error) as error:
            raise _unknown() from error
        again = ".".join((str(number), _text(content), _text(mac)))
        bound = _bound(kind, content)
        if (
            len(text) > _LENGTH_MAX
            or again != text
            or not self._keyring.has_made(number, bound, mac)
        ):
            raise _unknown()
        fields = json.loads(content)
        if not isinstance(fields, dict):
            raise _unknown()
        return fields


def _bound(kind: TokenKind, content: bytes) -> bytes:
    return kind.value.encode() + b"\0" + content


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _unknown() -> InvalidInput:
    return InvalidInput("token", "is not one of ours, or was changed")
