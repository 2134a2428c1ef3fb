"""Let a number prove itself: a text that only it can send, and nothing sent to strangers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from askfirst.domain.consent.number_confirmation import PROOF_LIFE, Proof, ProofKind, ProofStep
from askfirst.domain.entry_points.chat_code import ENTROPY_BYTES, proof_code
from askfirst.domain.entry_points.chat_link import chat_link
from askfirst.domain.opt_out.reading import Certainty, OptOutReading
from askfirst.domain.prompts.prompt import PromptHash, Surface
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import BusinessId, PhoneNumberId, ProofId
from askfirst.domain.values.phone import PhoneNumber
from askfirst.domain.values.purpose import Purpose
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.consent.proofs import HasProofs
from askfirst.ports.platform.clock import HasClock, HasIds
from askfirst.ports.platform.telemetry import HasTelemetry
from askfirst.ports.prompts.catalogue import HasCatalogue
from askfirst.ports.sending.asking_policy import HasAskingPolicy
from askfirst.ports.tenants.directory import HasDirectory
from askfirst.ports.tenants.site import HasSite
from askfirst.ports.tenants.tokens import HasTokens, TokenKind
from askfirst.usecases.entry_points.manage_entries import sender_in_service
from askfirst.usecases.opt_out.read_opt_out import read_opt_out
from askfirst.usecases.tenants.read_senders import find_sender


class ProveNumberNeeds(
    HasCatalogue,
    HasClock,
    HasDirectory,
    HasIds,
    HasAskingPolicy,
    HasProofs,
    HasTelemetry,
    HasSite,
    HasTokens,
    Protocol,
):
    """What this use case needs from the world."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofOrder:
    """A proof that is wanted: of which number, for what, in which words before the code.

    `purposes` empty means all that the person agreed to. `reference` names what a proof of kind
    CODE is for. `surface` is where it is offered.
    """

    business_id: BusinessId
    alias: Alias
    purposes: tuple[Purpose, ...]
    words: str
    locale: str
    sender: PhoneNumberId | None = None
    kind: ProofKind = ProofKind.CONSENT
    reference: str = ""
    prompt: PromptHash | None = None
    surface: Surface = Surface.API
    life: int = PROOF_LIFE


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedProof:
    """A proof as a person meets it: `link` opens the chat, `page` shows link and QR code."""

    proof: Proof
    link: str
    page: str


async def offer_proof(services: ProveNumberNeeds, order: ProofOrder) -> OfferedProof:
    """Make the text and the link.

    Raises:
        InvalidInput: the contact is no number, or the words would be read as a stop, or
            as what may be one.
        Conflict: the business has no sender in service.
    """
    if not order.alias.is_number:
        raise InvalidInput("contact", "must be a number: only that can be proven by a message")
    reading = await read_opt_out(services, order.business_id, order.words)
    if order.kind is ProofKind.CONSENT:
        _check_reading(reading)
    sender = await sender_in_service(services, order.business_id, order.sender)
    now = services.clock.now()
    code = proof_code(services.ids.entropy(ENTROPY_BYTES))
    proof = Proof(
        proof_id=services.ids.proof(),
        business_id=order.business_id,
        kind=order.kind,
        code=code,
        text=f"{order.words} ({code})" if order.words else code,
        alias=order.alias,
        sender=sender.phone_number_id,
        created_at=now,
        expires_at=Instant(now + order.life),
        purposes=tuple(purpose.name for purpose in order.purposes),
        reference=order.reference,
        prompt=order.prompt,
        locale=order.locale,
        surface=order.surface,
    )
    await services.proofs.put(proof)
    services.telemetry.number_proof(ProofStep.OFFERED, proof.surface)
    return await _offered(services, proof)


def _check_reading(reading: OptOutReading) -> None:
    """Refuse words that would end, or hold up, what they are to prove."""
    if reading.is_stop:
        raise InvalidInput("text", "must not say stop: it would be heard as one, and prove nothing")
    if reading.certainty is Certainty.UNSURE:
        why = "offers would rest until the person says what they meant"
        raise InvalidInput("text", f"must not be words that may be a stop: {why}")


async def show_proof(
    services: ProveNumberNeeds, business_id: BusinessId, proof_id: str
) -> OfferedProof | None:
    """Find a proof by its id."""
    proof = await services.proofs.proof(business_id, ProofId(proof_id))
    return await _offered(services, proof) if proof else None


async def open_proof(
    services: ProveNumberNeeds, business_id: BusinessId, token: str
) -> OfferedProof | None:
    """Find the proof that a page's token names; None where it is not of this business."""
    fields = services.tokens.read(TokenKind.CONFIRM, token)
    if fields.get("b") != business_id:
        return None
    return await show_proof(services, business_id, str(fields.get("id")))


def is_open(services: HasClock, offered: OfferedProof) -> bool:
    """Return whether the message of a proof would still count."""
    return offered.proof.is_open(services.clock.now())


async def _offered(services: ProveNumberNeeds, proof: Proof) -> OfferedProof:
    sender = await find_sender(services, proof.business_id, proof.sender)
    number = PhoneNumber(sender.digits) if sender else None
    token = services.tokens.sign(TokenKind.CONFIRM, {"b": proof.business_id, "id": proof.proof_id})
    return OfferedProof(
        proof=proof,
        link=chat_link(services.site.chat_url, number, proof.text) if number else "",
        page=f"{services.site.public_url}/p/{proof.business_id}/confirm/{token}",
    )
