"""How an event looks in an answer: the same words as in the REST API."""

from __future__ import annotations

from askfirst.domain.consent.event import Event
from askfirst.domain.consent.receipt import choice_words
from askfirst.domain.values.timestamp import to_rfc3339
from askfirst.web.admin.admin_command import Answer


def event_row(event: Event) -> Answer:
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
        **choice_words(event),
    }
