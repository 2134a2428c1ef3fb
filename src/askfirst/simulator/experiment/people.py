"""The customers: what they agreed to, how much they bear, how they read and what they order.

All of their luck is drawn at once, before anything is sent: each way of sending meets the same
people with the same luck, so that whatever differs between two ways comes of the way.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate
from typing import Final, NamedTuple, Protocol

from askfirst.simulator.experiment.assumptions import Assumptions
from askfirst.simulator.experiment.wordings import Wordings

DAYS_OF_A_MONTH: Final = 30
_SPREAD: Final = 0.8
"""Of the log-normal tolerance: two thirds lie between 0.45 and 2.2 times the median."""
_AGREED_DAYS_MAX: Final = 450
_PROVEN: Final = 0.3
_STEADINESS: Final = 6.0
"""Of the beta distributions of reading and interest; the higher, the more alike people are."""


class Chance(Protocol):
    """Where luck comes from; `random.Random` is one."""

    def random(self) -> float:
        """Return a number from 0 to 1, 1 excluded."""
        ...

    def lognormvariate(self, mu: float, sigma: float) -> float:
        """Return a number whose logarithm is normal."""
        ...

    def betavariate(self, alpha: float, beta: float) -> float:
        """Return a number from 0 to 1."""
        ...


class Agreement(StrEnum):
    """What a customer had said before the first day.

    `claimed`: a list says yes, nobody knows what was shown. `order_news`: yes to messages about
    orders alone. `refused` and `stopped`: no, to a question or in another channel.
    """

    SAID_YES = "said_yes"
    CLAIMED = "claimed"
    ORDER_NEWS = "order_news"
    REFUSED = "refused"
    STOPPED = "stopped"
    UNASKED = "unasked"


_WELCOME: Final = {Agreement.SAID_YES: 1.0, Agreement.CLAIMED: 0.5}
"""How many of them want offers: of a list of unknown origin, half."""
SAID_NO: Final = frozenset({Agreement.REFUSED, Agreement.STOPPED})


class OfferLuck(NamedTuple):
    """What happens to one person with one offer, as numbers from 0 to 1."""

    delivery: float
    reading: float
    use: float
    acting: float
    reaction: float
    manner: float
    words: float
    answering: float


class OrderLuck(NamedTuple):
    """The same with one order: whether the answers to its questions are yes, what they write."""

    order_news: float
    offers: float
    proving: float
    first_read: float
    second_read: float
    writing: float
    words: float
    answering: float


_OFFER_DRAWS: Final = len(OfferLuck._fields)
_ORDER_DRAWS: Final = len(OrderLuck._fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One customer, as they are whatever is sent to them.

    `tolerance` is how many offers in 30 days are not too many, for somebody who said yes;
    `keenness` how much more than others they can use offers (1: as others).
    `place` is where they stand when a campaign goes to a part of the customers. `order_days` are
    counted from 0.
    """

    number: int
    wordings: Wordings
    country: str
    agreement: Agreement
    agreed_days_ago: int
    is_proven: bool
    is_welcome: bool
    tolerance: float
    reads: float
    keenness: float
    place: float
    order_days: tuple[int, ...]
    offer_luck: array[float]
    order_luck: array[float]

    def luck_with_offer(self, number: int) -> OfferLuck:
        """Return the luck with the offer of one sending."""
        at = number * _OFFER_DRAWS
        return OfferLuck(*self.offer_luck[at : at + _OFFER_DRAWS])

    def luck_with_order(self, day: int) -> OrderLuck:
        """Return the luck with the order of this day."""
        at = self.order_days.index(day) * _ORDER_DRAWS
        return OrderLuck(*self.order_luck[at : at + _ORDER_DRAWS])


@dataclass(frozen=True, slots=True)
class Span:
    """How long it goes on: days, and how many times something is sent to people."""

    days: int
    sendings: int


def draw_people(
    count: int,
    span: Span,
    assumptions: Assumptions,
    wordings: Sequence[Wordings],
    chance: Chance,
) -> list[Person]:
    """Draw customers with all of their luck."""
    borders = list(accumulate(one.weight for one in wordings))
    return [
        _draw_person(number, span, assumptions, _spoken(wordings, borders, chance), chance)
        for number in range(count)
    ]


def _spoken(wordings: Sequence[Wordings], borders: list[float], chance: Chance) -> Wordings:
    at = chance.random() * borders[-1]
    return next(one for one, border in zip(wordings, borders, strict=True) if at < border)


def _draw_person(
    number: int, span: Span, assumptions: Assumptions, wordings: Wordings, chance: Chance
) -> Person:
    draw = chance.random
    agreement = _draw_agreement(draw(), assumptions)
    order_a_day = min(1.0, assumptions.orders_a_month / DAYS_OF_A_MONTH)
    country = wordings.countries[int(draw() * len(wordings.countries))]
    order_days = tuple(day for day in range(span.days) if draw() < order_a_day)
    return Person(
        number=number,
        wordings=wordings,
        country=country,
        agreement=agreement,
        agreed_days_ago=1 + int(draw() * _AGREED_DAYS_MAX),
        is_proven=draw() < _PROVEN,
        is_welcome=draw() < _WELCOME.get(agreement, 0.0),
        tolerance=assumptions.tolerance * chance.lognormvariate(0.0, _SPREAD),
        reads=_around(assumptions.reads, chance),
        keenness=2 * _around(0.5, chance),
        place=draw(),
        order_days=order_days,
        offer_luck=array("d", [draw() for _ in range(span.sendings * _OFFER_DRAWS)]),
        order_luck=array("d", [draw() for _ in range(len(order_days) * _ORDER_DRAWS)]),
    )


def _draw_agreement(luck: float, assumptions: Assumptions) -> Agreement:
    left = 1 - assumptions.said_yes - assumptions.claimed - assumptions.said_no
    shares = (
        (Agreement.SAID_YES, assumptions.said_yes),
        (Agreement.CLAIMED, assumptions.claimed),
        (Agreement.REFUSED, assumptions.said_no / 2),
        (Agreement.STOPPED, assumptions.said_no / 2),
        (Agreement.ORDER_NEWS, left / 2),
    )
    for agreement, share in shares:
        if luck < share:
            return agreement
        luck -= share
    return Agreement.UNASKED if left > 0 else Agreement.SAID_YES


def _around(mean: float, chance: Chance) -> float:
    if not 0 < mean < 1:
        return mean
    return chance.betavariate(mean * _STEADINESS, (1 - mean) * _STEADINESS)
