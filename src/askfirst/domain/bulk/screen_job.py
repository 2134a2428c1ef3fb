"""A list that is screened: which of its people may be written to now, and why not the others."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from askfirst.domain.bulk.import_settings import NAME_MAX, Role
from askfirst.domain.tenants.sender import is_template_name
from askfirst.domain.values.country import check_country_code
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import BusinessId, ScreenId
from askfirst.domain.values.timestamp import DAY, SECOND, Instant

SCREEN_KEPT: Final = 7 * DAY
"""How long the list and its answers are kept."""
SCREEN_ROWS: Final = 500
"""Looked at together."""
AT_WORK_FOR: Final = 30 * SECOND
"""For so long after its last sign of life, whoever screens a list is taken to be at work."""
UNREAD: Final = "unread"
"""In the place of a verdict: the row names nobody, and `reason` is a `RowReason`."""


class ScreenState(StrEnum):
    """Where a screening is."""

    RECEIVING = "receiving"
    SCREENING = "screening"
    DONE = "done"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenSettings:
    """What is asked of each person: a message for a purpose, or of a template, from a sender.

    `columns`, `sheet` and `country` say how the list is read; what is empty is found.
    """

    sender: str
    purpose: str = ""
    template: str = ""
    language: str = ""
    country: str = ""
    sheet: str = ""
    columns: tuple[tuple[str, Role], ...] = ()

    def __post_init__(self) -> None:
        if bool(self.purpose) == bool(self.template):
            raise InvalidInput("purpose", "must be named, or a template: one of the two")
        if not is_template_name(self.template) or not is_template_name(self.language):
            raise InvalidInput("template", "must be the name and language of a template")
        if self.country:
            check_country_code(self.country, "country")
        if len(self.sheet) > NAME_MAX:
            raise InvalidInput("sheet", "must be the name of a sheet of the workbook")


class RowAnswer(NamedTuple):
    """What the gate says of a row, or why nobody could be asked about."""

    verdict: str
    reason: str
    retry_at: Instant | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenCount:
    """How many rows have one answer. `parts`: of how many parts their file is."""

    verdict: str
    reason: str
    rows: int
    parts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenJob:
    """A screening. All rows were decided at one moment, on one position of the ledger.

    `attempt` counts how often it was begun: what an attempt has written is its own.
    `seen_at` is the last sign of life of whoever is at work on it.
    """

    business_id: BusinessId
    screen_id: ScreenId
    state: ScreenState
    settings: ScreenSettings
    created_at: Instant
    digest: str = ""
    size: int = 0
    source_parts: int = 0
    rows: int = 0
    attempt: int = 0
    seen_at: Instant = Instant(0)  # noqa: RUF009 - a NewType call is the value itself
    decided_at: Instant = Instant(0)  # noqa: RUF009 - the same
    position: int = 0
    policy: str = ""
    counts: tuple[ScreenCount, ...] = ()
    problem: str = ""
    revision: int = 0

    def count(self, verdict: str, reason: str) -> ScreenCount | None:
        """Return the count of one answer; None where no row has it."""
        return next(
            (one for one in self.counts if (one.verdict, one.reason) == (verdict, reason)), None
        )
