"""Pending proofs and personal links, for either backend."""

from __future__ import annotations

import json
from typing import NamedTuple

from askfirst.domain.consent.number_confirmation import Proof, ProofKind
from askfirst.domain.prompts.prompt import PromptHash, Surface
from askfirst.domain.values.alias import Alias, AliasKind
from askfirst.domain.values.ids import BusinessId, ContactId, LinkId, PhoneNumberId, ProofId
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.consent.proofs import PersonalLink
from askfirst.storage.platform.keyring import Keyring
from askfirst.storage.platform.rows import Row
from askfirst.storage.platform.statements import Statements


class ProofRow(NamedTuple):
    """The columns of statements `proof` and `proof_by_lookup`."""

    proof_id: str
    kind: str
    sealed: bytes
    created_at: int
    expires_at: int
    proven_at: int | None


class LinkRow(NamedTuple):
    """The columns of statement `link`."""

    link_id: str
    contact_id: str
    created_at: int
    expires_at: int
    revoked_at: int | None


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

    def _read(self, business_id: BusinessId, columns: Row) -> Proof:
        row = ProofRow._make(columns)
        content = json.loads(self._keyring.open(bytes(row.sealed), row.proof_id.encode()))
        return Proof(
            proof_id=ProofId(row.proof_id),
            business_id=business_id,
            kind=ProofKind(row.kind),
            code=content["code"],
            text=content["text"],
            alias=Alias(AliasKind(content["kind"]), content["value"]),
            sender=PhoneNumberId(content["sender"]),
            created_at=Instant(row.created_at),
            expires_at=Instant(row.expires_at),
            purposes=tuple(content["purposes"]),
            reference=content["reference"],
            locale=content["locale"],
            surface=Surface(content.get("surface", Surface.API)),
            prompt=PromptHash(content["prompt"]) if content["prompt"] else None,
            proven_at=Instant(row.proven_at) if row.proven_at is not None else None,
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
        row = LinkRow._make(rows[0])
        now_called = await self._statements.fetch("survivor", business_id, row.contact_id)
        return PersonalLink(
            link_id=LinkId(row.link_id),
            business_id=business_id,
            contact_id=ContactId(now_called[0][0] if now_called else row.contact_id),
            created_at=Instant(row.created_at),
            expires_at=Instant(row.expires_at),
            revoked_at=Instant(row.revoked_at) if row.revoked_at is not None else None,
        )

    async def revoke(self, business_id: BusinessId, link_id: LinkId, now: Instant) -> bool:
        return bool(await self._statements.write("revoke_link", business_id, link_id, now))

    async def sweep(self, business_id: BusinessId, before: Instant) -> None:
        """Forget links that expired before a moment."""
        await self._statements.write("sweep_links", business_id, before)
