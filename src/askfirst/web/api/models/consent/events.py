"""Lines of the ledger, as they go out."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from askfirst.domain.consent.event import EventKind, Source
from askfirst.domain.prompts.prompt import Surface
from askfirst.web.api.models.base import AssuranceName, ContactIdText, NumberProofName, Time, Told

EventName = Annotated[str, Field(examples=["evt_01KGA2V8M0Q3R5T7W9Y1B3D5F7"])]


class EventAnswer(Told):
    """One line of the ledger."""

    id: EventName
    position: int = Field(description="Its place in the ledger: 1, 2, 3 … without gaps.")
    kind: EventKind
    contact: ContactIdText
    purposes: list[str] = Field(description="Empty: everything.")
    assurance: AssuranceName = Field(description="How sure it is that the holder said it.")
    number_proof: NumberProofName = Field(description="How it is known whose number it is.")
    surface: Surface
    source: Source
    sender: str | None = Field(description="Set where it concerns one sender.")
    prompt: str | None = Field(description="The hash of the wording that was shown.")
    absorbed: str | None = Field(description="The contact that was merged into this one.")
    occurred_at: Time
    recorded_at: Time


class EventPage(Told):
    """A part of the ledger."""

    data: list[EventAnswer]
    next_cursor: str | None = Field(description="Give it as `after`; null: this was the last.")
