"""A limit: so much of something in a stretch of time. What cannot be counted is refused."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class LimitName(StrEnum):
    """The name of a limit, as it stands in refusals, metrics and the database.

    The first ten are about codes (`code_limits`), the next about open pages (`answer_limits`), the
    last about the door of the console.
    """

    COOL_DOWN = "cool_down"
    NUMBER = "number"
    FROZEN = "frozen"
    AREA = "area"
    AREA_UNCONVERTED = "area_unconverted"
    ADDRESS = "address"
    BUSINESS = "business"
    BUDGET = "budget"
    EVERYBODY = "everybody"
    FAILED_CHECKS = "failed_checks"
    ANSWERS_ADDRESS = "answers.address"
    ANSWERS_NUMBER = "answers.number"
    ANSWERS_BUSINESS = "answers.business"
    SIGN_INS_ADDRESS = "sign_ins.address"


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """What is taken of one limit: `amount` of `most`, in a stretch from its first use on.

    The stretch is of `window` microseconds. Of `subject` only a keyed hash is kept: it may be a
    number or an address. Whoever counts may take `block` of them at once and give them out; what
    is left is lost.
    """

    limit: LimitName
    subject: str
    most: int
    window: int
    amount: int = 1
    block: int = 1
