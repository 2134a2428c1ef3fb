"""Judge a code that was typed in, and say so where nothing was judged."""

from __future__ import annotations

from typing import Final

from askfirst.domain.code import Result
from askfirst.domain.code_limits import failed_check_use
from askfirst.domain.errors import Conflict, TooMany
from askfirst.domain.instant import seconds_to_wait
from askfirst.ports.codes import Tried
from askfirst.usecases.check_code import Attempt, check_code
from askfirst.usecases.services import Services

_CAPPED: Final = (
    "too many wrong codes were typed in at this business today; whatsapp_inbound stays open"
)
_INBOUND: Final = "there is no code to type: the number proves itself by the message"


async def judge_try(services: Services, attempt: Attempt) -> Tried | None:
    """Judge one try, as `check_code` does; None where there is no such request.

    Raises:
        Conflict: the number has to write, so there is nothing to type.
        TooMany: the business had all its wrong tries of the day (`failed_checks`). Who typed the
            right code hears the same as who typed a wrong one.
        Unavailable: nothing can be judged now.
    """
    tried = await check_code(services, attempt)
    if tried is None or tried.result is not Result.LOCKED:
        return tried
    if tried.code.is_inbound:
        raise Conflict(_INBOUND)
    if tried.code.tries < tried.code.tries_max:  # by tries alone it would not be locked
        raise await _capped(services, attempt)
    return tried


async def _capped(services: Services, attempt: Attempt) -> TooMany:
    use = failed_check_use()
    wait = await services.codes.opens_at(attempt.business_id, use) - services.clock.now()
    seconds = seconds_to_wait(wait)
    return TooMany(_CAPPED, policy=use.limit.value, retry_after_seconds=seconds)
