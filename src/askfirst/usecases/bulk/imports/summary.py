"""Sum up what becomes of the rows of a file, as they go by."""

from __future__ import annotations

from collections import Counter

from askfirst.domain.bulk.import_job import SHOWN_MAX, ImportSummary, OutcomeCount
from askfirst.domain.bulk.import_row import RowOutcome, RowVerdict


class SummaryCounter:
    """Counts verdicts; keeps the first lines of each kind, and no more."""

    def __init__(self) -> None:
        self._rows: Counter[tuple[str, str]] = Counter()
        self._lines: dict[tuple[str, str], list[int]] = {}
        self._repairs: Counter[str] = Counter()
        self._asserted = self._said_no = self.other_words = 0

    def add(self, verdict: RowVerdict) -> None:
        """Take in one."""
        self._note((verdict.outcome.value, verdict.reason.value), verdict.line)
        if verdict.alarm:
            self._note(("alarm", ""), verdict.line)
        if verdict.repairs:
            self._repairs.update(repair.value for repair in verdict.repairs)
        if verdict.ask_again:
            self._asserted += verdict.outcome is RowOutcome.YES
            self._said_no += verdict.outcome is not RowOutcome.YES

    def total(self) -> ImportSummary:
        """Return the sum."""
        alarm = ("alarm", "")
        kinds = sorted(kind for kind in self._rows if kind != alarm)
        return ImportSummary(
            rows=sum(self._rows[kind] for kind in kinds),
            counts=tuple(self._count(kind) for kind in kinds),
            repairs=dict(sorted(self._repairs.items())),
            alarms=self._count(alarm),
            asserted=self._asserted,
            said_no=self._said_no,
            other_words=self.other_words,
        )

    def _note(self, kind: tuple[str, str], line: int) -> None:
        self._rows[kind] += 1
        if self._rows[kind] <= SHOWN_MAX:
            self._lines.setdefault(kind, []).append(line)

    def _count(self, kind: tuple[str, str]) -> OutcomeCount:
        lines = tuple(self._lines.get(kind, ()))
        return OutcomeCount(outcome=kind[0], reason=kind[1], rows=self._rows[kind], lines=lines)
