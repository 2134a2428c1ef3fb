"""Pending proofs and personal links, for either backend."""

from __future__ import annotations

import json

from askfirst.domain.consent.number_confirmation import Proof, ProofKind
from askfirst.domain.prompts.prompt import PromptHash, Surface
from askfirst.domain.values.alias import Alias, AliasKind
from askfirst.domain.values.ids import BusinessId, ContactId, LinkId, PhoneNumberId, ProofId
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.consent.proofs import PersonalLink
from askfirst.storage.platform.keyring import Keyring
from askfirst.storage.platform.rows import Row
from askfirst.storage.platform.statements import Statements


class StoredProofs:
    """See ports.proofs.Proofs. Number and text are sealed, the code is found by its hash."""

    def __init__(self, statements: Statements, keyring: Keyring) -> None:
        self._statements = statements
        self._keyring = keyring

    async def put(self, proof: Proof) -> None:
        content = {
            "code": proof.code,
            "text": proof.text,
            "kind": proof.alias.kind.value,
            "value": proof.alias.value,
            "sender": proof.sender,
            "purposes": list(proof.purposes),
            "reference": proof.reference,
            "locale": proof.locale,
            "surface": proof.surface.value,
            "prompt": proof.prompt,
        }
        sealed = self._keyring.seal(json.dumps(content).encode(), proof.proof_id.encode())
        row = (proof.proof_id, self._keyring.lookup("proof:" + proof.code), proof.kind.value)
        times = (proof.created_at, proof.expires_at)
        await self._statements.write("put_proof", proof.business_id, *row, sealed, *times)

    async def proof(self, business_id: BusinessId, proof_id: ProofId) -> Proof | None:
        rows = await self._statements.fetch("proof", business_id, proof_id)
        return self._read(business_id, rows[0]) if rows else None

    async def by_code(self, business_id: BusinessId, code: str) -> Proof | None:
        for lookup in self._keyring.lookups("proof:" + code):
            if rows := await self._statements.fetch("proof_by_lookup", business_id, lookup):
                return self._read(business_id, rows[0])
        return None

    async def prove(self, proof: Proof, now: Instant) -> bool:
        row = (proof.business_id, proof.proof_id, now)
        return bool(await self._statements.write("mark_proven", *row))

    async def sweep(self, business_id: BusinessId, before: Instant) -> None:
        """Forget proofs that expired before a moment."""
        await self._statements.write("sweep_proofs", business_id, before)

    def _read(self, business_id: BusinessId, row: Row) -> Proof:
        content = json.loads(self._keyring.open(bytes(row[2]), row[0].encode()))
        return Proof(
            proof_id=ProofId(row[0]),
            business_id=business_id,
            kind=ProofKind(row[1]),
            code=content["code"],
            text=content["text"],
            alias=Alias(AliasKind(content["kind"]), content["value"]),
            sender=PhoneNumberId(content["sender"]),
            created_at=Instant(row[3]),
            expires_at=Instant(row[4]),
            purposes=tuple(content["purposes"]),
            reference=content["reference"],
            locale=content["locale"],
            surface=Surface(content.get("surface", Surface.API)),
            prompt=PromptHash(content["prompt"]) if content["prompt"] else None,
            proven_at=Instant(row[5]) if row[5] is not None else None,
        )


class StoredPersonalLinks:
    """See ports.proofs.PersonalLinks."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    async def put(self, link: PersonalLink) -> None:
        row = (link.business_id, link.link_id, link.contact_id, link.created_at, link.expires_at)
        await self._statements.write("put_link", *row)

    async def link(self, business_id: BusinessId, link_id: LinkId) -> PersonalLink | None:
        rows = await self._statements.fetch("link", business_id, link_id)
        if not rows:
            return None
        row = rows[0]
        now_called = await self._statements.fetch("survivor", business_id, row[1])
        return PersonalLink(
            link_id=LinkId(row[0]),
            business_id=business_id,
            contact_id=ContactId(now_called[0][0] if now_called else row[1]),
            created_at=Instant(row[2]),
            expires_at=Instant(row[3]),
            revoked_at=Instant(row[4]) if row[4] is not None else None,
        )

    async def revoke(self, business_id: BusinessId, link_id: LinkId, now: Instant) -> bool:
        return bool(await self._statements.write("revoke_link", business_id, link_id, now))
