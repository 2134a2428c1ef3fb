"""Time and names, from outside the core."""

from __future__ import annotations

from typing import Protocol

from askfirst.domain.values.ids import (
    AuditEntryId,
    BrakeChangeId,
    BrakeId,
    CodeId,
    ContactId,
    DecisionId,
    EntryId,
    EventId,
    ExportScheduleId,
    HeldId,
    ImportId,
    KeyId,
    LinkId,
    OperatorId,
    PasskeyId,
    ProofId,
    ReceiverId,
    ScreenId,
    SessionId,
    SubscriptionId,
    WebhookId,
)
from askfirst.domain.values.timestamp import Instant


class Clock(Protocol):
    """The time of day."""

    def now(self) -> Instant:
        """Return the present moment, UTC: for stamps, and for what other processes must know, too.

        It follows the machine's clock wherever that is set; it may go back.
        """
        ...

    def steady(self) -> int:
        """Return microseconds that only ever go on, sleep included: how long a thing has lasted.

        They count from anywhere, and mean nothing outside this process.
        """
        ...


class Ids(Protocol):
    """Fresh names: prefixed, sorted by time, not to be guessed, never the same twice."""

    def event(self) -> EventId:
        """Name an event: `evt_…`."""
        ...

    def contact(self) -> ContactId:
        """Name a contact: `con_…`. It must not be derived from anything about the person."""
        ...

    def decision(self) -> DecisionId:
        """Name a decision: `dec_…`."""
        ...

    def webhook(self) -> WebhookId:
        """Name a delivery of Meta's: `whk_…`."""
        ...

    def key(self) -> KeyId:
        """Name an API key: `key_…`."""
        ...

    def entry(self) -> EntryId:
        """Name an entry point: `ent_…`."""
        ...

    def proof(self) -> ProofId:
        """Name a proof of a number: `prf_…`."""
        ...

    def link(self) -> LinkId:
        """Name a personal link: `lnk_…`."""
        ...

    def code(self) -> CodeId:
        """Name a request for a code: `cod_…`."""
        ...

    def subscription(self) -> SubscriptionId:
        """Name a subscription: `sub_…`."""
        ...

    def held(self) -> HeldId:
        """Name a message that is held: `hld_…`."""
        ...

    def brake(self) -> BrakeId:
        """Name a brake: `brk_…`."""
        ...

    def brake_change(self) -> BrakeChangeId:
        """Name a change of a brake: `bch_…`."""
        ...

    def receiver(self) -> ReceiverId:
        """Name a receiver of webhooks: `rcv_…`."""
        ...

    def import_(self) -> ImportId:
        """Name an import: `imp_…`."""
        ...

    def screen(self) -> ScreenId:
        """Name a screening."""
        ...

    def operator(self) -> OperatorId:
        """Name an operator: `opr_…`."""
        ...

    def session(self) -> SessionId:
        """Name a session of an operator's: `ses_…`."""
        ...

    def audit_entry(self) -> AuditEntryId:
        """Name a line of the audit log: `aud_…`."""
        ...

    def passkey(self) -> PasskeyId:
        """Name a passkey of an operator's: `psk_…`."""
        ...

    def export_schedule(self) -> ExportScheduleId:
        """Name a schedule of exports: `exs_…`."""
        ...

    def entropy(self, size: int) -> bytes:
        """Return so many random bytes from the kernel."""
        ...

    def secret(self) -> str:
        """Make an unguessable text of 128 bits or more, safe in headers and URLs."""
        ...

    def salt(self) -> bytes:
        """Make 16 random bytes."""
        ...


class HasClock(Protocol):
    """Whatever brings the clock along."""

    @property
    def clock(self) -> Clock:
        """The clock."""
        ...


class HasIds(Protocol):
    """Whatever brings fresh ids along."""

    @property
    def ids(self) -> Ids:
        """Fresh ids."""
        ...
