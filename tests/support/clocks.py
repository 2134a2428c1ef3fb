"""A clock that stands still until told, and names that count up."""

from __future__ import annotations

import hashlib

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
from askfirst.domain.values.timestamp import SECOND, Instant

NOON = Instant(1_768_478_400 * SECOND)
"""2026-01-15T12:00:00Z, when every test begins."""


def at(seconds: float) -> Instant:
    """A moment so many seconds after noon; before it, where negative."""
    return Instant(NOON + round(seconds * SECOND))


class FakeClock:
    """Shows noon until it is set, advanced, or jumps.

    Time passes where it is set or advanced; a jump is the wall clock's alone.
    """

    def __init__(self, start: Instant = NOON) -> None:
        self._now = start
        self._steady = 0

    def now(self) -> Instant:
        return self._now

    def steady(self) -> int:
        return self._steady

    def set(self, moment: Instant) -> None:
        self._steady += max(0, moment - self._now)
        self._now = moment

    def advance(self, seconds: float) -> Instant:
        self._steady += round(seconds * SECOND)
        return self.jump(seconds)

    def jump(self, seconds: float) -> Instant:
        """Set the wall clock, ahead or back, in no time."""
        self._now = Instant(self._now + round(seconds * SECOND))
        return self._now


class CountingIds:
    """Names in the order they were asked for: the same run gives the same names."""

    def __init__(self) -> None:
        self._count = 0

    def event(self) -> EventId:
        return EventId(self._next("evt"))

    def contact(self) -> ContactId:
        return ContactId(self._next("con"))

    def decision(self) -> DecisionId:
        return DecisionId(self._next("dec"))

    def webhook(self) -> WebhookId:
        return WebhookId(self._next("whk"))

    def key(self) -> KeyId:
        return KeyId(self._next("key"))

    def entry(self) -> EntryId:
        return EntryId(self._next("ent"))

    def proof(self) -> ProofId:
        return ProofId(self._next("prf"))

    def link(self) -> LinkId:
        return LinkId(self._next("lnk"))

    def brake(self) -> BrakeId:
        return BrakeId(self._next("brk"))

    def brake_change(self) -> BrakeChangeId:
        return BrakeChangeId(self._next("bch"))

    def subscription(self) -> SubscriptionId:
        return SubscriptionId(self._next("sub"))

    def held(self) -> HeldId:
        return HeldId(self._next("hld"))

    def receiver(self) -> ReceiverId:
        return ReceiverId(self._next("rcv"))

    def import_(self) -> ImportId:
        return ImportId(self._next("imp"))

    def screen(self) -> ScreenId:
        return ScreenId(self._next("scr"))

    def export_schedule(self) -> ExportScheduleId:
        return ExportScheduleId(self._next("exs"))

    def code(self) -> CodeId:
        return CodeId(self._next("cod"))

    def operator(self) -> OperatorId:
        return OperatorId(self._next("opr"))

    def session(self) -> SessionId:
        return SessionId(self._next("ses"))

    def audit_entry(self) -> AuditEntryId:
        return AuditEntryId(self._next("aud"))

    def passkey(self) -> PasskeyId:
        return PasskeyId(self._next("psk"))

    def entropy(self, size: int) -> bytes:
        return hashlib.blake2b(self._tick().to_bytes(16, "big"), digest_size=size).digest()

    def secret(self) -> str:
        return self._next("secret")

    def salt(self) -> bytes:
        return self._tick().to_bytes(16, "big")

    def _next(self, prefix: str) -> str:
        return f"{prefix}_{self._tick():026d}"

    def _tick(self) -> int:
        self._count += 1
        return self._count
