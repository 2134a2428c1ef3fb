"""Fails where SQL for PostgreSQL would not run as one task where tables are sharded by business.

Each table is either distributed by `business_id` or a reference table that each node has whole. In
each statement each distributed table has a `business_id = $n` of its own, and all the same one: a
join on another table's column does not count. It needs no sharded database; it reads the text.
"""

import ast
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

FOLDER = Path(__file__).resolve().parents[1] / "src" / "askfirst" / "storage" / "postgres"

_TABLES = """
alias answered arrival asked audit_entry brake brake_change brake_count brake_follower
brake_subject business campaign_count campaign_counting clock_acceptance code code_number
code_suppression contact current_prompt dead_letter dead_letter_route decision decision_count
decision_counting draft_submission draft_writer entry erase_request erasure event evidence
export_schedule held_message import_job import_part late_stop limit_use marketing_send media
opening operator operator_invitation operator_passkey operator_session outcome own_prompt pace
passkey_challenge people_hour personal_link policy profile prompt proof receipt_key receiver
reservation review screen_job screen_part seen sender_health sent_message sign_in_tries
stats_build stats_count stats_month stats_person stats_shown stop_confirmation subscription
suppression task template template_notice webhook
"""
DISTRIBUTED = frozenset(_TABLES.split())
REFERENCE = {
    "api_key": "a secret has one business, whichever it is",
    "sender": "a phone number id has one business, whichever it is",
    "waba": "an account has one business, whichever it is",
    "database_id": "a database has one id",
    "key_version": "the keyring is the process's",
    "schema_version": "the schema is the database's",
}

ON_ALL_SHARDS = {
    "businesses": "lists all tenants, for the scheduled work of the process",
    "audit_newest": "compares every business with the head, at the start and each minute",
    "newest_events_after": "holds the clock against all businesses, when a server starts",
    "find_due_tasks": "finds the businesses that have due tasks; they are taken one by one",
}
"""Statements that are about all businesses, and by nature go to all shards."""

GUARDS = {
    "event_is_never_truncated": "guards the table where it is not distributed yet",
    "enable_truncated": "guards the table where it is not distributed yet",
    "0012_guarded_past": "makes that guard; it runs before anything is distributed",
    "0005_limits": "renames a constraint; it runs before anything is distributed",
}
"""Statements and migrations that may use a form which distributed tables refuse."""

_TOKEN = re.compile(
    r"""(?P<skip>\s+|--[^\n]*|/\*.*?\*/)
      | (?P<text>[eE]?'(?:[^']|'')*'|\$(?P<tag>\w*)\$.*?\$(?P=tag)\$)
      | (?P<place>\$\d+) | (?P<name>"[^"]+"|[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)
      | (?P<rest>\d[\d.]*|::|<>|<=|>=|\|\||.)""",
    re.DOTALL | re.VERBOSE,
)
_ENDING = """
WHERE GROUP ORDER LIMIT OFFSET HAVING WINDOW FOR RETURNING UNION INTERSECT EXCEPT SET VALUES SELECT
FROM AND DO
"""
_JOINING = "JOIN CROSS LEFT RIGHT FULL INNER OUTER NATURAL LATERAL ON USING"
_OTHERS = "INTO DISTINCT AS RECURSIVE MATERIALIZED NOT OR ALL CONFLICT NOTHING BETWEEN ONLY"
_ENDS = frozenset(_ENDING.split())
_WORDS = _ENDS | frozenset(_JOINING.split())
_VERBS = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "VALUES"})
_KEYWORDS = _WORDS | _VERBS | frozenset(_OTHERS.split())
_FORMS = {
    "RENAME CONSTRAINT": re.compile(r"RENAME CONSTRAINT"),
    "TRIGGER": re.compile(r"(?<!RETURNS )\bTRIGGER\b"),
    "SERIAL": re.compile(r"\b(?:SMALL|BIG)?SERIAL\b|\bGENERATED (?:ALWAYS|BY DEFAULT) AS IDENTITY"),
}

Node: TypeAlias = "str | list[Node]"
"""A token, words in capitals and names as they are; or what stands in parentheses."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A table in a statement, by the name that it has there."""

    table: str
    alias: str


def main() -> int:
    """Print every complaint; the exit code says whether there was one."""
    complaints = [*complaints_about_schema(_read("schema.sql"))]
    for path in sorted(FOLDER.glob("migrations/*.sql")):
        text = path.read_text(encoding="utf-8")
        complaints += [f"{path.stem}: {one}" for one in forbidden_forms(path.stem, text)]
    statements = dict(statements_in(FOLDER))
    for name, text in statements.items():
        complaints += [f"{name}: {one}" for one in complaints_about(name, text)]
    complaints += [f"{name}: no such statement" for name in ON_ALL_SHARDS.keys() - statements]
    for complaint in complaints:
        print(complaint)
    return 1 if complaints else 0


def statements_in(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the named statements of all files, and what modules hold between quotes."""
    for path in sorted(folder.glob("*.sql")):
        parts = re.split(r"(?m)^-- name: (\w+)$", path.read_text(encoding="utf-8"))
        yield from zip(parts[1::2], parts[2::2], strict=True)
    for path in sorted(folder.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                for part in node.value.split(";"):
                    if re.match(r"\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH) ", part):
                        yield f"{path.stem}:{node.lineno}", part


def complaints_about(name: str, text: str) -> list[str]:
    """Return what keeps a statement from being one task."""
    tree = parsed(text)
    found = [*forbidden_forms(name, text)]
    if not is_query(tree):
        return found
    found += insert_complaints(tree)
    missing: list[str] = []
    places = set[str]()
    for query in queries(tree):
        missing += unfiltered(query, common_tables(tree), places)
    if name in ON_ALL_SHARDS:
        return found if missing else [*found, "is about one business: it needs no exception"]
    if len(places) > 1:
        missing.append(f"is about several businesses: {', '.join(sorted(places))}")
    return found + missing


def forbidden_forms(name: str, text: str) -> Iterator[str]:
    words = " ".join(token.upper() for token in tokens(text))
    for form, pattern in _FORMS.items():
        if pattern.search(words) and name not in GUARDS:
            yield f"{form}: a distributed table refuses it"


def tokens(text: str) -> Iterator[str]:
    """Yield what counts: no comments, and for each string literal an empty one."""
    for match in _TOKEN.finditer(text):
        if match["text"]:
            yield "''"
        elif not match["skip"]:
            yield match[0]


def parsed(text: str) -> list[Node]:
    """Return the tokens of a statement, what is in parentheses as a list of its own."""
    root: list[Node] = []
    stack = [root]
    for part in tokens(text):
        if part == "(":
            inner: list[Node] = []
            stack[-1].append(inner)
            stack.append(inner)
        elif part == ")":
            stack.pop()
        elif part != ";":
            upper = part.upper()
            stack[-1].append(upper if upper in _KEYWORDS else part.strip('"').lower())
    return root


def is_query(tree: Sequence[Node]) -> bool:
    return bool(tree) and isinstance(tree[0], str) and tree[0] in _VERBS


def queries(tree: Sequence[Node]) -> Iterator[Sequence[Node]]:
    """Yield each query, a part of a UNION for itself, from the outside in."""
    if is_query(tree):
        start = 0
        for place, node in enumerate(tree):
            if node in ("UNION", "INTERSECT", "EXCEPT"):
                yield tree[start:place]
                start = place + 1
        yield tree[start:]
    for node in tree:
        if isinstance(node, list):
            yield from queries(node)


def common_tables(tree: Sequence[Node]) -> frozenset[str]:
    """Return the names that WITH gives."""
    found = set[str]()
    for place, node in enumerate(tree):
        if isinstance(node, list):
            found |= common_tables(node)
            before = tree[max(0, place - 3) : place]
            is_given = bool(before) and before[-1] in ("AS", "MATERIALIZED") and "WITH" in tree
            if is_given and is_query(node):
                names = [one for one in before if isinstance(one, str) and one not in _KEYWORDS]
                found.update(names[-1:])
    return frozenset(found)


def references(query: Sequence[Node]) -> Iterator[Reference]:
    """Yield the tables that a query reads or writes at its own level.

    Raises:
        ValueError: it has a form that this does not read.
    """
    is_list = False
    for place, node in enumerate(query):
        before = query[place - 1] if place else ""
        opens = (
            (node == "FROM" and before != "DISTINCT")
            or node == "JOIN"
            or (node == "USING" and query[0] == "DELETE")
            or (node == "UPDATE" and place == 0)
        )
        if isinstance(node, str):
            is_list = opens or (is_list and node not in _ENDS)
        if opens or (is_list and node == ","):
            yield from _reference(query[place + 1 :])


def _reference(rest: Sequence[Node]) -> Iterator[Reference]:
    while rest and rest[0] in ("LATERAL", "ONLY"):
        rest = rest[1:]
    if not rest:
        return
    table, after = rest[0], rest[1:]
    if isinstance(table, list):
        if not is_query(table):
            raise ValueError("a join in parentheses is not read: write it without")
        return
    if (after and isinstance(after[0], list)) or table.startswith("$"):
        return  # a function's rows, or a parameter
    if after and after[0] == "AS":
        after = after[1:]
    named = after[0] if after and isinstance(after[0], str) else ""
    alias = named if re.fullmatch(r"[a-z_]\w*", named) and named != "as" else table
    yield Reference(table.removeprefix("public."), alias)


def unfiltered(query: Sequence[Node], given: frozenset[str], places: set[str]) -> Iterator[str]:
    """Yield what is wrong with a query's tables; add the parameters that name the business."""
    try:
        found = [one for one in references(query) if one.table not in given]
    except ValueError as error:
        yield str(error)
        return
    filters = dict(filters_of(query))
    for table in filter(None, [inserted_into(query), *(one.table for one in found)]):
        if table not in DISTRIBUTED | REFERENCE.keys() and not table.startswith("pg_"):
            yield f"{table} is on neither list"
    for one in found:
        if one.table not in DISTRIBUTED:
            continue
        place = filters.get(one.alias) or (filters.get("") if len(found) == 1 else None)
        if place is None:
            yield f"{one.table} {one.alias} has no business_id = $n of its own"
        else:
            places.add(place)


def filters_of(query: Sequence[Node]) -> Iterator[tuple[str, str]]:
    """Yield name and parameter of each `name.business_id = $n` that must hold for a row."""
    clause: list[Node] = []
    for node in [*query, "LIMIT"]:
        if isinstance(node, str) and node in _WORDS and node != "AND":
            if clause and clause[0] in ("WHERE", "ON") and "OR" not in clause:
                yield from _equations(clause)
            clause = []
        clause.append(node)


def _equations(clause: Sequence[Node]) -> Iterator[tuple[str, str]]:
    for place in range(1, len(clause) - 2):
        before, name, equals, value = clause[place - 1 : place + 3]
        after = clause[place + 3] if place + 3 < len(clause) else "AND"
        if after == "::":
            after = clause[place + 5] if place + 5 < len(clause) else "AND"
        is_one = before in ("WHERE", "ON", "AND") and equals == "=" and after == "AND"
        if is_one and isinstance(name, str) and isinstance(value, str) and value[0] == "$":
            alias, _, column = name.rpartition(".")
            if column == "business_id":
                yield alias, value


def inserted_into(query: Sequence[Node]) -> str | None:
    is_insert = len(query) > 2 and query[:2] == ["INSERT", "INTO"]  # noqa: PLR2004
    table = query[2] if is_insert else None
    return table if isinstance(table, str) else None


def insert_complaints(tree: Sequence[Node]) -> Iterator[str]:
    """Yield what is wrong with an INSERT of rows into a distributed table."""
    if tree[0] != "INSERT":
        if "INSERT" in flat(tree):
            yield "WITH … INSERT: say it in two statements"
        return
    if inserted_into(tree) not in DISTRIBUTED:
        return
    if "WITH" in flat(tree):
        yield "INSERT with WITH: say it in two statements"
    columns = next((node for node in tree if isinstance(node, list)), [])
    if not columns or columns[0] != "business_id":
        yield "an INSERT names business_id first"
    if "VALUES" in tree:
        yield from _value_complaints(tree)
    elif "SELECT" in tree:
        yield from _select_complaints(tree[tree.index("SELECT") :])
    if "CONFLICT" in tree:
        target = tree[tree.index("CONFLICT") + 1]
        if isinstance(target, list) and "business_id" not in target:
            yield "ON CONFLICT without business_id"


def _value_complaints(tree: Sequence[Node]) -> Iterator[str]:
    rows = tree[tree.index("VALUES") + 1 :]
    if "CONFLICT" in rows:
        rows = rows[: rows.index("CONFLICT")]
    for row in rows:
        if isinstance(row, list) and "SELECT" in flat(row):
            yield "a subquery in VALUES: read it before"
        elif isinstance(row, list) and not str(row[0]).startswith("$"):
            yield "the business of a new row is no parameter"
    firsts = {str(row[0]) for row in rows if isinstance(row, list)}
    if len(firsts) > 1:
        yield f"rows of several businesses: {', '.join(sorted(firsts))}"


def _select_complaints(query: Sequence[Node]) -> Iterator[str]:
    try:
        tables = [one for one in references(query) if one.table in DISTRIBUTED]
    except ValueError:
        return
    if not tables:
        yield "INSERT … SELECT from no table: take the business from its row"
    first = query[1]
    if not isinstance(first, str) or first.rpartition(".")[2] != "business_id":
        yield "INSERT … SELECT takes the business from another table's column business_id"


def flat(tree: Sequence[Node]) -> list[str]:
    return [one for node in tree for one in (flat(node) if isinstance(node, list) else [node])]


def complaints_about_schema(schema: str) -> Iterator[str]:
    """Yield tables that are not on exactly one list, and keys that do not hold the business."""
    tables = dict(re.findall(r"(?ms)^CREATE TABLE public\.(\w+) \((.*?)^\);", schema))
    for table in sorted(tables.keys() | DISTRIBUTED | REFERENCE.keys()):
        lists = (table in DISTRIBUTED) + (table in REFERENCE)
        if table not in tables or lists != 1:
            yield f"{table}: a table is on one list of scripts/shard_check.py, and in the schema"
    keys = re.findall(
        r"CREATE UNIQUE INDEX (\w+) ON public\.(\w+) USING \w+ \((.*?)\)(?: WHERE|;)", schema
    )
    for table, body in tables.items():
        made = re.findall(r"CONSTRAINT (\w+) (?:PRIMARY KEY|UNIQUE) \((.*?)\)", body)
        keys += [(name, table, columns) for name, columns in made]
        if table in DISTRIBUTED and not any(name.endswith("_pkey") for name, _ in made):
            yield f"{table}: no primary key"
    for name, table, columns in keys:
        if table in DISTRIBUTED and "business_id" not in columns.split(", "):
            yield f"{name}: unique on a distributed table without business_id"


def _read(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
