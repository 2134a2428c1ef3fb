"""Recognise the codes in a text: of a number that proves itself, of an entry it came in through."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from askfirst.domain.consent.event import Assurance, EventKind, NumberProof, Source
from askfirst.domain.consent.number_confirmation import Proof, ProofKind
from askfirst.domain.entry_points.arrival import Arrival
from askfirst.domain.entry_points.chat_code import find_codes, is_proof
from askfirst.domain.inbound.chat_evidence import spoken_evidence
from askfirst.domain.inbound.inbound_event import TextReceived
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.consent.change import Statement
from askfirst.ports.consent.ledger import HasLedger
from askfirst.ports.consent.proofs import HasProofs
from askfirst.ports.entry_points.entry_points import HasEntries
from askfirst.ports.prompts.catalogue import HasCatalogue
from askfirst.ports.sending.asking_policy import HasAskingPolicy
from askfirst.ports.tenants.directory import HasDirectory
from askfirst.usecases.opt_out.read_opt_out import read_opt_out

_SURFACES = {
    ProofKind.CONSENT: Surface.LINK,
    ProofKind.ANSWER: Surface.LINK,
    ProofKind.CODE: Surface.CODE,
}
_SAID = {
    ProofKind.CONSENT: (EventKind.CONFIRMED,),
    ProofKind.ANSWER: (EventKind.GRANTED,),
    ProofKind.CODE: (EventKind.GRANTED, EventKind.CONFIRMED),
}


class AttributionNeeds(
    HasCatalogue, HasDirectory, HasEntries, HasLedger, HasAskingPolicy, HasProofs, Protocol
):
    """What this use case needs from the world."""


async def find_proofs(
    services: AttributionNeeds, business_id: BusinessId, notice: TextReceived, now: Instant
) -> tuple[Proof, ...]:
    """Find the open proofs whose text this is, sent by the very number they are about.

    Who says stop says nothing else: a stop beside a code proves nothing and logs nobody in.
    """
    if (await read_opt_out(services, business_id, notice.text)).is_stop:
        return ()
    found = []
    for code in filter(is_proof, find_codes(notice.text)):
        proof = await services.proofs.by_code(business_id, code)
        if proof is None or not proof.is_open(now) or not proof.is_said_by(notice.text):
            continue
        if await _is_about(services, proof, notice.aliases):
            found.append(proof)
    return tuple(found)


def confirmations(
    proofs: Sequence[Proof], notice: TextReceived, at: Instant
) -> tuple[Statement, ...]:
    """Say that the number proved itself, for what its proofs were about.

    Who writes to us to be known is content to be written to about that: it is a yes to codes, too.
    Meta tells whole seconds, but nobody sends a code before it is made: in the second of the yes
    that it is about, its message comes after it.
    """
    return tuple(
        Statement(
            aliases=notice.aliases,
            kind=kind,
            occurred_at=Instant(max(at, proof.created_at)),
            source=Source.WEBHOOK,
            surface=_SURFACES[proof.kind],
            number_proof=NumberProof.PROVEN,
            purposes=proof.purposes,
            assurance=Assurance.CONFIRMED,
            sender=notice.phone_number_id or "",
            prompt=proof.prompt,
            evidence=spoken_evidence(notice, notice.text, proof=proof.proof_id),
        )
        for proof in proofs
        for kind in _SAID[proof.kind]
    )


async def find_arrivals(
    services: AttributionNeeds, business_id: BusinessId, notice: TextReceived, at: Instant
) -> tuple[Arrival, ...]:
    """Attribute a message to its entries, once; the contact is known by now."""
    found = []
    for code in find_codes(notice.text):
        if is_proof(code):
            continue
        entry = await services.entries.by_code(business_id, code)
        if entry is None or entry.ended_at is not None:
            continue
        contact_id = await services.ledger.find(business_id, notice.aliases[0])
        if contact_id and await services.entries.arrive(entry, contact_id, notice.source_id, at):
            found.append(Arrival(entry=entry, contact_id=contact_id, alias=notice.aliases[0]))
    return tuple(found)


async def _is_about(services: HasLedger, proof: Proof, aliases: tuple[Alias, ...]) -> bool:
    """Compare numbers; where Meta tells none, the contact that the sender's name leads to."""
    if any(alias.key == proof.alias.key for alias in aliases):
        return True
    if any(alias.is_number for alias in aliases):
        return False
    owner = await services.ledger.find(proof.business_id, proof.alias)
    names = [await services.ledger.find(proof.business_id, alias) for alias in aliases]
    return owner is not None and owner in names
