"""What a check-up of the installation found: the lines of `askfirst doctor` and of `/readyz`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from askfirst.domain.values.errors import InvalidInput


class Severity(StrEnum):
    """How much a finding matters. PROBLEM: a part of the promise is not kept until it is mended."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One check and its result.

    `check` is a stable name in snake_case, for machines. `summary` is one sentence without
    personal data. `remedy` says what the operator should do; empty where nothing is to be done.
    """

    check: str
    severity: Severity
    summary: str
    remedy: str = ""

    def __post_init__(self) -> None:
        if self.severity is not Severity.OK and not self.remedy:
            raise InvalidInput("remedy", "must say what to do about a warning or a problem")
