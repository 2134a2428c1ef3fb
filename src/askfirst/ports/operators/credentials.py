"""What proves that an operator is who they say: a password, a code, a passkey."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from askfirst.domain.operators.operator import Operator
from askfirst.domain.operators.passkey import Passkey, RelyingParty
from askfirst.domain.operators.single_sign_on import SignOnIdentity, SignOnSecrets
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


@dataclass(frozen=True, slots=True, kw_only=True)
class MadePasskey:
    """What an authenticator made: its id, its public key (COSE), its count, how it is reached."""

    credential_id: bytes = field(repr=False)
    public_key: bytes = field(repr=False)
    sign_count: int
    transports: tuple[str, ...] = ()


class PasskeyCeremonies(Protocol):
    """The two ceremonies of WebAuthn: what a browser is asked, and whether its answer is right.

    Questions are JSON for the script of the page, answers what it sent back. Each answer is held
    to the challenge, the origin and the relying party, and somebody has to have been verified.
    """

    def ask_to_make(
        self,
        party: RelyingParty,
        operator: Operator,
        challenge: bytes,
        known: tuple[Passkey, ...],
    ) -> str:
        """Ask for a new passkey that is found without a name; none where one of `known` is."""
        ...

    def made(self, party: RelyingParty, challenge: bytes, answer: str) -> MadePasskey | None:
        """Return what was made; None where the answer is not right."""
        ...

    def ask_to_sign_in(self, party: RelyingParty, challenge: bytes) -> str:
        """Ask for any passkey of the relying party."""
        ...

    def named(self, answer: str) -> bytes | None:
        """Return the id of the passkey that an answer says it is of; nothing is checked."""
        ...

    def signed(
        self, party: RelyingParty, challenge: bytes, passkey: Passkey, answer: str
    ) -> int | None:
        """Return the passkey's count of uses; None where the answer is not right.

        Whether the count goes on is for the caller to look at.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOnReturn:
    """What came back from the provider, and by what this sign-on is known."""

    code: str = field(repr=False)
    issuer: str
    secrets: SignOnSecrets


class SignOn(Protocol):
    """The provider of single sign-on (OpenID Connect), or none.

    Trouble with it raises Unavailable: nobody comes in.
    """

    @property
    def is_on(self) -> bool:
        """Whether there is one."""
        ...

    @property
    def has_passwords(self) -> bool:
        """Whether passwords count beside it."""
        ...

    async def address(self, callback: str, secrets: SignOnSecrets, /) -> str:
        """Return where a browser goes; it comes back to `callback`."""
        ...

    async def identity(self, callback: str, given: SignOnReturn, /) -> SignOnIdentity | None:
        """Return for whom the provider vouches; None where what it sent does not hold."""
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


class HasCeremonies(Protocol):
    """Whatever brings the ceremonies of passkeys along."""

    @property
    def ceremonies(self) -> PasskeyCeremonies:
        """What a browser is asked, and whether it answers right."""
        ...


class HasSignOn(Protocol):
    """Whatever brings single sign-on along."""

    @property
    def sign_on(self) -> SignOn:
        """The provider, or none."""
        ...
