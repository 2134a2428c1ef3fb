"""One person's whole story, for a regulator or for Meta."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from askfirst.decision.reason import Reason
from askfirst.domain.consent.stamp import Notice
from askfirst.domain.consent.standing import (
    EffectiveConsent,
)
from askfirst.domain.tenants.api_key import Business
from askfirst.domain.tenants.profile import Profile
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.ids import ContactId, Position
from askfirst.domain.values.purpose import Purpose
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.consent.receipts import PublicKey
from askfirst.usecases.consent.evidence.event_sheet import EventSheet
from askfirst.usecases.sending.decisions.decision_sheet import DecisionSheet


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
