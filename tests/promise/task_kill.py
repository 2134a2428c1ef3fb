"""Kills a process at each step of its work in the background, and looks what became of the work.

    python -m tests.promise.task_kill --job codes|stop_confirmations|subscriptions|dead_letters
    python -m tests.promise.task_kill --job held_messages|templates|sweeping|exports

Real processes on a SQLite file or a PostgreSQL database; Meta is a list of what reached it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass, field
from itertools import count
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Protocol

from tests.promise.harness.forks import FORKS
from tests.promise.harness.job import Job, Kept, work
from tests.promise.harness.jobs import JOBS
from tests.promise.harness.life import Life, export_folder, live, opened
from tests.support.clocks import at
from tests.support.stores import PostgresHouse
from tests.support.throwaway_postgres import ThrowawayPostgres

_SECONDS_MAX = 60.0
_SILENT = "silent"
_NUMBERS = count(1)


class Place(Protocol):
    """Where databases are: a new one, or a copy of one that nobody has open."""

    def new(self) -> str:
        """Make an empty database."""
        ...

    def copy(self, database: str) -> str:
        """Copy one."""
        ...

    def drop(self, database: str) -> None:
        """Remove one."""
        ...


class Files:
    """SQLite files in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)

    def new(self) -> str:
        return str(self._folder / f"{next(self._numbers)}.db")

    def copy(self, database: str) -> str:
        made = self.new()
        for file in Path(database).parent.glob(Path(database).name + "*"):
            shutil.copyfile(file, made + file.name.removeprefix(Path(database).name))
        return made

    def drop(self, database: str) -> None:
        for file in Path(database).parent.glob(Path(database).name + "*"):
            file.unlink()


class Databases:
    """Databases of a PostgreSQL server."""

    def __init__(self, house: PostgresHouse) -> None:
        self._house = house

    def new(self) -> str:
        return asyncio.run(self._house.new_home()).url

    def copy(self, database: str) -> str:
        name = f"drill_{os.getpid()}_{next(_NUMBERS)}"
        like = f"TEMPLATE {database.rpartition('/')[2]}"
        return asyncio.run(self._house.new_database(name, like)).url

    def drop(self, database: str) -> None:
        name = database.rpartition("/")[2]
        asyncio.run(self._house.remove_named(name))


@dataclass(slots=True)
class Result:
    """The line that a run ends with: steps struck at, and what was lost, doubled or left.

    `silent`: confirmations that the process had the right to send, and was killed before it did.
    """

    steps: int = 0
    silent: int = 0
    complaints: list[str] = field(default_factory=list)


class Drill:
    """One job at one place. `plant` is a bug in its processes, not in who comes afterwards.

    With one, it ends at the first complaint.
    """

    def __init__(self, name: str, place: Place, folder: Path, plant: str = "") -> None:
        self._name = name
        self._job: Job = JOBS[name]
        self._place = place
        self._journal = folder / f"{name}.jsonl"
        self._plant = plant

    def kill(self, part: str, *, stride: int = 1) -> Result:
        """Kill a process at each step of `cause` (what makes it due) or of `work` (the worker).

        `stride` 2: at every second one.
        """
        result, before = Result(), self._before(part)
        for step in count(1, stride):
            database = self._fresh(before)
            struck = self._struck(database, part, step, signal.SIGKILL)
            if struck.exitcode == 0:
                self._place.drop(database)
                return result
            self._judge(result, database, step, part)
            if self._plant and result.complaints:
                return result
        raise AssertionError

    def pause(self, *, stride: int = 1) -> Result:
        """Stop the worker at each step, let another look meanwhile, and let the first go on.

        Not within a transaction: there the database itself keeps the other out.
        """
        result, before = Result(), self._before("work")
        for step in count(1, stride):
            database = self._fresh(before)
            process = self._begin(database, "work", step, signal.SIGSTOP)
            if not _is_stopped(process):
                self._place.drop(database)
                return result
            self._run(database, "work", self._job.second + 1, plant=self._plant)
            os.kill(process.pid or 0, signal.SIGCONT)
            process.join(_SECONDS_MAX)
            assert process.exitcode == 0
            self._judge(result, database, step, "work", was_killed=False)
            if self._plant and result.complaints:
                return result
        raise AssertionError

    def _before(self, part: str) -> str:
        database = self._place.new()
        self._run(database, "furnish", 0)
        if part == "work":
            self._run(database, "leave", 0)
        return database

    def _fresh(self, before: str) -> str:
        self._journal.unlink(missing_ok=True)
        shutil.rmtree(export_folder(str(self._journal)), ignore_errors=True)
        return self._place.copy(before)

    def _run(self, database: str, part: str, second: float, plant: str = "") -> None:
        life = self._life(database, part, second, plant=plant)
        process = FORKS.Process(target=live, args=(life,), daemon=True)
        process.start()
        process.join(_SECONDS_MAX)
        assert process.exitcode == 0, (part, process.exitcode)

    def _struck(self, database: str, part: str, step: int, by: int) -> ForkServerProcess:
        process = self._begin(database, part, step, by)
        process.join(_SECONDS_MAX)
        assert process.exitcode in (0, -by), process.exitcode
        return process

    def _begin(self, database: str, part: str, step: int, by: int) -> ForkServerProcess:
        second = self._job.second if part == "work" else 0
        life = self._life(database, part, second, step=step, signal=by, plant=self._plant)
        process = FORKS.Process(target=live, args=(life,), daemon=True)
        process.start()
        return process

    def _life(self, database: str, part: str, second: float, **more: object) -> Life:
        known = {"job": self._name, "part": part, "database": database, "second": second}
        return Life(**{**known, "journal": str(self._journal), **more})  # type: ignore[arg-type]

    def _judge(
        self, result: Result, database: str, step: int, part: str, *, was_killed: bool = True
    ) -> None:
        repeats = was_killed and part == "cause"
        most = 2 if was_killed else 1
        found = asyncio.run(self._afterwards(database, repeats=repeats, most=most))
        self._place.drop(database)
        result.steps += 1
        result.silent += found.count(_SILENT)
        result.complaints += [f"{part} {step}: {one}" for one in found if one != _SILENT]

    async def _afterwards(self, database: str, *, repeats: bool, most: int) -> Sequence[str]:
        """Let others find what was left, once the lease is over, and look what became of it."""
        async with opened(database, str(self._journal), 1) as world:
            if repeats and await self._job.is_repeated(world):
                await self._job.cause(world)
            for turn in range(1, 4):
                world.clock.set(at(self._job.second + turn * (self._job.lease + 1)))
                await work(world, self._job)
            lines = self._journal.read_text().splitlines()
            arrived = [json.loads(line)["name"] for line in lines]
            return await self._job.complain(Kept(world, arrived, most))


def _is_stopped(process: ForkServerProcess) -> bool:
    """Wait until a process is stopped; False where it ends instead."""
    stat = Path(f"/proc/{process.pid}/stat")
    deadline = time.monotonic() + _SECONDS_MAX
    while time.monotonic() < deadline and process.is_alive():
        with suppress(FileNotFoundError):  # it has ended, which its server heard of first
            if stat.read_text().rpartition(")")[2].split()[0] == "T":
                return True
        time.sleep(0.01)
    assert process.exitcode == 0, process.exitcode
    return False


def main() -> int:
    """Parse, kill, print."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tests.promise.task_kill")
    parser.add_argument("--job", choices=sorted(JOBS), required=True)
    parser.add_argument("--backend", choices=("sqlite", "postgres"), default="sqlite")
    given = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="askfirst-drill-")))
        place: Place = Files(folder)
        if given.backend == "postgres":
            place = Databases(PostgresHouse(stack.enter_context(ThrowawayPostgres())))
        drill = Drill(given.job, place, folder)
        results = {part: drill.kill(part) for part in ("cause", "work")}
    print(json.dumps({part: asdict(result) for part, result in results.items()}))
    return 1 if any(result.complaints for result in results.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
