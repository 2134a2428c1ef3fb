"""How Meta rates a sender, and to how many people its portfolio may write, as it was last read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from askfirst.domain.values.ids import BusinessId, PhoneNumberId
from askfirst.domain.values.timestamp import Instant


class Quality(StrEnum):
    """Meta's rating of the last seven days' messages of a number: blocks, reports and the like.

    Source: Meta, "Messaging limits, quality rating": GREEN, YELLOW, RED, and a word for none yet.
    """

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    UNKNOWN = "unknown"


class NumberReading(NamedTuple):
    """What Meta answered about a number.

    `messaging_limit`: to how many people the portfolio may write outside windows in 24 hours; 0:
    to any number of them, None: Meta did not say.
    """

    quality: Quality
    messaging_limit: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderHealth:
    """What was read of a sender, and when."""

    business_id: BusinessId
    phone_number_id: PhoneNumberId
    reading: NumberReading
    seen_at: Instant
