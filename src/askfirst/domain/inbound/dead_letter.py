"""A delivery that was for nobody who was known: what it names, and what becomes of it."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from askfirst.domain.values.ids import PhoneNumberId, WabaId


class LetterFate(StrEnum):
    """What happens to a dead letter. FAILED: acting on it went wrong, so it stays."""

    KEPT = "kept"
    TAKEN_UP = "taken_up"
    FAILED = "failed"
    FORGOTTEN = "forgotten"


class Route(NamedTuple):
    """What a notice names to find its business by; None where Meta named none."""

    waba_id: WabaId | None
    phone_number_id: PhoneNumberId | None
