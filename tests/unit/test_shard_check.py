"""What the check of SQL says of statements and schemas that are no single shard's task."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import shard_check
from scripts.shard_check import complaints_about, complaints_about_schema

_SCHEMA = shard_check.FOLDER / "schema.sql"

FORBIDDEN = {
    "no filter at all": "SELECT standing FROM contact WHERE contact_id = $1",
    "a table that only a join ties": (
        "SELECT 1 FROM contact c JOIN event e ON e.business_id = c.business_id "
        "WHERE c.business_id = $1"
    ),
    "a filter on one of two tables, without a name": (
        "SELECT 1 FROM contact c, event e WHERE business_id = $1 AND e.contact_id = c.contact_id"
    ),
    "a filter that another condition makes void": (
        "SELECT 1 FROM contact WHERE business_id = $1 OR contact_id = $2"
    ),
    "a filter that is denied": "SELECT 1 FROM contact WHERE NOT business_id = $1",
    "a filter in a comment": "SELECT 1 FROM contact -- WHERE business_id = $1\n",
    "a filter in a string": "SELECT 'WHERE business_id = $1' FROM contact",
    "a filter in a dollar-quoted string": "SELECT $a$ WHERE business_id = $1 $a$ FROM contact",
    "a filter on a literal": "SELECT 1 FROM contact WHERE business_id = 'acme'",
    "a filter on an expression": "SELECT 1 FROM contact WHERE business_id = $1 || 'x'",
    "a subquery without a filter": (
        "SELECT 1 FROM contact c WHERE c.business_id = $1 AND EXISTS "
        "(SELECT 1 FROM alias a WHERE a.contact_id = c.contact_id)"
    ),
    "a lateral subquery without a filter": (
        "SELECT 1 FROM contact c CROSS JOIN LATERAL (SELECT 1 FROM alias a WHERE "
        "a.business_id = c.business_id LIMIT 1) a WHERE c.business_id = $1"
    ),
    "a common table without a filter": (
        "WITH RECURSIVE person (id) AS (VALUES ($2) UNION SELECT c.contact_id FROM contact c "
        "JOIN person p ON c.absorbed_by = p.id) SELECT 1 FROM person"
    ),
    "the second part of a union without a filter": (
        "SELECT 1 FROM alias WHERE business_id = $1 UNION ALL SELECT 1 FROM contact"
    ),
    "an update without a filter": "UPDATE contact SET standing = $2 WHERE contact_id = $1",
    "an update from a table without a filter": (
        "UPDATE alias SET contact_id = c.absorbed_by FROM contact c "
        "WHERE alias.business_id = $1 AND c.business_id = alias.business_id"
    ),
    "a deletion without a filter": "DELETE FROM webhook WHERE received_at < $1",
    "a deletion using a table without a filter": (
        "DELETE FROM webhook USING seen s WHERE webhook.business_id = $1"
    ),
    "two businesses": (
        "SELECT 1 FROM contact c, event e WHERE c.business_id = $1 AND e.business_id = $2"
    ),
    "rows of two businesses": "INSERT INTO seen (business_id, source) VALUES ($1, $2), ($3, $4)",
    "a subquery in VALUES": (
        "INSERT INTO own_prompt (business_id, revision) VALUES ($1, 1 + coalesce("
        "(SELECT max(revision) FROM own_prompt WHERE business_id = $1), 0))"
    ),
    "a business that is no parameter": "INSERT INTO seen (business_id, source) VALUES ('a', $1)",
    "columns in another order": "INSERT INTO seen (source, business_id) VALUES ($1, $2)",
    "no columns": "INSERT INTO seen VALUES ($1, $2)",
    "WITH before an INSERT": (
        "WITH p AS (SELECT source FROM seen WHERE business_id = $1) "
        "INSERT INTO seen (business_id, source) VALUES ($1, $2)"
    ),
    "an INSERT inside WITH": (
        "WITH p AS (INSERT INTO seen (business_id, source) VALUES ($1, $2) RETURNING source) "
        "SELECT source FROM p"
    ),
    "WITH behind an INSERT": (
        "INSERT INTO seen (business_id, source) WITH p AS (SELECT 1) "
        "SELECT business_id, source FROM seen WHERE business_id = $1"
    ),
    "a batch without a table": (
        "INSERT INTO seen (business_id, source) SELECT $1, * FROM unnest($2::bytea[])"
    ),
    "a batch that only a subquery ties": (
        "INSERT INTO seen (business_id, source) SELECT q.business_id, q.source FROM "
        "(SELECT $1 AS business_id, unnest($2::bytea[]) AS source) q"
    ),
    "a batch that says the business itself": (
        "INSERT INTO seen (business_id, source) SELECT $1, q.* FROM business b "
        "CROSS JOIN unnest($2::bytea[]) q WHERE b.business_id = $1"
    ),
    "a conflict on something else": (
        "INSERT INTO seen (business_id, source) VALUES ($1, $2) ON CONFLICT (source) DO NOTHING"
    ),
    "a join in parentheses": (
        "SELECT 1 FROM (contact c JOIN event e ON true) WHERE c.business_id = $1"
    ),
    "a table on neither list": "SELECT 1 FROM message WHERE business_id = $1",
    "writing to a table on neither list": "INSERT INTO message (business_id) VALUES ($1)",
    "a constraint's new name": "ALTER TABLE contact RENAME CONSTRAINT a TO b",
    "a trigger": "CREATE OR REPLACE TRIGGER t BEFORE UPDATE ON contact EXECUTE FUNCTION f()",
    "a trigger in force": "ALTER TABLE contact ENABLE TRIGGER t",
    "a serial column": "ALTER TABLE contact ADD COLUMN n bigserial",
    "an identity column": "CREATE TABLE n (n INT GENERATED ALWAYS AS IDENTITY)",
}

ALLOWED = {
    "a filter of its own for each": (
        "SELECT c.standing FROM contact AS c LEFT JOIN event e ON e.business_id = $1 AND "
        "(e.kind = $2 OR e.kind = $3) WHERE c.business_id = $1::text ORDER BY a, b LIMIT 1"
    ),
    "a reference table": "SELECT business_id FROM sender WHERE phone_number_id = $1",
    "a reference table beside a distributed one": (
        "SELECT 1 FROM contact c, sender s WHERE c.business_id = $1 AND s.digits = $2"
    ),
    "a function's rows": (
        "SELECT q.a FROM unnest($2::text[]) AS q (a) CROSS JOIN LATERAL (SELECT 1 FROM alias a "
        "WHERE a.business_id = $1 AND a.lookup = q.a LIMIT 1) a"
    ),
    "a batch beside the row of its business": (
        "INSERT INTO seen (business_id, source) SELECT b.business_id, q.* FROM business b "
        "CROSS JOIN unnest($2::bytea[]) q WHERE b.business_id = $1"
    ),
    "rows moved inside a table": (
        "INSERT INTO opening (business_id, contact_id) SELECT business_id, $2 FROM opening "
        "WHERE business_id = $1 ON CONFLICT (business_id, contact_id) DO UPDATE SET contact_id = $2"
    ),
    "words that look like tables": (
        "SELECT extract(epoch FROM now()), a IS DISTINCT FROM b, 'FROM event' FROM contact "
        "WHERE business_id = $1 -- FROM event\n FOR NO KEY UPDATE"
    ),
    "the database's own tables": "SELECT tgname FROM pg_trigger t WHERE t.tgenabled = 'O'",
    "a function that returns a trigger": "CREATE FUNCTION f() RETURNS TRIGGER LANGUAGE plpgsql",
}


@pytest.mark.parametrize("text", FORBIDDEN.values(), ids=FORBIDDEN)
def test_a_form_that_is_no_shards_task_is_found(text: str) -> None:
    assert complaints_about("planted", text)


@pytest.mark.parametrize("text", ALLOWED.values(), ids=ALLOWED)
def test_one_shards_task_passes(text: str) -> None:
    assert complaints_about("planted", text) == []


def test_an_exception_that_is_not_needed_is_found() -> None:
    assert complaints_about("businesses", "SELECT 1 FROM business WHERE business_id = $1")
    assert complaints_about("businesses", "SELECT business_id FROM business") == []


def test_an_exception_allows_no_forbidden_form() -> None:
    text = "WITH p AS (SELECT 1) INSERT INTO seen (business_id) SELECT business_id FROM business"
    assert complaints_about("businesses", text)


def test_the_schema_and_every_statement_pass(capsys: pytest.CaptureFixture[str]) -> None:
    assert shard_check.main() == 0, capsys.readouterr().out


def test_statements_in_modules_are_read_too(tmp_path: Path) -> None:
    (tmp_path / "a.sql").write_text("-- name: one\nSELECT 1;\n-- name: two\nSELECT 2;\n")
    (tmp_path / "b.py").write_text('RUN = "BEGIN; SELECT standing FROM contact"\n')
    found = dict(shard_check.statements_in(tmp_path))
    assert set(found) == {"one", "two", "b:1"}
    assert complaints_about("b:1", found["b:1"])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("CREATE TABLE public.seen (", "CREATE TABLE public.unseen ("),
        (
            "CREATE UNIQUE INDEX entry_code ON public.entry USING btree (business_id, code);",
            "CREATE UNIQUE INDEX entry_code ON public.entry USING btree (code);",
        ),
        ("PRIMARY KEY (business_id, source)", "PRIMARY KEY (source)"),
        ("PRIMARY KEY (business_id, source)", "CHECK (true)"),
    ],
)
def test_a_schema_that_cannot_be_sharded_is_found(before: str, after: str) -> None:
    schema = _SCHEMA.read_text()
    assert not list(complaints_about_schema(schema))
    assert before in schema
    assert list(complaints_about_schema(schema.replace(before, after)))


def test_a_table_on_both_lists_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(shard_check.REFERENCE, "seen", "for a test")
    assert list(complaints_about_schema(_SCHEMA.read_text()))
