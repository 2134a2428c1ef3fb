"""Exports that are written again and again, on both backends: whole, at least once, by one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from askfirst.bootstrap.exports import writer
from askfirst.bootstrap.exports.places import FolderPlace
from askfirst.bootstrap.exports.writer import ExportWriter
from askfirst.domain.bulk.export import ExportKind, FileFormat
from askfirst.domain.bulk.export_schedule import SCHEDULES_MAX, ExportOutcome
from askfirst.domain.tasks.task import Queue, TaskFate
from askfirst.domain.values.errors import (
    Conflict,
    InvalidInput,
    NotPermitted,
    Unavailable,
    UnknownReference,
)
from askfirst.domain.values.finding import Severity
from askfirst.domain.values.timestamp import DAY, SECOND, Instant
from askfirst.usecases.bulk.exports.manage_schedules import (
    find_failing_exports,
    list_schedules,
    remove_schedule,
)
from askfirst.usecases.bulk.exports.run_schedule import EXPORT_LEASE, run_schedule
from askfirst.usecases.context.services import Services
from tests.support.builders import ANA, BEN, BUSINESS, CLEO, RIVAL, change, grant, stop
from tests.support.clocks import FakeClock
from tests.support.exports import DESTINATION, exporting, is_whole, lines_in, scheduled
from tests.support.services import World, build_world, changed
from tests.support.stores import Home
from tests.support.tasks import run_due

DAY_SECONDS = 24 * 3600


class Killed(BaseException):
    """The process ends here: nothing handles it."""


class Dying:
    """A port whose caller ends at one of its calls: before it has an effect, or right after."""

    def __init__(self, port: Any, fuse: list[int]) -> None:
        self._port, self._fuse = port, fuse

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)
        if not callable(found):
            return found

        async def call(*given: Any, **named: Any) -> Any:
            self._burn()
            result = await found(*given, **named)
            self._burn()
            return result

        return call

    def _burn(self) -> None:
        self._fuse[0] -= 1
        if self._fuse[0] == 0:
            raise Killed


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "exports"
    made.mkdir()
    return made


@pytest.fixture
def exports(world: World, folder: Path) -> World:
    return exporting(world, folder)


async def say(world: World, *acts: Any) -> None:
    for act in acts:
        await world.store.ledger.commit(change(act))


def positions(folder: Path) -> list[int]:
    found = lines_in(folder).values()
    assert all(map(is_whole, found))
    return [line["position"] for lines in found for line in lines if line["line"] == "event"]


async def run(world: World, services: Services | None = None) -> int:
    return await run_due(world, Queue.EXPORTS, services)


async def only(world: World) -> Any:
    (found,) = await list_schedules(world.services, BUSINESS)
    return found


async def test_a_ledger_goes_on_where_the_last_file_ended(exports: World, folder: Path) -> None:
    await say(exports, grant(ANA), grant(BEN))
    made = await scheduled(exports)
    assert await run(exports) == 1
    assert positions(folder) == [1, 2]
    assert await run(exports) == 0
    await say(exports, stop(ANA), grant(CLEO))
    exports.clock.advance(DAY_SECONDS)
    assert await run(exports) == 1
    assert positions(folder) == [1, 2, 3, 4]
    exports.clock.advance(DAY_SECONDS)
    await run(exports)
    found = await only(exports)
    assert (found.outcome, found.after) == (ExportOutcome.NOTHING_NEW, "4")
    assert found.next_at == made.created_at + 3 * DAY
    assert len(lines_in(folder)) == 2


async def test_people_are_listed_whole_each_time(exports: World, folder: Path) -> None:
    await say(exports, grant(ANA), stop(BEN))
    await scheduled(exports, ExportKind.CONTACTS, with_numbers=True)
    await scheduled(exports, ExportKind.SUPPRESSIONS)
    await run(exports)
    exports.clock.advance(DAY_SECONDS)
    await run(exports)
    found = lines_in(folder)
    assert len(found) == 4
    assert all(map(is_whole, found.values()))
    for name, lines in found.items():
        is_numbered = any("identifiers" in line for line in lines)
        assert is_numbered == ("-contacts-" in name)
        assert (folder / name).stat().st_mode & 0o077 == 0


async def test_columns_go_to_a_warehouse(exports: World, folder: Path) -> None:
    await say(exports, grant(ANA), grant(BEN))
    await scheduled(exports, format=FileFormat.PARQUET)
    await run(exports)
    (path,) = folder.iterdir()
    assert pl.read_parquet(path)["position"].to_list() == [1, 2]


async def test_a_business_exports_what_is_its_own(exports: World, folder: Path) -> None:
    await say(exports, grant(ANA))
    await exports.store.ledger.commit(change(grant(BEN), business=RIVAL))
    mine = await scheduled(exports)
    assert await exports.services.export_schedules.find(RIVAL, mine.schedule_id) is None
    assert await list_schedules(exports.services, RIVAL) == ()
    with pytest.raises(UnknownReference):
        await remove_schedule(exports.services, RIVAL, mine.schedule_id)
    await run(exports)
    ((header, event, _),) = lines_in(folder).values()
    assert (header["business"], event["position"]) == (BUSINESS, 1)
    assert not [path for path in folder.iterdir() if RIVAL in path.name]


async def test_numbers_are_for_those_who_may_see_them(exports: World) -> None:
    with pytest.raises(NotPermitted):
        await scheduled(exports, ExportKind.CONTACTS, with_numbers=True, may_see_numbers=False)
    assert await list_schedules(exports.services, BUSINESS) == ()
    await scheduled(exports, ExportKind.CONTACTS, may_see_numbers=False)


@pytest.mark.parametrize(
    "name", ["../etc", "/etc", "elsewhere", "", ".", "warehouse/..", "WAREHOUSE", "a\0b", "é"]
)
async def test_only_what_the_operator_allowed_is_a_destination(exports: World, name: str) -> None:
    with pytest.raises(InvalidInput):
        await scheduled(exports, destination=name)


@pytest.mark.parametrize("hours", [0, -1, 745])
async def test_hours_are_those_of_a_month(exports: World, hours: int) -> None:
    with pytest.raises(InvalidInput):
        await scheduled(exports, every_hours=hours)


async def test_a_business_has_so_many_at_most(exports: World) -> None:
    for _ in range(SCHEDULES_MAX):
        await scheduled(exports)
    with pytest.raises(Conflict):
        await scheduled(exports)


async def test_a_folder_that_became_a_link_is_not_followed(exports: World, folder: Path) -> None:
    elsewhere = folder.with_name("elsewhere")
    folder.rename(elsewhere)
    folder.symlink_to(elsewhere)
    await say(exports, grant(ANA))
    await scheduled(exports)
    await run(exports)
    assert list(elsewhere.iterdir()) == []
    assert (await only(exports)).outcome is ExportOutcome.FAILED


async def test_a_link_of_the_name_is_replaced_and_not_followed(
    exports: World, folder: Path
) -> None:
    await say(exports, grant(ANA))
    await scheduled(exports)
    await run(exports)
    (path,) = folder.iterdir()
    victim = folder.with_name("victim")
    victim.write_text("kept")
    path.unlink()
    path.symlink_to(victim)
    with FolderPlace(str(folder)).draft("x") as draft:
        draft.file.write(b"new")
        await draft.keep(path.name)
    assert (victim.read_text(), path.is_symlink(), path.read_text()) == ("kept", False, "new")


async def test_a_failure_is_told_and_tried_again(exports: World, folder: Path) -> None:
    await say(exports, grant(ANA))
    await scheduled(exports)
    folder.rmdir()
    await run(exports)
    assert exports.telemetry.tasks[-1][1:] == (TaskFate.RETRIED, "Unavailable")
    found = await only(exports)
    assert (found.outcome, found.reason) == (ExportOutcome.FAILED, "unavailable")
    (finding,) = await told(exports)
    assert finding.severity is Severity.PROBLEM
    assert finding.remedy
    folder.mkdir()
    exports.clock.advance(10)
    await run(exports)
    assert positions(folder) == [1]
    (finding,) = await told(exports)
    assert finding.severity is Severity.OK


async def told(world: World) -> Any:
    services = world.services
    return await find_failing_exports(
        services.export_schedules, services.directory, services.export_files
    )


async def test_a_destination_that_is_gone_is_told(exports: World, world: World) -> None:
    await say(exports, grant(ANA))
    await scheduled(exports)
    (finding,) = await told(world)
    assert "has no destination" in finding.summary
    await run(world)
    assert (await only(world)).outcome is ExportOutcome.FAILED


async def test_what_breaks_in_the_middle_leaves_nothing(
    exports: World, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await say(exports, grant(ANA), grant(BEN))
    await scheduled(exports)
    pages = []

    def put(file: Any, page: Any) -> None:
        pages.append(page)
        file.write(b'{"line":"half')
        if len(pages) == 2:
            raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(writer, "_put", put)
        await run(exports)
    assert list(folder.iterdir()) == []
    exports.clock.advance(10)
    await run(exports)
    assert positions(folder) == [1, 2]


async def test_a_draft_of_a_killed_process_goes(exports: World, folder: Path) -> None:
    await say(exports, grant(ANA))
    made = await scheduled(exports)
    left, other = folder / f".{made.schedule_id}-0123.part", folder / ".exs_OTHER-0123.part"
    left.write_text("half")
    other.write_text("of another")
    await run(exports)
    assert (left.exists(), other.exists()) == (False, True)
    assert positions(folder) == [1]


@pytest.mark.parametrize("moments", range(1, 14))
async def test_killed_anywhere_it_goes_on(exports: World, folder: Path, moments: int) -> None:
    await say(exports, grant(ANA), grant(BEN))
    await scheduled(exports)
    fuse = [moments]
    services = changed(
        exports.services,
        export_schedules=Dying(exports.services.export_schedules, fuse),
        export_files=Dying(exports.services.export_files, fuse),
    )
    with suppress(Killed):
        await run(exports, services)
    assert all(map(is_whole, lines_in(folder).values()))
    await say(exports, grant(CLEO))
    exports.clock.advance(EXPORT_LEASE // SECOND + 1)
    await run(exports)
    exports.clock.advance(DAY_SECONDS)
    await run(exports)
    assert sorted(set(positions(folder))) == [1, 2, 3]
    found = await only(exports)
    assert (found.after, found.outcome in {ExportOutcome.WRITTEN, ExportOutcome.NOTHING_NEW}) == (
        "3",
        True,
    )


class Slow(FolderPlace):
    """Waits right before the end, until it may go on."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.writer = ExportWriter({DESTINATION: FolderPlace(path)})
        self.is_there, self.goes_on = asyncio.Event(), asyncio.Event()
        self.destinations = self.writer.destinations

    async def write(self, schedule: Any, parts: Any, check: Callable[[], Awaitable[None]]) -> Any:
        async def checked() -> None:
            self.is_there.set()
            await self.goes_on.wait()
            await check()

        return await self.writer.write(schedule, parts, checked)


async def test_who_was_overtaken_names_no_file(exports: World, folder: Path) -> None:
    await say(exports, grant(ANA))
    await scheduled(exports)
    slow = Slow(str(folder))
    services = changed(exports.services, export_files=slow)
    now = exports.clock.now()
    leased = await exports.store.tasks.claim(
        BUSINESS, Queue.EXPORTS, now, Instant(now + EXPORT_LEASE)
    )
    assert leased is not None
    late = asyncio.create_task(run_schedule(services, leased))
    await asyncio.wait_for(slow.is_there.wait(), 20)
    await say(exports, grant(BEN))
    exports.clock.advance(EXPORT_LEASE // SECOND + 1)
    assert await run(exports) == 1
    slow.goes_on.set()
    with pytest.raises((Conflict, Unavailable)):
        await late
    assert positions(folder) == [1, 2]
    assert (await only(exports)).outcome is ExportOutcome.WRITTEN


async def test_who_is_at_a_removed_schedule_names_no_file(exports: World, folder: Path) -> None:
    await say(exports, grant(ANA))
    made = await scheduled(exports)
    slow = Slow(str(folder))
    running = asyncio.create_task(run(exports, changed(exports.services, export_files=slow)))
    await asyncio.wait_for(slow.is_there.wait(), 20)
    await remove_schedule(exports.services, BUSINESS, made.schedule_id)
    slow.goes_on.set()
    await running
    assert list(folder.iterdir()) == []
    exports.clock.advance(DAY_SECONDS)
    assert await run(exports) == 0


async def test_two_servers_write_it_once(
    exports: World, folder: Path, home: Home, clock: FakeClock
) -> None:
    await say(exports, grant(ANA))
    await scheduled(exports)
    is_shared = home.backend == "postgres"  # a file is one process's
    store = await home.open(clock=clock) if is_shared else exports.store
    try:
        other = exporting(build_world(store, clock, ids=exports.services.ids), folder)
        assert sum(await asyncio.gather(run(exports), run(other))) == 1
    finally:
        if is_shared:
            await store.close()
    assert len(lines_in(folder)) == 1
    assert positions(folder) == [1]
