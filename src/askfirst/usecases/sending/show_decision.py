"""Show what was decided, and make each decision once more from the ledger to compare the two.

The gate read a standing that is kept beside the contact. Here the contact's events are folded anew,
up to the position that the decision names, and judged by the policy of its fingerprint.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from askfirst.decision.decision import COUNTED, CampaignReason, Decision
from askfirst.decision.policy import Policy
from askfirst.domain.consent.event import Event
from askfirst.domain.consent.standing import NOTHING_SAID, Standing, step, view
from askfirst.domain.value import replace
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.errors import UnknownReference
from askfirst.domain.values.ids import BusinessId, ContactId, DecisionId, Position
from askfirst.domain.values.purpose import CONSENTED, Purpose
from askfirst.ports.consent.ledger import HasLedger
from askfirst.ports.sending.decision_archive import HasDecisionArchive
from askfirst.ports.sending.gate import ArchivedDecision, DecisionRecord
from askfirst.ports.sending.rules import HasPolicy, HasRules, Rules
from askfirst.usecases.contacts.show_contact import all_acts
from askfirst.usecases.sending.decisions.decision_sheet import (
    NOBODY,
    DecisionSheet,
    Difference,
    Incomparable,
)


class ShowDecisionNeeds(HasDecisionArchive, HasLedger, HasPolicy, HasRules, Protocol):
    """What this use case needs from the world."""


async def show_decision(
    services: ShowDecisionNeeds, business_id: BusinessId, decision_id: DecisionId
) -> DecisionSheet | None:
    """Return one decision; None where there is none of this id."""
    kept = await services.decision_archive.find(business_id, decision_id)
    if kept is None:
        return None
    (sheet,) = await compare(services, business_id, (kept,))
    return sheet


async def list_decisions(
    services: ShowDecisionNeeds,
    business_id: BusinessId,
    person: Alias | ContactId,
    after: str,
    limit: int,
) -> tuple[DecisionSheet, ...]:
    """Return a page of the decisions on a person, the oldest first; also of one who was erased.

    Raises:
        UnknownReference: nobody of that name or id is known.
    """
    found = await services.ledger.find(business_id, person) if isinstance(person, Alias) else person
    if not found or not await services.ledger.history(business_id, found, Position(0), 1):
        raise UnknownReference("contact", NOBODY)
    kept = await services.decision_archive.of_contact(business_id, found, after, limit)
    return await compare(services, business_id, kept)


async def list_campaign(
    services: ShowDecisionNeeds, label: CampaignReason, after: str, limit: int
) -> tuple[DecisionSheet, ...]:
    """Return a page of the decisions under a label that have one reason, the oldest first."""
    kept = await services.decision_archive.of_campaign(label, after, limit)
    return await compare(services, label.business_id, kept)


async def compare(
    services: ShowDecisionNeeds, business_id: BusinessId, kept: Sequence[ArchivedDecision]
) -> tuple[DecisionSheet, ...]:
    """Make decisions once more, and say what comes out differently."""
    folds: dict[ContactId, Fold] = {}
    sheets: dict[DecisionId, DecisionSheet] = {}
    calendar = services.policy.law.calendar
    for one in sorted(kept, key=lambda each: each.record.decision.position):
        record = one.record
        for contact_id in contacts_of(record):
            if contact_id not in folds:
                acts = all_acts(services, business_id, contact_id)
                folds[contact_id] = Fold([event async for event in acts])
        standings = {
            contact_id: folds[contact_id].at(contact_id, record.decision.position)
            for contact_id in contacts_of(record)
        }
        fingerprint = record.decision.policy_fingerprint
        policy = await services.decision_archive.policy(business_id, fingerprint, calendar)
        sheets[record.decision_id] = _sheet(services.rules, one, standings, policy)
    return tuple(sheets[one.record.decision_id] for one in kept)


def contacts_of(record: DecisionRecord) -> tuple[ContactId, ...]:
    """Return the contacts whose events a decision rested on."""
    if record.circumstances is not None:
        return record.circumstances.contacts
    return (record.contact_id,) if record.contact_id else ()


class Fold:
    """A person's events, folded step by step; asked for positions that only grow."""

    def __init__(self, events: Iterable[Event]) -> None:
        self._left = sorted(events, key=lambda event: event.position, reverse=True)
        self._standings: dict[ContactId, Standing] = {}

    def at(self, contact_id: ContactId, position: Position) -> Standing:
        """Return the standing of a contact as of a position."""
        while self._left and self._left[-1].position <= position:
            event = self._left.pop()
            absorbed = self._standings.get(event.absorbed) if event.absorbed else None
            old = self._standings.get(event.contact_id, NOTHING_SAID)
            self._standings[event.contact_id] = step(old, event, absorbed)
        return self._standings.get(contact_id, NOTHING_SAID)


def _sheet(
    rules: Rules,
    kept: ArchivedDecision,
    standings: dict[ContactId, Standing],
    policy: Policy | None,
) -> DecisionSheet:
    record = kept.record
    basis = _basis(record, standings)
    if record.circumstances is None:
        missing = Incomparable.CIRCUMSTANCES_UNKNOWN
        return DecisionSheet(kept=kept, basis=basis, incomparable=missing)
    if policy is None:
        return DecisionSheet(kept=kept, basis=basis, incomparable=Incomparable.POLICY_UNKNOWN)
    circumstances, is_counted = record.circumstances, record.decision.rule == COUNTED
    if is_counted:
        circumstances = replace(circumstances, objection=None)
    again = rules.decide_again(circumstances, standings, policy, record.question, record.decided_at)
    if is_counted and again.allowed:
        return DecisionSheet(kept=kept, basis=basis, incomparable=Incomparable.COUNTS_NOT_KEPT)
    return DecisionSheet(kept=kept, basis=basis, differences=_differences(record.decision, again))


def _differences(stored: Decision, derived: Decision) -> tuple[Difference, ...]:
    return tuple(
        Difference(part, _written(getattr(stored, part)), _written(getattr(derived, part)))
        for part in _KEPT_PARTS
        if getattr(stored, part) != getattr(derived, part)
    )


_KEPT_PARTS = tuple(part for part in Decision.__struct_fields__ if part != "said")


def _written(value: object) -> str:
    if isinstance(value, tuple):
        return ",".join(_written(one) for one in value)
    return str(value)


def _basis(record: DecisionRecord, standings: Mapping[ContactId, Standing]) -> Position | None:
    purpose = Purpose(record.decision.purpose)
    if purpose.category not in CONSENTED or record.contact_id is None:
        return None
    since = view(standings.get(record.contact_id, NOTHING_SAID), purpose).since
    return Position(since.position) if since and since.position else None
