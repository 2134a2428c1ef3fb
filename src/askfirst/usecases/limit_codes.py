"""Hold codes to their limits, from the narrow to the wide. What cannot be counted is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from askfirst.domain.alias import Alias
from askfirst.domain.code import Channel, area_of
from askfirst.domain.code_limits import (
    COOL_DOWN,
    FAILURES_MOST,
    NUMBER_MOST,
    NumberSheet,
    Policy,
    Use,
    address_uses,
    area_uses,
    budget_use,
    business_uses,
    everybody_use,
)
from askfirst.domain.code_signal import CodeSignal
from askfirst.domain.errors import TooMany
from askfirst.domain.ids import BusinessId
from askfirst.domain.instant import DAY, SECOND, Instant
from askfirst.ports.directory import UNROUTED
from askfirst.usecases.services import Services

_SAID: Final = {
    Policy.COOL_DOWN: "a code was just asked for; wait a moment",
    Policy.NUMBER: "this number had all its codes of the day",
    Policy.FROZEN: "too many wrong codes were typed in for this number",
    Policy.AREA: "too many codes went to numbers like this one",
    Policy.AREA_UNCONVERTED: "codes to numbers like this one are not being typed in",
    Policy.ADDRESS: "too many codes were asked for from this address",
    Policy.BUSINESS: "the business had all its codes of the hour",
    Policy.BUDGET: "the budget for codes is used up",
    Policy.EVERYBODY: "too many codes are being asked for",
}
_STAYS_OPEN: Final = "; whatsapp_inbound stays open"
_ALARMS: Final = {
    Policy.FROZEN: CodeSignal.FROZEN,
    Policy.AREA_UNCONVERTED: CodeSignal.AREA_UNCONVERTED,
    Policy.BUDGET: CodeSignal.BUDGET,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A code that is wanted, as far as limits are concerned."""

    business_id: BusinessId
    number: Alias
    purpose: str
    channel: Channel
    address: str = ""


async def admit_wish(services: Services, wish: Wish, now: Instant) -> NumberSheet:
    """Count a code that is going to be made; gives what was known of its number before.

    The number is first: what one number is refused for uses up nothing that others share.

    Raises:
        TooMany: a limit is reached.
        Unavailable: nothing can be counted now.
    """
    sheet = await services.codes.sheet(wish.business_id, wish.number, wish.purpose, now)
    if sheet.next_at > now:
        raise _too_many(services, wish, Policy.COOL_DOWN, sheet.next_at - now)
    if sheet.asked >= NUMBER_MOST:
        raise _too_many(services, wish, Policy.NUMBER, DAY)
    if sheet.failed >= FAILURES_MOST:
        raise _too_many(services, wish, Policy.FROZEN, DAY)
    until = Instant(now + COOL_DOWN)
    if not await services.codes.claim(wish.business_id, wish.number, now, until):
        raise _too_many(services, wish, Policy.COOL_DOWN, COOL_DOWN)
    rules = services.code_rules
    await _take(services, wish, area_uses(area_of(wish.number)), now)
    await _take(services, wish, address_uses(wish.address), now)
    await _take(services, wish, business_uses(rules, wish.channel), now)
    await _take(services, wish, (everybody_use(rules),), now, UNROUTED)
    return sheet


async def may_spend(
    services: Services, business_id: BusinessId, channel: Channel, now: Instant
) -> bool:
    """Take what one more message costs out of the day's budget."""
    use = budget_use(services.code_rules, channel)
    if await services.codes.take(business_id, (use,), now) is None:
        return True
    services.signals.refused(Policy.BUDGET)
    services.signals.alarm(business_id, CodeSignal.BUDGET)
    return False


async def _take(
    services: Services,
    wish: Wish,
    uses: tuple[Use, ...],
    now: Instant,
    owner: BusinessId | None = None,
) -> None:
    business_id = owner or wish.business_id
    full = await services.codes.take(business_id, uses, now)
    if full is None:
        return
    use = next(one for one in uses if one.policy is full)
    ends_at = await services.codes.opens_at(business_id, use)
    raise _too_many(services, wish, full, ends_at - now)


def _too_many(services: Services, wish: Wish, policy: Policy, wait: int) -> TooMany:
    services.signals.refused(policy)
    if policy in _ALARMS:
        services.signals.alarm(wish.business_id, _ALARMS[policy])
    seconds = max(1, -(-wait // SECOND))
    message = _SAID[policy] + ("" if policy is Policy.COOL_DOWN else _STAYS_OPEN)
    return TooMany(message, policy=policy.value, retry_after_seconds=seconds)
