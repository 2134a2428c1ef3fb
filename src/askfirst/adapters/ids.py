"""Fresh names out of the clock and the kernel's randomness."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable, Iterator

from askfirst.domain.values.ids import (
    ENTROPY_BYTES,
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
    Prefix,
    ProofId,
    ReceiverId,
    ScreenId,
    SessionId,
    SubscriptionId,
    WebhookId,
    mint,
)
from askfirst.ports.platform.clock import Clock

_BLOCK_BYTES = 256 * ENTROPY_BYTES
_SECRET_BYTES = 24
_SALT_BYTES = 16
_MICROSECONDS = 1_000


class SystemIds:
    """Mints ids; randomness is fetched in blocks, because a system call an id costs too much.

    # INVARIANT: a block never outlives a fork, or parent and child would mint the same ids.
    """

    def __init__(self, clock: Clock, entropy: Callable[[int], bytes] = os.urandom) -> None:
        self._clock = clock
        self._entropy = entropy
        self._chunks: Iterator[bytes] = iter(())
        self._owner = os.getpid()

    def event(self) -> EventId:
        """Name an event."""
        return EventId(self._mint(Prefix.EVENT))

    def contact(self) -> ContactId:
        """Name a contact."""
        return ContactId(self._mint(Prefix.CONTACT))

    def decision(self) -> DecisionId:
        """Name a decision."""
        return DecisionId(self._mint(Prefix.DECISION))

    def webhook(self) -> WebhookId:
        """Name a delivery of Meta's."""
        return WebhookId(self._mint(Prefix.WEBHOOK))

    def key(self) -> KeyId:
        """Name an API key."""
        return KeyId(self._mint(Prefix.KEY))

    def entry(self) -> EntryId:
        """Name an entry point."""
        return EntryId(self._mint(Prefix.ENTRY))

    def proof(self) -> ProofId:
        """Name a proof of a number."""
        return ProofId(self._mint(Prefix.PROOF))

    def link(self) -> LinkId:
        """Name a personal link."""
        return LinkId(self._mint(Prefix.LINK))

    def code(self) -> CodeId:
        """Name a request for a code."""
        return CodeId(self._mint(Prefix.CODE))

    def subscription(self) -> SubscriptionId:
        """Name a subscription."""
        return SubscriptionId(self._mint(Prefix.SUBSCRIPTION))

    def held(self) -> HeldId:
        """Name a message that is held."""
        return HeldId(self._mint(Prefix.HELD))

    def brake(self) -> BrakeId:
        """Name a brake."""
        return BrakeId(self._mint(Prefix.BRAKE))

    def brake_change(self) -> BrakeChangeId:
        """Name a change of a brake."""
        return BrakeChangeId(self._mint(Prefix.BRAKE_CHANGE))

    def receiver(self) -> ReceiverId:
        """Name a receiver of webhooks."""
        return ReceiverId(self._mint(Prefix.RECEIVER))

    def import_(self) -> ImportId:
        """Name an import."""
        return ImportId(self._mint(Prefix.IMPORT))

    def screen(self) -> ScreenId:
        """Name a screening."""
        return ScreenId(self._mint(Prefix.SCREEN))

    def operator(self) -> OperatorId:
        """Name an operator."""
        return OperatorId(self._mint(Prefix.OPERATOR))

    def session(self) -> SessionId:
        """Name a session of an operator's."""
        return SessionId(self._mint(Prefix.SESSION))

    def audit_entry(self) -> AuditEntryId:
        """Name a line of the audit log."""
        return AuditEntryId(self._mint(Prefix.AUDIT_ENTRY))

    def passkey(self) -> PasskeyId:
        """Name a passkey of an operator's."""
        return PasskeyId(self._mint(Prefix.PASSKEY))

    def export_schedule(self) -> ExportScheduleId:
        """Name a schedule of exports."""
        return ExportScheduleId(self._mint(Prefix.EXPORT_SCHEDULE))

    def entropy(self, size: int) -> bytes:
        """Return so many random bytes, never from a block that stays in memory."""
        return self._entropy(size)

    def secret(self) -> str:
        """Make 192 unguessable bits, never from a block that stays in memory."""
        return base64.urlsafe_b64encode(self._entropy(_SECRET_BYTES)).decode()

    def salt(self) -> bytes:
        """Make 16 random bytes."""
        return self._entropy(_SALT_BYTES)

    def _mint(self, prefix: Prefix) -> str:
        entropy = next(self._chunks, b"")
        if not entropy or self._owner != os.getpid():
            entropy = self._refill()
        return mint(prefix, self._clock.now() // _MICROSECONDS, entropy)

    def _refill(self) -> bytes:
        """Fetch a block; an iterator gives each chunk to one thread only."""
        block = self._entropy(_BLOCK_BYTES)
        starts = range(0, _BLOCK_BYTES, ENTROPY_BYTES)
        chunks = iter([block[start : start + ENTROPY_BYTES] for start in starts])
        first = next(chunks)
        self._chunks = chunks
        self._owner = os.getpid()
        return first
