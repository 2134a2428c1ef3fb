"""Look at one person, and act for them; each look and act is written down first."""

from __future__ import annotations

import json
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Protocol

from askfirst.domain.consent.consent import Consent, ConsentVerb
from askfirst.domain.consent.erasure import EraseReason
from askfirst.domain.consent.event import NumberProof, Source
from askfirst.domain.operators.audit_entry import AuditAct, LookReason
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.errors import InvalidInput, UnknownReference
from askfirst.domain.values.ids import BusinessId, ContactId
from askfirst.domain.values.purpose import Purpose
from askfirst.ports.consent.change import Committed
from askfirst.ports.consent.ledger import HasLedger
from askfirst.ports.platform.phone_numbers import HasNumbering
from askfirst.ports.prompts.prompts import HasProfiles
from askfirst.usecases.consent.erase_contact import (
    NOBODY,
    EraseContactNeeds,
    EraseOrder,
    erase_contact,
)
from askfirst.usecases.consent.evidence.case_file import CaseFile
from askfirst.usecases.contacts.countries import country_of
from askfirst.usecases.contacts.name_contact import name_contact
from askfirst.usecases.contacts.read_contact import read_typed_person
from askfirst.usecases.operators.write_down import Actor, WriteDownNeeds, write_down

NOTE_MAX = 500


class CollectsEvidence(Protocol):
    """Whatever collects a person's story (`collect_evidence`)."""

    def collect_evidence(
        self, business_id: BusinessId, person: ContactId, /, *, is_signed: bool
    ) -> Awaitable[CaseFile]:
        """Collect everything that can be shown about one person."""
        ...


class LookAtPersonNeeds(
    CollectsEvidence, WriteDownNeeds, HasLedger, HasNumbering, HasProfiles, Protocol
):
    """What a look needs from the world."""


class RecordsConsents(Protocol):
    """Whatever records an answer (`record_consent`)."""

    def record_consent(self, consent: Consent, /) -> Awaitable[Committed]:
        """Append one event; what is returned is durable and in force."""
        ...


class StopForCallerNeeds(RecordsConsents, WriteDownNeeds, HasLedger, Protocol):
    """What a stop needs."""


class EraseAsOperatorNeeds(EraseContactNeeds, WriteDownNeeds, Protocol):
    """What an erasure needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallersStop:
    """What somebody who called wants to end. No `purposes`: everything. `note`: what they said."""

    contact_id: ContactId
    purposes: tuple[Purpose, ...] = ()
    note: str = ""

    def __post_init__(self) -> None:
        if len(self.note) > NOTE_MAX:
            raise InvalidInput("note", f"must have {NOTE_MAX} characters at most")


async def find_typed(services: LookAtPersonNeeds, actor: Actor, text: str) -> ContactId | None:
    """Find whom an operator typed: a number, an id of WhatsApp's, or a contact id.

    Raises:
        InvalidInput: it is none of these.
    """
    country = await country_of(services, actor.business_id)
    person: Alias | ContactId = read_typed_person(services, text.strip(), "person", country)
    return await services.ledger.find(actor.business_id, person)


async def look_at_person(
    services: LookAtPersonNeeds,
    actor: Actor,
    contact_id: ContactId,
    reason: LookReason | None = None,
) -> CaseFile:
    """Collect what is known of a person; with a reason, to see their number.

    Raises:
        UnknownReference: nobody of this id is known.
    """
    found = await services.ledger.find(actor.business_id, contact_id)
    if found is None:
        raise UnknownReference("contact", NOBODY)
    act = AuditAct.NUMBER_SHOWN if reason else AuditAct.LOOKED_AT
    await write_down(services, actor, act, contact_id=found, reason=reason)
    return await services.collect_evidence(actor.business_id, found, is_signed=False)


async def stop_for_caller(services: StopForCallerNeeds, actor: Actor, stop: CallersStop) -> None:
    """Record a stop; when this returns, it is in force.

    Raises:
        UnknownReference: nobody of this id is known, or they were erased.
        Unavailable: nothing was recorded.
    """
    place = (actor.business_id, stop.contact_id)
    alias = await name_contact(services, *place, "contact")
    about = ",".join(purpose.name for purpose in stop.purposes) or "everything"
    await write_down(
        services, actor, AuditAct.STOPPED, contact_id=stop.contact_id, about=about.replace(",", "/")
    )
    told = {"operator": actor.operator_id, **({"note": stop.note} if stop.note else {})}
    consent = Consent(
        business_id=actor.business_id,
        verb=ConsentVerb.WITHDRAW,
        alias=alias,
        purposes=stop.purposes,
        surface=Surface.PHONE,
        source=Source.CONSOLE,
        number_proof=NumberProof.VOUCHED,
        evidence=json.dumps(told, ensure_ascii=False, sort_keys=True).encode(),
    )
    await services.record_consent(consent)


async def erase_as_operator(
    services: EraseAsOperatorNeeds, actor: Actor, contact_id: ContactId, reason: EraseReason
) -> None:
    """Erase a person; when this returns, nothing that tells who they are is kept.

    Raises:
        UnknownReference: nobody of this id is known, or they were erased.
    """
    about = reason.value
    await write_down(services, actor, AuditAct.ERASED, contact_id=contact_id, about=about)
    order = EraseOrder(
        business_id=actor.business_id, person=contact_id, reason=reason, source=Source.CONSOLE
    )
    await erase_contact(services, order)
