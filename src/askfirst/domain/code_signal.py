"""Signs that codes are being misused."""

from __future__ import annotations

from enum import StrEnum


class CodeSignal(StrEnum):
    """What was noticed. None of it says whose number it was about."""

    NOT_REQUESTED = "not_requested"
    STOPPED = "stopped"
    FROZEN = "frozen"
    AREA_UNCONVERTED = "area_unconverted"
    BUDGET = "budget"
    FAILED_CHECKS = "failed_checks"
