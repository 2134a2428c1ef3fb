"""What becomes of the rows of a file, as lines of a table that add up to all of them."""

from __future__ import annotations

from typing import Final, NamedTuple

from askfirst.domain.bulk.import_job import ImportSummary, OutcomeCount
from askfirst.domain.bulk.import_row import STORED, RowOutcome
from askfirst.usecases.sending.summarize_campaign import permilles
from askfirst.web.console.desk import Desk

_ORDER: Final = (
    RowOutcome.YES_WITH_PROOF,
    RowOutcome.YES,
    RowOutcome.STOP,
    RowOutcome.SKIPPED,
    RowOutcome.REFUSED,
)
_TONES: Final = {
    RowOutcome.YES_WITH_PROOF: "yes",
    RowOutcome.YES: "ask",
    RowOutcome.STOP: "no",
    RowOutcome.SKIPPED: "mute",
    RowOutcome.REFUSED: "wait",
}


class ResultLine(NamedTuple):
    """One kind of result. `permille`: its part of all rows; `lines`: the first of them in words."""

    outcome: str
    reason: str
    tone: str
    rows: int
    permille: int
    lines: str


def lines_of(desk: Desk, summary: ImportSummary) -> list[ResultLine]:
    """Return each result: what is recorded first, then the most frequent."""
    counts = sorted(summary.counts, key=_place)
    shares = permilles([one.rows for one in counts])
    return [
        ResultLine(
            outcome=one.outcome,
            reason=one.reason,
            tone=_TONES[RowOutcome(one.outcome)],
            rows=one.rows,
            permille=permille,
            lines=first_lines(desk, one),
        )
        for one, permille in zip(counts, shares, strict=True)
    ]


def first_lines(desk: Desk, count: OutcomeCount) -> str:
    """Name the first lines of a count: `2, 3, 17 …`."""
    named = ", ".join(desk.number(line) for line in count.lines)
    return f"{named} …" if count.rows > len(count.lines) else named


def stored_in(summary: ImportSummary) -> int:
    """Return how many rows are recorded."""
    return sum(one.rows for one in summary.counts if RowOutcome(one.outcome) in STORED)


def _place(one: OutcomeCount) -> tuple[int, int, str]:
    return _ORDER.index(RowOutcome(one.outcome)), -one.rows, one.reason
