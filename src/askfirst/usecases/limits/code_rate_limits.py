"""Hold codes to their limits, from the narrow to the wide. What cannot be counted is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from askfirst.domain.codes.code import Channel, Code, area_of
from askfirst.domain.codes.code_limits import (
    COOL_DOWN,
    FAILURES_MOST,
    NUMBER_MOST,
    address_uses,
    area_uses,
    budget_use,
    business_uses,
    everybody_use,
    unconverted_use,
)
from askfirst.domain.codes.code_signal import CodeSignal
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.errors import TooMany
from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.network_address import NetworkAddress
from askfirst.domain.values.rate_limit import LimitName, Use
from askfirst.domain.values.timestamp import DAY, Instant, seconds_to_wait
from askfirst.ports.codes.code_rules import HasCodeRules
from askfirst.ports.codes.codes import Admission, AdmissionResult, HasCodes
from askfirst.ports.platform.clock import HasClock
from askfirst.ports.platform.rate_limits import HasLimits
from askfirst.ports.platform.telemetry import HasTelemetry
from askfirst.ports.tenants.directory import UNROUTED
from askfirst.usecases.limits.retry_after import seconds_to_opening

_SAID: Final = {
    LimitName.COOL_DOWN: "a code was just asked for; wait a moment",
    LimitName.NUMBER: "this number had all its codes of the day",
    LimitName.FROZEN: "too many wrong codes were typed in for this number",
    LimitName.AREA: "too many codes went to numbers like this one",
    LimitName.AREA_UNCONVERTED: "codes to numbers like this one are not being typed in",
    LimitName.ADDRESS: "too many codes were asked for from this address",
    LimitName.BUSINESS: "the business had all its codes of the hour",
    LimitName.BUDGET: "the budget for codes is used up",
    LimitName.EVERYBODY: "too many codes are being asked for",
}
_STAYS_OPEN: Final = "; whatsapp_inbound stays open"
_ALARMS: Final = {
    LimitName.FROZEN: CodeSignal.FROZEN,
    LimitName.AREA_UNCONVERTED: CodeSignal.AREA_UNCONVERTED,
    LimitName.BUDGET: CodeSignal.BUDGET,
}


class CodeRateLimitsNeeds(HasClock, HasCodeRules, HasCodes, HasLimits, HasTelemetry, Protocol):
    """What this use case needs from the world."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRequest:
    """A code that is wanted, as far as limits are concerned."""

    business_id: BusinessId
    number: Alias
    purpose: str
    channel: Channel
    address: NetworkAddress | None = None


async def prepare_entrance(
    services: CodeRateLimitsNeeds, wish: CodeRequest, now: Instant
) -> Admission:
    """Look at a number's codes, take everybody's limit, and say what a new code has to pass yet.

    What is refused afterwards gives back what it took (`pass_entrance`): nobody who is refused for
    a limit of their own uses up what others share.

    Raises:
        TooMany: the number had its codes already, or all numbers together.
        Unavailable: nothing can be counted now.
    """
    sheet = await services.codes.sheet(wish.business_id, wish.number, wish.purpose, now)
    if sheet.next_at > now:
        raise _too_many(services, wish, LimitName.COOL_DOWN, seconds_to_wait(sheet.next_at - now))
    if sheet.asked >= NUMBER_MOST:
        raise _too_many(services, wish, LimitName.NUMBER, seconds_to_wait(DAY))
    if sheet.failed >= FAILURES_MOST:
        raise _too_many(services, wish, LimitName.FROZEN, None)
    everybody = everybody_use(services.code_rules)
    if await services.limits.take(UNROUTED, (everybody,), now) is not None:
        seconds = await seconds_to_opening(services, UNROUTED, everybody, now)
        raise _too_many(services, wish, everybody.limit, seconds)
    return Admission(
        until=Instant(now + COOL_DOWN),
        uses=_uses(services, wish),
        sheet=sheet,
        tries=services.code_rules.tries,
    )


async def pass_entrance(
    services: CodeRateLimitsNeeds, wish: CodeRequest, entered: AdmissionResult, now: Instant
) -> Code | None:
    """Return the request that was let in; None where nothing was, and no limit is to blame.

    Raises:
        TooMany: a limit is reached; there is no code.
    """
    if entered.code is None:
        services.limits.give_back(UNROUTED, everybody_use(services.code_rules))
    if entered.limit is not None:
        raise await _reached(services, wish, entered.limit, now)
    return entered.code


def fallback_uses(
    services: HasCodeRules, code: Code, channel: Channel
) -> tuple[tuple[Use, ...], ...]:
    """List what one more message for a request takes: a pumper is paid for it as for the first."""
    unread = unconverted_use(area_of(code.number))
    return ((unread, budget_use(services.code_rules, channel)),)


async def give_back_spent(
    services: CodeRateLimitsNeeds, business_id: BusinessId, channel: Channel
) -> None:
    """Give the day's budget back what a message would have cost that certainly did not leave."""
    use = budget_use(services.code_rules, channel)
    if use.amount:
        await services.limits.refund(business_id, use, services.clock.now())


def tell_reached(services: HasTelemetry, business_id: BusinessId, limit: LimitName) -> None:
    """Count that a limit has refused a code, and raise the alarm where somebody should look."""
    services.telemetry.refused(limit)
    if limit in _ALARMS:
        services.telemetry.alarm(business_id, _ALARMS[limit])


def _uses(services: HasCodeRules, wish: CodeRequest) -> tuple[tuple[Use, ...], ...]:
    """List what a code takes, from the narrow to the wide."""
    return (
        address_uses(wish.address),
        area_uses(area_of(wish.number)),
        business_uses(services.code_rules, wish.channel),
    )


async def _reached(
    services: CodeRateLimitsNeeds, wish: CodeRequest, limit: LimitName, now: Instant
) -> TooMany:
    found = (use for uses in _uses(services, wish) for use in uses if use.limit is limit)
    use = next(found, None)
    if use is None:
        return _too_many(services, wish, limit, seconds_to_wait(COOL_DOWN))
    seconds = await seconds_to_opening(services, wish.business_id, use, now)
    return _too_many(services, wish, limit, seconds)


def _too_many(
    services: HasTelemetry, wish: CodeRequest, limit: LimitName, seconds: int | None
) -> TooMany:
    tell_reached(services, wish.business_id, limit)
    message = _SAID[limit] + ("" if limit is LimitName.COOL_DOWN else _STAYS_OPEN)
    return TooMany(message, policy=limit.value, retry_after_seconds=seconds)
