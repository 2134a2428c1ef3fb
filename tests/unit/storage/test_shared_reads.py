"""Reads that wait for PostgreSQL at the same time are one; nobody gets what was read before."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, cast

import pytest

from askfirst.domain.values.errors import Unavailable
from askfirst.storage.postgres.platform.shared_reads import SharedReads

SQL = {"profile": "a profile", "version_state": "a state"}


class Database:
    """A lane whose database counts round trips; each is done when `release` is set."""

    def __init__(self) -> None:
        self.asked: list[object] = []
        self.release = asyncio.Event()
        self.trouble: Exception | None = None
        self._turn = asyncio.Lock()

    async def run(self, work: Callable[[Any], Awaitable[Any]]) -> object:
        async with self._turn:
            return await work(self)

    async def fetch(self, statement: str, *parameters: object) -> Sequence[object]:
        self.asked.append((statement, *parameters))
        await self._wait()
        return [(parameters[-1], len(self.asked))]

    async def fetchmany(
        self, statement: str, rows: Sequence[tuple[object, ...]]
    ) -> Sequence[object]:
        self.asked.append([statement, *rows])
        await self._wait()
        return [(row[1], len(self.asked)) for row in rows if row[1] != "unknown"]

    async def _wait(self) -> None:
        await self.release.wait()
        if self.trouble:
            raise self.trouble


async def asking(reads: SharedReads, *keys: tuple[str, ...]) -> list[asyncio.Task[Any]]:
    """Begin to ask each."""
    tasks = [asyncio.create_task(cast("Any", reads.fetch(*key))) for key in keys]
    for _ in range(3):
        await asyncio.sleep(0)
    return tasks


@pytest.fixture
async def database() -> Database:
    return Database()


@pytest.fixture
async def reads(database: Database) -> SharedReads:
    return SharedReads(cast("Any", database), SQL)


async def test_the_same_question_of_many_who_wait_is_asked_once(
    database: Database, reads: SharedReads
) -> None:
    first = await asking(reads, ("profile", "a"))
    waiting = await asking(reads, ("profile", "a"), ("profile", "a"), ("profile", "b"))
    database.release.set()
    assert await asyncio.gather(*first) == [[("a", 1)]]
    assert await asyncio.gather(*waiting) == [[("a", 2)], [("a", 2)], [("b", 3)]]


async def test_who_asks_once_it_has_begun_is_answered_by_a_later_read(
    database: Database, reads: SharedReads
) -> None:
    (early,) = await asking(reads, ("profile", "a"))
    (late,) = await asking(reads, ("profile", "a"))
    assert len(database.asked) == 1
    database.release.set()
    assert (await early, await late) == ([("a", 1)], [("a", 2)])


async def test_questions_about_different_things_are_one_round_trip(
    database: Database, reads: SharedReads
) -> None:
    first = await asking(reads, ("profile", "a"))
    things = [("version_state", "a", name) for name in ("one", "two", "unknown", "two")]
    waiting = await asking(reads, *things)
    database.release.set()
    await asyncio.gather(*first)
    assert await asyncio.gather(*waiting) == [[("one", 2)], [("two", 2)], [], [("two", 2)]]
    assert len(database.asked) == 2


async def test_the_same_thing_asked_in_two_ways_gets_an_answer_to_each(
    database: Database, reads: SharedReads
) -> None:
    first = await asking(reads, ("profile", "a"))
    things = [("version_state", "a", name, at) for name, at in (("one", "1"), ("one", "2"))]
    waiting = await asking(reads, *things)
    database.release.set()
    await asyncio.gather(*first)
    assert await asyncio.gather(*waiting) == [[("1", 2)], [("2", 3)]]


async def test_trouble_is_heard_by_all_who_waited(database: Database, reads: SharedReads) -> None:
    first = await asking(reads, ("profile", "b"))
    waiting = await asking(reads, ("profile", "a"), ("profile", "a"))
    database.trouble = Unavailable("the database is gone")
    database.release.set()
    found = await asyncio.gather(*first, *waiting, return_exceptions=True)
    assert all(isinstance(one, Unavailable) for one in found)


@pytest.mark.parametrize("who", [0, 1])
async def test_who_gives_up_takes_nobody_else_along(
    database: Database, reads: SharedReads, who: int
) -> None:
    await asking(reads, ("profile", "b"))
    waiting = await asking(reads, ("profile", "a"), ("profile", "a"), ("profile", "a"))
    waiting.pop(who).cancel()
    await asyncio.sleep(0)
    database.release.set()
    assert await asyncio.gather(*waiting) == [[("a", 2)], [("a", 2)]]


async def test_lists_are_asked_for_one_by_one(database: Database, reads: SharedReads) -> None:
    database.release.set()
    found = [await reads.fetch("profile", "a", cast("Any", ["x"])) for _ in range(2)]
    assert found == [[(["x"], 1)], [(["x"], 2)]]
