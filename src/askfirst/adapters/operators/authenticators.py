"""Codes of authenticators, by pyotp."""

from __future__ import annotations

import hmac
from typing import Final

import pyotp

from askfirst.domain.values.timestamp import SECOND, Instant

_STEP_SECONDS: Final = 30
_DIGITS: Final = 6
_AROUND: Final = (0, -1, 1)
"""Clocks of telephones are some seconds off, and people type slowly (RFC 6238, section 5.2)."""


class TotpAuthenticators:
    """See ports.operators.credentials.Authenticators."""

    def secret(self) -> str:
        return pyotp.random_base32()

    def address(self, secret: str, email: str, issuer: str) -> str:
        return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)

    def step(self, secret: str, code: str, now: Instant) -> int | None:
        typed = "".join(code.split())
        if len(typed) != _DIGITS or not (typed.isascii() and typed.isdigit()):
            return None
        at, maker = now // (_STEP_SECONDS * SECOND), pyotp.TOTP(secret)
        found = None
        for step in (at + off for off in _AROUND):
            if hmac.compare_digest(maker.generate_otp(step), typed):
                found = step
        return found
