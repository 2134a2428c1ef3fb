"""Check a code that was typed in. An approval proves the number, for codes and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from askfirst.domain.codes.code import Channel, Code, Result, StatusKind, canonical
from askfirst.domain.codes.code_limits import failed_check_use
from askfirst.domain.codes.code_signal import CodeSignal
from askfirst.domain.consent.event import Assurance, EventKind, NumberProof, Source
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.errors import Conflict, TooMany
from askfirst.domain.values.ids import BusinessId, CodeId
from askfirst.domain.values.purpose import AUTHENTICATION
from askfirst.ports.codes.codes import HasCodes, Tried, Typed
from askfirst.ports.consent.change import Statement, WriteBatch, WriteEntry
from askfirst.ports.consent.ledger import HasLedger
from askfirst.ports.platform.clock import HasClock
from askfirst.ports.platform.rate_limits import HasLimits
from askfirst.ports.platform.telemetry import HasTelemetry
from askfirst.usecases.codes.code_wish import evidence_of
from askfirst.usecases.limits.retry_after import seconds_to_opening

_CAPPED: Final = (
    "too many wrong codes were typed in at this business today; whatsapp_inbound stays open"
)
_INBOUND: Final = "there is no code to type: the number proves itself by the message"


class CheckCodeNeeds(HasClock, HasCodes, HasLedger, HasLimits, HasTelemetry, Protocol):
    """What this use case needs from the world."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What a person typed, and what their session says it was for (`number` None: it does not)."""

    business_id: BusinessId
    code_id: CodeId
    typed: str
    purpose: str
    number: Alias | None = None


async def check_code(services: CheckCodeNeeds, attempt: Attempt) -> Tried | None:
    """Judge one try; None where there is no such request.

    A try is counted, durably, before it is compared. An approval is durable when this returns, and
    so is the event that it makes.

    Raises:
        Conflict: the number has to write, so there is nothing to type.
        TooMany: the business had all its wrong tries of the day (`failed_checks`). Who typed the
            right code hears the same as who typed a wrong one.
        Unavailable: nothing can be judged now. Where the code was approved just before the
            trouble began, it is used up, and a new one must be asked for.
    """
    typed = Typed(
        code_id=attempt.code_id,
        digits=canonical(attempt.typed),
        purpose=attempt.purpose,
        number=attempt.number,
    )
    tried = await services.codes.try_code(attempt.business_id, typed, services.clock.now())
    if tried is None:
        return None
    if tried.is_capped:
        services.telemetry.alarm(attempt.business_id, CodeSignal.FAILED_CHECKS)
    if tried.result is Result.APPROVED:
        await _confirm(services, tried.code)
    if tried.result is Result.LOCKED:
        await _refuse_unjudged(services, tried.code)
    return tried


async def _refuse_unjudged(services: CheckCodeNeeds, code: Code) -> None:
    """Refuse a try that was not judged: its tries alone would not have locked the request."""
    if code.is_inbound:
        raise Conflict(_INBOUND)
    if code.tries < code.tries_max:
        use = failed_check_use()
        now = services.clock.now()
        seconds = await seconds_to_opening(services, code.business_id, use, now)
        raise TooMany(_CAPPED, policy=use.limit.value, retry_after_seconds=seconds)


async def _confirm(services: CheckCodeNeeds, code: Code) -> None:
    """Write down what the approval proves: that the number's holder asked for this code.

    Where they chose WhatsApp, that is their yes, even where the code came by SMS in the end.
    """
    services.telemetry.happened(StatusKind.APPROVED, code.channel)
    if Channel.WHATSAPP not in code.channels:
        return
    yes = Statement(
        aliases=(code.number,),
        kind=EventKind.GRANTED if code.prompt else EventKind.CONFIRMED,
        occurred_at=code.asked_at,
        source=Source.API,
        surface=Surface.CODE,
        number_proof=NumberProof.PROVEN,
        purposes=(AUTHENTICATION.name,),
        assurance=Assurance.CONFIRMED,
        prompt=code.prompt,
        evidence=evidence_of(code, how="code"),
    )
    now = services.clock.now()
    change = WriteBatch(
        business_id=code.business_id, recorded_at=now, items=(WriteEntry(acts=(yes,)),)
    )
    await services.ledger.commit(change)
