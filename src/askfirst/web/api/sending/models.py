"""Decisions as they were written down, and how they compare with what the ledger gives."""

from __future__ import annotations

from pydantic import Field

from askfirst.decision.decision import Verdict
from askfirst.decision.question import MessageKind
from askfirst.usecases.sending.decisions.decision_sheet import Incomparable
from askfirst.web.api.platform.models import ContactIdText, PageQuery, Time, Told


class DifferenceAnswer(Told):
    """One part of a decision that comes out differently."""

    part: str = Field(description="Which part: `verdict`, `reasons`, `rule` and so on.")
    stored: str = Field(description="As it was written down.")
    derived: str = Field(description="As the ledger and the policy give it.")


class ComparisonAnswer(Told):
    """The decision made once more: the events are folded anew, up to `position`, and judged."""

    matches: bool | None = Field(
        description="Whether it comes out the same. Null: it cannot be made again; see "
        "`incomparable`."
    )
    differences: list[DifferenceAnswer] = Field(description="What comes out differently.")
    incomparable: Incomparable | None = Field(
        description="`circumstances_unknown`: an older version of askfirst made it, which did not "
        "keep what it rested on beside the ledger. `policy_unknown`: its policy was not kept. "
        "`counts_not_kept`: how much had been sent by then spoke against it, which is not kept."
    )


class OutcomeAnswer(Told):
    """What became of a message that was allowed."""

    left_at: Time | None = Field(description="When its first byte left. Null: it did not leave.")
    status: int = Field(description="The HTTP status of Meta's answer. 0: there was none.")


class DecisionReason(Told):
    """Why: a code of a closed list, and what it means."""

    code: str = Field(description="The reason, for programs. It never changes.")
    explanation: str = Field(description="What it means.")


class DecisionAnswer(Told):
    """What was decided on one message, and whether the ledger gives the same."""

    id: str = Field(description="The id of the decision.")
    decided_at: Time = Field(description="When it was decided.")
    contact: ContactIdText | None = Field(description="Whom it is on. Null: nobody was known.")
    verdict: Verdict
    reasons: list[DecisionReason] = Field(description="Why.")
    rule: int = Field(description="The number of the rule that spoke.")
    purpose: str = Field(description="What the message was for, as it was found.")
    position: int = Field(description="The ledger position that it rests on.")
    policy: str = Field(description="The fingerprint of the policy that was in force.")
    basis: int | None = Field(
        description="The position of the event that the answer for this purpose rested on. Null: "
        "there was none, or the message needed none."
    )
    retry_at: Time | None = Field(description="With `wait`: from when on it might be sent.")
    sender: str = Field(description="From which phone number id.")
    message_kind: MessageKind
    template: str | None = Field(description="The name of the template.")
    language: str | None = Field(description="The language of the template.")
    country: str | None = Field(description="The recipient's country.")
    campaign: str | None = Field(description="The label that the sender gave it. Null: none.")
    outcome: OutcomeAnswer | None = Field(
        description="What became of it. Null: it was refused, or the outcome is not known."
    )
    again: ComparisonAnswer


class DecisionPage(Told):
    """Decisions on one person, or those under one label that have one reason."""

    data: list[DecisionAnswer] = Field(description="The decisions, the oldest first.")
    next_cursor: str | None = Field(description="Give it as `after`; null: this was the last.")


class DecisionQuery(PageQuery):
    """Whose decisions, or those of which campaign and reason; and which part of the list."""

    contact: str = Field(
        "",
        max_length=256,
        description="A contact id, which keeps the number out of the address; or a number such as "
        "`+447700900123`, bare digits, or a business-scoped user id.",
        examples=["con_01KGA2V8M0H2J4K6M8N0P2Q4R6"],
    )
    campaign: str = Field("", max_length=64, description="Or the label of a campaign.")
    reason: str = Field(
        "", max_length=64, description="With `campaign`: the code of the reason, as in the summary."
    )
    since: str = Field(
        "", max_length=40, description="With `campaign`: only decisions made then or later."
    )


class SummaryQuery(PageQuery):
    """Which campaign, and since when."""

    campaign: str = Field(
        "",
        max_length=64,
        description="The label; empty: each label that a send had, a page at a time.",
        examples=["spring_sale"],
    )
    since: str = Field(
        "",
        max_length=40,
        description="Only decisions made then or later; empty: all.",
        examples=["2026-01-31T09:00:00Z"],
    )


class ReasonSummary(Told):
    """One reason's part of a campaign."""

    verdict: Verdict
    code: str = Field(description="The reason, for programs. It never changes.")
    explanation: str = Field(description="What it means.")
    remedy: str = Field(description="What to do about it. May be empty.")
    decisions: int = Field(description="How many sends were decided so.")
    percent: float = Field(description="Their part, to a tenth. All parts sum to 100.")
    people: int = Field(
        description="How many different contacts that was on. Who is not known is none."
    )
    list: str = Field(description="The address that lists them, page by page.")


class LabelSummary(Told):
    """What became of the sends under one label."""

    campaign: str = Field(description="The label.")
    decisions: int = Field(description="How many decisions there are under the label.")
    reasons: list[ReasonSummary] = Field(description="By reason, the most frequent first.")


class CampaignAnswer(Told):
    """What became of the sends under one label, or under each of a page of labels."""

    campaign: str | None = Field(description="The label that was asked for. Null: none was.")
    since: Time | None = Field(description="Since when they are counted. Null: all are.")
    decisions: int = Field(description="How many decisions there are under the label, or labels.")
    reasons: list[ReasonSummary] = Field(
        description="By reason, the most frequent first. Empty where no label was asked for."
    )
    campaigns: list[LabelSummary] = Field(
        description="Each label in alphabetical order, where none was asked for."
    )
    next_cursor: str | None = Field(description="Send it as `after`. Null: this is the last page.")
