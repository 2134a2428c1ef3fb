"""Single sign-on (OpenID Connect): what a provider says of somebody, and why it does not count."""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from askfirst.domain.values.errors import NotAuthenticated

SUBJECT_MAX: Final = 255
"""ASCII characters of a subject (OpenID Connect Core, section 2)."""


class SignOnFault(StrEnum):
    """Why somebody does not come in: what the page says, and what the audit log has."""

    OVER = "over"
    """It was answered before, took too long, or began at another browser."""
    REFUSED = "refused"
    """The provider let nobody in, or somebody gave up there."""
    WRONG = "wrong"
    """What the provider sent does not hold: signature, issuer, audience, nonce or time."""
    UNVERIFIED = "unverified"
    """The provider does not vouch for an e-mail address, and nobody is linked yet."""
    STRANGER = "stranger"
    """Nobody invited them, the invitation is over, or the address is linked to somebody else."""


class SignOnRefused(NotAuthenticated):
    """Somebody does not come in by single sign-on."""

    def __init__(self, fault: SignOnFault) -> None:
        super().__init__(f"single sign-on was refused: {fault.value}")
        self.fault = fault


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOnIdentity:
    """Who somebody is by a provider. `email` is empty where it does not vouch for one."""

    subject: str = field(repr=False)
    email: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class SignOnSecrets:
    """What one sign-on is known by, all made of one secret that stays here."""

    secret: bytes = field(repr=False)

    @property
    def state(self) -> str:
        """Comes back with the browser (RFC 6749, section 10.12)."""
        return self._made("state")

    @property
    def nonce(self) -> str:
        """Comes back in the ID token."""
        return self._made("nonce")

    @property
    def verifier(self) -> str:
        """Shown to the provider with the code alone (RFC 7636)."""
        return self._made("verifier")

    @property
    def challenge(self) -> str:
        """Its hash, shown before (S256)."""
        return _text(hashlib.sha256(self.verifier.encode()).digest())

    def is_state(self, given: str) -> bool:
        """Whether it is the state, in constant time."""
        return hmac.compare_digest(given.encode(), self.state.encode())

    def _made(self, name: str) -> str:
        return _text(hmac.new(self.secret, f"askfirst/{name}".encode(), hashlib.sha256).digest())


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
