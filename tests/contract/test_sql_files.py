"""Every statement stays inside one business; the schema is the sum of its migrations."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest

import askfirst.storage
from askfirst.storage.platform.sql_files import load_migrations, load_statements
from tests.support.schema import (
    POSTGRES_SCHEMA,
    SQLITE_SCHEMA,
    loaded_postgres,
    loaded_sqlite,
    migrated_postgres,
    migrated_sqlite,
)
from tests.support.stores import PostgresHouse

STORAGE = Path(askfirst.storage.__file__).parent
BACKENDS = ("sqlite", "postgres")

ACROSS_BUSINESSES = {
    "businesses": "lists all tenants, for the scheduled work of the process",
    "owner_by_number": "finds the business that a webhook is for",
    "newest_events_after": "holds the clock against all businesses, when a server starts",
    "owner_by_waba": "finds the business that an account's webhook is for",
    "key_by_digest": "finds the business that a key acts for",
    "find_due_tasks": "finds the businesses whose tasks are due, each second",
}
"""Statements that look for a business, and so cannot filter on one."""

OF_THE_DATABASE = {
    "audit_database": "tells which database this is",
    "note_head_kept": "a head is kept of the whole database",
    "audit_newest": "compares every business with the head",
    "audit_guards": "looks at what guards a table",
    "refuse_change": "guards a table",
    "refuse_truncate": "guards a table",
    "event_is_never_updated": "guards a table",
    "event_is_never_deleted": "guards a table",
    "event_is_never_replaced": "guards a table",
    "event_is_never_truncated": "guards a table",
    "drop_event_is_never_updated": "guards a table",
    "drop_event_is_never_deleted": "guards a table",
    "drop_event_is_never_replaced": "guards a table",
    "enable_updated": "guards a table",
    "enable_deleted": "guards a table",
    "enable_truncated": "guards a table",
}
"""Statements about all businesses at once; some on one backend only."""

INDEXES_ACROSS_BUSINESSES = {
    "sender_owner": "a phone number id has one business",
    "sender_waba": "found the businesses of an account, until an account had one owner",
    "waba_owner": "an account has one business",
    "api_key_secret": "a secret has one business",
    "alias_contact": "contact ids are unique in the world, so the shorter index finds as well",
    "event_contact": "the same",
    "task_due": "finds the tasks that are due in all businesses",
}
"""Indexes that need not begin with the business."""

TABLES_OF_NO_BUSINESS = {
    "database_id": "a database has one id",
    "key_version": "the keyring is the process's",
    "server_epoch": "a file has one server for all businesses",
    "schema_version": "the schema is the database's",
}

_PARAMETER = r"(?:\?|\$\d+(?:::text)?)"
_FILTER = re.compile(rf"\bbusiness_id = {_PARAMETER}")
_INSERT = re.compile(r"^INSERT INTO \w+(?: AS \w+)?\s*\(business_id,")
_END_OF_CONDITION = re.compile(r"\b(?:WHERE|ORDER BY|UNION)\b")
_SELF_NUMBERING = re.compile(
    r"\b(?:small|big)?serial\b|\bautoincrement\b|\bidentity\b|\bsequence\b|\bnextval\b",
    re.IGNORECASE,
)

STATEMENTS = [
    pytest.param(name, text, id=f"{backend}-{name}")
    for backend in BACKENDS
    for name, text in load_statements(f"askfirst.storage.{backend}").items()
]
SQL_FILES = sorted(STORAGE.rglob("*.sql"))


@pytest.mark.parametrize(("name", "text"), STATEMENTS)
def test_a_statement_is_about_one_business(name: str, text: str) -> None:
    is_about_one = _FILTER.search(text) or _INSERT.search(text)
    if name not in OF_THE_DATABASE:
        assert bool(is_about_one) != (name in ACROSS_BUSINESSES)


@pytest.mark.parametrize(("name", "text"), STATEMENTS)
def test_a_join_stays_inside_the_business(name: str, text: str) -> None:
    for joined in re.split(r"\bJOIN\b", text)[1:]:
        # What is joined LATERAL has a WHERE of its own; parameters and sessions are no tables.
        has_own_condition = joined.lstrip().startswith(
            ("LATERAL", "unnest", "pg_stat_get_activity")
        )
        condition = joined if has_own_condition else _END_OF_CONDITION.split(joined)[0]
        assert "business_id =" in condition


@pytest.mark.parametrize("name", ACROSS_BUSINESSES)
@pytest.mark.parametrize("backend", BACKENDS)
def test_the_exceptions_are_still_needed(backend: str, name: str) -> None:
    assert name in load_statements(f"askfirst.storage.{backend}")


def test_the_exceptions_for_the_whole_database_are_still_needed() -> None:
    there = {
        name for backend in BACKENDS for name in load_statements(f"askfirst.storage.{backend}")
    }
    assert set(OF_THE_DATABASE) <= there


@pytest.mark.parametrize("backend", BACKENDS)
def test_every_statement_is_used_and_every_used_one_exists(backend: str) -> None:
    names = set(load_statements(f"askfirst.storage.{backend}"))
    others = {"sqlite", "postgres"} - {backend}
    files = [file for file in STORAGE.rglob("*.py") if others.isdisjoint(file.parts)]
    sources = "".join(file.read_text() for file in files)
    assert {name for name in names if f'"{name}"' not in sources} == set()
    called = r'(?:sql\[|statements\.(?:fetch|write)\()"(\w+)"'
    assert set(re.findall(called, sources)) <= names


@pytest.mark.parametrize("backend", BACKENDS)
def test_whatever_adds_to_a_history_has_it_told(backend: str) -> None:
    statements = load_statements(f"askfirst.storage.{backend}").items()
    adding = [name for name, text in statements if re.search(r"\bhistory = history\b", text)]
    assert len(adding) == 5
    source = (STORAGE / "codes" / "codes.py").read_text()
    called = re.findall(r'(.{30})"(\w+)"', source)
    for name in adding:
        before = [text for text, found in called if found == name]
        assert before
        assert all(text.endswith(("_changing(", "(self._changing, ")) for text in before)


@pytest.mark.parametrize("file", SQL_FILES, ids=lambda file: f"{file.parent.name}-{file.name}")
def test_no_database_numbers_rows_by_itself(file: Path) -> None:
    assert not _SELF_NUMBERING.search(_without_comments(file.read_text()))


@pytest.mark.parametrize("backend", BACKENDS)
def test_every_key_begins_with_the_business(backend: str) -> None:
    tables = dict(
        re.findall(
            r"^CREATE TABLE (\w+) \((.*?)^\)", _migrations(backend), re.DOTALL | re.MULTILINE
        )
    )
    assert len(tables) > 10
    for name, body in tables.items():
        own = "business_id TEXT NOT NULL PRIMARY KEY" in body or "PRIMARY KEY (business_id" in body
        assert own != (name in TABLES_OF_NO_BUSINESS)


@pytest.mark.parametrize("backend", BACKENDS)
def test_every_index_begins_with_the_business(backend: str) -> None:
    indexes = re.findall(
        r"^CREATE (?:UNIQUE )?INDEX (\w+)\s+ON \w+ \((\w+)", _migrations(backend), re.MULTILINE
    )
    assert indexes
    for name, first in indexes:
        assert first == "business_id" or name in INDEXES_ACROSS_BUSINESSES


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_foreign_key_stays_inside_the_business(backend: str) -> None:
    for target in re.findall(r"\bREFERENCES\b[^,]*", _migrations(backend)):
        assert "business_id" in target


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_trigger_touches_only_its_own_table(backend: str) -> None:
    triggers = re.findall(
        r"CREATE TRIGGER \w+ BEFORE \w+ ON (\w+)(.*?)END;", _migrations(backend), re.DOTALL
    )
    for table, body in triggers:
        assert set(re.findall(r"\b(?:FROM|INTO|UPDATE|JOIN) (\w+)", body)) <= {table}


@pytest.mark.parametrize("backend", BACKENDS)
def test_migrations_are_numbered_without_gaps(backend: str) -> None:
    numbers = [number for number, _ in load_migrations(f"askfirst.storage.{backend}")]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize(
    "name", ["audit_contacts", "audit_contact", "acceptances", "history", "contact_events"]
)
async def test_a_contacts_events_are_found_by_the_contact(tmp_path: Path, name: str) -> None:
    """By the business alone each page would read the whole ledger."""
    await migrated_sqlite(tmp_path)
    connection = sqlite3.connect(tmp_path / "migrated.db")
    text = load_statements("askfirst.storage.sqlite")[name]
    places = set(re.findall(r"\?\d", text)) or re.findall(r"\?", text)
    plan = connection.execute("EXPLAIN QUERY PLAN " + text, (None,) * len(places)).fetchall()
    connection.close()
    assert any("event_contact (business_id=? AND contact_id=?" in row[3] for row in plan)


async def test_the_sqlite_schema_is_the_sum_of_its_migrations(tmp_path: Path) -> None:
    written = SQLITE_SCHEMA.read_text()
    assert await migrated_sqlite(tmp_path) == written, "run scripts/schema.py"
    assert loaded_sqlite(tmp_path, written) == written


@pytest.mark.postgres
async def test_the_postgres_schema_is_the_sum_of_its_migrations(
    postgres_house: PostgresHouse,
) -> None:
    written = POSTGRES_SCHEMA.read_text()
    assert await migrated_postgres(postgres_house, "migrated") == written, "run scripts/schema.py"
    assert await loaded_postgres(postgres_house, "loaded", written) == written


def _migrations(backend: str) -> str:
    scripts = load_migrations(f"askfirst.storage.{backend}")
    return _without_comments("\n".join(script for _, script in scripts))


def _without_comments(sql: str) -> str:
    return re.sub(r"--.*", "", sql)
