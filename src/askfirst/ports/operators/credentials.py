"""What proves that an operator is who they say: a password, and a code of their authenticator."""

from __future__ import annotations

from typing import Protocol

from askfirst.domain.values.timestamp import Instant


class Passwords(Protocol):
    """Hashes that are slow to guess. They are made beside the work of the server."""

    async def hash(self, password: str) -> str:
        """Hash a new password, with a salt of its own."""
        ...

    async def verify(self, kept: str, password: str) -> bool:
        """Whether it is the one; with an empty `kept` it never is, and takes as long."""
        ...


class Authenticators(Protocol):
    """Codes by the time of day (RFC 6238): 6 digits, 30 seconds."""

    def secret(self) -> str:
        """Make a secret to share with an authenticator, in Base32."""
        ...

    def address(self, secret: str, email: str, issuer: str) -> str:
        """Return what an authenticator reads from a QR code: `otpauth://totp/…`."""
        ...

    def step(self, secret: str, code: str, now: Instant) -> int | None:
        """Return the step whose code it is: the one of now, or the one before or after it."""
        ...


class HasPasswords(Protocol):
    """Whatever brings passwords along."""

    @property
    def passwords(self) -> Passwords:
        """Hashes of passwords."""
        ...


class HasAuthenticators(Protocol):
    """Whatever brings authenticators along."""

    @property
    def authenticators(self) -> Authenticators:
        """Codes by the time of day."""
        ...
