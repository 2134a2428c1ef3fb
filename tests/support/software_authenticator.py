"""An authenticator made of software: what a browser and a key together answer, right or bent."""

from __future__ import annotations

import hashlib
import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def text_of(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def bytes_of(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class SoftwareKey:
    """One passkey. What is set here is what it claims, whatever was asked."""

    origin: str
    rp_id: str
    credential_id: bytes = field(default_factory=lambda: os.urandom(32))
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    owner: bytes = b""
    count: int = 0
    flags: int = PRESENT | VERIFIED

    def make(self, question: str) -> str:
        """Answer a question for a new passkey."""
        asked = json.loads(question)
        self.owner = bytes_of(asked["user"]["id"])
        told = self._told("webauthn.create", asked["challenge"])
        size = len(self.credential_id).to_bytes(2, "big")
        made = b"\x00" * 16 + size + self.credential_id + self._public()
        data = self._data(self.flags | ATTESTED) + made
        attested = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer(
            clientDataJSON=text_of(told), attestationObject=text_of(attested), transports=["usb"]
        )

    def sign(self, question: str, *, step: int = 1) -> str:
        """Answer a question for any passkey; `step` is how far its count goes."""
        self.count += step
        told = self._told("webauthn.get", json.loads(question)["challenge"])
        data = self._data(self.flags)
        signed = self.key.sign(data + hashlib.sha256(told).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(
            clientDataJSON=text_of(told),
            authenticatorData=text_of(data),
            signature=text_of(signed),
            userHandle=text_of(self.owner),
        )

    def _answer(self, **response: Any) -> str:
        name = text_of(self.credential_id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})

    def _told(self, kind: str, challenge: str) -> bytes:
        told = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(told).encode()

    def _data(self, flags: int) -> bytes:
        party = hashlib.sha256(self.rp_id.encode()).digest()
        return party + bytes([flags]) + self.count.to_bytes(4, "big")

    def _public(self) -> bytes:
        numbers = self.key.public_key().public_numbers()
        x, y = (one.to_bytes(32, "big") for one in (numbers.x, numbers.y))
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})
