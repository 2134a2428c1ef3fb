"""Judge a part of the rows of an import by the ledger, and make of them what is written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from json.encoder import encode_basestring, encode_basestring_ascii
from typing import Final, NamedTuple, Protocol

from askfirst.domain.bulk.cell_times import EARLIEST
from askfirst.domain.bulk.import_job import ImportJob
from askfirst.domain.bulk.import_row import (
    NO_PROOF,
    STORED,
    ImportRow,
    RowOutcome,
    RowVerdict,
    Said,
)
from askfirst.domain.bulk.import_settings import Role
from askfirst.domain.bulk.verdict import InLedger, judge
from askfirst.domain.consent.event import Assurance, EventKind, NumberProof, Source
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.bulk.imports import HasImports, RowNames
from askfirst.ports.consent.change import Statement, WriteEntry
from askfirst.usecases.opt_out.import_stops import ListedStop, stop_entry, stop_source

_ASCII: Final[Callable[[str], str]] = encode_basestring_ascii
_TEXT: Final[Callable[[str], str]] = encode_basestring
_LINE: Final = "line"
_PROOF: Final = ("wording", "method", "collected_by")
_NOTHING: Final = InLedger()


class JudgeRowsNeeds(HasImports, Protocol):
    """What this use case needs from the world."""


async def judge_rows(
    services: JudgeRowsNeeds, job: ImportJob, rows: Sequence[ImportRow]
) -> tuple[RowVerdict, ...]:
    """Look at what the ledger holds of the people whom rows name, and decide; in their order."""
    open_rows = [row for row in rows if row.is_open]
    names = [RowNames(row.aliases, partial(_source, job, row)) for row in open_rows]
    looked = iter(await services.imports.look(job.business_id, names) if names else ())
    return tuple([judge(row, next(looked) if row.is_open else _NOTHING) for row in rows])


def entries_of(
    job: ImportJob, rows: Sequence[ImportRow], verdicts: Sequence[RowVerdict], now: Instant
) -> tuple[WriteEntry, ...]:
    """Return what is written of rows, by what becomes of them."""
    column = next((name for name, role in _columns(job) if role is Role.STATE), "")
    return tuple(
        [
            _entry(job, row, verdict, column, now)
            for row, verdict in zip(rows, verdicts, strict=True)
            if verdict.outcome in STORED
        ]
    )


def _columns(job: ImportJob) -> tuple[tuple[str, Role], ...]:
    return job.preview.columns if job.preview else ()


def _source(job: ImportJob, row: ImportRow) -> str:
    """Name a row, so that it is written once: whoever sends it, and however often."""
    if row.said is Said.NO:
        return stop_source(_stop(job, row, ""), job.digest)
    before, behind = _said_name(row.purposes, row.proof if row.has_proof else NO_PROOF)
    said_at = row.said_at or _ASCII(job.digest)
    return f"import:[{_ASCII(row.aliases[0].key)}, {before}{said_at}{behind}]"


@lru_cache(maxsize=1024)
def _said_name(purposes: tuple[str, ...], proof: tuple[str, ...]) -> tuple[str, str]:
    """Name what most rows of a file share, before and behind the time, as `json.dumps` writes it.

    `proof` is NO_PROOF where something is missing from it.
    """
    name = "" if proof == NO_PROOF else hashlib.sha256(json.dumps(proof).encode()).hexdigest()[:16]
    return "".join([f"{_ASCII(one)}, " for one in purposes]), f", {_ASCII(name)}"


def _entry(
    job: ImportJob, row: ImportRow, verdict: RowVerdict, column: str, now: Instant
) -> WriteEntry:
    if row.said is Said.NO:
        return stop_entry(_stop(job, row, column), job.digest, now)
    has_proof = verdict.outcome is RowOutcome.YES_WITH_PROOF
    statement = Statement(
        aliases=row.aliases,
        kind=EventKind.GRANTED,
        occurred_at=row.said_at or EARLIEST,
        source=Source.IMPORT,
        surface=Surface.IMPORT,
        number_proof=NumberProof.VOUCHED,
        purposes=row.purposes,
        assurance=Assurance.SHOWN if has_proof else Assurance.ASSERTED,
        evidence=_evidence(job, row, column),
    )
    return WriteEntry(acts=(statement,), source_id=_source(job, row))


def _stop(job: ImportJob, row: ImportRow, column: str) -> ListedStop:
    return ListedStop(
        aliases=row.aliases,
        purposes=row.purposes,
        said_at=row.said_at or None,
        evidence=_evidence(job, row, column),
    )


def _evidence(job: ImportJob, row: ImportRow, column: str) -> bytes:
    """Write what a row brings as evidence: the file, the line, the column of the answer, proof."""
    if job.settings.everybody:
        column = "none: by the operator's word, everybody in the file said yes"
    shared = _Shared(job.digest, column, bool(row.said_at), row.proof, row.details)
    before, behind = _around_line(shared)
    return b"%b%d%b" % (before, row.line, behind)


class _Shared(NamedTuple):
    """What the evidence of most rows of a file has in common: all but the line."""

    digest: str
    column: str
    has_time: bool
    proof: tuple[str, ...]
    details: tuple[tuple[str, str], ...]


@lru_cache(maxsize=1024)
def _around_line(shared: _Shared) -> tuple[bytes, bytes]:
    """Write evidence as compact JSON, names in order; return what is before and behind the line."""
    told = {"file_sha256": shared.digest, "column": shared.column}
    told["said_at"] = "" if shared.has_time else "not told"
    told |= dict(zip(_PROOF, shared.proof, strict=True))
    told = {name: text for name, text in told.items() if text} | dict(shared.details)
    pairs = [f"{_TEXT(name)}:{_TEXT(text)}" for name, text in sorted(told.items())]
    place = sum(name < _LINE for name in told)
    before = "".join([f"{one}," for one in pairs[:place]])
    behind = "".join([f",{one}" for one in pairs[place:]])
    return f'{{{before}"{_LINE}":'.encode(), f"{behind}}}".encode()
