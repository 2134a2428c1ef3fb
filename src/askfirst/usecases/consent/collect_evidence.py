"""Collect one person's whole story, for a regulator or for Meta: what was asked, said and decided.

Everything in it comes from what is kept; nothing is told from memory. Of somebody who was erased
there is what may remain: events and decisions, which name nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from askfirst.decision.facts import DecisionContext
from askfirst.decision.question import MessageKind, SendRequest
from askfirst.decision.reason import Reason
from askfirst.domain.consent.event import EventKind
from askfirst.domain.consent.receipt import STATES
from askfirst.domain.consent.stamp import Notice
from askfirst.domain.consent.standing import (
    EVERYTHING,
    EffectiveConsent,
    Standing,
    native_stop,
    newest_notice,
    view,
)
from askfirst.domain.tenants.api_key import Business
from askfirst.domain.tenants.profile import Profile
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.errors import UnknownReference
from askfirst.domain.values.ids import BusinessId, ContactId, PhoneNumberId, Position
from askfirst.domain.values.purpose import CONSENTED, Purpose
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.consent.event_archive import HasEventArchive
from askfirst.ports.consent.ledger import HasLedger
from askfirst.ports.consent.receipts import HasReceipts, PublicKey
from askfirst.ports.platform.clock import HasClock
from askfirst.ports.platform.phone_numbers import HasNumbering
from askfirst.ports.prompts.prompts import HasProfiles, HasPrompts
from askfirst.ports.sending.gate import HasDecisionArchive
from askfirst.ports.sending.policy import HasPolicy
from askfirst.ports.sending.rules import HasRules
from askfirst.ports.tenants.directory import HasDirectory
from askfirst.ports.tenants.site import HasSite
from askfirst.ports.transparency.audit import HasAudit
from askfirst.usecases.consent.issue_receipt import issue_receipt, keys_url
from askfirst.usecases.consent.show_event import EventSheet, sheets_of
from askfirst.usecases.contacts.read_number import country_of_alias
from askfirst.usecases.contacts.show_contact import all_acts
from askfirst.usecases.memory.ledger_watch import HasLedgerWatch
from askfirst.usecases.sending.show_decision import NOBODY, DecisionSheet, list_decisions
from askfirst.usecases.tenants.manage_profile import show_profile

_PAGE: Final = 500


class CollectEvidenceNeeds(
    HasAudit,
    HasClock,
    HasDecisionArchive,
    HasDirectory,
    HasEventArchive,
    HasLedger,
    HasLedgerWatch,
    HasNumbering,
    HasPolicy,
    HasProfiles,
    HasPrompts,
    HasReceipts,
    HasRules,
    HasSite,
    Protocol,
):
    """What this use case needs from the world."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PurposeStanding:
    """What holds for one purpose: the answer, and what speaks against messages, if anything does.

    `reason` None: an opt-in is in force under the policy of now, whoever sends.
    """

    purpose: Purpose
    answer: EffectiveConsent
    notice: Notice | None
    reason: Reason | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """How far the ledger was when this was collected: its newest position and leaf hash."""

    position: Position
    leaf_hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """One person's story. `receipts` are by the position of their event; `keys` check them.

    `names` is empty where the person was erased, and `erased_at` set.
    """

    business: Business
    profile: Profile
    contact_id: ContactId
    principal: str
    names: tuple[Alias, ...]
    erased_at: Instant | None
    collected_at: Instant
    checkpoint: Checkpoint
    standing: tuple[PurposeStanding, ...]
    natively_stopped_since: Instant | None
    events: tuple[EventSheet, ...]
    receipts: Mapping[Position, str]
    decisions: tuple[DecisionSheet, ...]
    keys: tuple[PublicKey, ...]
    keys_url: str
    policy: str


async def collect_evidence(
    services: CollectEvidenceNeeds,
    business_id: BusinessId,
    person: Alias | ContactId,
    *,
    is_signed: bool = True,
) -> CaseFile:
    """Collect everything that can be shown about one person; a look needs nothing signed.

    Raises:
        LedgerDamaged: what stands in the ledger about them does not fit together, so that no
            receipt is signed.
        UnknownReference: nobody of that name or id is known.
    """
    contact_id = await _contact(services, business_id, person)
    now, head = services.clock.now(), await services.ledger.head(business_id)
    events = [event async for event in all_acts(services, business_id, contact_id)]
    names = await services.ledger.names(business_id, contact_id)
    sheets = await sheets_of(services, business_id, events, contact_id, with_names=False)
    standing = await services.ledger.standing(business_id, contact_id)
    receipts = {
        event.position: receipt
        for event in events
        if is_signed
        and event.kind in STATES
        and (receipt := await issue_receipt(services, business_id, event.position))
    }
    business, profile = await show_profile(services, business_id)
    stop = native_stop(standing, None)
    erased = [event for event in events if event.kind is EventKind.ERASED]
    return CaseFile(
        business=business,
        profile=profile,
        contact_id=contact_id,
        principal=services.receipts.pseudonym(business_id, contact_id),
        names=names,
        erased_at=erased[-1].recorded_at if erased and not names else None,
        collected_at=now,
        checkpoint=await _checkpoint(services, business_id, head),
        standing=_standing(services, business_id, standing, head, names, now),
        natively_stopped_since=stop.at if stop else None,
        events=sheets,
        receipts=receipts,
        decisions=await _decisions(services, business_id, contact_id),
        keys=await _keys(services, business_id, now) if is_signed else (),
        keys_url=keys_url(services, business_id),
        policy=services.policy.fingerprint,
    )


async def sign_manifest(
    services: CollectEvidenceNeeds, business_id: BusinessId, manifest: Mapping[str, object]
) -> str:
    """Sign the list of what is in a pack, with the key that signs receipts."""
    return await services.receipts.sign_manifest(business_id, manifest, services.clock.now())


async def _keys(
    services: HasReceipts, business_id: BusinessId, now: Instant
) -> tuple[PublicKey, ...]:
    """Return the public keys; a first one is made where nothing was signed yet."""
    if not await services.receipts.keys(business_id):
        await services.receipts.rotate(business_id, now)
    return await services.receipts.keys(business_id)


async def _contact(
    services: CollectEvidenceNeeds, business_id: BusinessId, person: Alias | ContactId
) -> ContactId:
    found = await services.ledger.find(business_id, person) if isinstance(person, Alias) else person
    if not found or not await services.ledger.history(business_id, found, Position(0), 1):
        raise UnknownReference("contact", NOBODY)
    return found


async def _checkpoint(
    services: CollectEvidenceNeeds, business_id: BusinessId, head: Position
) -> Checkpoint:
    found = await services.audit.leaf_upto(business_id, head)
    position, leaf_hash = found or (Position(0), b"")
    return Checkpoint(position=position, leaf_hash=leaf_hash)


async def _decisions(
    services: CollectEvidenceNeeds, business_id: BusinessId, contact_id: ContactId
) -> tuple[DecisionSheet, ...]:
    found: list[DecisionSheet] = []
    after = ""
    while page := await list_decisions(services, business_id, contact_id, after, _PAGE):
        found += page
        after = page[-1].record.decision_id
    return tuple(found)


def _standing(
    services: CollectEvidenceNeeds,
    business_id: BusinessId,
    standing: Standing,
    position: Position,
    names: tuple[Alias, ...],
    now: Instant,
) -> tuple[PurposeStanding, ...]:
    known = {purpose.value for purpose in CONSENTED} | set(standing.scopes)
    facts = DecisionContext(position=position, standing=standing)
    return tuple(
        PurposeStanding(
            purpose=purpose,
            answer=view(standing, purpose),
            notice=newest_notice(standing, purpose),
            reason=services.rules.objection(
                facts, services.policy, _question(services, business_id, purpose, names), now
            ),
        )
        for purpose in (Purpose(name) for name in sorted(known - {EVERYTHING}))
    )


def _question(
    services: HasNumbering, business_id: BusinessId, purpose: Purpose, names: tuple[Alias, ...]
) -> SendRequest:
    return SendRequest(
        business_id=business_id,
        sender=PhoneNumberId(""),
        recipients=names[:1],
        kind=MessageKind.PURPOSE,
        purpose=purpose,
        country=country_of_alias(services, names[0]) if names else "",
    )
