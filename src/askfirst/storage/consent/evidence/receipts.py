"""Receipts signed with Ed25519, and the keys that did it, for either backend."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import rfc8785
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import BusinessId, ContactId
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.consent.receipts import PublicKey
from askfirst.storage.platform.keyring import Keyring
from askfirst.storage.platform.statements import Statements

ALGORITHM: Final = "Ed25519"
"""EdDSA over edwards25519 by its full name (RFC 9864); signatures are those of RFC 8037."""
RECEIPT: Final = "consent-receipt+jws"
MANIFEST: Final = "evidence-manifest+jws"
_LENGTH_MAX: Final = 64 * 1024


class ReceiptKeyRow(NamedTuple):
    """The columns of statement `receipt_keys`, the newest key first."""

    key_name: str
    public_key: bytes
    sealed: bytes
    created_at: int
    retired_at: int | None


class StoredReceipts:
    """See ports.receipts.Receipts. Private keys are sealed with the keyring."""

    def __init__(self, statements: Statements, keyring: Keyring) -> None:
        self._statements = statements
        self._keyring = keyring

    def pseudonym(self, business_id: BusinessId, contact_id: ContactId) -> str:
        return "psn_" + self._keyring.oldest_lookup(f"principal:{business_id}:{contact_id}").hex()

    async def sign(self, business_id: BusinessId, receipt: Mapping[str, Any], now: Instant) -> str:
        key = await self._newest(business_id) or await self._add(business_id, now)
        return sign_receipt(receipt, key)

    async def sign_manifest(
        self, business_id: BusinessId, manifest: Mapping[str, Any], now: Instant
    ) -> str:
        key = await self._newest(business_id) or await self._add(business_id, now)
        return sign_receipt(manifest, key, MANIFEST)

    async def keys(self, business_id: BusinessId) -> tuple[PublicKey, ...]:
        rows = await self._statements.fetch("receipt_keys", business_id)
        return tuple(json.loads(bytes(ReceiptKeyRow._make(row).public_key)) for row in rows)

    async def rotate(self, business_id: BusinessId, now: Instant) -> str:
        key = await self._add(business_id, now)
        name = key.thumbprint()
        await self._statements.write("retire_receipt_keys", business_id, name, now)
        return name

    def verify(self, text: str, keys: Sequence[PublicKey]) -> Mapping[str, Any]:
        return verify_receipt(text, keys)

    async def _newest(self, business_id: BusinessId) -> OKPKey | None:
        for row in map(
            ReceiptKeyRow._make, await self._statements.fetch("receipt_keys", business_id)
        ):
            if row.retired_at is None:
                opened = self._keyring.open(bytes(row.sealed), business_id.encode())
                return OKPKey.import_key(json.loads(opened))
        return None

    async def _add(self, business_id: BusinessId, now: Instant) -> OKPKey:
        key = OKPKey.generate_key(ALGORITHM)
        public = json.dumps(_published(key)).encode()
        private = json.dumps(key.as_dict(private=True)).encode()
        sealed = self._keyring.seal(private, business_id.encode())
        row = (business_id, key.thumbprint(), public, sealed, now)
        await self._statements.write("add_receipt_key", *row)
        return key


def sign_receipt(receipt: Mapping[str, Any], key: OKPKey, kind: str = RECEIPT) -> str:
    """Write a receipt as a compact JWS over its canonical JSON; `kind` says if it is none."""
    header = {"alg": ALGORITHM, "kid": key.thumbprint(), "typ": kind}
    content = rfc8785.dumps(dict(receipt))
    return jws.serialize_compact(header, content, key, algorithms=[ALGORITHM])


def verify_receipt(text: str, keys: Sequence[PublicKey], kind: str = RECEIPT) -> Mapping[str, Any]:
    """Read a receipt that one of the keys signed; nothing of another kind passes for one.

    Raises:
        InvalidInput: it is not a receipt, no key of these signed it, or a byte of it was changed.
    """
    text = text.strip()
    if len(text) > _LENGTH_MAX or not _is_canonical(text):
        raise InvalidInput("receipt", "must be a receipt: three parts with dots between them")
    try:
        name = jws.extract_compact(text.encode()).headers().get("kid")
        key = next((one for one in keys if one.get("kid") == name), None)
        if key is None:
            raise InvalidInput("receipt", "was not signed with a key of this business")
        signed = jws.deserialize_compact(text, OKPKey.import_key(dict(key)), algorithms=[ALGORITHM])
        content = json.loads(signed.payload)
    except (JoseError, ValueError) as error:
        raise InvalidInput(
            "receipt", "is not what was signed: something in it was changed"
        ) from error
    # One receipt has one spelling: no other bytes may pass for the same signature.
    header = {"alg": ALGORITHM, "kid": name, "typ": kind}
    if not isinstance(content, dict) or signed.headers() != header:
        raise InvalidInput("receipt", "is not a receipt")
    if rfc8785.dumps(content) != signed.payload:
        raise InvalidInput("receipt", "is not in canonical form")
    return content


def _is_canonical(text: str) -> bool:
    """Base64 has bits that mean nothing at its ends: of all spellings only one is taken."""
    parts = text.split(".")
    try:
        again = [base64.urlsafe_b64encode(base64.urlsafe_b64decode(part + "==")) for part in parts]
    except (ValueError, binascii.Error):
        return False
    is_whole = len(parts) == 3  # noqa: PLR2004 (RFC 7515: header, payload, signature)
    return is_whole and [one.decode().rstrip("=") for one in again] == parts


def _published(key: OKPKey) -> dict[str, str]:
    public = {name: str(value) for name, value in key.as_dict(private=False).items()}
    return public | {"kid": key.thumbprint(), "alg": ALGORITHM, "use": "sig"}
