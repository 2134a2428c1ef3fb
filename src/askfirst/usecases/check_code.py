"""Check a code that was typed in. An approval proves the number, for codes and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from askfirst.domain.alias import Alias
from askfirst.domain.code import Code, Happening, Result, canonical
from askfirst.domain.code_signal import CodeSignal
from askfirst.domain.event import Source
from askfirst.domain.ids import BusinessId, CodeId
from askfirst.domain.prompt import Surface
from askfirst.domain.purpose import AUTHENTICATION
from askfirst.ports.codes import Tried, Typed
from askfirst.usecases.deliver_code import evidence_of
from askfirst.usecases.record_consent import Consent, ConsentVerb, record_consent
from askfirst.usecases.services import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What a person typed, and what their session says it was for (`number` None: it does not)."""

    business_id: BusinessId
    code_id: CodeId
    typed: str
    purpose: str
    number: Alias | None = None


async def check_code(services: Services, attempt: Attempt) -> Tried | None:
    """Judge one try; None where there is no such request.

    A try is counted, durably, before it is compared. An approval is durable when this returns, and
    so is the event that it makes.

    Raises:
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
        services.signals.alarm(attempt.business_id, CodeSignal.FAILED_CHECKS)
    if tried.result is Result.APPROVED:
        await _confirm(services, tried.code)
    return tried


async def _confirm(services: Services, code: Code) -> None:
    services.signals.happened(Happening.APPROVED, code.channel)
    proof = Consent(
        business_id=code.business_id,
        verb=ConsentVerb.CONFIRM,
        alias=code.number,
        purposes=(AUTHENTICATION,),
        surface=Surface.CODE,
        source=Source.API,
        evidence=evidence_of(code, how="code"),
    )
    await record_consent(services, proof)
