"""Hear what Meta says of accounts, senders and templates, and what became of messages.

Wherever an error code or a notice of Meta's arrives, it is handed over here: this sets brakes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, Protocol

from askfirst.domain.brakes.signal import Signal, signals_of_codes
from askfirst.domain.brakes.verdicts import Mark
from askfirst.domain.inbound.inbound_event import BrakeSignalled, DeliveryReported, InboundEvent
from askfirst.domain.sending.meta_answer import Effect
from askfirst.domain.sending.meta_answers import answer_of
from askfirst.domain.values.ids import BusinessId, PhoneNumberId, WabaId
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.brakes.brakes import HasBrakes, Report
from askfirst.ports.platform.clock import HasClock

_MARKS: Final = {"delivered": Mark.DELIVERED, "read": Mark.READ, "played": Mark.READ}


class NoteSignalsNeeds(HasBrakes, HasClock, Protocol):
    """What this use case needs from the world."""


async def note_codes(
    services: NoteSignalsNeeds,
    business_id: BusinessId,
    codes: Iterable[int],
    sender: PhoneNumberId | None,
    waba: WabaId | None,
) -> None:
    """Set the brakes that Meta's error codes ask for; most ask for none, and cost nothing.

    Raises:
        Unavailable: none was set.
    """
    now = services.clock.now()
    if signals := signals_of_codes(codes, sender, waba, now):
        await services.brakes.signal(business_id, signals, now)


async def note_webhook(
    services: NoteSignalsNeeds,
    business_id: BusinessId,
    notices: Sequence[InboundEvent],
    now: Instant,
) -> None:
    """Set the brakes that a part of a delivery asks for, and count what was blocked.

    A status without an error code sets none. Twice is no more than once. Raises Unavailable: Meta
    delivers again.
    """
    signals: list[Signal] = []
    reports: list[Report] = []
    for notice in notices:
        if isinstance(notice, BrakeSignalled):
            signals += notice.signals
        elif isinstance(notice, DeliveryReported):
            place = notice.phone_number_id, notice.waba_id
            signals += signals_of_codes(notice.codes, *place, now)
            reports += _blocked(notice)
    if signals:
        await services.brakes.signal(business_id, signals, now)
    if reports:
        await services.brakes.report(business_id, reports, now)


def mark_of(status: str) -> Mark | None:
    """Return what Meta's word says of a message: that it arrived, or was read; None: neither."""
    return _MARKS.get(status)


def arrival_of(notice: DeliveryReported) -> Report | None:
    """Return what a status tells of a message that arrived; it is counted as it is written."""
    mark = mark_of(notice.status)
    if mark is None or not notice.message_id:
        return None
    return Report(notice.message_id, mark)


def _blocked(notice: DeliveryReported) -> tuple[Report, ...]:
    """Return what a failure tells: a person who cannot be reached may have blocked the business."""
    if notice.status != "failed" or not notice.message_id:
        return ()
    is_gone = any(answer_of(code).effect is Effect.UNREACHABLE for code in notice.codes)
    return (Report(notice.message_id, Mark.BLOCKED),) if is_gone else ()
