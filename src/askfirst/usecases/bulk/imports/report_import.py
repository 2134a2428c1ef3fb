"""The report of an import: what became of each row, as CSV, without a word of what stands in it.

Opt-outs that could not be applied come first: somebody in there may have said stop.
"""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Iterable
from typing import Final

from askfirst.domain.bulk.import_job import ImportJob, ImportState
from askfirst.domain.bulk.import_row import STORED, RowVerdict
from askfirst.domain.values.errors import Conflict
from askfirst.ports.bulk.imports import HasImports

HEADER: Final = ("line", "outcome", "reason", "column", "repaired", "opt_out_lost", "ask_again")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


async def report_of(services: HasImports, job: ImportJob) -> AsyncIterator[str]:
    """Write the report in parts of CSV.

    Raises:
        Conflict: the import is not done.
    """
    for part in range(report_parts(job)):
        yield await report_part(services, job, part)


def report_parts(job: ImportJob) -> int:
    """Return how many parts the report has.

    Raises:
        Conflict: the import is not done.
    """
    if job.state is not ImportState.DONE or job.summary is None:
        raise Conflict("the import has no report yet: it is not done")
    return 1 + 2 * job.parts


async def report_part(services: HasImports, job: ImportJob, part: int) -> str:
    """Write one part of the report: the header, then what was lost, then the rest.

    Raises:
        Conflict: the import is not done.
    """
    if not part or part >= report_parts(job):
        return "" if part else _lines([HEADER])
    is_second_time, place = divmod(part - 1, job.parts)
    lost = job.summary.alarms.rows if job.summary else 0
    if not is_second_time and not lost:
        return ""
    found = await services.imports.verdicts(job, place)
    return _lines(_cells(one) for one in found if one.alarm is not bool(is_second_time))


def _cells(one: RowVerdict) -> tuple[str, ...]:
    outcome = "stored" if one.outcome in STORED else one.outcome.value
    reason = one.reason.value or one.outcome.value
    repaired = " ".join(repair.value for repair in one.repairs)
    marks = ("yes" if one.alarm else "", "yes" if one.ask_again else "")
    return (str(one.line), outcome, reason, one.column, repaired, *marks)


def _lines(rows: Iterable[tuple[str, ...]]) -> str:
    written = io.StringIO(newline="")
    csv.writer(written).writerows([neutral(cell) for cell in row] for row in rows)
    return written.getvalue()


def neutral(cell: str) -> str:
    """Keep a spreadsheet from taking a cell for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
