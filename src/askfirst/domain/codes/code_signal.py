"""Signs that codes are being misused, and the name by which Meta's reports find their request."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from askfirst.domain.codes.code import Code
from askfirst.domain.values.ids import CodeId

DID_NOT_REQUEST_CODE: Final = "DID_NOT_REQUEST_CODE"
"""Payload of the button that Meta adds to codes. Source: Meta, "Authentication templates"."""

_NAME: Final = re.compile(r"(cod_[0-9A-HJKMNP-TV-Z]{26}):([1-9][0-9]{0,3})", re.ASCII)


class CodeSignal(StrEnum):
    """What was noticed. None of it says whose number it was about."""

    NOT_REQUESTED = "not_requested"
    STOPPED = "stopped"
    FROZEN = "frozen"
    AREA_UNCONVERTED = "area_unconverted"
    BUDGET = "budget"
    FAILED_CHECKS = "failed_checks"


@dataclass(frozen=True, slots=True)
class CodeName:
    """One of the codes of a request. It travels with the message and comes back with reports."""

    code_id: CodeId
    made: int

    def __str__(self) -> str:
        return f"{self.code_id}:{self.made}"


def name_of_code(code: Code) -> CodeName:
    """Name the code of a request that is alive now."""
    return CodeName(code.code_id, code.made)


def read_code_name(text: str) -> CodeName | None:
    """Read what `str` wrote; None for everything else that comes back with a message."""
    found = _NAME.fullmatch(text)
    return CodeName(CodeId(found[1]), int(found[2])) if found else None
