"""How many answers from open pages, in words and in numbers.

Anybody can open such a page and type any number. So answers are limited from the narrow to the
wide; what a narrow limit refuses uses up nothing of the wider ones.
"""

from __future__ import annotations

from askfirst.domain.values.alias import Alias
from askfirst.domain.values.network_address import counted_address
from askfirst.domain.values.rate_limit import LimitName, Use
from askfirst.domain.values.timestamp import HOUR, MINUTE

ADDRESS_WINDOW, ADDRESS_MOST = 10 * MINUTE, 20
"""Twenty answers in ten minutes from one address: a family behind one router, not a script."""

NUMBER_WINDOW, NUMBER_MOST = HOUR, 6
"""Six answers an hour about one number: somebody who changes their mind, not somebody's prank."""

BUSINESS_WINDOW, BUSINESS_MOST = HOUR, 1_000
"""A thousand answers an hour on all open pages of one business: one every four seconds, day and
night. A script that has many addresses ends no more opt-ins than that, and somebody hears of it."""


def answer_uses(address: str, person: Alias) -> tuple[Use, ...]:
    """List what an answer takes, from the narrow to the wide."""
    return (
        Use(
            limit=LimitName.ANSWERS_ADDRESS,
            subject=counted_address(address),
            most=ADDRESS_MOST,
            window=ADDRESS_WINDOW,
        ),
        Use(
            limit=LimitName.ANSWERS_NUMBER,
            subject=person.counted,
            most=NUMBER_MOST,
            window=NUMBER_WINDOW,
        ),
        Use(
            limit=LimitName.ANSWERS_BUSINESS, subject="", most=BUSINESS_MOST, window=BUSINESS_WINDOW
        ),
    )
