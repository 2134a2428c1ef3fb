"""An import from its file to its report, and what is told of it on the way."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from askfirst.domain.bulk.import_settings import ImportQuestion, ImportSettings, Role
from askfirst.domain.values.ids import BusinessId, ImportId
from askfirst.domain.values.timestamp import DAY, Instant

PART_ROWS: Final = 1000
"""Written together. A stop that is typed meanwhile waits for so many: some tens of milliseconds."""
SOURCE_BYTES: Final = 512 * 1024
"""A file is kept in parts of this size."""
SHOWN_MAX: Final = 10
"""Lines of each outcome that a preview shows."""
REPORT_KEPT: Final = 365 * DAY
"""How long a report can be read."""
KEPT: Final = 7 * DAY
"""How long a file waits for its confirmation; then it is forgotten."""


class ImportState(StrEnum):
    """Where an import is."""

    RECEIVING = "receiving"
    PREPARING = "preparing"
    ASKING = "asking"
    READY = "ready"
    RUNNING = "running"
    DONE = "done"
    UNREADABLE = "unreadable"


AT_WORK: Final = frozenset({ImportState.PREPARING, ImportState.RUNNING})


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeCount:
    """How many rows have one outcome, and the first of their lines."""

    outcome: str
    reason: str
    rows: int
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportSummary:
    """What becomes of the rows, or became. `alarms` are opt-outs that could not be applied.

    `asserted` are people of whom only a claim is known, `said_no` those who said no and whom a
    later row calls a yes: only they themselves can say yes again. `other_words`: proofs whose words
    do not name WhatsApp.
    """

    rows: int
    counts: tuple[OutcomeCount, ...]
    repairs: Mapping[str, int]
    alarms: OutcomeCount
    asserted: int
    said_no: int
    other_words: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPreview:
    """What was found in a file, and what an import of it would do. Its `hash` names it."""

    format: str
    encoding: str
    delimiter: str
    header_line: int
    sheet: str
    other_sheets: tuple[str, ...]
    preset: str
    columns: tuple[tuple[str, Role], ...]
    country: str
    time_zone: str
    date_order: str
    summary: ImportSummary
    hash: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportJob:
    """An import. `done` of `parts` are written. `problem` says why the file cannot be read.

    `revision` counts its changes: whoever changes it names the one that they saw.
    """

    business_id: BusinessId
    import_id: ImportId
    state: ImportState
    settings: ImportSettings
    created_at: Instant
    digest: str = ""
    size: int = 0
    source_parts: int = 0
    rows: int = 0
    parts: int = 0
    done: int = 0
    questions: tuple[ImportQuestion, ...] = ()
    preview: ImportPreview | None = None
    summary: ImportSummary | None = None
    problem: str = ""
    revision: int = 0


def hash_of(digest: str, preview: ImportPreview) -> str:
    """Name what was reviewed: the file, how it is read, and what would become of its rows."""
    summary = preview.summary
    what = (
        digest,
        preview.columns,
        preview.sheet,
        preview.encoding,
        preview.country,
        preview.time_zone,
        preview.date_order,
        summary.rows,
        [(one.outcome, one.reason, one.rows, one.lines) for one in summary.counts],
        sorted(summary.repairs.items()),
    )
    return hashlib.sha256(json.dumps(what, ensure_ascii=False).encode()).hexdigest()
