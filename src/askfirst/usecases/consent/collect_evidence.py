"""Collect one person's whole story, for a regulator or for Meta: what was asked, said and decided.

Everything in it comes from what is kept; nothing is told from memory. Of somebody who was erased
there is what may remain: events and decisions, which name nobody.
"""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from typing import Final, Protocol

from askfirst.domain.consent.event import Event, EventKind
from askfirst.domain.consent.receipt import STATES
from askfirst.domain.consent.standing import (
    Standing,
    native_stop,
)
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.errors import UnknownReference
from askfirst.domain.values.ids import BusinessId, ContactId, Position
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.consent.ledger import HasLedger
from askfirst.ports.consent.receipts import HasReceipts, PublicKey
from askfirst.ports.platform.clock import HasClock
from askfirst.ports.prompts.prompts import HasProfiles
from askfirst.ports.sending.asking_policy import HasPolicyName
from askfirst.ports.tenants.directory import HasDirectory
from askfirst.ports.tenants.site import HasSite
from askfirst.ports.transparency.audit import HasAudit
from askfirst.usecases.consent.evidence.case_file import CaseFile, Checkpoint, PurposeStanding
from askfirst.usecases.consent.evidence.event_sheet import EventSheet
from askfirst.usecases.consent.evidence.receipt_keys import keys_url
from askfirst.usecases.contacts.show_contact import all_acts
from askfirst.usecases.sending.decisions.decision_sheet import NOBODY, DecisionSheet
from askfirst.usecases.tenants.manage_profile import show_profile

_PAGE: Final = 500


class CollectsParts(Protocol):
    """Whatever brings the parts of a case file together, each by the use case of its name."""

    def sheets_of(
        self,
        business_id: BusinessId,
        events: Sequence[Event],
        contact_id: ContactId,
        /,
        *,
        with_names: bool,
    ) -> Awaitable[tuple[EventSheet, ...]]:
        """Gather what belongs to each of a person's events."""
        ...

    def list_decisions(
        self, business_id: BusinessId, person: ContactId, after: str, limit: int, /
    ) -> Awaitable[tuple[DecisionSheet, ...]]:
        """Return a page of the decisions on a person, the oldest first."""
        ...

    def issue_receipt(
        self, business_id: BusinessId, position: Position, /
    ) -> Awaitable[str | None]:
        """Sign the receipt of one event; None where there is none."""
        ...

    def purpose_standings(
        self,
        business_id: BusinessId,
        standing: Standing,
        position: Position,
        names: tuple[Alias, ...],
        now: Instant,
        /,
    ) -> tuple[PurposeStanding, ...]:
        """Return what holds for each purpose, by the policy of now."""
        ...


class CollectEvidenceNeeds(
    CollectsParts,
    HasAudit,
    HasClock,
    HasDirectory,
    HasLedger,
    HasPolicyName,
    HasProfiles,
    HasReceipts,
    HasSite,
    Protocol,
):
    """What this use case needs from the world."""


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
    sheets = await services.sheets_of(business_id, events, contact_id, with_names=False)
    standing = await services.ledger.standing(business_id, contact_id)
    receipts = {
        event.position: receipt
        for event in events
        if is_signed
        and event.kind in STATES
        and (receipt := await services.issue_receipt(business_id, event.position))
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
        standing=services.purpose_standings(business_id, standing, head, names, now),
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
    while page := await services.list_decisions(business_id, contact_id, after, _PAGE):
        found += page
        after = page[-1].record.decision_id
    return tuple(found)
