"""Reads that wait for a connection at the same time, in one round trip.

Nothing is remembered: a read is shared until it begins, so all who get its rows had asked before
it was read.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from askfirst.storage.postgres.connection import Connection
from askfirst.storage.postgres.lane import DedicatedConnection

_ABOUT_ONE: Final = frozenset({"number_codes", "version", "version_state"})
"""Statements whose rows begin with their second parameter, so that it is told whose they are."""

_Parameters: TypeAlias = tuple[object, ...]
_Turn: TypeAlias = "asyncio.Future[Sequence[Any] | None]"
_Batch: TypeAlias = dict[_Parameters, list[_Turn]]


class SharedReads:
    """Named statements that read, on a lane. Those that are the same are asked once.

    Those that are the same but for what they are about are sent together.
    """

    def __init__(self, lane: DedicatedConnection, sql: Mapping[str, str]) -> None:
        self._lane = lane
        self._sql = sql
        self._waiting: dict[_Parameters, _Batch] = {}

    async def fetch(self, name: str, *parameters: object) -> Sequence[Any]:
        """Read rows, which others may hold, too. What is asked with lists is not shared."""
        place = (name,) if name in _ABOUT_ONE else (name, *parameters)
        try:
            batch = self._waiting.get(place)
        except TypeError:
            statement = self._sql[name]
            return await self._lane.run(lambda taken: taken.fetch(statement, *parameters))
        while batch is not None:
            turn: _Turn = asyncio.get_running_loop().create_future()
            batch.setdefault(parameters, []).append(turn)
            if (rows := await turn) is not None:
                return rows
            batch = self._waiting.get(place)  # who was to read has given up
        return await self._lead(place, self._sql[name], parameters)

    async def _lead(
        self, place: _Parameters, statement: str, parameters: _Parameters
    ) -> Sequence[Any]:
        """Wait for the connection, then read for all who came meanwhile."""
        batch: _Batch = {parameters: []}
        self._waiting[place] = batch

        async def work(connection: Connection) -> Mapping[_Parameters, Sequence[Any]]:
            del self._waiting[place]  # who asks from now on is not to get what is read now
            return await _read(connection, statement, tuple(batch))

        try:
            found = await self._lane.run(work)
        except BaseException as error:
            if self._waiting.get(place) is batch:
                del self._waiting[place]
            for turn in _open(batch.values()):
                if isinstance(error, Exception):
                    turn.set_exception(error)
                else:
                    turn.set_result(None)
            raise
        for asked, turns in batch.items():
            for turn in _open((turns,)):
                turn.set_result(found[asked])
        return found[parameters]


async def _read(
    connection: Connection, statement: str, batch: Sequence[_Parameters]
) -> Mapping[_Parameters, Sequence[Any]]:
    """Read for each of these; what is not the first about a thing gets a round trip of its own."""
    first = {parameters[:2]: parameters for parameters in reversed(batch)}
    found: dict[_Parameters, Sequence[Any]] = {}
    if len(first) > 1:
        rows: dict[object, list[Any]] = defaultdict(list)
        for row in await connection.fetchmany(statement, list(first.values())):
            rows[row[0]].append(row)
        found = {one: rows[one[1]] for one in first.values()}
    for one in batch:
        if one not in found:
            found[one] = await connection.fetch(statement, *one)
    return found


def _open(turns: Iterable[Sequence[_Turn]]) -> list[_Turn]:
    """Return those that nobody has left."""
    return [turn for some in turns for turn in some if not turn.done()]
