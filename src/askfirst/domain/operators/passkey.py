"""A passkey of an operator's, and the question that a browser answers with one (WebAuthn, W3C)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from askfirst.domain.operators.operator_session import OperatorSession
from askfirst.domain.values.errors import InvalidInput, NotAuthenticated
from askfirst.domain.values.ids import BusinessId, OperatorId, PasskeyId
from askfirst.domain.values.timestamp import MINUTE, Instant

CHALLENGE_LIFE: Final = 5 * MINUTE
"""For so long a browser may answer: what WebAuthn recommends where people verify themselves."""
FRESH_FOR: Final = 5 * MINUTE
"""For so long after signing in a passkey is added without the password once more."""
PASSKEYS_MAX: Final = 20
_LABEL_MAX: Final = 60


class PasskeyFault(StrEnum):
    """Why an answer does not count: what the page says, and what the audit log has."""

    OVER = "over"
    """The question was answered before, is too old, or was asked at another browser."""
    UNKNOWN = "unknown"
    """Nobody of the business has this passkey, or no longer."""
    COPIED = "copied"
    """Its count of uses did not go on: there may be two of it (WebAuthn, section 6.1.1)."""
    WRONG = "wrong"
    """Signature, origin or address are not ours, or nobody was verified."""


class PasskeyRefused(NotAuthenticated):
    """Somebody does not come in by a passkey, or it is not kept."""

    def __init__(self, fault: PasskeyFault) -> None:
        super().__init__(f"the passkey was refused: {fault.value}")
        self.fault = fault


class ChallengeUse(StrEnum):
    """What a question was asked for; an answer for another use does not count."""

    ADD = "add"
    SIGN_IN = "sign_in"
    SIGN_ON = "sign_on"
    """At a provider of single sign-on: its secrets are made of the challenge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyChallenge:
    """A question to one browser. `owner` is who adds a passkey, None where somebody signs in."""

    use: ChallengeUse
    challenge: bytes = field(repr=False)
    expires_at: Instant
    owner: OperatorId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkey:
    """One of them. `sign_count` is how often it was used by its own count, 0 where it has none.

    `credential_id` and `public_key` (COSE) are as the authenticator gave them; `transports` are
    names of WebAuthn by which a browser reaches it.
    """

    passkey_id: PasskeyId
    business_id: BusinessId
    operator_id: OperatorId
    credential_id: bytes = field(repr=False)
    public_key: bytes = field(repr=False)
    sign_count: int
    label: str
    transports: tuple[str, ...] = ()
    created_at: Instant
    used_at: Instant | None = None

    def goes_on(self, sign_count: int) -> bool:
        """Whether a count follows the one before; those that do not count say 0 always."""
        return sign_count > self.sign_count or sign_count == self.sign_count == 0


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """For whom passkeys are made: the host of the console's address, and its origin."""

    rp_id: str
    origin: str


def relying_party_of(public_url: str) -> RelyingParty | None:
    """Return for whom passkeys are made; None where browsers make none.

    They do for a name over https, and for localhost (Secure Contexts, W3C): never for an IP.
    """
    parts = urlsplit(public_url)
    host = parts.hostname or ""
    is_local = host == "localhost" or host.endswith(".localhost")
    if _is_ip(host) or not (parts.scheme == "https" or is_local):
        return None
    return RelyingParty(host, f"{parts.scheme}://{parts.netloc.lower()}")


def is_fresh(session: OperatorSession, now: Instant) -> bool:
    """Whether somebody signed in so lately that they are not asked for their password again."""
    return 0 <= now - session.created_at < FRESH_FOR


def check_label(text: str) -> str:
    """Check what somebody calls a passkey: one line of 60 characters at most, not empty."""
    label = " ".join(text.split())
    if not label or len(label) > _LABEL_MAX or not label.isprintable():
        raise InvalidInput("label", f"must be one line of 1 to {_LABEL_MAX} characters")
    return label


def _is_ip(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
