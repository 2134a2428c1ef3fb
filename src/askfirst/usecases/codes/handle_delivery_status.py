"""Hear what becomes of codes: what Meta reports, and what a number's holder says to them."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Protocol

from askfirst.domain.codes.code import Channel, Code, CodeState, StatusChange, StatusKind
from askfirst.domain.codes.code_limits import SUPPRESSED_FOR
from askfirst.domain.codes.code_signal import CodeName, CodeSignal, read_code_name
from askfirst.domain.consent.number_confirmation import Proof, ProofKind
from askfirst.domain.inbound.inbound_event import DeliveryReported
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.ids import BusinessId, CodeId
from askfirst.domain.values.purpose import AUTHENTICATION
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.codes.codes import HasCodes
from askfirst.ports.consent.ledger import HasLedger
from askfirst.ports.platform.clock import HasClock
from askfirst.ports.platform.telemetry import HasTelemetry
from askfirst.usecases.codes.delivery_outcome import DeliveryFailure, Failure
from askfirst.usecases.sending.delivery_status import ARRIVED
from askfirst.usecases.sending.outbound.answers import RejectedByMeta


class FallsBack(Protocol):
    """Whatever lets another code follow one that failed (`deliver_code.fall_back`)."""

    def fall_back(self, code: Code, failure: DeliveryFailure, /) -> Awaitable[None]:
        """Let another code follow, by the next channel, where there is one."""
        ...


class TakeCodeReportNeeds(FallsBack, HasClock, HasCodes, HasTelemetry, Protocol):
    """What a report about a code needs."""


class ApproveCodeNeeds(HasCodes, HasTelemetry, Protocol):
    """What a number that has proven itself needs."""


class SuppressCodesNeeds(HasClock, HasCodes, HasLedger, HasTelemetry, Protocol):
    """What a no to codes needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeReport:
    """What Meta says of the message with a code: `failure` None, it has arrived."""

    business_id: BusinessId
    name: CodeName
    failure: DeliveryFailure | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoToCodes:
    """A number's holder wants no codes: they stopped them, or asked for none."""

    business_id: BusinessId
    names: tuple[Alias, ...]
    signal: CodeSignal
    at: Instant


def report_of(business_id: BusinessId, notice: DeliveryReported) -> CodeReport | None:
    """Read a report about a code; None for others, and for one that says nothing new ("sent")."""
    name = read_code_name(notice.reference)
    if name is None:
        return None
    if notice.status in ARRIVED:
        return CodeReport(business_id=business_id, name=name, failure=None)
    if notice.status == "failed":
        failure = RejectedByMeta(notice.codes[0]) if notice.codes else Failure.REPORTED
        return CodeReport(business_id=business_id, name=name, failure=failure)
    return None


async def take_code_report(services: TakeCodeReportNeeds, report: CodeReport) -> None:
    """Note a delivery; follow a failure with the next channel. Of an older code nothing counts."""
    code = await services.codes.find(report.business_id, report.name.code_id)
    if code is None or code.made != report.name.made or code.channel is not Channel.WHATSAPP:
        return
    if report.failure is None:
        now = services.clock.now()
        arrived = StatusChange(StatusKind.DELIVERED, code.channel, code.made, now)
        if await services.codes.note(code, arrived, None):
            services.telemetry.happened(StatusKind.DELIVERED, code.channel)
    elif code.state is CodeState.WAITING:
        await services.fall_back(code, report.failure)


async def suppress_codes(services: SuppressCodesNeeds, no: NoToCodes) -> None:
    """Send no code to a number for a day, because its holder said so; durable when it returns.

    Who did not ask for a code has nothing to type in: what is alive ends. A stop is a sign that
    codes are misused only where some were asked for: most people who stop never had any.
    """
    now = services.clock.now()
    until = Instant(min(no.at, now) + SUPPRESSED_FOR)
    if until <= now:
        return
    is_misuse = no.signal is CodeSignal.NOT_REQUESTED  # the button is Meta's, under a code
    for number in await _numbers(services, no.business_id, no.names):
        is_misuse = is_misuse or await _was_sent_codes(services, no.business_id, number, now)
        await services.codes.suppress(no.business_id, number, until)
        if no.signal is CodeSignal.NOT_REQUESTED:
            ended = StatusChange(StatusKind.CANCELLED, Channel.WHATSAPP, 1, now, no.signal.value)
            for code_id in await services.codes.live(no.business_id, number):
                await services.codes.end(no.business_id, code_id, ended)
    if is_misuse:
        services.telemetry.alarm(no.business_id, no.signal)


async def approve_by_message(services: ApproveCodeNeeds, proof: Proof, now: Instant) -> bool:
    """Approve the request whose number has just proven itself; False where it is over."""
    if proof.kind is not ProofKind.CODE:
        return False
    code_id = CodeId(proof.reference)
    line = StatusChange(StatusKind.APPROVED, Channel.WHATSAPP_INBOUND, 1, now)
    if not await services.codes.prove(proof.business_id, code_id, line):
        return False
    services.telemetry.happened(StatusKind.APPROVED, Channel.WHATSAPP_INBOUND)
    return True


async def _was_sent_codes(
    services: HasCodes, business_id: BusinessId, number: Alias, now: Instant
) -> bool:
    """Return whether anybody has asked for codes to this number within a day."""
    sheet = await services.codes.sheet(business_id, number, AUTHENTICATION.name, now)
    return sheet.asked > 0


async def _numbers(
    services: HasLedger, business_id: BusinessId, names: tuple[Alias, ...]
) -> tuple[Alias, ...]:
    """Return the numbers of a person; where Meta tells none, those that are known of them."""
    numbers = tuple(name for name in names if name.is_number)
    if numbers or not names:
        return numbers[:1]
    contact_id = await services.ledger.find(business_id, names[0])
    if contact_id is None:
        return ()
    known = await services.ledger.names(business_id, contact_id)
    return tuple(name for name in known if name.is_number)
