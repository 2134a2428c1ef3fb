"""Scripts that run in step: what several of them say next goes to the database in one round trip.

The statements are those of a script alone. Each is run for itself, in the order in which the
scripts came, so that what they count together is counted as if they came one after another.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from askfirst.storage.platform.rows import Row
from askfirst.storage.platform.statements import Step, TransactionScript
from askfirst.storage.postgres.connection import Connection

_UNREAD: Final = -1
_KEYS: Final[Mapping[str, tuple[int, ...]]] = {
    "approve_code": (1,),
    "cancel_task": (2,),
    "claim_number": (1,),
    "count_try": (1,),
    "enqueue_task": (_UNREAD,),
    "give_back_limit": (_UNREAD,),
    "note_code": (1,),
    "open_code": (1,),
    "set_task": (2,),
    "take_limit": (3,),
    "take_two_limits": (3, 8),
}
"""Statements that may be said together, and the parameter that their rows begin with: it tells
whose row it is. One that says two things names two; of some, nobody reads the rows."""


class Entangled(Exception):
    """What was refused cannot be told from what was not: the scripts must run one by one."""


async def run_in_step(
    connection: Connection, sql: Mapping[str, str], scripts: Sequence[TransactionScript[object]]
) -> list[object]:
    """Run scripts in the transaction that is open; gives what each returned.

    They must touch no row in common but those of limits.

    Raises:
        Entangled: of one limit, some took and some were refused; nothing may be committed.
    """
    results: list[object] = [None] * len(scripts)
    heard: dict[int, Sequence[Row] | None] = dict.fromkeys(range(len(scripts)))
    while heard:
        said: dict[str, list[tuple[int, tuple[object, ...]]]] = defaultdict(list)
        for index, rows in heard.items():
            try:
                name, parameters = _next(scripts[index], rows)
            except StopIteration as end:
                results[index] = end.value
            else:
                said[name].append((index, parameters))
        heard = {}
        for name, steps in said.items():
            found = await _say(connection, sql[name], name, [row for _, row in steps])
            heard.update(zip((index for index, _ in steps), found, strict=True))
    return results


def _next(script: TransactionScript[object], rows: Sequence[Row] | None) -> Step:
    return next(script) if rows is None else script.send(rows)


async def _say(
    connection: Connection, statement: str, name: str, rows: Sequence[tuple[object, ...]]
) -> Sequence[Sequence[Row]]:
    """Run a statement for each row of parameters; gives the rows that came back for each."""
    if len(rows) == 1 or name not in _KEYS:
        return [await connection.fetch(statement, *row) for row in rows]
    found = await connection.fetchmany(statement, rows)
    return _sorted_out(found, rows, _KEYS[name])


def _sorted_out(
    found: Sequence[Any], rows: Sequence[tuple[object, ...]], keys: Sequence[int]
) -> Sequence[Sequence[Row]]:
    """Give each row of parameters what came back for it."""
    if keys == (_UNREAD,):
        return [()] * len(rows)
    asked = Counter(row[key] for row in rows for key in keys)
    came: dict[object, list[Row]] = defaultdict(list)
    for row in found:
        came[row[0]].append(row)
    if any(0 < len(came[key]) < count for key, count in asked.items()):
        raise Entangled
    return [[came[row[key]][0] for key in keys if came[row[key]]] for row in rows]
