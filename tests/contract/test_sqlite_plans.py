"""What a statement costs on SQLite does not grow with the business.

SQLite knows nothing of how its tables fill and takes a business for ten rows: of two ways it likes
the one through the whole business, where it gets the columns at once. Statements name the index
they are meant to use, and this looks at the plan of every one.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator

import pytest

from askfirst.storage.platform.sql_files import load_statements
from tests.support.schema import SQLITE_SCHEMA

STATEMENTS = load_statements("askfirst.storage.sqlite")

_FEW = """
api_key brake brake_change brake_follower business campaign_count campaign_counting
clock_acceptance current_prompt database_id decision_count decision_counting draft_submission
draft_writer erase_request export_job export_schedule import_job import_part key_version operator
operator_invitation operator_passkey operator_session own_prompt passkey_challenge people_hour
policy profile prompt receipt_key receiver screen_job screen_part sender sender_health
server_epoch stats_build subscription template template_notice waba
"""
FEW = frozenset(_FEW.split())
"""Tables of which a business has few rows, however many people it has."""

WHOLE_BUSINESS = {
    "audit_bounds": "divides a whole ledger into parts that are checked apart",
    "audit_entries": "gives a page of the newest, in the order of the key",
    "erasures": "lists all of them, after a restore",
    "find_unarrived": "takes messages of a time, a bounded number at once",
    "stats_awaited": "takes messages of a time, a bounded number at once",
    "review_backlog": "counts what is open, by an index of that alone",
}
"""Statements that look at all rows of a business in a table that grows; so do sweeps."""

_GUARD = re.compile(r"\s*(?:CREATE|DROP) TRIGGER")
_STEP = re.compile(r"(SCAN|SEARCH) (\w+)(?: USING [\w ]+? ?\((.*)\))?")
_AGE = re.compile(r"INDEX \w+_age \(business_id=\? AND \w+[<>]")
"""All that a business did in a time; what looks for one person is meant to go another way."""
_TABLE = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE)\s+(\w+)(?:\s+(?:AS\s+)?([a-z]\w*)\b)?")


@pytest.fixture(scope="module")
def database() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    connection.executescript(SQLITE_SCHEMA.read_text("utf-8"))
    yield connection
    connection.close()


def through_whole_businesses(database: sqlite3.Connection, statement: str) -> list[str]:
    """Return the steps of a plan that go through all rows of a business, or of a table."""
    placed = [int(number) for number in re.findall(r"\?(\d+)", statement)]
    values = ["[]"] * max(placed, default=statement.count("?"))
    names = {alias or table: table for table, alias in _TABLE.findall(statement)}
    tables = {row[0] for row in database.execute("SELECT name FROM sqlite_master")}
    found = []
    for *_, step in database.execute(f"EXPLAIN QUERY PLAN {statement}", values):
        if match := _STEP.match(step):
            how, name, terms = match.groups()
            table = names.get(name, name)
            is_whole = how == "SCAN" or terms == "business_id=?" or _AGE.search(step)
            if is_whole and table in tables and table not in FEW:
                found.append(step)
    return found


@pytest.mark.parametrize(
    "name", sorted(name for name, text in STATEMENTS.items() if not _GUARD.match(text))
)
def test_a_statement_finds_its_rows_by_an_index(database: sqlite3.Connection, name: str) -> None:
    steps = through_whole_businesses(database, STATEMENTS[name])
    is_sweep = name.startswith("sweep_")
    assert not steps or is_sweep or name in WHOLE_BUSINESS, steps


@pytest.mark.parametrize("name", sorted(WHOLE_BUSINESS))
def test_the_list_of_exceptions_names_no_others(database: sqlite3.Connection, name: str) -> None:
    assert through_whole_businesses(database, STATEMENTS[name])


@pytest.mark.parametrize(
    ("name", "written", "planted", "step"),
    [
        (
            "names",
            "INDEXED BY alias_contact",
            "",
            "SEARCH alias USING PRIMARY KEY (business_id=?)",
        ),
        (
            "traffic",
            "+m.sent_at",
            "m.sent_at",
            "SEARCH m USING INDEX sent_message_age (business_id=? AND sent_at>?)",
        ),
    ],
)
def test_a_statement_that_goes_another_way_is_found(
    database: sqlite3.Connection, name: str, written: str, planted: str, step: str
) -> None:
    assert written in STATEMENTS[name]
    statement = STATEMENTS[name].replace(written, planted)
    assert through_whole_businesses(database, statement) == [step]
