"""Signatures under receipts: made with a key of the business's, checked by anybody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from askfirst.domain.values.ids import BusinessId, ContactId
from askfirst.domain.values.timestamp import Instant

PublicKey = Mapping[str, str]
"""A JWK (RFC 7517, RFC 8037): `kty`, `crv`, `x`, `kid`, `alg`, `use`."""


class Receipts(Protocol):
    """Signs receipts as JWS (RFC 7515) with Ed25519 over canonical JSON (RFC 8785)."""

    def pseudonym(self, business_id: BusinessId, contact_id: ContactId) -> str:
        """Name a person on their receipts: always the same, and no way back to who it is.

        A contact's id tells when it was made; on a receipt that anybody can ask for by typing a
        number, it would tell whether the number was known before.
        """
        ...

    async def sign(self, business_id: BusinessId, receipt: Mapping[str, Any], now: Instant) -> str:
        """Sign with the newest key; a first one is made where there is none."""
        ...

    async def sign_manifest(
        self, business_id: BusinessId, manifest: Mapping[str, Any], now: Instant
    ) -> str:
        """Sign the list of what is in a pack of evidence; it never passes for a receipt."""
        ...

    async def keys(self, business_id: BusinessId) -> tuple[PublicKey, ...]:
        """Return all public keys, the retired ones included: what they signed stays valid."""
        ...

    async def rotate(self, business_id: BusinessId, now: Instant) -> str:
        """Sign with a new key from now on; gives its name."""
        ...

    def verify(self, text: str, keys: Sequence[PublicKey]) -> Mapping[str, Any]:
        """Return what is in a receipt; InvalidInput where it is not exactly what a key signed."""
        ...


class HasReceipts(Protocol):
    """Whatever brings signed receipts along."""

    @property
    def receipts(self) -> Receipts:
        """Signed receipts."""
        ...
