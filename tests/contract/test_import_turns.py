"""Imports take turns: whoever sends a small file does not wait until a large one is done."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from askfirst.bootstrap.background_tasks import handlers_of
from askfirst.domain.bulk.import_job import PART_ROWS, ImportJob, ImportState
from askfirst.domain.bulk.import_settings import DateOrder, ImportSettings
from askfirst.domain.tasks.task import Queue
from askfirst.domain.value import replace
from askfirst.domain.values.timestamp import MINUTE, SECOND, Instant
from askfirst.usecases.bulk.imports import preparations as preparing
from askfirst.usecases.bulk.imports import run_import
from askfirst.usecases.bulk.imports.preparations import Preparations
from askfirst.usecases.bulk.imports.receive_import import (
    ImportAnswers,
    answer_import,
    begin_import,
    confirm_import,
    give_up_import,
    receive_file,
)
from askfirst.usecases.tasks.worker import Worker
from tests.support.builders import BUSINESS
from tests.support.bulk import HEADER, be_british, find, in_pieces
from tests.support.reading import all_events, assert_sound
from tests.support.services import World

LARGE = 200_000
SMALL = 100
TURNS_MAX = 6
SOON = SECOND // 50


@pytest.fixture(autouse=True)
async def at_home(world: World) -> None:
    await be_british(world)


async def receive(world: World, rows: int, prefix: int, said_at: str = "2024-01-31") -> ImportJob:
    """Receive a file whose people are nobody else's."""
    told = (f"+4477{prefix}{number:06d},yes,{said_at}" for number in range(rows))
    content = "\n".join((HEADER, *told)).encode()
    job = await begin_import(world.services, BUSINESS, ImportSettings(purpose="marketing"))
    return await receive_file(world.services, job, in_pieces(content, 1 << 18))


async def take_turn(world: World, preparations: Preparations) -> None:
    """Do what a worker does with the import whose turn it is."""
    world.clock.advance(1)
    tasks, now = world.store.tasks, world.clock.now()
    leased = await tasks.claim(BUSINESS, Queue.IMPORTS, now, Instant(now + MINUTE))
    assert leased is not None
    again = await run_import.work_on_import(preparations, world.services, leased)
    if again is None:
        await tasks.complete(leased)
    else:
        await tasks.repeat(leased, again)


async def until(world: World, job: ImportJob, state: ImportState, own: Preparations) -> int:
    """Take turns until an import has come so far; return how many."""
    for turns in range(TURNS_MAX):
        if (await find(world, job)).state is state:
            return turns
        await take_turn(world, own)
    pytest.fail(f"the import is still {(await find(world, job)).state}")


async def confirm(world: World, job: ImportJob) -> None:
    ready = await find(world, job)
    assert ready.preview is not None
    await confirm_import(world.services, BUSINESS, job.import_id, ready.preview.hash)


async def test_a_small_file_is_done_while_a_large_one_is_being_read(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_import, "AT_A_TIME", SECOND // 5)
    large, own = await receive(world, LARGE, 10), Preparations()
    await take_turn(world, own)
    small = await receive(world, SMALL, 11)
    await until(world, small, ImportState.READY, own)
    await confirm(world, small)
    await until(world, small, ImportState.DONE, own)
    assert (await find(world, large)).state is ImportState.PREPARING
    assert len(await all_events(world.store)) == SMALL
    await give_up_import(world.services, BUSINESS, large.import_id)
    await take_turn(world, own)
    await asyncio.sleep(0)


async def test_a_small_file_is_written_while_a_large_one_is(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = Preparations()
    large, small = await receive(world, 4 * PART_ROWS, 20), await receive(world, SMALL, 21)
    await until(world, large, ImportState.READY, own)
    await until(world, small, ImportState.READY, own)
    monkeypatch.setattr(run_import, "AT_A_TIME", -1)  # a part in each turn
    await confirm(world, large)
    await take_turn(world, own)
    await confirm(world, small)
    await until(world, small, ImportState.DONE, own)
    found = await find(world, large)
    assert found.state is ImportState.RUNNING
    assert 0 < found.done < found.parts
    await until(world, large, ImportState.DONE, own)
    assert len(await all_events(world.store)) == 4 * PART_ROWS + SMALL
    await assert_sound(world.store)


async def test_a_reading_goes_on_where_it_paused_and_begins_anew_in_another_process(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_import, "AT_A_TIME", SOON)
    job, own = await receive(world, 3 * PART_ROWS, 30), Preparations()
    await take_turn(world, own)
    assert (await find(world, job)).state is ImportState.PREPARING
    turns = 0
    while (await find(world, job)).state is ImportState.PREPARING:
        await take_turn(world, own)
        turns += 1
    again = await receive(world, 3 * PART_ROWS, 30)
    await take_turn(world, own)
    monkeypatch.setattr(run_import, "AT_A_TIME", MINUTE)
    await take_turn(world, Preparations())
    one, other = await find(world, job), await find(world, again)
    assert turns
    assert one.state is other.state is ImportState.READY
    assert one.preview is not None
    assert other.preview is not None
    assert one.preview.summary == other.preview.summary


async def test_more_large_files_than_there_is_room_for_are_all_read(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preparing, "PAUSED_MAX", 1)
    monkeypatch.setattr(run_import, "AT_A_TIME", SOON)
    own = Preparations()
    jobs = [await receive(world, 2 * PART_ROWS, 40 + number) for number in range(3)]
    states: set[ImportState] = set()
    for _ in range(3_000):
        states = {(await find(world, job)).state for job in jobs}
        if states == {ImportState.READY}:
            break
        await take_turn(world, own)
    assert states == {ImportState.READY}


async def test_a_reading_that_ends_between_two_turns_gives_its_place_away(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_import, "AT_A_TIME", 1)
    own = Preparations()
    job = await receive(world, PART_ROWS, 70)
    async with asyncio.timeout(60):
        while (await find(world, job)).state is ImportState.PREPARING:
            await take_turn(world, own)
            await asyncio.sleep(0.01)
    assert (await find(world, job)).state is ImportState.READY
    await asyncio.sleep(0.05)
    assert own.paused == 0


async def test_what_was_answered_since_is_read_as_it_was_answered(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_import, "AT_A_TIME", 1)
    job, own = await receive(world, 3 * PART_ROWS, 50, "03/04/2023"), Preparations()
    await take_turn(world, own)
    monkeypatch.setattr(run_import, "AT_A_TIME", MINUTE)
    await take_turn(world, Preparations())
    assert (await find(world, job)).state is ImportState.ASKING
    said = ImportAnswers(date_order=DateOrder.DAY_FIRST)
    await answer_import(world.services, BUSINESS, job.import_id, said)
    await until(world, job, ImportState.READY, own)
    assert (await find(world, job)).settings.date_order is DateOrder.DAY_FIRST


def open_files() -> int:
    """How many files without a name this process has open."""
    places = Path("/proc/self/fd").iterdir()
    return sum("(deleted)" in str(place.readlink()) for place in places if place.is_symlink())


async def paused(world: World, monkeypatch: pytest.MonkeyPatch) -> Preparations:
    """A reading of a large file that waits for its next turn."""
    monkeypatch.setattr(run_import, "AT_A_TIME", SOON)
    job, own = await receive(world, 3 * PART_ROWS, 60), Preparations()
    while not own.paused:
        await take_turn(world, own)
        assert (await find(world, job)).state is ImportState.PREPARING
    return own


async def test_what_paused_is_closed_with_the_worker(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = open_files()
    own = await paused(world, monkeypatch)
    assert open_files() > before
    handlers = handlers_of(world.services)
    handler = replace(handlers[Queue.IMPORTS], close=own.close)
    assert handlers[Queue.IMPORTS].close is not None
    tasks, clock = world.store.tasks, world.clock
    await Worker(tasks, {Queue.IMPORTS: handler}, clock, world.services.telemetry).close()
    assert (own.paused, open_files()) == (0, before)


async def test_what_nobody_goes_on_with_is_closed_by_itself(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = open_files()
    monkeypatch.setattr(preparing, "FORGOTTEN_SECONDS", 0.05)
    own = await paused(world, monkeypatch)
    async with asyncio.timeout(20):
        while own.paused or open_files() > before:
            await asyncio.sleep(0.01)
    assert (own.paused, open_files()) == (0, before)
