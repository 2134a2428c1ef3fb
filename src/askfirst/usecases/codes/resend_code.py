"""Send another code for a request, or end it."""

from __future__ import annotations

from typing import NamedTuple

from askfirst.domain.codes.code import (
    RESEND_WITHIN,
    TAKE_UP_AFTER,
    Code,
    CodeState,
    DeliveryJob,
    Result,
    StatusChange,
    StatusKind,
)
from askfirst.domain.codes.code_limits import COOL_DOWN
from askfirst.domain.values.errors import Conflict
from askfirst.domain.values.ids import BusinessId, CodeId
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.codes.codes import Renewal
from askfirst.usecases.codes.request_code import RequestCodeNeeds, Requested, new_digits
from askfirst.usecases.limits.code_rate_limits import CodeRequest, pass_entrance, prepare_entrance


class ShownCode(NamedTuple):
    """A request, and what a try would come to now; None: it is still waiting."""

    code: Code
    result: Result | None


async def resend_code(
    services: RequestCodeNeeds, business_id: BusinessId, code_id: CodeId
) -> Requested | None:
    """Make another code for a request; the one before is dead. None where there is no request.

    It goes by the channel that is in use, and may be tried as often as a first one.

    Raises:
        Conflict: the request is over, or nothing was sent for it.
        TooMany: a limit is reached.
    """
    code = await services.codes.find(business_id, code_id)
    if code is None:
        return None
    now = services.clock.now()
    _check(code, now)
    wish = CodeRequest(
        business_id=business_id,
        number=code.number,
        purpose=code.purpose,
        channel=code.channel,
        address=code.address,
    )
    entrance = await prepare_entrance(services, wish, now)
    digits = new_digits(services)
    renewal = Renewal(
        made=code.made,
        step=code.step,
        digits=digits,
        now=now,
        due_at=Instant(now + TAKE_UP_AFTER),
        expires_at=Instant(now + services.code_rules.life),
        resend_at=Instant(now + COOL_DOWN),
        is_resend=True,
        history=(StatusChange(StatusKind.RESENT, code.channel, code.made + 1, now),),
    )
    entered = await services.codes.renew(code, renewal, entrance)
    again = await pass_entrance(services, wish, entered, now)
    if again is None:
        raise Conflict("it has just come to an end; ask for a new code")
    is_suppressed = entrance.sheet.suppressed_until > now
    job = DeliveryJob(code=again, digits=digits, is_suppressed=is_suppressed)
    return Requested(code=again, job=job)


async def cancel_code(services: RequestCodeNeeds, business_id: BusinessId, code_id: CodeId) -> bool:
    """End a request: its code is no longer good. False where there is no request."""
    code = await services.codes.find(business_id, code_id)
    if code is None:
        return False
    now = services.clock.now()
    line = StatusChange(StatusKind.CANCELLED, code.channel, code.made, now)
    await services.codes.end(business_id, code_id, line)
    return True


async def show_code(
    services: RequestCodeNeeds, business_id: BusinessId, code_id: CodeId
) -> ShownCode | None:
    """Find a request, with all that happened to it."""
    code = await services.codes.find(business_id, code_id)
    return ShownCode(code, code.result(services.clock.now())) if code is not None else None


def _check(code: Code, now: Instant) -> None:
    if code.is_inbound or code.state is not CodeState.WAITING:
        raise Conflict("there is nothing to send again; ask for a new code")
    if now - code.created_at >= RESEND_WITHIN:
        raise Conflict("it was asked for too long ago; ask for a new code")
