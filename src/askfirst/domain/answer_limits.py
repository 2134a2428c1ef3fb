"""How many answers from open pages, in words and in numbers.

Anybody can open such a page and type any number. So answers are limited from the narrow to the
wide; what a narrow limit refuses uses up nothing of the wider ones.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NamedTuple

from askfirst.domain.instant import HOUR, MINUTE
from askfirst.domain.network_address import counted_address


class AnswerLimit(StrEnum):
    """The name of a limit, as it stands in refusals, metrics and the database."""

    ADDRESS = "answers.address"
    NUMBER = "answers.number"
    BUSINESS = "answers.business"


ADDRESS_WINDOW, ADDRESS_MOST = 10 * MINUTE, 20
"""Twenty answers in ten minutes from one address: a family behind one router, not a script."""

NUMBER_WINDOW, NUMBER_MOST = HOUR, 6
"""Six answers an hour about one number: somebody who changes their mind, not somebody's prank."""

BUSINESS_WINDOW, BUSINESS_MOST = HOUR, 1_000
"""A thousand answers an hour on all open pages of one business: one every four seconds, day and
night. A script that has many addresses ends no more opt-ins than that, and somebody hears of it."""

_EVERYBODY: Final = ""


class AnswerUse(NamedTuple):
    """What one answer takes of one limit; `window` in microseconds."""

    limit: AnswerLimit
    subject: str
    most: int
    window: int


def answer_uses(address: str, digits: str) -> tuple[AnswerUse, ...]:
    """List what an answer takes, from the narrow to the wide."""
    place = counted_address(address)
    return (
        AnswerUse(AnswerLimit.ADDRESS, place, ADDRESS_MOST, ADDRESS_WINDOW),
        AnswerUse(AnswerLimit.NUMBER, digits, NUMBER_MOST, NUMBER_WINDOW),
        AnswerUse(AnswerLimit.BUSINESS, _EVERYBODY, BUSINESS_MOST, BUSINESS_WINDOW),
    )
