"""Tell a person all that is held about them (GDPR, Articles 15 and 20).

Field names follow ISO/IEC TS 27560:2023 where it has one. What is held of others is left out
(Article 15(4)), and so are secrets that would act in the person's name: codes, links, proofs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

from askfirst.domain.consent.event import Event
from askfirst.domain.consent.receipt import STATES, choice_words
from askfirst.domain.consent.review import Review
from askfirst.domain.consent.standing import EffectiveConsent
from askfirst.domain.held.held_message import HeldMessage
from askfirst.domain.prompts.prompt import PromptVersion
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.ids import BusinessId, ContactId
from askfirst.domain.values.timestamp import Instant, to_rfc3339
from askfirst.ports.consent.erasures import HasErasures, HeldData
from askfirst.ports.consent.ledger import HasLedger
from askfirst.ports.consent.receipts import HasReceipts
from askfirst.ports.platform.clock import HasClock
from askfirst.ports.prompts.prompts import HasPrompts
from askfirst.ports.sending.gate import DecisionRecord
from askfirst.usecases.consent.erase_contact import find_person
from askfirst.usecases.contacts.show_contact import ContactSheet, all_acts, show_contact

FORMAT: Final = "askfirst-export/1 (ISO/IEC TS 27560:2023)"


class ExportContactNeeds(HasClock, HasErasures, HasLedger, HasPrompts, HasReceipts, Protocol):
    """What this use case needs from the world."""


async def export_contact(
    services: ExportContactNeeds, business_id: BusinessId, person: Alias | ContactId
) -> Mapping[str, Any]:
    """Return everything that is held about a person, as JSON values.

    Raises:
        UnknownReference: nobody of that name is known, or they were erased.
    """
    contact_id, names = await find_person(services, business_id, person)
    held = await services.erasures.held(business_id, contact_id, names)
    events = [event async for event in all_acts(services, business_id, contact_id)]
    sheet = await show_contact(services, business_id, names[0])
    return {
        "format": FORMAT,
        "exported_at": to_rfc3339(services.clock.now()),
        "party": {"id": business_id},
        "principal_id": services.receipts.pseudonym(business_id, contact_id),
        "contact": contact_id,
        "identifiers": [{"kind": name.kind.value, "value": name.value} for name in names],
        "standing": _standing(sheet) if sheet else [],
        "events": [_event(event, held) for event in events],
        "notices": await _notices(services, business_id, events),
        "decisions": [_decision(record, held) for record in held.decisions],
        "other_messages": _other_messages(held),
        "codes": [_code(code) for code in held.codes],
        "number_confirmations": [_times(one) for one in held.confirmations],
        "deliveries": [
            {"received_at": to_rfc3339(at), "content": told} for at, told in held.webhooks
        ],
        **_sends(held),
        **_stays(held),
    }


def _sends(held: HeldData) -> dict[str, Any]:
    """Write what is kept of sends for caps and brakes, and whether they arrive at all."""
    return {
        "counted_messages": [
            {
                "decision": one.decision_id,
                "sent_at": to_rfc3339(one.sent_at),
                "purpose": one.purpose,
            }
            for one in held.counted
        ],
        "marketing_messages": [
            {
                "decision": one.decision_id,
                "sent_at": to_rfc3339(one.sent_at),
                "became": [mark.value for mark in one.marks],
            }
            for one in held.marketing
        ],
        "unreachable_since": _time(held.unreachable_at),
    }


def _stays(held: HeldData) -> dict[str, Any]:
    """Write what is held beside the answers: visits, links, questions, reviews."""
    return {
        "last_wrote": [{"sender": sender, "at": to_rfc3339(at)} for sender, at in held.windows],
        "preference_links": [
            {"created_at": _time(made), "expires_at": _time(ends), "revoked_at": _time(ended)}
            for made, ends, ended in held.links
        ],
        "questions_in_chat": [{"prompt": key, "at": to_rfc3339(at)} for key, at in held.asked],
        "entry_points": [{"entry": entry, "at": to_rfc3339(at)} for entry, at in held.arrivals],
        "time_zones": list(held.time_zones),
        "held_messages": [_held(one, body) for one, body in held.held],
        "looked_at": [
            {"at": to_rfc3339(look.at), "act": look.act, "reason": look.reason or None}
            for look in held.looks
        ],
        "reviews": [_review(review) for review in held.reviews],
        "erase_requested_at": _time(held.erase_requested_at),
    }


def _held(one: HeldMessage, body: bytes) -> dict[str, Any]:
    return {
        "id": one.held_id,
        "held_at": to_rfc3339(one.held_at),
        "state": one.state.value,
        "ended_at": _time(one.ended_at),
        "message": _readable(body) if body else None,
    }


def _review(review: Review) -> dict[str, Any]:
    return {
        "position": review.position,
        "about": review.about.value,
        "said_at": to_rfc3339(review.said_at),
        "outcome": review.outcome.value if review.outcome else None,
        "closed_at": _time(review.closed_at),
        "reason": review.reason,
    }


def _standing(sheet: ContactSheet) -> list[dict[str, Any]]:
    return [{"purpose": purpose.name, **_answer(consent)} for purpose, consent in sheet.answers]


def _answer(consent: EffectiveConsent) -> dict[str, Any]:
    return {
        "state": consent.answer.value,
        "since": _time(consent.since.at) if consent.since else None,
        "assurance": consent.assurance.name.lower() if consent.assurance else None,
        "number_proof": consent.number_proof.name.lower() if consent.number_proof else None,
    }


def _event(event: Event, held: HeldData) -> dict[str, Any]:
    return {
        "id": event.event_id,
        "position": event.position,
        "type": event.kind.value,
        "state": STATES.get(event.kind, event.kind.value),
        "purposes": list(event.purposes) or ["*"],
        "occurred_at": to_rfc3339(event.occurred_at),
        "recorded_at": to_rfc3339(event.recorded_at),
        "collection_method": event.source.value,
        "surface": event.surface.value,
        "assurance": event.assurance.name.lower(),
        "number_proof": event.number_proof.name.lower(),
        **choice_words(event),
        "notice_hash": event.prompt,
        "sender": event.sender or None,
        "evidence": _readable(held.evidence[event.position])
        if event.position in held.evidence
        else None,
    }


async def _notices(
    services: HasPrompts, business_id: BusinessId, events: Sequence[Event]
) -> list[dict[str, Any]]:
    """Write the words that the person was shown, once each."""
    hashes = sorted({event.prompt for event in events if event.prompt})
    found = [await services.prompts.version(business_id, hash_) for hash_ in hashes]
    return [_notice(words) for words in found if words]


def _notice(words: PromptVersion) -> dict[str, Any]:
    return {
        "notice_hash": words.hash,
        "language": words.locale,
        "surface": words.surface.value,
        "purposes": list(words.purposes),
        "text": words.text,
    }


def _decision(record: DecisionRecord, held: HeldData) -> dict[str, Any]:
    message = held.messages.get(record.decision_id)
    return {
        "id": record.decision_id,
        "decided_at": to_rfc3339(record.decided_at),
        "verdict": record.decision.verdict.value,
        "reasons": [reason.value for reason in record.decision.reasons],
        "purpose": record.decision.purpose,
        "sender": record.question.sender,
        "message_kind": record.question.kind.value,
        "template": record.question.template or None,
        "message": _readable(message) if message else None,
    }


def _other_messages(held: HeldData) -> list[dict[str, Any]]:
    """Write messages that were refused before the person was known, or that name them."""
    own = {record.decision_id for record in held.decisions}
    rest = sorted(held.messages.keys() - own)
    return [{"id": one, "message": _readable(held.messages[one])} for one in rest]


def _code(code: Mapping[str, Any]) -> dict[str, Any]:
    steps = [
        {"type": what, "channel": channel, "at": to_rfc3339(at)}
        for what, channel, at in code["history"]
    ]
    return {**code, "created_at": _time(code["created_at"]), "history": steps}


def _times(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _time(value) if key.endswith("_at") else value for key, value in row.items()}


def _readable(content: bytes) -> Any:
    """Give what was kept as JSON where it is, or else as text."""
    try:
        return json.loads(content)
    except ValueError:
        return content.decode("utf-8", "replace")


def _time(instant: Instant | None) -> str | None:
    return to_rfc3339(instant) if instant is not None else None
