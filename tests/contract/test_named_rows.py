"""What code calls a column is what the statement calls it, on both backends."""

from __future__ import annotations

import ast
import re
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import asyncpg
import pytest

import askfirst.storage
from askfirst.storage.brakes.brake_rows import BrakeChangeRow, BrakeRow, BrakeSubjectRow
from askfirst.storage.bulk.export_schedules import ExportScheduleRow
from askfirst.storage.codes.code_rows import CodeRow
from askfirst.storage.consent.evidence.receipts import ReceiptKeyRow
from askfirst.storage.consent.number_confirmations import LinkRow, ProofRow
from askfirst.storage.entry_points.entry_points import EntryRow
from askfirst.storage.held.held_messages import HeldRow
from askfirst.storage.opt_out.reviews import ReviewRow
from askfirst.storage.opt_out.stop_confirmations import StopConfirmationRow
from askfirst.storage.platform.rows import EventRow, KeyRow, SenderRow
from askfirst.storage.platform.sql_files import load_statements
from askfirst.storage.prompts.prompts import (
    OwnPromptRow,
    SubmissionRow,
    VersionRow,
    VersionStateRow,
)
from askfirst.storage.sending.decision_rows import DecisionRow, FactsRow
from askfirst.storage.sending.traffic_rows import TrafficRow
from askfirst.storage.stats.statistics import BuildRow, LateStopRow
from askfirst.storage.tenants.template_rows import TemplateRow
from tests.support.schema import migrated_sqlite
from tests.support.stores import PostgresHome


class Read(NamedTuple):
    """How a statement's rows are read: what they are called, behind and before other columns."""

    fields: Sequence[str]
    behind: int = 0
    others: tuple[str, ...] = ()


_CONTACT = 5
"""Columns of the contact, and of the one that was merged into it, before those of an event."""
_LEAF = ("leaf_hash",)

ROWS: Mapping[str, Read] = {
    "stats_builds": Read(BuildRow._fields),
    "late_stops": Read(LateStopRow._fields),
    "history": Read(EventRow._fields),
    "events": Read(EventRow._fields),
    "event_by_id": Read(EventRow._fields),
    "events_at": Read(EventRow._fields),
    "event_at": Read(EventRow._fields),
    "contact_events": Read(EventRow._fields),
    "audit_events": Read(EventRow._fields, others=_LEAF),
    "audit_contacts": Read(EventRow._fields, _CONTACT, _LEAF),
    "audit_contact": Read(EventRow._fields, _CONTACT, _LEAF),
    "acceptances": Read(EventRow._fields, 1, _LEAF),
    "senders": Read(SenderRow._fields),
    "templates": Read(TemplateRow._fields),
    "templates_of_name": Read(TemplateRow._fields),
    "keys": Read(KeyRow._fields),
    "key_by_digest": Read(KeyRow._fields),
    "decisions": Read(DecisionRow._fields),
    "one_decision": Read(DecisionRow._fields),
    "decisions_of_contact": Read(DecisionRow._fields),
    "decisions_of_campaign": Read(DecisionRow._fields),
    "find_code": Read(CodeRow._fields, others=("digest",)),
    "find_code_by_key": Read(CodeRow._fields, others=("digest",)),
    "count_try": Read(CodeRow._fields, others=("digest", "hash")),
    "prove_code": Read(CodeRow._fields, others=("digest",)),
    "renew_code": Read(CodeRow._fields, others=("digest",)),
    "note_told": Read(CodeRow._fields, others=("told",)),
    "proof": Read(ProofRow._fields),
    "proof_by_lookup": Read(ProofRow._fields),
    "link": Read(LinkRow._fields),
    "entries": Read(EntryRow._fields),
    "entry": Read(EntryRow._fields),
    "entry_by_code": Read(EntryRow._fields),
    "find_stop_confirmation": Read(StopConfirmationRow._fields),
    "own_prompts": Read(OwnPromptRow._fields),
    "submission": Read(SubmissionRow._fields),
    "submissions": Read(SubmissionRow._fields),
    "version": Read(VersionRow._fields),
    "version_state": Read(VersionStateRow._fields),
    "receipt_keys": Read(ReceiptKeyRow._fields),
    "facts": Read(FactsRow._fields),
    "traffic": Read(TrafficRow._fields, 1),
    "list_brakes": Read(BrakeRow._fields),
    "brakes_on": Read(BrakeRow._fields),
    "brake_by_id": Read(BrakeRow._fields),
    "brake_change_by_id": Read(BrakeChangeRow._fields),
    "brake_changes": Read(BrakeChangeRow._fields),
    "brake_subject": Read(BrakeSubjectRow._fields),
    "open_reviews": Read(ReviewRow._fields),
    "closed_reviews": Read(ReviewRow._fields),
    "close_review": Read(ReviewRow._fields),
    "export_schedule": Read(ExportScheduleRow._fields),
    "export_schedules": Read(ExportScheduleRow._fields),
    "find_held": Read(HeldRow._fields),
    "open_held": Read(HeldRow._fields),
    "ended_held": Read(HeldRow._fields),
    "held_of": Read(HeldRow._fields),
}
OF_MANY = frozenset({"traffic"})
"""What PostgreSQL reads for many pairs at once, with the sender of each behind its contact."""
EPOCHS = {"sqlite": ("epoch",), "postgres": ("key_version", "schema_version")}
"""What `facts` reads behind its row: how far the database is."""


def expected(backend: str, name: str) -> tuple[str, ...]:
    others = EPOCHS[backend] if name == "facts" else ROWS[name].others
    return (*ROWS[name].fields, *others)


def test_every_named_row_is_compared_with_a_statement() -> None:
    root = Path(askfirst.storage.__file__).parent
    trees = [ast.parse(path.read_text()) for path in root.rglob("*.py")]
    classes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    named = {one.name for one in classes if one.name.endswith("Row") and is_named_tuple(one)}
    compared = (
        *(EventRow, SenderRow, TemplateRow, KeyRow, DecisionRow, CodeRow, ProofRow, LinkRow),
        *(EntryRow, StopConfirmationRow, OwnPromptRow, SubmissionRow, VersionRow, VersionStateRow),
        *(ReceiptKeyRow, FactsRow, TrafficRow, ReviewRow, HeldRow),
        *(BrakeRow, BrakeChangeRow, BrakeSubjectRow, BuildRow, ExportScheduleRow, LateStopRow),
    )
    assert named == {one.__name__ for one in compared}
    assert {one._fields for one in compared} == {read.fields for read in ROWS.values()}


def is_named_tuple(node: ast.ClassDef) -> bool:
    return any(isinstance(base, ast.Name) and base.id == "NamedTuple" for base in node.bases)


async def test_sqlite_calls_columns_by_these_names(tmp_path: Path) -> None:
    await migrated_sqlite(tmp_path)
    connection = sqlite3.connect(tmp_path / "migrated.db")
    statements = load_statements("askfirst.storage.sqlite")
    assert ROWS.keys() - statements.keys() == {"events_at"}
    for name in ROWS.keys() & statements.keys():
        text, read = statements[name], ROWS[name]
        places = set(re.findall(r"\?\d+", text)) or re.findall(r"\?", text)
        cursor = connection.execute(text, (0,) * len(places))
        columns = tuple(column[0] for column in cursor.description)
        assert columns[read.behind :] == expected("sqlite", name), name
    connection.close()


@pytest.mark.postgres
async def test_postgres_calls_columns_by_these_names(postgres_home: PostgresHome) -> None:
    connection = await asyncpg.connect(postgres_home.url)
    statements = load_statements("askfirst.storage.postgres")
    assert ROWS.keys() - statements.keys() == {"event_at"}
    for name in ROWS.keys() & statements.keys():
        read = ROWS[name]
        prepared = await connection.prepare(statements[name])
        columns = tuple(column.name for column in prepared.get_attributes())
        behind = read.behind + (name in OF_MANY)
        assert columns[behind:] == expected("postgres", name), name
    await connection.close()
