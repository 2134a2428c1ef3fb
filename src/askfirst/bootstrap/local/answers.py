"""How values look in an errand's answer: plain JSON, the same words as the REST API."""

from __future__ import annotations

from typing import Any

from askfirst.decision.decision import Decision
from askfirst.domain.consent.event import Event
from askfirst.domain.entry_points.entry_point import EntryPoint
from askfirst.domain.prompts.prompt_lint import LintFinding
from askfirst.domain.tenants.api_key import Business, Key
from askfirst.domain.tenants.profile import Profile
from askfirst.domain.values.finding import Finding as CheckUpFinding
from askfirst.domain.values.timestamp import to_rfc3339
from askfirst.usecases.consent.tell_effect import Told

Row = dict[str, Any]


def key_row(key: Key) -> Row:
    """A key without its secret."""
    return {
        "id": key.key_id,
        "business": key.business_id,
        "name": key.name,
        "scopes": sorted(key.scopes),
        "created_at": to_rfc3339(key.created_at),
        "revoked_at": None if key.revoked_at is None else to_rfc3339(key.revoked_at),
    }


def event_row(event: Event) -> Row:
    """An event; contacts go by their random id here, too."""
    return {
        "position": event.position,
        "id": event.event_id,
        "contact": event.contact_id,
        "kind": event.kind.value,
        "purposes": list(event.purposes),
        "assurance": event.assurance.name.lower(),
        "number_proof": event.number_proof.name.lower(),
        "source": event.source.value,
        "surface": event.surface.value,
        "occurred_at": to_rfc3339(event.occurred_at),
        "recorded_at": to_rfc3339(event.recorded_at),
        "prompt": event.prompt,
    }


def told_row(told: Told) -> Row:
    """What is in force after an answer."""
    return {
        "effective": told.is_effective,
        "is_proof_needed": told.is_proof_needed,
        "standing": [
            {
                "purpose": effect.purpose.name,
                "effective": effect.is_effective,
                "reason": effect.reason.value if effect.reason else None,
                "explanation": effect.reason.explanation if effect.reason else None,
                "would_make_it_effective": [remedy.value for remedy in effect.remedies],
            }
            for effect in told.effects
        ],
    }


def business_row(business: Business, profile: Profile) -> Row:
    """A business as its customers meet it."""
    return {
        "id": business.business_id,
        "name": business.name,
        "origins": list(profile.origins),
        "contact": profile.contact,
        "privacy_url": profile.privacy_url,
        "country": profile.country,
        "locale": profile.locale,
    }


def entry_row(entry: EntryPoint, link: str, page: str) -> Row:
    """An entry with its addresses."""
    return {
        "id": entry.entry_id,
        "name": entry.name,
        "code": entry.code,
        "text": entry.text,
        "locale": entry.locale,
        "prompt": entry.prompt_key,
        "sender": entry.sender,
        "link": link,
        "page": page,
        "arrivals": entry.arrivals,
        "created_at": to_rfc3339(entry.created_at),
        "ended_at": None if entry.ended_at is None else to_rfc3339(entry.ended_at),
    }


def check_answer(decision: Decision) -> Row:
    """A decision with each reason explained."""
    return {
        "verdict": decision.verdict.value,
        "reasons": [
            {"code": reason.value, "explanation": reason.explanation, "remedy": reason.remedy}
            for reason in decision.reasons
        ],
        "rule": decision.rule,
        "purpose": decision.purpose,
        "position": decision.position,
        "policy": decision.policy_fingerprint,
        "retry_at": None if decision.retry_at is None else to_rfc3339(decision.retry_at),
    }


def finding_row(finding: LintFinding) -> Row:
    """Write what lint found."""
    rule = finding.rule
    return {
        "rule": rule.id,
        "severity": finding.severity.value,
        "where": finding.where,
        "message": finding.message,
        "asks": rule.asks,
        "reason": rule.reason,
        "source": rule.source,
        "fix": rule.fix,
    }


def check_up_row(finding: CheckUpFinding) -> Row:
    """Write what a check-up found."""
    return {
        "check": finding.check,
        "severity": finding.severity.value,
        "summary": finding.summary,
        "remedy": finding.remedy,
    }
