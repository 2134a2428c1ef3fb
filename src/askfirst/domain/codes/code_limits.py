"""How many codes, in words and in numbers. Whatever cannot be counted is refused.

Codes cost money and disturb people, and every code is three chances to guess. So they are limited
from the narrow to the wide: the number, the end user's address, the block of numbers it is in, the
business, everybody. What is refused uses up nothing, or strangers could use up what others share.
None of them holds for `whatsapp_inbound`: nothing is sent there and nothing can be guessed, so it
stays open.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from askfirst.domain.codes.code import (
    DIGITS,
    DIGITS_MAX,
    DIGITS_MIN,
    LIFE,
    LIFE_MAX,
    TRIES,
    Channel,
)
from askfirst.domain.codes.code_template import CodeApp, CodeVariant, code_template_name
from askfirst.domain.value import replace
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import CodeId
from askfirst.domain.values.network_address import NetworkAddress
from askfirst.domain.values.rate_limit import LimitName, Use
from askfirst.domain.values.timestamp import DAY, HOUR, MINUTE, SECOND

COOL_DOWN: Final = 30 * SECOND
"""`cool_down`: half a minute between two codes to one number."""

NUMBER_WINDOW, NUMBER_MOST = DAY, 5
"""`number`: five codes to one number in a day. With three tries each, blind guessing succeeds on
one day in six and a half million (5 · 3 · 10⁻⁸)."""

FAILURES_MOST: Final = 30
"""`frozen`: after thirty wrong tries in a row, over all its codes, a number gets no more of them
until it has proven itself with a message of its own. NIST SP 800-63B allows a hundred."""

AREA_WINDOW, AREA_MOST = HOUR, 60
"""`area`: sixty codes an hour to one block of ten thousand numbers."""

UNCONVERTED_WINDOW, UNCONVERTED_MOST = DAY, 10
"""`area_unconverted`: after ten codes to one block of which none was typed in, no more for a day.
Somebody who earns by the messages (pumping) does not read them."""
UNCONVERTED_GIVEN_BACK: Final = 2
"""A code that is typed in gives back itself and one more: a log-in that took a message by WhatsApp
and one by SMS leaves nothing behind. So a block stays open as long as more than every second
message leads to a log-in. People who want to log in type in far more: where it is seven of ten, one
block in 3,500 that has begun to fail gets as far as ten. And somebody who pumps and types in what
comes to one SIM of the block is bounded: the SIM gets five codes in a day (`number`), so its block
gets twenty messages in place of ten, five of which were read; for each further SIM ten more, up to
`area`. A number that proves itself by a message gives nothing back: nothing was sent to it."""

ADDRESS_WINDOW, ADDRESS_MOST = HOUR, 20
"""`address`: twenty codes an hour for one address of an end user (of IPv6: for one /64), where the
product tells it. An extra only: addresses are cheap."""

BUSINESS_WINDOW, BUSINESS_MOST = HOUR, 10_000
"""`business`: ten thousand codes an hour for one business."""

EVERYBODY_WINDOW, EVERYBODY_MOST = HOUR, 50_000
"""`everybody`: fifty thousand codes an hour for all businesses together."""
EVERYBODY_BLOCK: Final = 20
"""Each process takes twenty of them at once: one row for everybody is not written for each code."""

BUDGET_WINDOW = DAY
"""`budget`: what codes may cost one business in a day."""

FAILED_CHECKS_WINDOW, FAILED_CHECKS_MOST = DAY, 10_000
"""`failed_checks`: after ten thousand wrong tries in a day, over all numbers, no code of the
business is approved before the day is over: one guess at each of a million numbers is guessing."""

SUPPRESSED_FOR: Final = DAY
"""No code is sent for a day to a number whose holder said STOP, or that they asked for no code."""

_FALLBACK_SECONDS_MAX: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRules:
    """What an operator may set. Costs and the budget are in millionths of any one currency."""

    digits: int = DIGITS
    life: int = LIFE
    tries: int = TRIES
    fallback_after: int = 20 * SECOND
    whatsapp_cost: int = 30_000
    sms_cost: int = 60_000
    budget: int = 100_000_000
    business_most: int = BUSINESS_MOST
    everybody_most: int = EVERYBODY_MOST
    variant: CodeVariant = CodeVariant.COPY_CODE
    apps: tuple[CodeApp, ...] = ()

    def __post_init__(self) -> None:
        if not DIGITS_MIN <= self.digits <= DIGITS_MAX:
            raise InvalidInput("code_digits", f"must be {DIGITS_MIN} to {DIGITS_MAX}")
        if not MINUTE <= self.life <= LIFE_MAX or self.life % MINUTE:
            raise InvalidInput("code_life", "must be 1 to 10 minutes")
        if not 1 <= self.tries <= TRIES:
            raise InvalidInput("code_tries", f"must be 1 to {TRIES}")
        if not SECOND <= self.fallback_after <= _FALLBACK_SECONDS_MAX * SECOND:
            message = f"must be 1 to {_FALLBACK_SECONDS_MAX} seconds"
            raise InvalidInput("code_fallback_after", message)
        if min(self.whatsapp_cost, self.sms_cost, self.budget) < 0:
            raise InvalidInput("code_budget", "must not be negative, nor a cost")
        if bool(self.apps) is (self.variant is CodeVariant.COPY_CODE):
            message = "must be set for one_tap and zero_tap, and for them only"
            raise InvalidInput("code_apps", message)
        if min(self.business_most, self.everybody_most) < 1:
            raise InvalidInput("code_business_most", "must be 1 or more")

    @property
    def template(self) -> str:
        """The name of the template that carries the codes."""
        return code_template_name(self.variant, self.life // MINUTE, self.apps)

    def cost(self, channel: Channel) -> int:
        """Return what one message costs."""
        costs = {Channel.WHATSAPP: self.whatsapp_cost, Channel.SMS: self.sms_cost}
        return costs.get(channel, 0)


class LiveCode(NamedTuple):
    """A request whose code may still be typed in, and the tries it had."""

    code_id: CodeId
    tries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberSheet:
    """What the codes of one number amount to, in one business.

    `live` are those for the purpose that was asked about. `failures` are wrong tries of all others
    since the last approval, with those that are still allowed.
    """

    next_at: int = 0
    suppressed_until: int = 0
    asked: int = 0
    failures: int = 0
    live: tuple[LiveCode, ...] = ()

    @property
    def failed(self) -> int:
        """All wrong tries since the last approval, or that may still come."""
        return self.failures + sum(one.tries for one in self.live)

    def tries_most(self, code_id: CodeId) -> int:
        """Allow a request of these so many tries in all, with those that it already had."""
        others = sum(one.tries for one in self.live if one.code_id != code_id)
        return max(0, FAILURES_MOST - self.failures - others)


def tries_left(tries: int, failures: int) -> int:
    """Allow so many tries that the wrong ones in a row can never be more than their limit."""
    return max(0, min(tries, FAILURES_MOST - failures))


def area_uses(area: str) -> tuple[Use, ...]:
    """What a code takes of the limits of its block."""
    return (
        Use(limit=LimitName.AREA, subject=area, most=AREA_MOST, window=AREA_WINDOW),
        unconverted_use(area),
    )


def unconverted_use(area: str) -> Use:
    """What a message takes of what may go unread to its block; a fallback is one, too."""
    return Use(
        limit=LimitName.AREA_UNCONVERTED,
        subject=area,
        most=UNCONVERTED_MOST,
        window=UNCONVERTED_WINDOW,
    )


def converted_use(area: str) -> Use:
    """What a code that was typed in gives back to its block."""
    return replace(unconverted_use(area), amount=UNCONVERTED_GIVEN_BACK)


def address_uses(address: NetworkAddress | None) -> tuple[Use, ...]:
    """What a code takes of the limit of an end user's address; nothing where none was told."""
    if address is None:
        return ()
    return (
        Use(
            limit=LimitName.ADDRESS,
            subject=address.counted,
            most=ADDRESS_MOST,
            window=ADDRESS_WINDOW,
        ),
    )


def business_uses(rules: CodeRules, channel: Channel) -> tuple[Use, ...]:
    """What a code takes of the limits of its business."""
    return (
        Use(limit=LimitName.BUSINESS, subject="", most=rules.business_most, window=BUSINESS_WINDOW),
        budget_use(rules, channel),
    )


def budget_use(rules: CodeRules, channel: Channel) -> Use:
    """What a message takes of the day's budget."""
    return Use(
        limit=LimitName.BUDGET,
        subject="",
        most=rules.budget,
        window=BUDGET_WINDOW,
        amount=rules.cost(channel),
    )


def everybody_use(rules: CodeRules) -> Use:
    """What a code takes of the limit that all businesses share."""
    return Use(
        limit=LimitName.EVERYBODY,
        subject="",
        most=rules.everybody_most,
        window=EVERYBODY_WINDOW,
        block=EVERYBODY_BLOCK,
    )


def failed_check_use() -> Use:
    """What a wrong try takes of its business's limit."""
    return Use(
        limit=LimitName.FAILED_CHECKS,
        subject="",
        most=FAILED_CHECKS_MOST,
        window=FAILED_CHECKS_WINDOW,
    )
