"""A contact by its names, what its answers amount to, and lines of the ledger."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from askfirst.domain.consent.event import EventKind, Source
from askfirst.domain.consent.standing import Answer
from askfirst.domain.prompts.prompt import Surface
from askfirst.web.api.platform.models import (
    TEXT_MAX,
    Asked,
    AssuranceName,
    ContactIdText,
    NumberProofName,
    Time,
    Told,
)


class ContactName(Asked):
    """Exactly one name of a contact."""

    phone: str | None = Field(
        None,
        max_length=TEXT_MAX,
        description="A number as a person types it: with a plus (or 00) and its country code, or "
        "as it is dialled in `country`.",
        examples=["+44 7700 900123"],
    )
    country: str = Field(
        "",
        max_length=2,
        description="Where a `phone` without a country code is dialled (ISO 3166). Left out: the "
        "country that the business has set (`PUT /v1/business`).",
        examples=["GB"],
    )
    wa_id: str | None = Field(
        None,
        max_length=TEXT_MAX,
        description="The number as WhatsApp spells it: digits with the country code.",
        examples=["447700900123"],
    )
    bsuid: str | None = Field(
        None,
        max_length=TEXT_MAX,
        description="Meta's business-scoped user id, case included.",
        examples=["GB.13491208655302741918"],
    )


class LookupRequest(Asked):
    """Whose standing is wanted."""

    contact: ContactName


class BasisAnswer(Told):
    """The act that an answer rests on."""

    position: int = Field(description="The event's place in the ledger.")
    kind: EventKind
    surface: Surface | None = Field(description="Where a yes was given.")


class YesAnswer(Told):
    """A yes that counts."""

    assurance: AssuranceName = Field(description="How sure it is that the person said it.")
    number_proof: NumberProofName = Field(description="How it is known whose number it is.")
    surface: Surface
    position: int = Field(description="The event's place in the ledger.")
    at: Time = Field(description="When they said it.")


class StandingAnswer(Told):
    """What a contact's acts amount to for one purpose."""

    purpose: str = Field(description="What messages are for.")
    answer: Answer
    since: Time | None = Field(description="Since when this is the answer. Null: nobody has asked.")
    basis: BasisAnswer | None = Field(description="The event that the answer rests on.")
    assurance: AssuranceName | None = Field(description="The best of the yeses that are alive.")
    number_proof: NumberProofName | None = Field(
        description="The best number proof of the yeses that are alive."
    )
    ended_later_yes_at: Time | None = Field(
        description="Set where the no was said before this yes and arrived after it. It ended the "
        "yes all the same: ask the person again."
    )
    alive: list[YesAnswer] = Field(description="Every yes that still counts.")


class ContactAnswer(Told):
    """What is known of a contact's answers."""

    id: ContactIdText
    standing: list[StandingAnswer] = Field(description="The answer for each purpose.")
    natively_stopped_since: Time | None = Field(
        description="Since when WhatsApp's own switch for marketing is off."
    )
    doubted_since: Time | None = Field(
        description="Since when marketing rests because they wrote what may be a stop, were asked "
        "what they meant, and have not answered."
    )
    unreachable_since: Time | None = Field(description="Since when Meta could not deliver.")
    position: int = Field(description="The ledger position that this rests on.")


EventName = Annotated[
    str, Field(description="The id of the event.", examples=["evt_01KGA2V8M0Q3R5T7W9Y1B3D5F7"])
]


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
    source: Source = Field(description="The way by which the answer came in.")
    sender: str | None = Field(description="Set where it concerns one sender.")
    prompt: str | None = Field(description="The hash of the wording that was shown.")
    absorbed: str | None = Field(description="The contact that was merged into this one.")
    occurred_at: Time = Field(description="When the person acted.")
    recorded_at: Time = Field(description="When askfirst recorded it.")


class EventPage(Told):
    """A part of the ledger."""

    data: list[EventAnswer] = Field(description="The events.")
    next_cursor: str | None = Field(description="Give it as `after`; null: this was the last.")
