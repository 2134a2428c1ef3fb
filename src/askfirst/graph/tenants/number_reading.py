"""What Meta answers about a number: its quality, and the limit of its portfolio.

Source: Meta, "Messaging limits" (`whatsapp_business_manager_messaging_limit`) and "Business phone
numbers" (`quality_rating`: GREEN, YELLOW, RED; UNKNOWN or NA before there is one).
"""

from __future__ import annotations

from typing import Final

import msgspec

from askfirst.domain.tenants.sender_health import NumberReading, Quality
from askfirst.domain.values.errors import InvalidInput
from askfirst.graph.tenants.messaging_limit import read_messaging_limit

FIELDS: Final = "quality_rating,whatsapp_business_manager_messaging_limit"
_QUALITIES: Final = {"GREEN": Quality.HIGH, "YELLOW": Quality.MEDIUM, "RED": Quality.LOW}


class _Number(msgspec.Struct, gc=False):
    quality_rating: str | None = None
    whatsapp_business_manager_messaging_limit: str | int | None = None


_NUMBERS = msgspec.json.Decoder(_Number)


def read_number(body: bytes) -> NumberReading:
    """Read one answer of `GET /{phone_number_id}`; another shape raises InvalidInput."""
    try:
        found = _NUMBERS.decode(body)
    except (msgspec.DecodeError, RecursionError) as error:
        raise InvalidInput("body", "must be an object with the fields of a number") from error
    word = (found.quality_rating or "").upper()
    limit = read_messaging_limit(found.whatsapp_business_manager_messaging_limit)
    return NumberReading(_QUALITIES.get(word, Quality.UNKNOWN), limit)
