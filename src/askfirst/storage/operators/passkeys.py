"""Passkeys and what browsers were asked, for either backend. What they are made of is sealed."""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode, b64encode
from functools import partial
from typing import Any

from askfirst.domain.operators.passkey import ChallengeUse, Passkey, PasskeyChallenge
from askfirst.domain.values.ids import BusinessId, OperatorId, PasskeyId
from askfirst.domain.values.timestamp import Instant
from askfirst.storage.platform.keyring import Keyring
from askfirst.storage.platform.rows import Row
from askfirst.storage.platform.statements import Statements, TransactionScript


class StoredPasskeys:
    """See ports.operators.operators.Passkeys."""

    def __init__(self, statements: Statements, keyring: Keyring) -> None:
        self._statements = statements
        self._keyring = keyring

    async def ask(
        self, business_id: BusinessId, digest: bytes, challenge: PasskeyChallenge
    ) -> None:
        told = [challenge.use.value, _text(challenge.challenge), challenge.owner]
        sealed = self._keyring.seal(json.dumps(told).encode(), _asked(business_id, digest))
        row = (business_id, digest, challenge.expires_at, sealed)
        await self._statements.write("put_challenge", *row)

    async def take(self, business_id: BusinessId, digest: bytes) -> PasskeyChallenge | None:
        rows = await self._statements.write("take_challenge", business_id, digest)
        if not rows:
            return None
        expires_at, sealed = rows[0]
        told = json.loads(self._keyring.open(bytes(sealed), _asked(business_id, digest)))
        use, challenge, owner = told
        return PasskeyChallenge(
            use=ChallengeUse(use),
            challenge=b64decode(challenge),
            expires_at=Instant(expires_at),
            owner=OperatorId(owner) if owner else None,
        )

    async def add(self, passkey: Passkey) -> bool:
        return await self._statements.talk(passkey.business_id, partial(self._adding, passkey))

    def _adding(self, passkey: Passkey) -> TransactionScript[bool]:
        digest = _digest(passkey.credential_id)
        place = (passkey.business_id, digest, passkey.passkey_id, passkey.operator_id)
        rest = (passkey.created_at, passkey.sign_count, self._sealed(passkey))
        rows = yield "add_passkey", (*place, *rest)
        return bool(rows)

    async def of_credential(self, business_id: BusinessId, credential_id: bytes) -> Passkey | None:
        digest = _digest(credential_id)
        rows = await self._statements.fetch("passkey_of_credential", business_id, digest)
        return self._passkey(business_id, rows[0]) if rows else None

    async def list(self, business_id: BusinessId) -> tuple[Passkey, ...]:
        rows = await self._statements.fetch("passkeys", business_id)
        return tuple(self._passkey(business_id, row) for row in rows)

    async def use(self, passkey: Passkey, sign_count: int, now: Instant) -> bool:
        row = (passkey.business_id, _digest(passkey.credential_id), sign_count, now)
        return bool(await self._statements.write("use_passkey", *row))

    async def name(
        self, business_id: BusinessId, operator_id: OperatorId, passkey_id: PasskeyId, label: str
    ) -> bool:
        def script() -> TransactionScript[bool]:
            rows = yield "hold_passkey", (business_id, operator_id, passkey_id)
            if not rows:
                return False
            sealed = self._labelled(business_id, rows[0], label)
            yield "put_passkey_label", (business_id, passkey_id, sealed)
            return True

        return await self._statements.talk(business_id, script)

    async def remove(
        self, business_id: BusinessId, operator_id: OperatorId, passkey_id: PasskeyId
    ) -> bool:
        place = (business_id, operator_id, passkey_id)
        return bool(await self._statements.write("remove_passkey", *place))

    async def sweep(self, business_id: BusinessId, now: Instant) -> None:
        await self._statements.write("sweep_challenges", business_id, now)

    def _labelled(self, business_id: BusinessId, columns: Row, label: str) -> bytes:
        passkey_id, *_, sealed = columns
        content = self._content(business_id, passkey_id, sealed)
        return self._seal(business_id, passkey_id, content | {"label": label})

    def _sealed(self, passkey: Passkey) -> bytes:
        content = {
            "credential_id": _text(passkey.credential_id),
            "public_key": _text(passkey.public_key),
            "label": passkey.label,
            "transports": passkey.transports,
        }
        return self._seal(passkey.business_id, passkey.passkey_id, content)

    def _seal(self, business_id: str, passkey_id: str, content: dict[str, Any]) -> bytes:
        return self._keyring.seal(json.dumps(content).encode(), _context(business_id, passkey_id))

    def _content(self, business_id: str, passkey_id: str, sealed: bytes) -> dict[str, Any]:
        opened = self._keyring.open(bytes(sealed), _context(business_id, passkey_id))
        content: dict[str, Any] = json.loads(opened)
        return content

    def _passkey(self, business_id: BusinessId, columns: Row) -> Passkey:
        passkey_id, operator_id, created_at, used_at, sign_count, sealed = columns
        content = self._content(business_id, passkey_id, sealed)
        return Passkey(
            passkey_id=PasskeyId(passkey_id),
            business_id=business_id,
            operator_id=OperatorId(operator_id),
            credential_id=b64decode(content["credential_id"]),
            public_key=b64decode(content["public_key"]),
            sign_count=sign_count,
            label=content["label"],
            transports=tuple(content["transports"]),
            created_at=Instant(created_at),
            used_at=None if used_at is None else Instant(used_at),
        )


def _text(raw: bytes) -> str:
    return b64encode(raw).decode()


def _digest(credential_id: bytes) -> bytes:
    return hashlib.sha256(credential_id).digest()


def _context(business_id: str, passkey_id: str) -> bytes:
    """What a sealed text belongs to: it cannot be put in another's place."""
    return f"{business_id}/{passkey_id}".encode()


def _asked(business_id: str, digest: bytes) -> bytes:
    return f"{business_id}/challenge/{digest.hex()}".encode()
