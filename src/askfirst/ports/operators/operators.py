"""Operators, their invitations, sessions, and tries to sign in.

Writes are durable when they return. Trouble with the database raises Unavailable: nobody comes in.
"""

from __future__ import annotations

from typing import Protocol

from askfirst.domain.operators.operator import Operator
from askfirst.domain.operators.operator_session import OperatorSession
from askfirst.domain.operators.passkey import Passkey, PasskeyChallenge
from askfirst.domain.operators.sign_in_waits import SignInSubject
from askfirst.domain.values.ids import BusinessId, OperatorId, PasskeyId, SessionId
from askfirst.domain.values.timestamp import Instant


class Operators(Protocol):
    """Of secrets (of invitations, of sessions) only a hash is kept, and only a hash is given."""

    async def add(self, operator: Operator) -> bool:
        """Keep a new one; False where there is one of that e-mail address."""
        ...

    async def change(self, operator: Operator) -> None:
        """Keep one that was read as `operator.revision`.

        Who lost access loses all sessions and passkeys.

        Raises:
            Conflict: somebody changed it in between.
        """
        ...

    async def find(self, business_id: BusinessId, operator_id: OperatorId) -> Operator | None:
        """Return one."""
        ...

    async def of_email(self, business_id: BusinessId, email: str) -> Operator | None:
        """Return the one who signs in with an e-mail address."""
        ...

    async def list(self, business_id: BusinessId) -> tuple[Operator, ...]:
        """Return all of a business, in the order in which they were invited."""
        ...

    async def invite(
        self, business_id: BusinessId, operator_id: OperatorId, digest: bytes, until: Instant
    ) -> None:
        """Keep an invitation; an older one of the same operator counts no longer."""
        ...

    async def invited(
        self, business_id: BusinessId, digest: bytes, now: Instant
    ) -> OperatorId | None:
        """Return whose invitation it is, where it still counts."""
        ...

    async def invitation_of(
        self, business_id: BusinessId, operator_id: OperatorId, now: Instant
    ) -> bytes | None:
        """Return the hash of an operator's invitation, where it still counts."""
        ...

    async def take_up(
        self, business_id: BusinessId, digest: bytes, operator: Operator, now: Instant
    ) -> bool:
        """Use an invitation up, keep the operator as given; their sessions and passkeys end.

        All or nothing, once: False where the invitation counts no longer.
        """
        ...

    async def use_step(self, operator: Operator, step: int) -> bool:
        """Use up a step of the operator's authenticator; False where it, or a later one, was."""
        ...

    async def open_session(self, session: OperatorSession, digest: bytes) -> None:
        """Keep a new session."""
        ...

    async def session(self, business_id: BusinessId, digest: bytes) -> OperatorSession | None:
        """Return the session of a secret's hash, ended ones included."""
        ...

    async def see_session(self, session: OperatorSession, now: Instant) -> None:
        """Write down that a session was used."""
        ...

    async def sessions(
        self, business_id: BusinessId, operator_id: OperatorId, since: Instant
    ) -> tuple[OperatorSession, ...]:
        """Return an operator's sessions that were used since a moment, not ended ones."""
        ...

    async def end_session(
        self, business_id: BusinessId, operator_id: OperatorId, session_id: SessionId, now: Instant
    ) -> bool:
        """End one of an operator's sessions; False where there is no such one."""
        ...

    async def try_sign_in(
        self, business_id: BusinessId, subjects: tuple[tuple[SignInSubject, str], ...], now: Instant
    ) -> Instant | None:
        """Count a try for each subject, or say from when on one is looked at again.

        None: it was counted, and may be looked at.
        """
        ...

    async def forget_tries(
        self, business_id: BusinessId, subjects: tuple[tuple[SignInSubject, str], ...]
    ) -> None:
        """Begin to count anew: they came in."""
        ...

    async def sweep(self, business_id: BusinessId, now: Instant) -> None:
        """Forget invitations that have expired and tries that count no longer.

        Sessions are forgotten `SESSION_KEPT` after their last use.
        """
        ...


class Passkeys(Protocol):
    """Passkeys, and what browsers were asked. Of a browser's secret only a hash is given."""

    async def ask(
        self, business_id: BusinessId, digest: bytes, challenge: PasskeyChallenge
    ) -> None:
        """Keep what a browser is asked; an older question to the same one counts no longer."""
        ...

    async def take(self, business_id: BusinessId, digest: bytes) -> PasskeyChallenge | None:
        """Use up what a browser was asked, once; it may have expired."""
        ...

    async def add(self, passkey: Passkey) -> bool:
        """Keep a new one; False where somebody of the business has it."""
        ...

    async def of_credential(self, business_id: BusinessId, credential_id: bytes) -> Passkey | None:
        """Return the one of a credential."""
        ...

    async def list(self, business_id: BusinessId) -> tuple[Passkey, ...]:
        """Return all of a business, in the order in which they were added."""
        ...

    async def use(self, passkey: Passkey, sign_count: int, now: Instant) -> bool:
        """Write a use down; False where it is gone, or its count does not go on any more."""
        ...

    async def name(
        self, business_id: BusinessId, operator_id: OperatorId, passkey_id: PasskeyId, label: str
    ) -> bool:
        """Call an operator's passkey otherwise; False where there is no such one."""
        ...

    async def remove(
        self, business_id: BusinessId, operator_id: OperatorId, passkey_id: PasskeyId
    ) -> bool:
        """Forget an operator's passkey; False where there is no such one."""
        ...

    async def sweep(self, business_id: BusinessId, now: Instant) -> None:
        """Forget questions that have expired."""
        ...


class HasPasskeys(Protocol):
    """Whatever brings passkeys along."""

    @property
    def passkeys(self) -> Passkeys:
        """Passkeys of operators."""
        ...


class HasOperators(Protocol):
    """Whatever brings operators along."""

    @property
    def operators(self) -> Operators:
        """Who works in the console."""
        ...
