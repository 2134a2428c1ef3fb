"""Record what a person answered: a yes, a no, a withdrawal, a proof of their number."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from askfirst.domain.alias import Alias
from askfirst.domain.errors import InvalidInput
from askfirst.domain.event import Assurance, EventKind, Source
from askfirst.domain.ids import BusinessId
from askfirst.domain.instant import Instant
from askfirst.domain.prompt import PromptHash, PromptVersion, Surface
from askfirst.domain.purpose import Purpose
from askfirst.ports.change import Change, Committed, Idempotency, Item, Statement
from askfirst.usecases.services import Services


class ConsentVerb(StrEnum):
    """What the person did."""

    GRANT = "grant"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    CONFIRM = "confirm"


_KINDS = {
    ConsentVerb.GRANT: EventKind.GRANTED,
    ConsentVerb.REFUSE: EventKind.REFUSED,
    ConsentVerb.WITHDRAW: EventKind.WITHDRAWN,
    ConsentVerb.CONFIRM: EventKind.CONFIRMED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """An answer as a business reports it.

    `purposes` may be empty for withdraw and confirm, and then means everything. `prompt` is
    the wording that was shown, or the name of a version known here. `evidence` is canonical
    JSON of what else the business knows (page, form, who took it down); kept encrypted.
    """

    business_id: BusinessId
    verb: ConsentVerb
    alias: Alias
    purposes: tuple[Purpose, ...]
    surface: Surface
    source: Source
    prompt: PromptVersion | PromptHash | None = None
    occurred_at: Instant | None = None
    evidence: bytes = b""
    idempotency: tuple[str, bytes] | None = None


async def record_consent(services: Services, consent: Consent) -> Committed:
    """Append one event; what is returned is durable and in force.

    Raises:
        InvalidInput: the answer is not whole; nothing was written.
        Conflict: the idempotency key was used for another request.
        Unavailable: nothing can be acknowledged now.
    """
    now = services.clock.now()
    _check(consent, now)
    statement = Statement(
        aliases=(consent.alias,),
        kind=_KINDS[consent.verb],
        occurred_at=consent.occurred_at or now,
        source=consent.source,
        surface=consent.surface,
        purposes=tuple(purpose.name for purpose in consent.purposes),
        assurance=_assurance(consent),
        prompt=_prompt_hash(consent.prompt),
        evidence=consent.evidence,
    )
    key = consent.idempotency
    change = Change(
        business_id=consent.business_id,
        recorded_at=now,
        items=(Item(acts=(statement,)),),
        prompt=consent.prompt if isinstance(consent.prompt, PromptVersion) else None,
        idempotency=Idempotency(key=key[0], digest=key[1]) if key else None,
    )
    return await services.ledger.commit(change)


def _check(consent: Consent, now: Instant) -> None:
    if consent.occurred_at is not None and consent.occurred_at > now:
        raise InvalidInput("occurred_at", "must not be in the future")
    if consent.verb in (ConsentVerb.GRANT, ConsentVerb.REFUSE) and not consent.purposes:
        raise InvalidInput("purposes", f"must name at least one purpose to {consent.verb.value}")
    if consent.verb is ConsentVerb.CONFIRM and not consent.evidence:
        raise InvalidInput("evidence", "must say how the number was proven, to confirm")


def _assurance(consent: Consent) -> Assurance:
    """A claim stays a claim: only an answer to a known wording counts as shown."""
    if consent.verb is ConsentVerb.CONFIRM:
        return Assurance.CONFIRMED
    if consent.prompt is not None and consent.surface is not Surface.IMPORT:
        return Assurance.SHOWN
    return Assurance.ASSERTED


def _prompt_hash(prompt: PromptVersion | PromptHash | None) -> PromptHash | None:
    return prompt.hash if isinstance(prompt, PromptVersion) else prompt
