"""Operators, invitations, sessions and tries, for either backend.

What tells who somebody is, and what proves it, is sealed; they are found by a keyed hash of their
e-mail address.
"""

from __future__ import annotations

import json
from functools import partial
from typing import Any, Final

from askfirst.domain.operators.operator import Operator, OperatorRole
from askfirst.domain.operators.operator_session import SESSION_KEPT, OperatorSession
from askfirst.domain.operators.sign_in_waits import FORGOTTEN_AFTER, SignInSubject, SignInTries
from askfirst.domain.values.errors import Conflict
from askfirst.domain.values.ids import BusinessId, OperatorId, SessionId
from askfirst.domain.values.timestamp import Instant
from askfirst.storage.platform.keyring import Keyring
from askfirst.storage.platform.rows import Row
from askfirst.storage.platform.statements import Statements, TransactionScript

_Subjects = tuple[tuple[SignInSubject, str], ...]
_SESSIONS_MAX: Final = 100
_CHANGED: Final = "somebody changed this operator at the same moment; try again"


class StoredOperators:
    """See ports.operators.operators.Operators."""

    def __init__(self, statements: Statements, keyring: Keyring) -> None:
        self._statements = statements
        self._keyring = keyring

    async def add(self, operator: Operator) -> bool:
        if await self.of_email(operator.business_id, operator.email):
            return False
        email = self._keyring.lookup(_email_name(operator.email))
        row = (operator.business_id, operator.operator_id, email, operator.created_at)
        return bool(await self._statements.write("add_operator", *row, self._sealed(operator)))

    async def change(self, operator: Operator) -> None:
        await self._statements.talk(operator.business_id, partial(self._changing, operator))

    def _changing(self, operator: Operator) -> TransactionScript[None]:
        place = (operator.business_id, operator.operator_id)
        rows = yield "change_operator", (*place, operator.revision, self._sealed(operator))
        if not rows:
            raise Conflict(_CHANGED)
        if operator.ended_at is not None:
            yield "end_sessions", (*place, operator.ended_at)
            yield "drop_invitations", place
            yield "drop_passkeys", place

    async def find(self, business_id: BusinessId, operator_id: OperatorId) -> Operator | None:
        rows = await self._statements.fetch("operator", business_id, operator_id)
        return self._operator(business_id, rows[0]) if rows else None

    async def of_email(self, business_id: BusinessId, email: str) -> Operator | None:
        for lookup in self._keyring.lookups(_email_name(email)):
            rows = await self._statements.fetch("operator_by_email", business_id, lookup)
            if rows:
                return self._operator(business_id, rows[0])
        return None

    async def list(self, business_id: BusinessId) -> tuple[Operator, ...]:
        rows = await self._statements.fetch("operators", business_id)
        return tuple(self._operator(business_id, row) for row in rows)

    async def invite(
        self, business_id: BusinessId, operator_id: OperatorId, digest: bytes, until: Instant
    ) -> None:
        place = (business_id, operator_id)

        def script() -> TransactionScript[None]:
            yield "drop_invitations", place
            yield "add_invitation", (business_id, digest, operator_id, until)

        await self._statements.talk(business_id, script)

    async def invited(
        self, business_id: BusinessId, digest: bytes, now: Instant
    ) -> OperatorId | None:
        rows = await self._statements.fetch("invitation", business_id, digest, now)
        return OperatorId(rows[0][0]) if rows else None

    async def invitation_of(
        self, business_id: BusinessId, operator_id: OperatorId, now: Instant
    ) -> bytes | None:
        rows = await self._statements.fetch("invitation_of", business_id, operator_id, now)
        return bytes(rows[0][0]) if rows else None

    async def take_up(
        self, business_id: BusinessId, digest: bytes, operator: Operator, now: Instant
    ) -> bool:
        place = (business_id, operator.operator_id)

        def script() -> TransactionScript[bool]:
            rows = yield "take_invitation", (business_id, digest, operator.operator_id, now)
            if not rows:
                return False
            kept = yield "change_operator", (*place, operator.revision, self._sealed(operator))
            if not kept:
                raise Conflict(_CHANGED)
            yield "end_sessions", (*place, now)
            yield "drop_passkeys", place
            return True

        return await self._statements.talk(business_id, script)

    async def use_step(self, operator: Operator, step: int) -> bool:
        place = (operator.business_id, operator.operator_id)
        return bool(await self._statements.write("use_operator_step", *place, step))

    async def open_session(self, session: OperatorSession, digest: bytes) -> None:
        row = (session.business_id, digest, session.session_id, session.operator_id)
        told = json.dumps([session.address, session.browser]).encode()
        sealed = self._keyring.seal(told, _context(session.business_id, session.session_id))
        await self._statements.write(
            "add_session", *row, session.created_at, session.seen_at, sealed
        )

    async def session(self, business_id: BusinessId, digest: bytes) -> OperatorSession | None:
        rows = await self._statements.fetch("session", business_id, digest)
        return self._session(business_id, rows[0]) if rows else None

    async def see_session(self, session: OperatorSession, now: Instant) -> None:
        await self._statements.write("see_session", session.business_id, session.session_id, now)

    async def sessions(
        self, business_id: BusinessId, operator_id: OperatorId, since: Instant
    ) -> tuple[OperatorSession, ...]:
        row = (business_id, operator_id, since, _SESSIONS_MAX)
        rows = await self._statements.fetch("sessions", *row)
        return tuple(self._session(business_id, found) for found in rows)

    async def end_session(
        self, business_id: BusinessId, operator_id: OperatorId, session_id: SessionId, now: Instant
    ) -> bool:
        row = (business_id, operator_id, session_id, now)
        return bool(await self._statements.write("end_session", *row))

    async def try_sign_in(
        self, business_id: BusinessId, subjects: _Subjects, now: Instant
    ) -> Instant | None:
        return await self._statements.talk(
            business_id, partial(self._trying, business_id, subjects, now)
        )

    def _trying(
        self, business_id: BusinessId, subjects: _Subjects, now: Instant
    ) -> TransactionScript[Instant | None]:
        """Hold the rows of all subjects: tries at the same moment are counted one by one."""
        found: list[tuple[bytes, SignInSubject, SignInTries]] = []
        for hashed, kind in sorted((self._subject(each), each[0]) for each in subjects):
            ((count, last_at, opens_at),) = yield "hold_tries", (business_id, hashed)
            tries = SignInTries(count, Instant(last_at), Instant(opens_at))
            found.append((hashed, kind, tries))
        closed = [tries.opens_at for _, _, tries in found if not tries.is_open(now)]
        if closed:
            return max(closed)
        for hashed, kind, tries in found:
            new = tries.counted(kind, now)
            yield "put_tries", (business_id, hashed, new.count, new.last_at, new.opens_at)
        return None

    async def forget_tries(self, business_id: BusinessId, subjects: _Subjects) -> None:
        for each in subjects:
            await self._statements.write("forget_tries", business_id, self._subject(each))

    async def sweep(self, business_id: BusinessId, now: Instant) -> None:
        swept = (
            ("sweep_invitations", now),
            ("sweep_sessions", now - SESSION_KEPT),
            ("sweep_tries", now - FORGOTTEN_AFTER),
        )
        for statement, before in swept:
            await self._statements.write(statement, business_id, before)

    def _subject(self, subject: tuple[SignInSubject, str]) -> bytes:
        kind, name = subject
        return self._keyring.lookup(f"sign-in:{kind.value}:{name}")

    def _sealed(self, operator: Operator) -> bytes:
        content: dict[str, Any] = {
            "email": operator.email,
            "name": operator.name,
            "role": operator.role.value,
            "ended_at": operator.ended_at,
            "password": operator.password,
            "totp_secret": operator.totp_secret,
            "subject": operator.subject,
        }
        place = _context(operator.business_id, operator.operator_id)
        return self._keyring.seal(json.dumps(content).encode(), place)

    def _operator(self, business_id: BusinessId, columns: Row) -> Operator:
        operator_id, created_at, revision, totp_step, sealed = columns
        opened = self._keyring.open(bytes(sealed), _context(business_id, operator_id))
        content = json.loads(opened)
        ended_at = content["ended_at"]
        return Operator(
            operator_id=OperatorId(operator_id),
            business_id=business_id,
            email=content["email"],
            name=content["name"],
            role=OperatorRole(content["role"]),
            created_at=Instant(created_at),
            ended_at=None if ended_at is None else Instant(ended_at),
            password=content["password"],
            totp_secret=content["totp_secret"],
            totp_step=totp_step,
            subject=content.get("subject", ""),
            revision=revision,
        )

    def _session(self, business_id: BusinessId, columns: Row) -> OperatorSession:
        session_id, operator_id, created_at, seen_at, ended_at, sealed = columns
        opened = self._keyring.open(bytes(sealed), _context(business_id, session_id))
        address, browser = json.loads(opened)
        return OperatorSession(
            session_id=SessionId(session_id),
            business_id=business_id,
            operator_id=OperatorId(operator_id),
            created_at=Instant(created_at),
            seen_at=Instant(seen_at),
            ended_at=None if ended_at is None else Instant(ended_at),
            address=address,
            browser=browser,
        )


def _email_name(email: str) -> str:
    return f"operator:{email}"


def _context(business_id: str, name: str) -> bytes:
    """What a sealed text belongs to: it cannot be put in another's place."""
    return f"{business_id}/{name}".encode()
