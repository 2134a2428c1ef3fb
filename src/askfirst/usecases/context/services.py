"""Everything a use case may need, in one frozen value that bootstrap builds.

A use case that needs another one declares a protocol with what it needs of it. Here they are bound:
each method below stands for the use case of its name, given this very value.
"""

from __future__ import annotations

from collections.abc import Awaitable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from askfirst.decision.policy import Policy
from askfirst.decision.question import SendRequest
from askfirst.decision.reason import Reason
from askfirst.domain.bulk.screen_job import ScreenJob
from askfirst.domain.codes.code import Code
from askfirst.domain.consent.consent import Consent
from askfirst.domain.consent.event import Event
from askfirst.domain.consent.standing import Standing
from askfirst.domain.inbound.delivery import Envelope
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.ids import BusinessId, ContactId, PhoneNumberId, Position, WabaId
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.bulk.screens import Snapshot
from askfirst.ports.codes.composer import Letter
from askfirst.ports.consent.change import Committed
from askfirst.usecases.brakes import note_signals
from askfirst.usecases.bulk.screens.screening import Screening
from askfirst.usecases.codes import code_wish, deliver_code
from askfirst.usecases.codes.delivery_outcome import DeliveryFailure
from askfirst.usecases.consent import (
    collect_evidence,
    issue_receipt,
    record_consent,
    show_event,
    tell_effect,
)
from askfirst.usecases.consent.evidence import purpose_standings
from askfirst.usecases.consent.evidence.case_file import CaseFile, PurposeStanding
from askfirst.usecases.consent.evidence.event_sheet import EventSheet
from askfirst.usecases.context.meta_ports import MetaPorts
from askfirst.usecases.context.process_ports import ProcessPorts
from askfirst.usecases.context.stored_ports import StoredPorts
from askfirst.usecases.inbound import replay_dead_letters, take_webhook
from askfirst.usecases.inbound.route_events import Share
from askfirst.usecases.sending import send_message, send_own_message, show_decision
from askfirst.usecases.sending.decisions.decision_sheet import DecisionSheet
from askfirst.usecases.sending.outbound.outcomes import Refused, UnknownOutcome
from askfirst.usecases.sending.outbound.own_messages import OwnMessageOutcome
from askfirst.usecases.sending.outbound.sends import Send, Sent
from askfirst.usecases.sending.patience import Patience


@dataclass(frozen=True, kw_only=True)
class Services(StoredPorts, MetaPorts, ProcessPorts):
    """The world as the use cases see it."""

    @classmethod
    def of(cls, stored: StoredPorts, meta: MetaPorts, process: ProcessPorts) -> Self:
        """Join the groups; a port that is missing is an error of types where its group is made."""
        return cls(**vars(stored), **vars(meta), **vars(process))

    @property
    def policy(self) -> Policy:
        """The policy that is followed now: it may be another one the next time."""
        return self.policies.policy

    def send_message(
        self, send: Send, patience: Patience | None = None
    ) -> Awaitable[Sent | Refused | UnknownOutcome]:
        """Let a message leave, if it may."""
        return send_message.send_message(self, send, patience)

    def conclude_send(
        self, sent: Sent, message_id: str, names: tuple[Alias, ...], code: int = 0
    ) -> Awaitable[None]:
        """Write down what Meta answered to a message."""
        return send_message.conclude_send(self, sent, message_id, names, code)

    def send_own_message(
        self, question: SendRequest, letter: Letter, objection: Reason | None = None
    ) -> Awaitable[OwnMessageOutcome]:
        """Send a message of askfirst's own, if it may leave."""
        return send_own_message.send_own_message(self, question, letter, objection)

    def fall_back(self, code: Code, failure: DeliveryFailure) -> Awaitable[None]:
        """Let another code follow one that failed."""
        return deliver_code.fall_back(self, code, failure)

    def act_on(
        self, owned: Mapping[BusinessId, Share], body: bytes, heard_at: Instant, envelope: Envelope
    ) -> Awaitable[object]:
        """Act on what Meta delivered before."""
        return take_webhook.act_on(self, owned, body, heard_at, envelope)

    def take_up_account(self, waba_id: WabaId, until: Instant) -> Awaitable[None]:
        """Take up what waits for an account."""
        return replay_dead_letters.take_up_account(self, waba_id, until)

    def take_up_number(self, phone_number_id: PhoneNumberId, until: Instant) -> Awaitable[None]:
        """Take up what waits for a number."""
        return replay_dead_letters.take_up_number(self, phone_number_id, until)

    def note_codes(
        self,
        business_id: BusinessId,
        codes: Iterable[int],
        sender: PhoneNumberId | None,
        waba: WabaId | None,
    ) -> Awaitable[None]:
        """Set the brakes that Meta's error codes ask for."""
        return note_signals.note_codes(self, business_id, codes, sender, waba)

    def write_down_wish(self, code: Code, objection: Reason | None) -> Awaitable[None]:
        """Write down the wish for a code, before the code leaves."""
        return code_wish.write_down_wish(self, code, objection)

    def record_wish(self, code: Code) -> Awaitable[None]:
        """Write down the wish for a code."""
        return code_wish.record_wish(self, code)

    def is_wish_known(self, code: Code) -> Awaitable[bool]:
        """Look for the wish for a code in the ledger."""
        return code_wish.is_wish_known(self, code)

    def needs_proof(self, event: Event, alias: Alias) -> bool:
        """Return whether policy asks for more than this yes."""
        return tell_effect.needs_proof(self, event, alias)

    def begin_screening(self, job: ScreenJob, state: Snapshot) -> Awaitable[Screening]:
        """Begin to ask the gate's rules of the rows of a list."""
        return Screening.begin(self, job, state)

    def sheets_of(
        self,
        business_id: BusinessId,
        events: Sequence[Event],
        contact_id: ContactId,
        *,
        with_names: bool,
    ) -> Awaitable[tuple[EventSheet, ...]]:
        """Gather what belongs to each of a person's events."""
        return show_event.sheets_of(self, business_id, events, contact_id, with_names=with_names)

    def list_decisions(
        self, business_id: BusinessId, person: Alias | ContactId, after: str, limit: int
    ) -> Awaitable[tuple[DecisionSheet, ...]]:
        """Return a page of the decisions on a person."""
        return show_decision.list_decisions(self, business_id, person, after, limit)

    def issue_receipt(self, business_id: BusinessId, position: Position) -> Awaitable[str | None]:
        """Sign the receipt of one event."""
        return issue_receipt.issue_receipt(self, business_id, position)

    def purpose_standings(
        self,
        business_id: BusinessId,
        standing: Standing,
        position: Position,
        names: tuple[Alias, ...],
        now: Instant,
    ) -> tuple[PurposeStanding, ...]:
        """Return what holds for each purpose of one person."""
        return purpose_standings.purpose_standings(
            self, business_id, standing, position, names, now
        )

    def collect_evidence(
        self, business_id: BusinessId, person: Alias | ContactId, *, is_signed: bool
    ) -> Awaitable[CaseFile]:
        """Collect everything that can be shown about one person."""
        return collect_evidence.collect_evidence(self, business_id, person, is_signed=is_signed)

    def record_consent(self, consent: Consent) -> Awaitable[Committed]:
        """Append one event: an answer that somebody reports."""
        return record_consent.record_consent(self, consent)
