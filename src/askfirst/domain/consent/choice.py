"""What a person may choose besides yes and no: a pause until a moment, and how often at most.

A choice only restricts. It opens nothing that no yes has opened, and ends none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from askfirst.domain.consent.frequency import Frequency
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.purpose import Category, Purpose
from askfirst.domain.values.timestamp import DAY, Instant

PAUSE_DAYS_MAX: Final = 366
"""Whoever wants longer than a year wants a stop, which does not end by itself."""
_PAUSE: Final = re.compile(r"until=([0-9]{1,20})", re.ASCII)
_FREQUENCY: Final = re.compile(r"at_most=([0-9]{1,9})/([0-9]{1,3})", re.ASCII)


@dataclass(frozen=True, slots=True)
class PauseUntil:
    """No messages before this moment."""

    until: Instant


Choice = PauseUntil | Frequency


def choice_text(choice: Choice | None) -> str:
    """Write a choice as the ledger keeps it: equal texts are equal choices, none is empty."""
    match choice:
        case PauseUntil():
            return f"until={choice.until}"
        case Frequency():
            return f"at_most={choice.count}/{choice.days}"
        case None:
            return ""


def parse_choice(text: str) -> Choice | None:
    """Read what `choice_text` wrote; anything else raises ValueError."""
    if not text:
        return None
    if found := _PAUSE.fullmatch(text):
        return PauseUntil(Instant(int(found[1])))
    if found := _FREQUENCY.fullmatch(text):
        return Frequency(int(found[1]), int(found[2]))
    message = "a choice is until=… or at_most=…"
    raise ValueError(message)


def check_pause(purposes: tuple[Purpose, ...], until: Instant, now: Instant) -> None:
    """Look whether these messages can be paused until then.

    Raises:
        InvalidInput: nothing is named, or codes are; or the moment is past, or too far away.
    """
    if not purposes:
        raise InvalidInput("purposes", "must name what is paused: marketing, for example")
    if any(purpose.category is Category.AUTHENTICATION for purpose in purposes):
        raise InvalidInput(
            "purposes", "must be without authentication: who asks for a code needs it"
        )
    if until <= now:
        raise InvalidInput("pause_until", "must be in the future")
    if until > now + PAUSE_DAYS_MAX * DAY:
        raise InvalidInput(
            "pause_until", f"must be within {PAUSE_DAYS_MAX} days; longer than that is a withdrawal"
        )
