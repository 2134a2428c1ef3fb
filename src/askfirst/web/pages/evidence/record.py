"""A case file as JSON: a consent record after ISO/IEC TS 27560:2023, in terms of the W3C's DPV.

Source: "Consent Records and Receipts as per ISO/IEC TS 27560:2023 using DPV", final report of the
Data Privacy Vocabularies group of 1 August 2024. What askfirst does not know (where the business
stores data, how long, whom it gives it to) is left out, not made up.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from askfirst.domain.consent.event import Event, EventKind, leaf_bytes, leaf_hash
from askfirst.domain.consent.receipt import STATES, state_of
from askfirst.domain.consent.standing import Answer
from askfirst.domain.prompts.prompt import PromptKind, PromptVersion
from askfirst.domain.values.purpose import Category, Purpose
from askfirst.domain.values.timestamp import Instant, to_rfc3339
from askfirst.usecases.consent.evidence.case_file import CaseFile, PurposeStanding
from askfirst.usecases.consent.evidence.event_sheet import EventSheet
from askfirst.usecases.sending.decisions.decision_sheet import DecisionSheet
from askfirst.web.event_sentence import event_sentence

SCHEMA: Final = "askfirst-evidence/1 (ISO/IEC TS 27560:2023)"
CONFORMS_TO: Final = "https://w3id.org/dpv/schema/dpv-27560#record"
_CONTEXT: Final = {
    "dct": "http://purl.org/dc/terms/",
    "dpv": "https://w3id.org/dpv#",
    "ask": "https://askfirst.invalid/terms#",
    "@vocab": "https://askfirst.invalid/terms#",
}
_PURPOSES: Final[Mapping[Category, str]] = {
    Category.AUTHENTICATION: "dpv:IdentityAuthentication",
    Category.UTILITY: "dpv:CommunicationForCustomerCare",
    Category.MARKETING: "dpv:DirectMarketing",
    Category.SERVICE: "dpv:CommunicationForCustomerCare",
}
_STATUSES: Final[Mapping[EventKind, str]] = {
    EventKind.GRANTED: "dpv:ConsentGiven",
    EventKind.REFUSED: "dpv:ConsentRefused",
    EventKind.WITHDRAWN: "dpv:ConsentWithdrawn",
    EventKind.NATIVE_STOPPED: "dpv:ConsentWithdrawn",
    EventKind.SUSPENDED: "dpv:ConsentInvalidated",
}
"""Kinds of events that DPV has a status for; the others stand under askfirst's own name only."""
_NOW: Final[Mapping[Answer, str]] = {
    Answer.UNASKED: "dpv:ConsentUnknown",
    Answer.GRANTED: "dpv:ConsentGiven",
    Answer.REFUSED: "dpv:ConsentRefused",
    Answer.WITHDRAWN: "dpv:ConsentWithdrawn",
    Answer.SUSPENDED: "dpv:ConsentInvalidated",
    Answer.ERASED: "dpv:ConsentWithdrawn",
}


def receipt_name(position: int) -> str:
    """Name the file of a receipt in the pack."""
    return f"records/{position:06d}.jws"


def evidence_record(case: CaseFile) -> Mapping[str, Any]:
    """Write everything of a case file as JSON values."""
    return {
        "@context": _CONTEXT,
        "@type": "dpv:ConsentRecord",
        "dct:identifier": case.principal,
        "dct:conformsTo": CONFORMS_TO,
        "dct:created": to_rfc3339(case.collected_at),
        "dpv:hasDataSubject": case.principal,
        "dpv:hasDataController": case.business.name,
        "schema_version": SCHEMA,
        "record_id": f"{case.principal}/{case.checkpoint.position}",
        "pii_principal_id": case.principal,
        "contact": case.contact_id,
        "identifiers": [{"kind": name.kind.value, "value": name.value} for name in case.names],
        "erased_at": _time(case.erased_at),
        "party_identification": _party(case),
        "ledger": {
            "position": case.checkpoint.position,
            "leaf_hash": case.checkpoint.leaf_hash.hex(),
        },
        "standing": [_standing(one) for one in case.standing],
        "natively_stopped_since": _time(case.natively_stopped_since),
        "policy": case.policy,
        "events": [_event(one, case) for one in case.events],
        "notices": _notices(case),
        "decisions": [_decision(one) for one in case.decisions],
        "keys": case.keys_url,
    }


def _party(case: CaseFile) -> dict[str, str]:
    known = {
        "party_id": case.business.business_id,
        "party_name": case.business.name,
        "party_role": "dpv:DataController",
        "party_contact": case.profile.contact,
        "privacy_notice": case.profile.privacy_url,
        "jurisdiction": case.profile.country,
    }
    return {name: value for name, value in known.items() if value}


def _standing(one: PurposeStanding) -> dict[str, Any]:
    since = one.answer.since
    return {
        "purpose": one.purpose.name,
        "dpv:hasPurpose": _PURPOSES[one.purpose.category],
        "answer": one.answer.answer.value,
        "dpv:hasConsentStatus": _NOW[one.answer.answer],
        "since": _time(since.at) if since else None,
        "basis": since.position if since and since.position else None,
        "assurance": one.answer.assurance.name.lower() if one.answer.assurance else None,
        "number_proof": one.answer.number_proof.name.lower() if one.answer.number_proof else None,
        "informed_at": _time(one.notice.mark.at) if one.notice else None,
        "may_be_sent": one.reason is None,
        "reason": one.reason.value if one.reason else None,
    }


def _event(sheet: EventSheet, case: CaseFile) -> dict[str, Any]:
    event = sheet.event
    has_receipt = event.position in case.receipts
    return {
        "event_id": event.event_id,
        "position": event.position,
        "event_type": event.kind.value,
        "event_state": state_of(event) if event.kind in STATES else event.kind.value,
        "dpv:hasConsentStatus": _STATUSES.get(event.kind),
        "summary": event_sentence(event),
        "purposes": [_purpose(name) for name in event.purposes] or ["*"],
        "event_time": to_rfc3339(event.occurred_at),
        "recorded_at": to_rfc3339(event.recorded_at),
        "collection_method": event.source.value,
        "surface": event.surface.value,
        "assurance": event.assurance.name.lower(),
        "number_proof": event.number_proof.name.lower(),
        "sender": event.sender or None,
        "notice_hash": event.prompt,
        "evidence": sheet.evidence,
        "evidence_state": sheet.state.value,
        "receipt": receipt_name(event.position) if has_receipt else None,
        "decisions": list(sheet.decisions),
        **_leaf(event),
    }


def _purpose(name: str) -> dict[str, str]:
    return {"purpose": name, "dpv:hasPurpose": _PURPOSES[Purpose(name).category]}


def _leaf(event: Event) -> dict[str, str]:
    """Give the bytes that the ledger commits to: anybody can hash them."""
    leaf = leaf_bytes(event)
    return {"leaf": leaf.hex(), "leaf_hash": leaf_hash(leaf).hex()}


def _notices(case: CaseFile) -> list[dict[str, Any]]:
    shown = {sheet.words.hash: sheet.words for sheet in case.events if sheet.words}
    return [_notice(shown[name]) for name in sorted(shown)]


def _notice(words: PromptVersion) -> dict[str, Any]:
    is_question = words.kind is PromptKind.QUESTION
    return {
        "@type": "dpv:ConsentNotice" if is_question else "dpv:PrivacyNotice",
        "notice_hash": words.hash,
        "key": words.key,
        "kind": words.kind.value,
        "language": words.locale.replace("_", "-"),
        "surface": words.surface.value,
        "purposes": list(words.purposes),
        "text": words.text,
    }


def _decision(sheet: DecisionSheet) -> dict[str, Any]:
    record, outcome = sheet.record, sheet.kept.outcome
    decision = record.decision
    return {
        "id": record.decision_id,
        "decided_at": to_rfc3339(record.decided_at),
        "verdict": decision.verdict.value,
        "reasons": [reason.value for reason in decision.reasons],
        "rule": decision.rule,
        "purpose": decision.purpose,
        "position": decision.position,
        "policy": decision.policy_fingerprint,
        "basis": sheet.basis,
        "sender": record.question.sender,
        "message_kind": record.question.kind.value,
        "template": record.question.template or None,
        "left_at": _time(outcome.left_at) if outcome else None,
        "status": outcome.status if outcome else None,
        "matches": sheet.matches,
        "differences": [one._asdict() for one in sheet.differences],
        "incomparable": sheet.incomparable.value if sheet.incomparable else None,
    }


def _time(instant: Instant | None) -> str | None:
    return to_rfc3339(instant) if instant is not None else None
