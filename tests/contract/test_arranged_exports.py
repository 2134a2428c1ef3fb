"""Exports that are written again and again, on both backends: changed, paused, run now, counted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from askfirst.bootstrap.exports.places import FolderPlace
from askfirst.bootstrap.exports.writer import ExportWriter
from askfirst.domain.bulk.export import ExportKind, FileFormat
from askfirst.domain.bulk.export_schedule import SCHEDULES_MAX, ExportOutcome, ExportSchedule
from askfirst.domain.tasks.task import LeasedTask, Queue
from askfirst.domain.tenants.api_key import Business
from askfirst.domain.values.errors import Conflict, InvalidInput, NotPermitted, UnknownReference
from askfirst.domain.values.timestamp import DAY, HOUR, SECOND, Instant
from askfirst.usecases.bulk.exports import run_schedule as running
from askfirst.usecases.bulk.exports.manage_schedules import (
    ScheduleChange,
    SchedulePlace,
    change_schedule,
    find_failing_exports,
    list_destinations,
    list_schedules,
    pause_schedule,
    remove_schedule,
    resume_schedule,
    run_schedule_now,
)
from askfirst.usecases.bulk.exports.run_schedule import EXPORT_LEASE, run_schedule
from tests.support.builders import ANA, BEN, BUSINESS, RIVAL, change, grant
from tests.support.clocks import FakeClock
from tests.support.exports import DESTINATION, exporting, is_whole, lines_in, scheduled
from tests.support.services import World, build_world, changed
from tests.support.stores import Home
from tests.support.tasks import run_due

OTHER = "lake"
DAY_SECONDS = 24 * 3600


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "exports"
    made.mkdir()
    return made


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    made = tmp_path / "lake"
    made.mkdir()
    return made


@pytest.fixture
def exports(world: World, folder: Path, lake: Path) -> World:
    places = {DESTINATION: FolderPlace(str(folder)), OTHER: FolderPlace(str(lake))}
    files = ExportWriter(places)
    return build_world(world.store, world.clock, export_files=files, ids=world.services.ids)


def place_of(schedule: ExportSchedule) -> SchedulePlace:
    return SchedulePlace(schedule.business_id, schedule.schedule_id)


async def say(world: World, *acts: Any) -> None:
    for act in acts:
        await world.store.ledger.commit(change(act))


async def run(world: World) -> int:
    return await run_due(world, Queue.EXPORTS)


async def only(world: World) -> ExportSchedule:
    (found,) = await list_schedules(world.services, BUSINESS)
    return found


def whole_in(folder: Path) -> int:
    found = lines_in(folder)
    assert all(map(is_whole, found.values()))
    return len(found)


async def test_one_that_is_paused_is_not_written_and_goes_on_later(
    exports: World, folder: Path
) -> None:
    await say(exports, grant(ANA))
    made = await scheduled(exports)
    paused = await pause_schedule(exports.services, place_of(made))
    assert (paused.is_paused, (await only(exports)).is_paused) == (True, True)
    exports.clock.advance(3 * DAY_SECONDS)
    assert await run(exports) == 0
    await pause_schedule(exports.services, place_of(made))  # once more changes nothing
    await resume_schedule(exports.services, place_of(made), may_see_numbers=False)
    assert await run(exports) == 1
    assert (await run(exports), whole_in(folder)) == (0, 1)
    assert (await only(exports)).next_at == made.created_at + 4 * DAY


async def test_whoever_has_the_task_of_a_paused_one_writes_nothing(
    exports: World, folder: Path
) -> None:
    await say(exports, grant(ANA))
    leased = await claimed(exports, await scheduled(exports))
    await pause_schedule(exports.services, place_of(await only(exports)))
    assert await run_schedule(exports.services, leased) is None
    assert list(folder.iterdir()) == []


async def claimed(world: World, _: ExportSchedule) -> LeasedTask:
    now = world.clock.now()
    until = Instant(now + EXPORT_LEASE)
    leased = await world.store.tasks.claim(BUSINESS, Queue.EXPORTS, now, until)
    assert leased
    return leased


async def test_a_run_in_between_moves_no_turn(exports: World, folder: Path) -> None:
    await say(exports, grant(ANA))
    made = await scheduled(exports, ExportKind.CONTACTS)
    await run(exports)
    exports.clock.advance(3600)
    assert await run(exports) == 0
    asked = await run_schedule_now(exports.services, place_of(made), may_see_numbers=False)
    assert asked.next_at == exports.clock.now()
    await run_schedule_now(exports.services, place_of(made), may_see_numbers=False)
    assert (await run(exports), whole_in(folder)) == (1, 2)
    assert (await only(exports)).next_at == made.created_at + DAY


async def test_one_that_failed_is_tried_again_at_once(exports: World, folder: Path) -> None:
    await say(exports, grant(ANA))
    made = await scheduled(exports)
    folder.rmdir()
    assert await run(exports) == 1
    folder.mkdir()
    assert await run(exports) == 0
    await run_schedule_now(exports.services, place_of(made), may_see_numbers=False)
    assert (await run(exports), whole_in(folder)) == (1, 1)


async def test_a_paused_one_is_not_run(exports: World) -> None:
    made = await scheduled(exports)
    await pause_schedule(exports.services, place_of(made))
    with pytest.raises(Conflict):
        await run_schedule_now(exports.services, place_of(made), may_see_numbers=True)


async def test_how_often_and_where_to_are_changed(exports: World, folder: Path, lake: Path) -> None:
    await say(exports, grant(ANA))
    made = await scheduled(exports)
    await run(exports)
    wish = ScheduleChange(every_hours=6, destination=OTHER, may_see_numbers=False)
    exports.clock.advance(3600)
    arranged = await change_schedule(exports.services, place_of(made), wish)
    assert arranged.next_at == made.created_at + 6 * HOUR
    await say(exports, grant(BEN))
    exports.clock.advance(5 * 3600)
    assert await run(exports) == 1
    assert (whole_in(folder), whole_in(lake)) == (1, 1)
    ((_, event, _),) = lines_in(lake).values()  # it goes on where the last file ended
    assert event["position"] == 2
    found = await only(exports)
    assert (found.format, found.with_numbers, found.kind) == (
        FileFormat.LINES,
        False,
        ExportKind.LEDGER,
    )


@pytest.mark.parametrize(
    ("wish", "error"),
    [
        ({"every_hours": 0}, InvalidInput),
        ({"every_hours": 745}, InvalidInput),
        ({"destination": "elsewhere"}, UnknownReference),
        ({"destination": "/etc"}, InvalidInput),
        ({"with_numbers": True}, InvalidInput),
    ],
)
async def test_what_cannot_be_changes_nothing(
    exports: World, wish: dict[str, Any], error: type[Exception]
) -> None:
    made = await scheduled(exports)
    with pytest.raises(error):
        await change_schedule(
            exports.services, place_of(made), ScheduleChange(**wish, may_see_numbers=True)
        )
    assert await only(exports) == made


async def test_who_may_not_see_numbers_moves_and_runs_none_that_has_them(exports: World) -> None:
    services = exports.services
    made = await scheduled(exports, ExportKind.CONTACTS, with_numbers=True)
    place = place_of(made)
    for wish in ({"destination": OTHER}, {"with_numbers": False}, {"every_hours": 1}):
        with pytest.raises(NotPermitted):
            await change_schedule(services, place, ScheduleChange(**wish, may_see_numbers=False))
    with pytest.raises(NotPermitted):
        await run_schedule_now(services, place, may_see_numbers=False)
    assert await only(exports) == made
    await pause_schedule(services, place)
    with pytest.raises(NotPermitted):
        await resume_schedule(services, place, may_see_numbers=False)
    bare = await scheduled(exports, ExportKind.CONTACTS)
    wanted = ScheduleChange(with_numbers=True, may_see_numbers=False)
    with pytest.raises(NotPermitted):
        await change_schedule(services, place_of(bare), wanted)


async def test_one_of_another_business_is_not_found(exports: World) -> None:
    made = await scheduled(exports)
    foreign = SchedulePlace(RIVAL, made.schedule_id)
    services = exports.services
    with pytest.raises(UnknownReference):
        await pause_schedule(services, foreign)
    with pytest.raises(UnknownReference):
        await resume_schedule(services, foreign, may_see_numbers=True)
    with pytest.raises(UnknownReference):
        await run_schedule_now(services, foreign, may_see_numbers=True)
    with pytest.raises(UnknownReference):
        await change_schedule(services, foreign, ScheduleChange(may_see_numbers=True))
    assert await only(exports) == made


async def test_a_paused_one_is_no_failure(exports: World, folder: Path) -> None:
    made = await scheduled(exports)
    folder.rmdir()
    await run(exports)
    assert (await only(exports)).outcome is ExportOutcome.FAILED
    await pause_schedule(exports.services, place_of(made))
    services = exports.services
    (finding,) = await find_failing_exports(
        services.export_schedules, services.directory, services.export_files
    )
    assert finding.remedy == ""


async def test_destinations_are_names(exports: World) -> None:
    assert list_destinations(exports.services) == (OTHER, DESTINATION)


async def test_somebody_else_changes_it_meanwhile(exports: World) -> None:
    made = await scheduled(exports)
    await asyncio.gather(
        pause_schedule(exports.services, place_of(made)),
        change_schedule(
            exports.services, place_of(made), ScheduleChange(every_hours=7, may_see_numbers=True)
        ),
        change_schedule(
            exports.services,
            place_of(made),
            ScheduleChange(destination=OTHER, may_see_numbers=True),
        ),
    )
    found = await only(exports)
    assert (found.is_paused, found.every_hours, found.destination) == (True, 7, OTHER)


@pytest.fixture
async def servers(
    exports: World, folder: Path, home: Home, clock: FakeClock
) -> AsyncIterator[tuple[World, World]]:
    """Two servers of one database; on SQLite, whose file is one process's, the same one twice."""
    if home.backend == "sqlite":
        yield exports, exports
        return
    store = await home.open(clock=clock)
    try:
        yield exports, exporting(build_world(store, clock, ids=exports.services.ids), folder)
    finally:
        await store.close()


async def test_many_at_once_do_not_pass_the_limit(servers: tuple[World, World]) -> None:
    world = servers[0]
    known = Business(business_id=BUSINESS, name="Acme")
    await world.store.directory.put_business(known, world.clock.now())
    for _ in range(SCHEDULES_MAX - 1):
        await scheduled(world)
    for _ in range(4):
        asked = (scheduled(servers[number % 2]) for number in range(8))
        outcomes = await asyncio.gather(*asked, return_exceptions=True)
        made = [one for one in outcomes if isinstance(one, ExportSchedule)]
        assert (len(made), sum(isinstance(one, Conflict) for one in outcomes)) == (1, 7)
        assert len(await list_schedules(world.services, BUSINESS)) == SCHEDULES_MAX
        await remove_schedule(world.services, *place_of(made[0]))


class Slow:
    """Waits right before the end, until it may go on."""

    def __init__(self, writer: Any) -> None:
        self._writer = writer
        self.destinations = writer.destinations
        self.is_there, self.goes_on = asyncio.Event(), asyncio.Event()

    async def write(self, schedule: Any, parts: Any, check: Callable[[], Awaitable[None]]) -> Any:
        async def checked() -> None:
            self.is_there.set()
            await self.goes_on.wait()
            await check()

        return await self._writer.write(schedule, parts, checked)


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "KEPT_SECONDS", 0.01)


async def begun(world: World) -> tuple[Slow, asyncio.Task[Instant | None]]:
    """Somebody is at work on what is due, and about to give the file its name."""
    leased = await claimed(world, await scheduled(world))
    slow = Slow(world.services.export_files)
    services = changed(world.services, export_files=slow)
    work = asyncio.create_task(run_schedule(services, leased))
    await asyncio.wait_for(slow.is_there.wait(), 20)
    return slow, work


async def due(world: World) -> int:
    found = await world.store.tasks.find_due(world.clock.now(), (Queue.EXPORTS,))
    return sum(one.waiting for one in found.queues)


@pytest.mark.usefixtures("hurried")
async def test_a_lease_is_kept_while_the_work_goes_on(exports: World, folder: Path) -> None:
    await say(exports, grant(ANA))
    slow, work = await begun(exports)
    for _ in range(5):
        exports.clock.advance(EXPORT_LEASE // SECOND // 2)
        await until_kept(exports)
        assert await run(exports) == 0
    slow.goes_on.set()
    assert await asyncio.wait_for(work, 20)
    assert whole_in(folder) == 1


async def until_kept(world: World) -> None:
    """Wait until the lease goes beyond what it would be if nobody had kept it since now."""
    then = Instant(world.clock.now() + EXPORT_LEASE - SECOND)
    async with asyncio.timeout(20):
        while (await world.store.tasks.find_due(then, (Queue.EXPORTS,))).queues:
            await asyncio.sleep(0.01)


async def test_a_lease_that_nobody_keeps_ends_soon(exports: World, folder: Path) -> None:
    await say(exports, grant(ANA))
    await claimed(exports, await scheduled(exports))  # its process ends here
    assert EXPORT_LEASE <= 120 * SECOND
    exports.clock.advance(EXPORT_LEASE // SECOND - 1)
    assert await run(exports) == 0
    exports.clock.advance(1)
    assert (await run(exports), whole_in(folder)) == (1, 1)


@pytest.mark.usefixtures("hurried")
async def test_who_is_paused_over_its_work_gives_it_up(exports: World, folder: Path) -> None:
    await say(exports, grant(ANA))
    slow, work = await begun(exports)
    await pause_schedule(exports.services, place_of(await only(exports)))
    with pytest.raises(Conflict):
        await asyncio.wait_for(work, 20)
    assert not slow.goes_on.is_set()
    assert list(folder.iterdir()) == []
    assert (await due(exports), (await only(exports)).outcome) == (0, ExportOutcome.NONE)
