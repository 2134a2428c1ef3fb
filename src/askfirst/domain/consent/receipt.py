"""The copy of an answer that a person can keep and check without us.

Fields follow ISO/IEC TS 27560:2023 (consent record and receipt) as the W3C's Data Privacy
Vocabulary guide names them: the party, the notice word for word and its hash, purposes, the event
with its state and time, how to withdraw. There is no number in it: the person is named by a
pseudonym, the same on all their receipts, so one that gets lost tells nobody whose it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from askfirst.domain.consent.choice import PauseUntil
from askfirst.domain.consent.event import Event, EventKind, NumberProof, leaf_bytes, leaf_hash
from askfirst.domain.consent.frequency import Frequency
from askfirst.domain.prompts.prompt import PromptVersion
from askfirst.domain.tenants.api_key import Business
from askfirst.domain.tenants.profile import Profile
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.timestamp import Instant, to_rfc3339

SCHEMA: Final = "askfirst-receipt/1 (ISO/IEC TS 27560:2023)"
STATES: Final[Mapping[EventKind, str]] = MappingProxyType(
    {
        EventKind.GRANTED: "given",
        EventKind.INFORMED: "informed",
        EventKind.CONFIRMED: "vouched",
        EventKind.REFUSED: "refused",
        EventKind.WITHDRAWN: "withdrawn",
        EventKind.NATIVE_STOPPED: "withdrawn",
        EventKind.NATIVE_RESUMED: "resumed",
        EventKind.SUSPENDED: "suspended",
        EventKind.PAUSED: "paused",
        EventKind.LIMITED: "limited",
    }
)
"""What an event is called on a receipt; kinds that are not listed are nothing of a person's.

A notice is no answer, and is not called one: the person was informed.
"""

_PROVEN: Final = "confirmed"


def state_of(event: Event) -> str:
    """Return what an event is called on a receipt: only what was proven is called confirmed.

    A business's own `confirm` is its word for the number (`vouched`), whatever its evidence says.

    Raises:
        InvalidInput: the event is neither an answer of a person nor a notice to one.
    """
    if event.kind not in STATES:
        raise InvalidInput("position", "must be that of a yes, a no, a withdrawal or a notice")
    is_proven = event.kind is EventKind.CONFIRMED and event.number_proof is NumberProof.PROVEN
    return _PROVEN if is_proven else STATES[event.kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """How a receipt is made out: to which pseudonym, when, and which page says how to stop.

    A stranger, who may have typed any number, is not told how sure the answer is: that would tell
    what the number's holder has said before.
    """

    principal: str
    issued_at: Instant
    withdraw_at: str
    is_for_stranger: bool = False


def receipt_of(
    event: Event, words: PromptVersion | None, business: Business, profile: Profile, issue: Issue
) -> Mapping[str, Any]:
    """Write a receipt as JSON values; what is not known is left out, not left empty.

    Raises:
        InvalidInput: the event is no answer of a person.
    """
    state = state_of(event)
    return {
        "schema": SCHEMA,
        "receipt_id": f"rcp_{event.event_id.partition('_')[2]}",
        "issued_at": to_rfc3339(issue.issued_at),
        "principal_id": issue.principal,
        "party": _party(business, profile),
        "purposes": list(event.purposes) or ["*"],
        "event": {
            "id": event.event_id,
            "state": state,
            "surface": event.surface.value,
            **({} if issue.is_for_stranger else {"assurance": event.assurance.name.lower()}),
            "number_proof": event.number_proof.name.lower(),
            **choice_words(event),
            "occurred_at": to_rfc3339(event.occurred_at),
            "recorded_at": to_rfc3339(event.recorded_at),
        },
        "ledger": {
            "position": event.position,
            "leaf_hash": leaf_hash(leaf_bytes(event)).hex(),
        },
        **({"notice": _notice(words)} if words else {}),
        "withdrawal": {"reply": "STOP", "page": issue.withdraw_at},
    }


def choice_words(event: Event) -> dict[str, Any]:
    """Tell what the person chose, in the words of the API; nothing where it is no choice."""
    match event.choice:
        case PauseUntil(until):
            return {"until": to_rfc3339(until)}
        case Frequency(count, days):
            return {"at_most": {"count": count, "days": days}}
        case None:
            return {}


def _party(business: Business, profile: Profile) -> dict[str, str]:
    told = {
        "role": "controller",
        "id": business.business_id,
        "name": business.name,
        "contact": profile.contact,
        "privacy_notice": profile.privacy_url,
        "jurisdiction": profile.country,
    }
    return {name: value for name, value in told.items() if value}


def _notice(words: PromptVersion) -> dict[str, str]:
    return {
        "hash": words.hash,
        "language": words.locale.replace("_", "-"),
        "words": words.text,
        "key": words.key,
    }
