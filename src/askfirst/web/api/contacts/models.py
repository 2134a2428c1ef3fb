"""A contact by its names, what its answers amount to, and lines of the ledger."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from askfirst.domain.consent.event import EventKind, Source
from askfirst.domain.consent.standing import Answer
from askfirst.domain.prompts.prompt import Surface
from askfirst.usecases.events.read_feed import WAIT_SECONDS_MAX
from askfirst.web.api.platform.models import (
    PURPOSES_MAX,
    TEXT_MAX,
    Asked,
    AssuranceName,
    ContactIdText,
    NumberProofName,
    PageQuery,
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
    id: str | None = Field(
        None,
        max_length=TEXT_MAX,
        description="The contact's id, as events have it.",
        examples=["con_01KGA2V8M0H2J4K6M8N0P2Q4R6"],
    )


class LookupRequest(Asked):
    """Whose standing is wanted."""

    contact: ContactName


class TimeZoneRequest(Asked):
    """Where a person lives, as the business knows it."""

    contact: ContactName
    time_zone: str | None = Field(
        max_length=TEXT_MAX,
        description="A zone of the IANA database. Null: their number tells again.",
        examples=["Europe/London"],
    )


class TimeZoneAnswer(Told):
    """The zone by which the quiet hours of a person go."""

    id: ContactIdText
    time_zones: list[str] = Field(
        description="The zones that the business named. Empty: their number tells."
    )


class FrequencyAnswer(Told):
    """How often at most."""

    count: int = Field(description="So many messages at most …")
    days: int = Field(description="… in so many days.")


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
    informed_at: Time | None = Field(
        description="When a notice about these messages was shown last. Null: never, or there was "
        "a no or a suspension. It is no answer; what it is worth is your policy's to say."
    )
    paused_until: Time | None = Field(
        None,
        description="Until when the person paused these messages. It may be over; null: never.",
    )


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
    frequency: FrequencyAnswer | None = Field(
        None,
        description="How often at most the person wants offers. Null: as often as you write.",
    )
    unreachable_since: Time | None = Field(
        description="When a message could last not be brought to them (131026). Null: never, or "
        "something has arrived on that day or since."
    )
    marketing_deferred_until: Time | None = Field(
        None,
        description="Until when Meta brings them no marketing (131049). It may be over; null: "
        "never.",
    )
    in_experiment_until: Time | None = Field(
        None,
        description="Until when they are taken to be in an experiment of Meta's (130472). It may "
        "be over; null: never.",
    )
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
    until: Time | None = Field(None, description="Set for `paused`: until when.")
    at_most: FrequencyAnswer | None = Field(
        None,
        description="Set for `limited`: how often at most. Null there: no limit any more.",
    )
    occurred_at: Time = Field(description="When the person acted.")
    recorded_at: Time = Field(description="When askfirst recorded it.")


class EventPage(Told):
    """A part of the ledger."""

    data: list[EventAnswer] = Field(description="The events.")
    next_cursor: str | None = Field(description="Give it as `after`; null: this was the last.")


class FeedAnswer(Told):
    """A part of the ledger, and where to go on."""

    data: list[EventAnswer] = Field(description="The events.")
    next_cursor: str = Field(
        description="Give it as `after`, now or whenever there may be more. It is always given."
    )
    has_more: bool = Field(
        description="Whether there is more now. A page may be empty and not the last one."
    )


class FeedQuery(PageQuery):
    """Which events, from where on."""

    kind: list[EventKind] = Field(
        [], max_length=16, description="Only events of this kind; may be given again."
    )
    purpose: list[str] = Field(
        [],
        max_length=PURPOSES_MAX,
        description="Only events that concern this purpose, one of its topics, its parent, or "
        "everything; may be given again.",
    )
    surface: Surface | None = Field(None, description="Only events of this surface.")
    since: str = Field(
        "",
        max_length=40,
        description="Only events that were recorded at this time or later (RFC 3339).",
        examples=["2026-01-31T09:00:00Z"],
    )
    wait: int = Field(
        0,
        ge=0,
        le=WAIT_SECONDS_MAX,
        description="Where there is none, wait up to so many seconds for the next.",
    )
