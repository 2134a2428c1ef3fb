"""What an import writes of a row is, byte for byte, what `json.dumps` writes of it."""

from __future__ import annotations

import hashlib
import json
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from askfirst.domain.bulk.import_job import ImportJob, ImportPreview, ImportState
from askfirst.domain.bulk.import_row import ImportRow, RowOutcome, RowVerdict, Said
from askfirst.domain.bulk.import_settings import ImportSettings, Role
from askfirst.domain.values.alias import phone_alias
from askfirst.domain.values.ids import BusinessId, ImportId
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.consent.change import Statement
from askfirst.usecases.bulk.imports.judge_rows import entries_of
from askfirst.usecases.bulk.imports.summary import SummaryCounter

NOW: Final = Instant(1_800_000_000_000_000)
DIGEST: Final = "ab" * 32
TEXTS = st.sampled_from(["", "web form", 'She said "yes"', "Ünïcode\t🙂"]) | st.text(max_size=9)
ROWS = st.builds(
    ImportRow,
    line=st.integers(1, 10**7),
    said=st.just(Said.YES),
    aliases=st.just((phone_alias("447700900123"),)),
    purposes=st.sampled_from([("marketing",), ("marketing.offers",), ()]),
    said_at=st.sampled_from([Instant(0), Instant(1_700_000_000_000_000)]),
    proof=st.tuples(TEXTS, TEXTS, TEXTS),
    details=st.dictionaries(st.sampled_from(["locale", "note"]), TEXTS.filter(bool)).map(
        lambda told: tuple(told.items())
    ),
)


@given(ROWS, st.booleans(), st.booleans())
def test_the_evidence_and_the_name_of_a_row_are_plain_json(
    row: ImportRow, everybody: bool, named: bool
) -> None:
    job = _job(everybody=everybody, column="Opt-in" if named else "")
    verdict = RowVerdict(line=row.line, outcome=RowOutcome.YES)
    (entry,) = entries_of(job, [row], [verdict], NOW)
    (act,) = entry.acts
    assert isinstance(act, Statement)
    assert act.evidence == _evidence(row, everybody=everybody, named=named)
    assert entry.source_id == _source(row)


def _evidence(row: ImportRow, *, everybody: bool, named: bool) -> bytes:
    told: dict[str, str | int] = {"file_sha256": DIGEST, "line": row.line}
    if everybody:
        told["column"] = "none: by the operator's word, everybody in the file said yes"
    elif named:
        told["column"] = "Opt-in"
    if not row.said_at:
        told["said_at"] = "not told"
    names = ("wording", "method", "collected_by")
    told |= {name: text for name, text in zip(names, row.proof, strict=True) if text}
    told |= dict(row.details)
    return json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _source(row: ImportRow) -> str:
    proof = hashlib.sha256(json.dumps(row.proof).encode()).hexdigest()[:16]
    what = (row.aliases[0].key, *row.purposes, row.said_at or DIGEST)
    return "import:" + json.dumps((*what, proof if row.has_proof else ""))


def _job(*, everybody: bool, column: str) -> ImportJob:
    preview = ImportPreview(
        format="csv",
        encoding="utf-8",
        delimiter=",",
        header_line=1,
        sheet="",
        other_sheets=(),
        preset="",
        columns=((column, Role.STATE),) if column else (),
        country="GB",
        time_zone="Europe/London",
        date_order="",
        summary=SummaryCounter().total(),
    )
    return ImportJob(
        business_id=BusinessId("acme"),
        import_id=ImportId("imp_1"),
        state=ImportState.RUNNING,
        settings=ImportSettings(purpose="marketing", everybody=everybody),
        created_at=NOW,
        digest=DIGEST,
        preview=preview,
    )
