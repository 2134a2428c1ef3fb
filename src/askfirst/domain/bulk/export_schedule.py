"""An export that a business wants again and again, and how the last one went."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from askfirst.domain.bulk.export import ExportKind, ExportOrder, FileFormat
from askfirst.domain.value import replace
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import BusinessId, ExportScheduleId
from askfirst.domain.values.timestamp import HOUR, Instant

HOURS_MAX: Final = 744
"""The hours of the longest month."""
SCHEDULES_MAX: Final = 20
"""Of one business."""
GROWING: Final = frozenset({ExportKind.LEDGER, ExportKind.DECISIONS})
"""What only grows: each file has what is new since the one before."""
DESTINATION_EXPECTED: Final = "must be 1 to 40 lower-case letters, digits or dashes"
_DESTINATION: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}", re.ASCII)


class ExportOutcome(StrEnum):
    """How the last export of a schedule went."""

    NONE = "none"
    """There was none yet."""
    WRITTEN = "written"
    NOTHING_NEW = "nothing_new"
    FAILED = "failed"
    """It is tried again, with growing waits, until it is written."""


def is_destination(name: str) -> bool:
    """Return whether this may be the name of a destination: no path is one."""
    return _DESTINATION.fullmatch(name) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportSchedule:
    """A schedule. `after`: behind which line the next export begins, of what only grows.

    `next_at` is when the next one is due; one that failed stays due. Turns count from `created_at`,
    so one that was asked for in between moves none. While `is_paused`, none is written. `reason` is
    the name of the error where the last one failed, `file` and `rows` are of the last that was
    written. `revision` names the attempt that may finish.

    Raises:
        InvalidInput: hours, destination or parts are not such as can be.
    """

    business_id: BusinessId
    schedule_id: ExportScheduleId
    kind: ExportKind
    format: FileFormat
    with_numbers: bool
    every_hours: int
    destination: str
    created_at: Instant
    next_at: Instant
    last_at: Instant | None = None
    outcome: ExportOutcome = ExportOutcome.NONE
    reason: str = ""
    file: str = ""
    rows: int = 0
    after: str = ""
    revision: int = 0
    is_paused: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.every_hours <= HOURS_MAX:
            raise InvalidInput("every", f"must be 1 to {HOURS_MAX} hours")
        if not is_destination(self.destination):
            raise InvalidInput("destination", DESTINATION_EXPECTED)
        if self.after and self.kind not in GROWING:
            raise InvalidInput("after", "is of what only grows: ledger and decisions")
        _ = self.order  # numbers are no part of every kind

    @property
    def order(self) -> ExportOrder:
        """What is due."""
        return ExportOrder(
            business_id=self.business_id,
            kind=self.kind,
            after=self.after,
            with_numbers=self.with_numbers,
        )

    def written(self, file: str, rows: int, after: str, now: Instant) -> ExportSchedule:
        """Return it after an export; no file: nothing was new. Turns that were missed are left out.

        `after` is what the last line is named by.
        """
        return replace(
            self,
            next_at=self.turn_after(now),
            last_at=now,
            outcome=ExportOutcome.WRITTEN if file else ExportOutcome.NOTHING_NEW,
            reason="",
            file=file or self.file,
            rows=rows if file else self.rows,
            after=after if self.kind in GROWING else "",
        )

    def failed(self, reason: str, now: Instant) -> ExportSchedule:
        """Return it after an export that failed: it stays due."""
        return replace(self, last_at=now, outcome=ExportOutcome.FAILED, reason=reason)

    def asked(self, now: Instant) -> ExportSchedule:
        """Return it due at once, if it is not due already."""
        return replace(self, next_at=min(now, self.next_at))

    def arranged(
        self,
        *,
        file_format: FileFormat,
        with_numbers: bool,
        every_hours: int,
        destination: str,
        now: Instant,
    ) -> ExportSchedule:
        """Return it with other settings. What is due stays due; else the new turns count.

        Raises:
            InvalidInput: they are not such as can be.
        """
        set_anew = replace(
            self,
            format=file_format,
            with_numbers=with_numbers,
            every_hours=every_hours,
            destination=destination,
        )
        if every_hours == self.every_hours or self.next_at <= now:
            return set_anew
        return replace(set_anew, next_at=set_anew.turn_after(now))

    def turn_after(self, now: Instant) -> Instant:
        """Return the first turn after a moment; turns that were missed are left out."""
        every = self.every_hours * HOUR
        return Instant(self.created_at + (max(0, now - self.created_at) // every + 1) * every)
