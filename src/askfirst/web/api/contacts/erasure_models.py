"""A person's own data as it is told to them, and what an erasure took away."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from askfirst.domain.brakes.verdicts import Mark
from askfirst.domain.consent.event import EventKind, Source
from askfirst.domain.consent.review import ReviewOutcome
from askfirst.domain.consent.standing import Answer
from askfirst.domain.held.held_message import HeldState
from askfirst.domain.operators.audit_entry import AuditAct, LookReason
from askfirst.domain.opt_out.reading import About
from askfirst.domain.prompts.prompt import Surface
from askfirst.web.api.contacts.models import EventAnswer, FrequencyAnswer
from askfirst.web.api.platform.models import (
    AssuranceName,
    ContactIdText,
    NumberProofName,
    Time,
    Told,
)


class RemovedAnswer(Told):
    """How much was taken away of what was kept as it came."""

    webhooks: int = Field(description="Deliveries of Meta's that named the person.")
    messages: int = Field(description="Bodies of messages to the person, sent or refused.")
    number_confirmations: int = Field(description="Links that were to prove the number.")
    codes: int = Field(description="Requests for one-time codes.")
    dead_letters: int = Field(
        description="Deliveries that wait for another account, without the person now."
    )


class ErasedAnswer(Told):
    """The erasure, and what it took away."""

    event: EventAnswer
    removed: RemovedAnswer


class EraseRequestAnswer(Told):
    """A person who asked for their data to be erased."""

    contact: ContactIdText
    requested_at: Time = Field(description="When they asked. You have a month to answer.")
    surface: Surface = Field(description="Where they asked.")


class EraseRequestPage(Told):
    """People who asked for their data to be erased and were not erased yet."""

    data: list[EraseRequestAnswer] = Field(description="Who asked.")
    next_cursor: str | None = Field(description="Give it as `after`; null: this was the last.")


class PartyExport(Told):
    """Who holds the data."""

    id: str = Field(description="The name of the business here.")


class IdentifierExport(Told):
    """One name of the person."""

    kind: Literal["phone", "wa_id", "bsuid", "parent_bsuid"] = Field(description="What it is.")
    value: str = Field(description="The number, as digits, or the id.")


class StandingExport(Told):
    """What holds for one purpose now."""

    purpose: str = Field(description="What messages are for.")
    state: Answer = Field(description="The answer in force.")
    since: Time | None = Field(description="Since when. Null: nobody has asked.")
    assurance: AssuranceName | None = Field(description="How sure it is that they said it.")
    number_proof: NumberProofName | None = Field(description="How it is known whose number it is.")


class EventExport(Told):
    """One thing that the person said, or that happened to their answers."""

    id: str = Field(description="The id of the event.")
    position: int = Field(description="Its place in the ledger.")
    type: EventKind = Field(description="What happened.")
    state: str = Field(description="What the person's own record of their choice calls it.")
    purposes: list[str] = Field(description="What it is about; `*`: everything.")
    occurred_at: Time = Field(description="When the person acted.")
    recorded_at: Time = Field(description="When askfirst recorded it.")
    collection_method: Source = Field(description="The way by which it came in.")
    surface: Surface = Field(description="Where they were asked.")
    assurance: AssuranceName = Field(description="How sure it is that they said it.")
    number_proof: NumberProofName = Field(description="How it is known whose number it is.")
    until: Time | None = Field(None, description="Of a pause: until when.")
    at_most: FrequencyAnswer | None = Field(None, description="How often at most they chose.")
    notice_hash: str | None = Field(description="Which of the `notices` was shown.")
    sender: str | None = Field(description="Set where it concerns one sender.")
    evidence: Any = Field(description="What was kept to prove it. Null: nothing.")


class NoticeExport(Told):
    """Words that the person was shown."""

    notice_hash: str = Field(description="The hash of the words.")
    language: str = Field(description="Their language, as a BCP 47 tag.")
    surface: Surface = Field(description="Where they were shown.")
    purposes: list[str] = Field(description="What they asked for.")
    text: str = Field(description="The words.")


class DecisionExport(Told):
    """A message to the person, and whether it was sent."""

    id: str = Field(description="The id of the decision.")
    decided_at: Time = Field(description="When it was to be sent.")
    verdict: str = Field(description="`allow`, `deny` or `wait`.")
    reasons: list[str] = Field(description="Why.")
    purpose: str = Field(description="What it was for.")
    sender: str = Field(description="From which phone number id.")
    message_kind: str = Field(description="Template, free-form text, and so on.")
    template: str | None = Field(description="The name of the template.")
    message: Any = Field(description="The message, while it is kept.")


class OtherMessageExport(Told):
    """A message that names the person, from before they were known."""

    id: str = Field(description="The id of the decision.")
    message: Any = Field(description="The message.")


class CodeStepExport(Told):
    """One thing that happened to a request for a code."""

    type: str = Field(description="What happened.")
    channel: str = Field(description="`whatsapp` or `sms`.")
    at: Time = Field(description="When.")


class CodeExport(Told):
    """A request for a one-time code. Codes themselves are not kept."""

    id: str = Field(description="The id of the request.")
    purpose: str = Field(description="What the code was for.")
    state: str = Field(description="How it ended.")
    created_at: Time = Field(description="When it was asked for.")
    network_address: str | None = Field(description="From which address.")
    history: list[CodeStepExport] = Field(description="What happened to it.")


class NumberConfirmationExport(Told):
    """A link with which the number was to prove itself."""

    purposes: list[str] = Field(description="What it was about.")
    created_at: Time = Field(description="When it was made.")
    expires_at: Time = Field(description="Until when it works.")
    proven_at: Time | None = Field(description="When the number proved itself.")


class DeliveryExport(Told):
    """What Meta delivered about the person, while it is kept."""

    received_at: Time = Field(description="When it came.")
    content: Any = Field(description="The delivery, without other people.")


class LastWroteExport(Told):
    """When the person last wrote to a sender."""

    sender: str = Field(description="The phone number id.")
    at: Time = Field(description="When.")


class LinkExport(Told):
    """A link to the person's preference page. Its address is not repeated."""

    created_at: Time = Field(description="When it was made.")
    expires_at: Time = Field(description="Until when it works.")
    revoked_at: Time | None = Field(description="When it was revoked.")


class QuestionExport(Told):
    """A question that the person was asked in the chat."""

    prompt: str = Field(description="The name of the prompt.")
    at: Time = Field(description="When.")


class ArrivalExport(Told):
    """A QR code or link through which the person came."""

    entry: str = Field(description="The id of the entry point.")
    at: Time = Field(description="When.")


class ReviewExport(Told):
    """A complaint or request to be erased in the chat, and what was done about it."""

    position: int = Field(description="The place of its event in the ledger.")
    about: About = Field(description="Which of the two it was.")
    said_at: Time = Field(description="When they wrote it.")
    outcome: ReviewOutcome | None = Field(description="What was done. Null: it is open.")
    closed_at: Time | None = Field(description="When it was closed.")
    reason: str = Field(description="What the operator noted; empty: it is open.")


class HeldExport(Told):
    """A message that was handed over to wait until it may leave."""

    id: str = Field(description="Its id.")
    held_at: Time = Field(description="When it was handed over.")
    state: HeldState = Field(description="Where it is, or how it ended.")
    ended_at: Time | None = Field(description="When it ended. Null: it waits.")
    message: Any = Field(description="The message, while it waits.")


class CountedMessageExport(Told):
    """A message that counts towards how many the person may get."""

    decision: str = Field(description="The id of the decision on it.")
    sent_at: Time = Field(description="When it was sent.")
    purpose: str = Field(description="What it was for.")


class MarketingMessageExport(Told):
    """A marketing message, and what became of it."""

    decision: str = Field(description="The id of the decision on it.")
    sent_at: Time = Field(description="When it was sent.")
    became: list[Mark] = Field(description="What became of it; empty: nothing is known.")


class LookExport(Told):
    """An operator looked at the person, or did something about them."""

    at: Time = Field(description="When.")
    act: AuditAct = Field(description="What it was.")
    reason: LookReason | None = Field(description="Why a number was looked at. Null: none given.")


class ExportAnswer(Told):
    """Everything that is held about one person."""

    format: str = Field(description="The shape of this document, and its version.")
    exported_at: Time = Field(description="When it was written.")
    party: PartyExport
    principal_id: str = Field(description="The pseudonym on the person's receipts.")
    contact: ContactIdText
    identifiers: list[IdentifierExport] = Field(description="The person's numbers and ids.")
    standing: list[StandingExport] = Field(description="What holds now, for each purpose.")
    events: list[EventExport] = Field(description="The person's part of the ledger.")
    notices: list[NoticeExport] = Field(description="The words that they were shown.")
    decisions: list[DecisionExport] = Field(description="Messages to them, sent or refused.")
    other_messages: list[OtherMessageExport] = Field(description="Other messages that name them.")
    codes: list[CodeExport] = Field(description="Requests for one-time codes.")
    number_confirmations: list[NumberConfirmationExport] = Field(
        description="Links that were to prove the number."
    )
    deliveries: list[DeliveryExport] = Field(description="What Meta delivered about them.")
    counted_messages: list[CountedMessageExport] = Field(
        description="Messages that count towards how many they may get."
    )
    marketing_messages: list[MarketingMessageExport] = Field(
        description="Marketing messages of the last 10 days, and what became of them."
    )
    unreachable_since: Time | None = Field(
        description="Since when messages do not reach them. Null: they do, as far as is known."
    )
    last_wrote: list[LastWroteExport] = Field(description="When they last wrote to you.")
    preference_links: list[LinkExport] = Field(description="Links to their preference page.")
    questions_in_chat: list[QuestionExport] = Field(description="What they were asked in the chat.")
    entry_points: list[ArrivalExport] = Field(description="How they came to the chat.")
    time_zones: list[str] = Field(description="Where they live, by the word of the business.")
    held_messages: list[HeldExport] = Field(description="Messages that wait, or waited, for them.")
    looked_at: list[LookExport] = Field(
        description="When operators looked at them in the console, and what they did."
    )
    reviews: list[ReviewExport] = Field(
        description="Complaints and requests to be erased that they wrote in the chat."
    )
    erase_requested_at: Time | None = Field(description="When they asked to be erased.")
