"""An event with all that came in with it."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from askfirst.domain.prompts.prompt import PromptKind, Surface
from askfirst.usecases.consent.evidence.event_sheet import EvidenceState
from askfirst.web.api.contacts.erasure_models import IdentifierExport
from askfirst.web.api.contacts.models import EventAnswer
from askfirst.web.api.platform.models import PromptKey, Told


class ShownAnswer(Told):
    """The words that were shown, out of the prompt version that was kept."""

    hash: str = Field(description="The name of the version: the hash of its content.")
    key: PromptKey
    kind: PromptKind
    locale: str = Field(description="The language of the words.")
    surface: Surface
    purposes: list[str] = Field(description="What was asked for.")
    text: str = Field(description="The words, exactly.")


class WitnessAnswer(Told):
    """Who took the answer down, by word of mouth or on paper."""

    taken_by: str = Field(description="Your name of the person who took it down.")
    form: str | None = Field(None, description="The version of the script or form.")
    scan_sha256: str | None = Field(None, description="The hash of the scan or recording.")


class EventDetail(EventAnswer):
    """One line of the ledger, with everything that belongs to it."""

    summary: str = Field(description="The event in a sentence; no two ways of a yes read the same.")
    shown: ShownAnswer | None = Field(
        description="What the person was shown. Null: no words were recorded."
    )
    witness: WitnessAnswer | None = Field(description="Who took it down. Null: nobody did.")
    note: str | None = Field(description="What an operator wrote beside it.")
    typed: str | None = Field(description="What the person wrote in the chat.")
    evidence: Any = Field(description="Everything that was given to prove it. Null: nothing.")
    evidence_state: EvidenceState = Field(
        description="`kept`: it is what the event's hash commits to. `altered`: it is not. "
        "`erased`: it went with the person. `none`: there never was any."
    )
    identifiers: list[IdentifierExport] | None = Field(
        description="The person's numbers and ids. Null: the key lacks the scope `numbers:read`."
    )
    decisions: list[str] = Field(
        description="The ids of decisions whose answer rested on this event."
    )


class EventDetailPage(Told):
    """A part of a person's history."""

    data: list[EventDetail] = Field(description="The events, the oldest first.")
    next_cursor: str | None = Field(description="Give it as `after`; null: this was the last.")
